"""Addresses: gates."""

from django.urls import URLPattern

pages: list[URLPattern] = []
