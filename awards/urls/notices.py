"""Addresses: notices."""

from django.urls import URLPattern

pages: list[URLPattern] = []
