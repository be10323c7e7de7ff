"""Addresses of the demonstration."""

from __future__ import annotations

from django.urls import path

from competition.config.demo import views

urlpatterns = [
    path("", views.home, name="demo"),
    path("login/<slug:key>/", views.login, name="demo_login"),
    path("advance/", views.next_step, name="demo_advance"),
    path("progress/", views.progress, name="demo_progress"),
    path("outbox/", views.messages_sent, name="demo_outbox"),
    path("components/", views.components, name="demo_components"),
]
