"""Celery is a doorbell, never the memory: what must happen stands in the database."""

from __future__ import annotations

import logging
import os
from typing import Any

from celery import Celery, Task, bootsteps
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "competition.config.settings")

logger = logging.getLogger("portal.doorbell")


class Doorbell(Task):  # type: ignore[type-arg]
    """A task whose ringing never breaks or delays the request that rings it.

    With Redis gone the ring is dropped with one line in the log; the reconciler finds the work
    in the database within 15 seconds of Redis' return.
    """

    def apply_async(self, *args: Any, **kwargs: Any) -> Any:
        # Django's settings are not ready when this module is first imported.
        from competition.config.cache import redis_answers

        if not self.app.conf.task_always_eager and not redis_answers():
            logger.warning("Redis does not answer; %s is left to the reconciler", self.name)
            return None
        try:
            return super().apply_async(*args, **kwargs)
        except (OperationalError, OSError) as error:
            logger.warning("could not ring %s (%s); left to the reconciler", self.name, type(error).__name__)
            return None


app = Celery("portal", task_cls=Doorbell)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class KeysAreGiven(bootsteps.Step):
    """A worker starts no work on placeholder keys: what it encrypted could not be read again."""

    def __init__(self, parent: Any, **options: Any) -> None:
        # The settings can be read only once the worker starts.
        from competition.config.checks import refuse_placeholder_keys

        refuse_placeholder_keys()


app.steps["worker"].add(KeysAreGiven)
