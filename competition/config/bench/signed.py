"""The bare view behind the portal's own middleware: what any page for people who signed in costs at least."""

from __future__ import annotations

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

django.setup()
settings.ROOT_URLCONF = "competition.config.bench.bare_urls"
application = WSGIHandler()
