"""Rehearse several seeds twice each: the same seed has to give the same result."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

# The composition root knows every app; a command is its doorbell.
from competition.config import trials


class Command(BaseCommand):
    help = "Rehearse each seed twice, compare, and write docs/soak.md; fails when a result depends on chance."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("seeds", nargs="*", default=["7", "8"])
        parser.add_argument("--teams", type=int, default=200)

    def handle(self, *args: Any, **options: Any) -> None:
        soaked = [trials.soak(seed, options["teams"]) for seed in options["seeds"]]
        trials.write_soak(soaked)
        for one in soaked:
            self.stdout.write(f"seed {one.seed}: {', '.join(one.differing) or 'the same twice'}")
        if any(one.differing for one in soaked):
            raise CommandError("Two rehearsals of one seed differ.")
