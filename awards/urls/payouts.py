"""Addresses: payouts."""

from django.urls import URLPattern

pages: list[URLPattern] = []
