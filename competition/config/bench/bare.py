"""The least that can be compared with: Django without middleware, one view that updates one row."""

from __future__ import annotations

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

django.setup()
settings.MIDDLEWARE = []
settings.ROOT_URLCONF = "competition.config.bench.bare_urls"
application = WSGIHandler()
