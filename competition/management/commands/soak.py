"""Rehearse several seeds twice each: the same seed has to give the same result."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

# The composition root knows every app; a command is its doorbell.
from competition.config import trials


class Command(BaseCommand):
    help = "Rehearse each seed twice and compare; fails when a result depends on chance."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("seeds", nargs="*", default=["7", "8", "9"])
        parser.add_argument("--teams", type=int, default=200)

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = []
        for seed, differing in trials.differing_rehearsals(options["seeds"], options["teams"]):
            self.stdout.write(f"seed {seed}: {', '.join(differing) or 'the same twice'}")
            wrong += differing
        if wrong:
            raise CommandError("Two rehearsals of one seed differ.")
