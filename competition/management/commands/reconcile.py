"""Do what is due, once; safe to run anywhere and at any time."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from competition import reconciler


class Command(BaseCommand):
    help = "Send what is due: reminders, mails, SMS, jobs. Nothing happens twice."

    def handle(self, *args: Any, **options: Any) -> None:
        done = reconciler.run()
        if not done:
            self.stdout.write("another reconciler is at work")
        for name, count in done.items():
            self.stdout.write(f"{name}: {'failed, see the log' if count < 0 else count}")
