"""What pages that promise a message say about how fast it comes."""

from __future__ import annotations

from django import template

from competition import outbox

register = template.Library()


@register.simple_tag
def late_messages(*channels: str) -> bool:
    """Whether messages of these channels (all when none is named) have been overdue for two minutes."""
    return outbox.is_late(*(channels or (outbox.SMS, outbox.MAIL)))
