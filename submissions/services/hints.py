"""What the computer notices about a submitted version, for the officer who checks it; never a decision.

Made by a job after every submission, as a whole: running it again says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from competition.form_schema.fields import SHOW
from competition.identity import name_key
from competition.models import OutboxMessage
from registration.models import Unit
from submissions.comparison import compare_contents
from submissions.form import schema_of
from submissions.models import Attachment, Entry, Hint, Receipt, Revision
from submissions.places import Place
from submissions.services.proof_texts import text_of, texts_of_unit_proofs
from submissions.services.sealed_files import settled
from submissions.services.similar import Alike, alike
from submissions.services.uploads import UNDER_WAY
from submissions.unit_names import PARENT, index_of, others_in
from submissions.workflow import EntryStatus, HintKind

LONGEST: Final = 400
#: Names listed for one file; what is beyond is said as a number.
MOST_NAMES: Final = 5
MOST_CHANGES: Final = 40
#: A slot in a row of a table: 'cases.cases.r1.contract'.
IN_A_ROW: Final = 4
#: The rule of material that is no proof: slides, films, manuals show customers.
OTHER_MATERIAL: Final = "R83"


def send_hints_job(message: OutboxMessage) -> None:
    """The outbox's sender for this channel."""
    make_hints(message.data["receipt"])


def make_hints(receipt_id: int) -> int:
    """Make the hints of a version anew; of an older version none are left. Returns how many.

    Files are read before anything is written; the other entries hear of likeness to this one (R79-R82).
    """
    receipt = Receipt.objects.select_related("revision__entry__edition").get(pk=receipt_id)
    revision, entry = receipt.revision, receipt.revision.entry
    if (
        Receipt.objects.filter(revision__entry=entry).order_by("-id").values_list("pk", flat=True)[0]
        != receipt.pk
    ):
        return 0
    similar = alike(entry, revision) if entry.status != EntryStatus.WITHDRAWN else []
    found = [
        *_missing(entry, revision),
        *_other_units(entry, revision),
        *(_similar(revision, one.entry_id, one.share) for one in similar),
        *_changed(entry, revision),
    ]
    _write(entry, found, similar)
    return len(found)


@transaction.atomic
def _write(entry: Entry, found: list[Hint], similar: list[Alike]) -> None:
    Entry.objects.select_for_update(no_key=True).get(pk=entry.pk)
    mirrored = Q(kind=HintKind.SIMILAR, data__entry=entry.pk)
    Hint.objects.filter(Q(revision__entry=entry) | mirrored).delete()
    mirrors = [
        _similar(Revision(pk=one.revision_id), entry.pk, one.mirrored) for one in similar if one.mirrored
    ]
    Hint.objects.bulk_create([*found, *mirrors])


def _hint(revision: Revision, kind: HintKind, place: str, sentence: str, **data: Any) -> Hint:
    return Hint(revision=revision, kind=kind, place=place, sentence=sentence[:LONGEST], data=data)


def _similar(revision: Revision, entry_id: int, share: float) -> Hint:
    percent = round(share * 100)
    sentence = f"主要文字约{percent}%与E{entry_id:06d}相同。"
    return _hint(revision, HintKind.SIMILAR, "", sentence, entry=entry_id, percent=percent)


def _missing(entry: Entry, revision: Revision) -> Iterator[Hint]:
    content = revision.content
    slots_with = {file["slot"] for file in content["attachments"]}
    for answered in content["sections"]:
        section = schema_of(entry.edition).section(answered["key"])
        for slot in section.slots(answered["answers"]) if section else ():
            place = str(Place.of_slot(slot.key))
            if slot.key in slots_with:
                continue
            if slot.na_reason:
                yield _hint(
                    revision,
                    HintKind.MISSING,
                    place,
                    f"“{slot.label}”不适用：{slot.na_reason}",
                    na=True,
                    slot=slot.key,
                )
            elif slot.field.required:
                yield _hint(revision, HintKind.MISSING, place, f"“{slot.label}”没有文件。", slot=slot.key)
    yield from _not_arrived(entry, revision)
    yield from _missing_of_units(entry, revision)


def _not_arrived(entry: Entry, revision: Revision) -> Iterator[Hint]:
    names = {file["key"]: file for file in revision.content["attachments"]}
    for key, upload in settled(revision.content, entry).items():
        file = names[key]
        word = "还在上传" if upload.status in UNDER_WAY else f"按缺少处理：{upload.problem}"
        yield _hint(
            revision,
            HintKind.MISSING,
            str(Place.of_slot(file["slot"])),
            f"“{file['name']}”{word}",
            file=key,
            slot=file["slot"],
        )


def _missing_of_units(entry: Entry, revision: Revision) -> Iterator[Hint]:
    for unit in revision.content["registration"]["units"]:
        there = {proof["slot"]: proof for proof in unit["proofs"]}
        for slot in entry.edition.texts("unit_proofs"):
            proof = there.get(slot["key"])
            if proof is None:
                said, na = "没有文件。", False
            elif proof["not_applicable"]:
                said, na = f"不适用：{proof['not_applicable']}", True
            else:
                continue
            sentence = f"{unit['name']}“{slot['label']}”{said}"
            yield _hint(revision, HintKind.MISSING, "", sentence, unit=unit["id"], na=na)


def _other_units(entry: Entry, revision: Revision) -> Iterator[Hint]:
    content = revision.content
    units = content["registration"]["units"]
    own = [unit["name"] for unit in units]
    parents = [unit["parent_name"] for unit in units if unit.get("parent_name")]
    others = Unit.objects.filter(team__edition=entry.edition).exclude(team=entry.team_id)
    registered = index_of(set(others.values_list("name", flat=True)))
    typed = name_key(str([one["answers"] for one in content["sections"]]))
    unread = 0
    keys = [file["key"] for file in content["attachments"]]
    rows = {str(one.key): one for one in Attachment.objects.filter(entry=entry, key__in=keys)}
    for file in content["attachments"]:
        attachment = rows.get(file["key"])
        if attachment is None or not _is_proof(entry, file["slot"]):
            continue
        text = text_of(attachment)
        unread += not text.strip()
        names = others_in(text, own=own, registered=registered, parents=parents)
        if file["slot"].count(".") + 1 >= IN_A_ROW:
            names = {
                name: what for name, what in names.items() if what == PARENT or name_key(name) not in typed
            }
        place = str(Place.of_slot(file["slot"]))
        yield from _named(revision, place, file["name"], names, file=file["key"])
    for name, text in texts_of_unit_proofs(entry):
        names = others_in(text, own=own, registered=registered, parents=parents)
        yield from _named(revision, "", name, names, registration=True)
    if unread:
        sentence = f"{unread}份证明材料是图片或扫描件，读不出文字，请逐份核对单位名称。"
        yield _hint(revision, HintKind.OTHER_UNIT, "", sentence, unread=unread)


def _named(
    revision: Revision, place: str, file_name: str, names: Mapping[str, str], **data: Any
) -> Iterator[Hint]:
    for name, what in list(names.items())[:MOST_NAMES]:
        sentence = f"“{file_name}”中出现“{name}”（{what}），请核对是否为参赛单位自有材料。"
        yield _hint(revision, HintKind.OTHER_UNIT, place, sentence, name=name, what=what, **data)
    if len(names) > MOST_NAMES:
        sentence = f"“{file_name}”中另有{len(names) - MOST_NAMES}个其他单位名称。"
        yield _hint(revision, HintKind.OTHER_UNIT, place, sentence, **data)


def _is_proof(entry: Entry, slot: str) -> bool:
    found = schema_of(entry.edition).find_slot(slot)
    return found is not None and found[1].rule != OTHER_MATERIAL and found[1].blind != SHOW


def _changed(entry: Entry, revision: Revision) -> Iterator[Hint]:
    earlier = Receipt.objects.filter(revision__entry=entry, revision__number__lt=revision.number)
    before = earlier.select_related("revision").first()
    if before is None:
        return
    changes = compare_contents(schema_of(entry.edition), before.revision.content, revision.content)
    labels: dict[str, tuple[str, str]] = {}
    for change in changes:
        labels.setdefault(f"{change.section} · {change.label}", (change.place.partition("-")[0], change.kind))
    for label, (place, kind) in list(labels.items())[:MOST_CHANGES]:
        sentence = f"{label} 有修改"
        yield _hint(revision, HintKind.CHANGED, place, sentence, change=kind, before=before.revision.number)
