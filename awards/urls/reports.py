"""Addresses: reports."""

from django.urls import URLPattern

pages: list[URLPattern] = []
