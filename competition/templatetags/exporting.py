"""The button that downloads what a page lists."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from competition.exports import export_of
from competition.middleware import address, edition_of

register = template.Library()


@register.inclusion_tag("components/_export_button.html", takes_context=True)
def export_button(context: Context, name: str, label: str = "导出 Excel") -> dict[str, Any]:
    """导出 Excel (or ``label``), with the page's filters; nothing for who may not have it."""
    request = context["request"]
    if export_of(name, edition_of(request), request.user, request) is None:
        return {"url": ""}
    query = request.GET.copy()
    for page in ("after", "p"):  # the export holds all pages
        query.pop(page, None)
    asked = f"?{query.urlencode()}" if query else ""
    return {"url": address(request, "competition:export", table=name) + asked, "label": label}
