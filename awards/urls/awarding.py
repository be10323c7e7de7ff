"""Addresses: awarding."""

from django.urls import URLPattern

pages: list[URLPattern] = []
