"""Tags that know the portal's addresses and texts."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from competition import markdown, stages

register = template.Library()


@register.simple_tag(takes_context=True)
def eurl(context: RequestContext, name: str, **kwargs: Any) -> str:
    """``{% eurl "competition:track" number=1 %}``: the page within the edition being looked at."""
    request = context.get("request")
    match = request.resolver_match if request is not None else None
    if match is not None and "edition_slug" in match.kwargs:
        kwargs["edition_slug"] = match.kwargs["edition_slug"]
    return reverse(name, kwargs=kwargs)


@register.filter
def as_html(text: str) -> SafeString:
    """Staff's Markdown as safe HTML."""
    return mark_safe(markdown.render(text))  # noqa: S308 - the renderer escapes raw HTML


@register.filter
def instant(value: Any) -> str:
    """``2025年7月18日 18:00（周五）``; empty for nothing."""
    return stages.format_instant(value) if value else ""
