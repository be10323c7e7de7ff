"""What people write into a control, as the form's own values."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from competition.form_schema import Field
from competition.form_schema.fields import NUMBER_KINDS
from competition.form_schema.values import decimal_of
from submissions.word.fields import (
    FROM_REGISTRATION,
    LINE,
    LOOKUP_BREAK,
    PICK,
    REASON,
    WRITE,
    hint_of,
)
from submissions.word.reading import Control

TICKS: Final = frozenset("√✓✔☑☒■●▣◼⬛✅Vv")
EMPTY_BOXES: Final = frozenset("☐□○◯◻⬜")
_HINTS: Final = (LINE, PICK, WRITE, REASON, FROM_REGISTRATION)
#: What Word and WPS show themselves in a control that was emptied.
_OWN_HINT: Final = re.compile(
    r"(单击|点击|轻触|请单击|请点击)[^，；]{0,10}(输入|键入|选择|添加)[^，；]{0,8}|选择一项。?|(Click|Choose|Tap) [\w ]{2,40}\.?"
)
#: How people write the unit that the form prints behind the box already.
_UNITS: Final = {
    "万元": ("万元人民币", "万元", "万"),
    "万元/年": ("万元/年", "万元每年", "万元", "万"),
    "万": ("万元", "万"),
    "个": ("个", "家", "项", "件", "款", "种", "名"),
    "家": ("家", "个"),
    "人": ("人", "人次", "名"),
    "月": ("个月", "月"),
    "吨": ("吨", "t"),
    "%": ("%",),
    "GB": ("gb", "g"),
    "MB": ("mb", "m"),
}


def squeezed(text: str) -> str:
    """Without white space and in one width, to compare labels."""
    return re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", text))


def is_ticked(control: Control) -> bool:
    """Whether a box is ticked: by the mark in it, whoever typed it, else by the box's own state."""
    marks = [char for char in control.text if char in TICKS or char in EMPTY_BOXES]
    if any(char in TICKS for char in marks):
        return True
    return bool(control.ticked) and not marks


def typed(field: Field, control: Control) -> str:
    """The text in a control; a hint that was left standing, before or behind it, is none."""
    text = control.text
    if not text.strip("＿_ \u3000\n\t") or (control.placeholder and _OWN_HINT.fullmatch(text.strip())):
        return ""
    for hint in (hint_of(field), *_HINTS, field.guide):
        if not hint or hint not in text:
            continue
        if text.strip() == hint:
            return ""
        text = text.replace(hint, "") if control.placeholder else text.removeprefix(hint).removesuffix(hint)
    if field.kind in NUMBER_KINDS:
        return text.strip("＿_ \u3000")
    return text


def canonical(field: Field, text: str) -> str | list[str]:
    """The text as the form would have it posted: numbers without their unit, keys instead of labels."""
    if field.kind in NUMBER_KINDS:
        return _number(field, text)
    if field.kind == "choices":
        parts = [part.strip() for part in re.split(rf"[{LOOKUP_BREAK};\n]", text)]
        return [_choice(field, part) for part in parts if part]
    return _choice(field, text) if field.choices else text


def _number(field: Field, text: str) -> str:
    plain = squeezed(text).lower()
    if decimal_of(plain) is not None:
        return text
    for unit in sorted(_UNITS.get(field.unit, ()), key=len, reverse=True):
        bare = plain.removesuffix(squeezed(unit).lower())
        if bare != plain and decimal_of(bare) is not None:
            return bare
    return text


def _choice(field: Field, text: str) -> str:
    plain = squeezed(text)
    for choice in field.choices:
        if squeezed(choice.label) == plain or choice.key == text.strip():
            return choice.key
    if field.style == "lookup":
        named = [one.key for one in field.choices if squeezed(one.label.partition(" ")[2]) == plain]
        coded = [one.key for one in field.choices if one.label.split(" ")[0] == text.strip().split(" ")[0]]
        found = named or coded
        return found[0] if len(found) == 1 else text
    return text
