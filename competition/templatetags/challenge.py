"""The puzzle in a form that no form class stands behind."""

from __future__ import annotations

from django import template

from competition.challenge.puzzle import FIELD

register = template.Library()


@register.inclusion_tag("components/_challenge.html")
def challenge() -> dict[str, str]:
    """Inside <form>: what the browser solves by itself before the form is sent (require_solved)."""
    return {"name": FIELD}
