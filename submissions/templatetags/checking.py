"""What the case page of the formal check asks."""

from __future__ import annotations

from django import template

from submissions.places import Place

register = template.Library()


@register.filter
def slot_place(key: str) -> str:
    """The place of an attachment key, as remarks and hints name it."""
    return str(Place.of_slot(key)) if key else ""
