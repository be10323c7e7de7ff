"""What pages show of people: masked phones, the session's data for session.js."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from competition.accounts import sessions
from competition.phones import masked

register = template.Library()


@register.filter
def masked_phone(phone: str) -> str:
    """``138****8000``."""
    return masked(str(phone or ""))


@register.simple_tag(takes_context=True)
def session_data(context: Context) -> SafeString | str:
    """Attributes of <body> that session.js reads; nothing for visitors."""
    request: Any = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    return format_html(
        'data-session-url="{}" data-session-seconds="{}" data-person="{}"',
        reverse("accounts:session"),
        sessions.seconds_left(request),
        user.username,
    )
