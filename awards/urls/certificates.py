"""Addresses: certificates."""

from django.urls import URLPattern

pages: list[URLPattern] = []
