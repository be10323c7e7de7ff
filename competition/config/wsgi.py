"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "competition.config.settings")

application = get_wsgi_application()

# Only now can the settings be read.
from competition.config.checks import refuse_placeholder_keys  # noqa: E402

refuse_placeholder_keys()
