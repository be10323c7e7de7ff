"""Blind material, prepared and released, and sheets, in a few lines each."""

from __future__ import annotations

from functools import cache
from typing import Any

from weasyprint import HTML

from competition import clock
from competition.models import Edition, User
from judging import scoring
from judging.models import Assignment, BlindMaterial, BlindPage, Expert
from judging.rubric import round_of
from judging.services import materials
from submissions.models import Entry
from tests.contest import expert


@cache
def blind_pdf(*texts: str) -> bytes:
    """A real PDF with a page for each text."""
    pages = "".join(f'<section style="break-after: page"><p>{text}</p></section>' for text in texts)
    return bytes(HTML(string=f"<html><body>{pages}</body></html>").write_pdf() or b"")


def prepared(entry: Entry) -> BlindMaterial:
    """The material that waits for an officer."""
    return materials.prepare(materials.start(entry))


def released(entry: Entry, officer: User) -> BlindMaterial:
    """The material with every page shown, released."""
    material = prepared(entry)
    for page in material.pages.all():
        materials.look(page, officer=officer, verdict=BlindPage.Verdict.SHOWN)
    return materials.release(material, officer=officer)


def assigned(entry: Entry, one: Expert, *, round: str = "preliminary") -> Assignment:
    """An assignment, made without computing."""
    return Assignment.objects.create(
        edition=entry.edition, round=round, expert=one, entry=entry, assigned_at=clock.now(entry.edition)
    )


def full_marks(edition: Edition, round: str = "preliminary", **changes: str) -> dict[str, str]:
    """Every item with what it is worth, changes by key with dots as '__'."""
    marks = {item.key: str(item.points) for item in scoring.items(round_of(edition, round))}
    return marks | {key.replace("__", "."): value for key, value in changes.items()}


def posted(marks: dict[str, str], **more: Any) -> dict[str, Any]:
    """Marks as the page posts them."""
    return {f"mark-{key}": value for key, value in marks.items()} | more


def judge(edition: Edition, user: User) -> Expert:
    """``user`` on the roll, for the first track."""
    return expert(edition, user)
