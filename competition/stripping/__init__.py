"""Copies of files without what tells who made them, and small pictures of pictures; made by a limited process.

What people see stays: text, drawings, sound. What programs wrote beside it goes: authors, programs, places, dates,
thumbnails, comments' signatures, scripts, files within files.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

#: A film of 2 GB is copied once.
WALL_SECONDS: Final = 120

#: What can be stripped, as competition.files names kinds.
KINDS: Final = ("pdf", "jpg", "png", "docx", "xlsx", "pptx", "mp4", "zip")


class NotStripped(Exception):
    """The file could not be read in the limits; nothing was made."""


def strip(kind: str, source: Path, target: Path) -> None:
    """Write the file (whole paths) of a kind of ``competition.files`` without its metadata. Raises NotStripped."""
    _ask("strip", kind, source, target)


def shrink(kind: str, source: Path, target: Path) -> None:
    """Write a picture as one of at most 1600 pixels a side, drawn anew as JPEG. Raises NotStripped."""
    _ask("shrink", kind, source, target)


def _ask(what: str, kind: str, source: Path, target: Path) -> None:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "competition.stripping.child", what, kind, *map(str, (source, target))],
            cwd=Path(__file__).resolve().parents[2],
            env={"PATH": "", "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        answer = {}
    if not answer.get("made") or not target.exists():
        target.unlink(missing_ok=True)
        raise NotStripped(f"{what} {kind}")
