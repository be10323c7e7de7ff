"""What every test starts from. The servers are real; TEST_DB=<name> gives a run its own database."""

from __future__ import annotations

import os

import django
import hypothesis
from django.conf import settings

from competition.config import embedded

# Not in pyproject.toml: pytest-django would read the settings before the servers have an address.
if settings.configured and "PYTEST_XDIST_WORKER" not in os.environ:
    raise RuntimeError(
        "Unset DJANGO_SETTINGS_MODULE: the tests start their servers before they read the settings."
    )
embedded.provide(for_tests=True)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "competition.config.settings")
os.environ.setdefault("MEDIA_ROOT", str(embedded.run_dir() / "test" / "media"))
os.environ.setdefault("CHALLENGE_GUESSES", "8")  # public forms ask for little work, never for none
os.environ.setdefault("RING_DOORBELL", "0")  # tests reconcile by hand; no worker listens
django.setup()

from django.conf import settings  # noqa: E402 - only after the environment is complete

# A slow hash is worth its time where passwords are real.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Processes that test side by side share a Redis, and no key of it.
# A machine that is busy with tests is no reason to take Redis for gone.
settings.CACHES["default"]["OPTIONS"] = {"socket_connect_timeout": 5, "socket_timeout": 5}
settings.CACHES["default"]["KEY_PREFIX"] += f":{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"

# The same examples for everybody; `make soak` looks for new ones, and for many more.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("soak", deadline=None, max_examples=3000, database=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

pytest_plugins = ["tests.fixtures", "tests.chromium"]
