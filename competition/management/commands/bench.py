"""Measure how long pages take, within this process."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

# The composition root knows every page; a command is its doorbell.
from competition.config import trials


class Command(BaseCommand):
    help = "Ask for pages many times; print status, queries, median and 95th percentile in milliseconds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="*", default=["/", "/tracks/", "/accounts/login/"])
        parser.add_argument("--times", type=int, default=100)

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{'page':<30} {'status':>6} {'queries':>7} {'median':>8} {'p95':>8}")
        for path in options["paths"]:
            page = trials.measure(path, options["times"])
            self.stdout.write(
                f"{page.path:<30} {page.status:>6} {page.queries:>7} {page.median:>8.1f} {page.p95:>8.1f}"
            )
