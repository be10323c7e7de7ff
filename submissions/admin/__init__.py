"""The office's side of the submissions: the queue, the case page, the formal check."""

from submissions.admin import entry

__all__ = ["entry"]
