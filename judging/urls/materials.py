"""Addresses: materials."""

from django.urls import URLPattern

pages: list[URLPattern] = []
