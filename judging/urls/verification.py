"""Addresses: verification."""

from django.urls import URLPattern

pages: list[URLPattern] = []
