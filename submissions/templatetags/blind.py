"""How blind texts are shown: paragraphs, and for officers the words that were masked."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape, linebreaks
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

#: What ``submissions.projection.marked`` leaves: kind→what experts see, then the words found.
_FOUND = re.compile("\ue000([^\ue001\ue002]*)\ue002([^\ue001]*)\ue001")


@register.filter
def blind_text(text: str) -> SafeString:
    """Text as paragraphs; words found for officers as marks that say their kind."""
    html = linebreaks(escape(text))
    return mark_safe(_FOUND.sub(r'<mark class="leak">\2<span class="leak-kind">\1</span></mark>', html))


@register.filter
def blind_line(text: str) -> SafeString:
    """The same in one line."""
    found = _FOUND.sub(r'<mark class="leak">\2<span class="leak-kind">\1</span></mark>', escape(text))
    return mark_safe(found)
