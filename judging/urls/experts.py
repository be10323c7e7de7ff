"""Addresses: experts."""

from django.urls import URLPattern

pages: list[URLPattern] = []
