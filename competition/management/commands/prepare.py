"""Bring database and editions up to date; run before new code serves. Safe to run again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

# The composition root knows what has to be prepared; a command is its doorbell.
from competition.config import serve


class Command(BaseCommand):
    help = "Migrate the database and load the editions of competition/editions/."

    def handle(self, *args: Any, **options: Any) -> None:
        serve.prepare()
