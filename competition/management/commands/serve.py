"""Start web, worker and beat under one process; Ctrl-C stops them all."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

# The composition root starts the whole house; a command is its doorbell.
from competition.config import serve


class Command(BaseCommand):
    help = "Run the portal on 127.0.0.1:$PORT: migrate, load the editions, then web, worker and beat."

    def handle(self, *args: Any, **options: Any) -> None:
        status = serve.run(settings.PORT)
        if status:
            sys.exit(status)
