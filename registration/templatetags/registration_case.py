"""What the case page needs to look up in its own template."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def at(values: Mapping[str, str], key: str) -> str:
    """The value under a key that a template knows only as a variable; '' when there is none."""
    return values.get(key, "")
