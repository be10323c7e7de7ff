"""Addresses: library."""

from django.urls import URLPattern

pages: list[URLPattern] = []
