"""Write docs/rules.md anew from the rules, the code and the tests."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

# The composition root reads every app; a command is its doorbell.
from competition.config import rule_docs


class Command(BaseCommand):
    help = "Write docs/rules.md: each rule of the notice, where the code names it, which tests hold it."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        target = settings.BASE_DIR / "docs" / "rules.md"
        target.write_text(rule_docs.render(settings.BASE_DIR), encoding="utf-8")
        self.stdout.write(f"Wrote {target.relative_to(settings.BASE_DIR)}")
