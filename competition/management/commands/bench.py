"""Measure how long pages take, within this process."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

# The composition root knows every page; a command is its doorbell.
from competition.config import trials
from competition.config.bench import saving


class Command(BaseCommand):
    help = (
        "Ask for pages many times; print status, queries, median and 95th percentile in milliseconds. "
        "With --saving compare saving a section with a bare view instead."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="*", default=["/", "/tracks/", "/accounts/login/"])
        parser.add_argument("--times", type=int, default=100)
        parser.add_argument("--saving", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["saving"]:
            self._saving()
            return
        self.stdout.write(f"{'page':<30} {'status':>6} {'queries':>7} {'median':>8} {'p95':>8}")
        for path in options["paths"]:
            page = trials.measure(path, options["times"])
            self.stdout.write(
                f"{page.path:<30} {page.status:>6} {page.queries:>7} {page.median:>8.1f} {page.p95:>8.1f}"
            )

    def _saving(self) -> None:
        found = saving.compare()
        self.stdout.write(
            f"{saving.CLIENTS} clients, {saving.ENTRIES} entries, fsync/synchronous_commit {found.fsync}: "
            f"bare view {found.bare:.0f}/s, the same signed in {found.signed:.0f}/s, "
            f"saving a section {found.saved:.0f}/s: {found.share:.2f} of the one signed in, "
            f"{found.saved / found.bare:.2f} of the bare one"
        )
        if found.share < saving.SHARE:
            raise CommandError(f"Saving reaches less than {saving.SHARE} of the bare view.")
