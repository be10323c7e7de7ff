"""Verify the chain of audit seals; the exit status says whether the past is as it was sealed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from competition import audit


class Command(BaseCommand):
    help = "Recompute every audit seal; fails and names the seals that no longer match their rows."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = audit.broken_seals()
        if broken:
            raise CommandError(f"审计链有{len(broken)}处与封存时不符：{'、'.join(map(str, broken))}")
        self.stdout.write("审计链完整。")
