"""The office's side of the registration: the queue, the case page, the decisions."""

from registration.admin import team

__all__ = ["team"]
