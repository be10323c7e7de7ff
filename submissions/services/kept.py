"""The other text of a clash: kept beside the form until the team says that it is not needed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from competition import audit, clock
from competition.errors import Invalid, NotAllowed, TooMany
from competition.form_schema import ROW_ID, Section
from competition.models import User
from submissions.form import schema_of
from submissions.models import Entry, EntrySection, KeptText
from submissions.permissions import can_edit_entry
from submissions.places import Place
from submissions.services.entries import lock, require_writable

#: More waiting texts than this nobody looks through.
MOST: Final = 200
MOST_CHARS: Final = 100_000
_STRANGE: Final = re.compile(r"[^A-Za-z0-9_.-]")


@transaction.atomic
def keep_text(
    entry: Entry,
    *,
    place: Place,
    label: str,
    text: str,
    theirs: bool,
    actor: User,
    at: datetime | None = None,
) -> KeptText:
    """Keep a text that gives way to another in the same place; the same text is kept once.

    ``theirs``: it is what stands on the server, so whoever saved the section last typed it. Raises Invalid,
    TooMany, StageClosed, WrongState, NotAllowed.
    """
    entry = lock(entry)
    require_writable(entry, actor=actor, at=at)
    text = text.replace("\x00", "").replace("\r\n", "\n").strip("\n")
    if not text.strip() or len(text) > MOST_CHARS:
        raise Invalid({"text": "没有可以保留的文本，或文本过长。"})
    schema = schema_of(entry.edition)
    if schema.section(place.section) is None:
        raise Invalid({"place": "申报书没有这个部分。"})
    writer = last_writer(entry, place) if theirs else None
    return _keep(entry, place, label, text, writer.updated_by if writer else actor)


def keep_overwritten(entry: Entry, section: Section, place: Place, after: Mapping[str, Any]) -> int:
    """Keep every text of a locked entry's section that saving ``after`` replaces; returns how many.

    For pages without a script, where the person saw both texts and saved the own.
    """
    row = EntrySection.objects.filter(entry=entry, key=place.section, unit=place.unit_id).first()
    if row is None:
        return 0
    lost = [one for one in differences(section, after, row.answers) if one["theirs"].strip()]
    for one in lost:
        there = Place(place.section, place.unit_id, one["path"])
        _keep(entry, there, one["label"], one["theirs"], row.updated_by)
    return len(lost)


@transaction.atomic
def drop_text(kept: KeptText, *, actor: User) -> None:
    """Nobody needs it any more; the row stays, unseen. Raises NotAllowed."""
    if not can_edit_entry(actor, kept.entry):
        raise NotAllowed("只有本团队成员可以处理保留的文本。")
    if kept.dropped_at is None:
        kept.dropped_at = clock.real_now()
        kept.save(update_fields=["dropped_at"])
        audit.record(actor, "kept_text.dropped", kept.entry, edition=kept.entry.edition, place=kept.place)


def texts_at(entry: Entry, place: Place) -> list[KeptText]:
    """What is kept for a section (of one unit), newest first; one query."""
    kept = KeptText.objects.filter(entry=entry, dropped_at__isnull=True).select_related("typed_by")
    here = (place.section, place.unit_id)
    return [
        one for one in kept if (there := Place.parse(one.place)) and (there.section, there.unit_id) == here
    ]


def last_writer(entry: Entry, place: Place) -> EntrySection | None:
    """The section's row with who saved it and when, without its answers; None before the first save."""
    row = EntrySection.objects.filter(entry=entry, key=place.section, unit=place.unit_id)
    return row.select_related("updated_by").defer("answers").first()


def differences(section: Section, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[dict[str, str]]:
    """Where two versions of a section differ: path, label, both texts as people read them."""
    left, right = _lasting(section, mine), _lasting(section, theirs)
    labels = _labels(section)
    found = []
    for name in dict.fromkeys([*right, *left]):
        if left.get(name, "") != right.get(name, ""):
            key = re.sub(r"\[[a-z0-9]*\]", "", name)
            label = labels.get(key, section.title)
            found.append(
                {
                    "path": _STRANGE.sub("-", name).strip("-"),
                    "label": label,
                    "mine": left.get(name, ""),
                    "theirs": right.get(name, ""),
                }
            )
    return found


def _keep(entry: Entry, place: Place, label: str, text: str, typed_by: User) -> KeptText:
    waiting = KeptText.objects.filter(entry=entry, dropped_at__isnull=True)
    same = waiting.filter(place=str(place)[:250], text=text).first()
    if same is not None:
        return same
    if waiting.count() >= MOST:
        raise TooMany("保留的文本已经很多，请先处理不再需要的。")
    kept: KeptText = KeptText.objects.create(
        entry=entry, place=str(place)[:250], label=label.strip()[:200] or "文本", text=text, typed_by=typed_by
    )
    return kept


def _lasting(section: Section, answers: Mapping[str, Any]) -> dict[str, str]:
    """Texts by input names in which a row's lasting id stands for its place."""
    flat = section.initial(answers)
    rows = {
        name.removesuffix(ROW_ID): f"{name.rsplit('-', 2)[0]}[{row_id}]-"
        for name, row_id in flat.items()
        if re.fullmatch(r".+-\d+-" + ROW_ID, name)
    }
    found = {}
    for name, value in flat.items():
        start = re.match(r".+?-\d+-", name)
        lasting = rows[start[0]] + name[start.end() :] if start and start[0] in rows else name
        if not name.endswith(f"-{ROW_ID}"):
            found[lasting] = "、".join(value) if isinstance(value, list) else value
    return found


def _labels(section: Section) -> dict[str, str]:
    """Labels by input names without the rows' places."""
    found: dict[str, str] = {}

    def note(fields: Any, prefix: str, above: str) -> None:
        for one in fields:
            name, label = prefix + one.key, f"{above} · {one.label}" if above else one.label
            found[name] = label
            note(one.fields, f"{name}-", label)
            for choice in one.choices:
                for detail in choice.details:
                    found[f"{name}__{choice.key}__{detail.key}"] = f"{label} · {choice.label}"

    note(section.fields, "", "")
    return found
