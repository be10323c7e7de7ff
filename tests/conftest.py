"""What every test starts from. The servers are real; TEST_DB=<name> gives a run its own database."""

from __future__ import annotations

import os

import django

from competition.config import embedded

# Not in pyproject.toml: pytest-django would read the settings before the servers have an address.
embedded.provide(for_tests=True)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "competition.config.settings")
os.environ.setdefault("RING_DOORBELL", "0")  # tests reconcile by hand; no worker listens
django.setup()

pytest_plugins = ["tests.fixtures"]
