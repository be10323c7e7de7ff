"""The composition root: the only place that may know every app.

The Celery application is loaded with Django, so that ``@shared_task`` finds it.
"""

from competition.config.celery import app as celery_app

__all__ = ["celery_app"]
