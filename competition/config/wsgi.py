"""The WSGI application that gunicorn serves."""

from __future__ import annotations

import os
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "competition.config.settings")


class Request(WSGIRequest):
    """A request whose content type cannot be read has none: what a stranger sends is no error of the server."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]
        except ValueError:
            self.content_type, self.content_params = "", {}


class Handler(WSGIHandler):
    """Django's, with our requests."""

    request_class = Request


django.setup(set_prefix=False)
application = Handler()

# Only now can the settings be read.
from competition.config.checks import refuse_placeholder_keys  # noqa: E402

refuse_placeholder_keys()
