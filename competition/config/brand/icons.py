"""Make ``static/brand/icons.svg``: the icons that pages use, out of the bootstrap-icons package.

Run ``python -m competition.config.brand.icons`` after adding a name here; the result is committed, so
that pages need neither a font nor the whole set.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "static" / "vendor" / "node_modules" / "bootstrap-icons" / "icons"
TARGET = ROOT / "static" / "brand" / "icons.svg"

#: name on our pages -> file in bootstrap-icons
ICONS: dict[str, str] = {
    "act": "exclamation-circle-fill",
    "add": "plus-lg",
    "archive": "archive",
    "award": "award",
    "back": "arrow-left",
    "bell": "bell",
    "book": "journal-text",
    "building": "building",
    "calendar": "calendar-event",
    "check": "check-lg",
    "chevron-down": "chevron-down",
    "chevron-right": "chevron-right",
    "clock": "clock",
    "close": "x-lg",
    "closed": "lock-fill",
    "copy": "copy",
    "dot": "circle",
    "done": "check-circle-fill",
    "down": "arrow-down",
    "download": "download",
    "edit": "pencil",
    "external": "box-arrow-up-right",
    "eye": "eye",
    "file": "file-earmark-text",
    "flag": "flag",
    "forward": "arrow-right",
    "hourglass": "hourglass-split",
    "inbox": "inbox",
    "info": "info-circle-fill",
    "key": "key",
    "list": "list",
    "log-in": "box-arrow-in-right",
    "log-out": "box-arrow-right",
    "mail": "envelope",
    "megaphone": "megaphone",
    "now": "record-circle",
    "offline": "cloud-slash",
    "people": "people",
    "person": "person",
    "phone": "phone",
    "print": "printer",
    "question": "question-circle",
    "receipt": "receipt",
    "refresh": "arrow-clockwise",
    "rejected": "x-octagon-fill",
    "reply": "reply",
    "save": "cloud-check",
    "search": "search",
    "send": "send",
    "shield": "shield-check",
    "stamp": "patch-check",
    "trash": "trash",
    "up": "arrow-up",
    "upload": "upload",
    "wait": "hourglass",
}

#: The multiplication sign of the theme, drawn here.
CROSS = (
    '<symbol id="cross" viewBox="0 0 16 16">'
    '<path d="M3.4 2 8 6.6 12.6 2 14 3.4 9.4 8 14 12.6 12.6 14 8 9.4 3.4 14 2 12.6 6.6 8 2 3.4z"/>'
    "</symbol>"
)


def symbol(name: str, svg: str) -> str:
    """One ``<symbol>`` made of an icon file's text."""
    match = re.search(r"<svg[^>]*viewBox=\"([^\"]+)\"[^>]*>(.*)</svg>", svg, re.S)
    if match is None:
        raise ValueError(f"{name}: not an icon")
    body = re.sub(r"\s*\n\s*", "", match[2])
    return f'<symbol id="{name}" viewBox="{match[1]}">{body}</symbol>'


def sprite() -> str:
    """The whole sprite, in the order of names."""
    symbols = [symbol(name, (SOURCE / f"{file}.svg").read_text()) for name, file in sorted(ICONS.items())]
    note = (
        "<!-- Icons of Bootstrap Icons, MIT License, Copyright (c) The Bootstrap Authors; #cross is ours -->"
    )
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', note, CROSS, *symbols, "</svg>", ""])


if __name__ == "__main__":
    TARGET.write_text(sprite(), encoding="utf-8")
