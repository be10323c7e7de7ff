"""Addresses: results."""

from django.urls import URLPattern

pages: list[URLPattern] = []
