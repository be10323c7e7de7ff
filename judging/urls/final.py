"""Addresses: final."""

from django.urls import URLPattern

pages: list[URLPattern] = []
