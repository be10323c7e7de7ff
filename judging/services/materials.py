"""Blind material: made from the accepted version, looked through page by page, released to experts (R16)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

from django.core.files.base import ContentFile
from django.db import transaction

from competition import audit, clock, outbox, pages
from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import OutboxMessage, User
from competition.transitions import move
from judging.models import BlindMaterial, BlindPage
from judging.permissions.materials import can_check_material
from judging.workflow import MATERIAL, MaterialStatus
from submissions import projection
from submissions.blindness import look_through
from submissions.facts import facts_from
from submissions.form import schema_of
from submissions.identity import Finder, Word, words_of
from submissions.models import Attachment, Entry, FileReading
from submissions.services import last_receipt, sealed_files
from submissions.workflow import VirusScan

CHANNEL: Final = "judging.materials"
KIND: Final = "blind.prepare"
REASON_MOST: Final = 200
WORD_MOST: Final = 60
WORDS_MOST: Final = 100
EXTRA: Final = "另行遮盖的词"

_PROBLEMS: Final = {
    pages.ENCRYPTED: "匿名评审材料设有密码，无法生成逐页图片。",
    pages.BROKEN: "匿名评审材料的 PDF 文件已损坏或格式不正确，无法生成逐页图片。",
    pages.TOO_MANY: f"匿名评审材料超过{pages.MOST_PAGES}页，无法生成逐页图片。",
    pages.TOO_HEAVY: "匿名评审材料过于复杂，在限定的时间和内存内无法生成逐页图片。",
}
_LOST: Final = "匿名评审材料的文件在存储中找不到，请联系系统管理员。"


@transaction.atomic
def start(entry: Entry) -> BlindMaterial:
    """Ask for the blind material of an entry that passed the formal check; asking again does nothing (R16).

    Raises WrongState when no version was ever submitted.
    """
    found = BlindMaterial.objects.filter(entry=entry).first()
    if found is not None:
        return found
    receipt = last_receipt(entry)
    if receipt is None:
        raise WrongState("没有已提交的版本，不能生成匿名评审材料。")
    material = BlindMaterial.objects.create(edition=entry.edition, entry=entry, revision=receipt.revision)
    _ask(material, 1)
    return material


def send_job(message: OutboxMessage) -> None:
    """The outbox's sender for this channel."""
    prepare(BlindMaterial.objects.get(pk=message.data["material"]))


@transaction.atomic
def prepare(material: BlindMaterial) -> BlindMaterial:
    """Project the texts and draw the pages; safe to run again: what is prepared stays as it is.

    Broken, locked or too heavy files leave the state 'failed' with the reason. Takes half a second and more.
    """
    material = _lock(material)
    if material.status != MaterialStatus.PREPARING:
        return material
    files = _files(material)
    if None in files:
        return move(material, MaterialStatus.FAILED, MATERIAL, problem=_LOST)
    finder = finder_of(material)
    with tempfile.TemporaryDirectory(prefix="blind-") as folder:
        try:
            drawn = _draw([file for file in files if file is not None], Path(folder))
        except pages.NotDrawn as problem:
            return move(material, MaterialStatus.FAILED, MATERIAL, problem=_PROBLEMS[problem.why])
        _keep(material, drawn, finder)
    return _prepared(material, finder)


@transaction.atomic
def look(page: BlindPage, *, officer: User, verdict: str, reason: str = "") -> BlindPage:
    """An officer looked at a page: experts see it, or not, with the reason (R16).

    Raises NotAllowed, WrongState (not waiting), Invalid (no verdict, or withheld without a reason).
    """
    material = _lock(page.material)
    _require_officer(material, officer)
    _require_waiting(material)
    if verdict not in (BlindPage.Verdict.SHOWN, BlindPage.Verdict.WITHHELD):
        raise Invalid({"verdict": "请选择给专家看或不给专家看。"})
    reason = reason.strip()
    if verdict == BlindPage.Verdict.WITHHELD and not reason:
        raise Invalid({"reason": "不给专家看的页须写明原因。"})
    if len(reason) > REASON_MOST:
        raise Invalid({"reason": f"原因不超过{REASON_MOST}字。"})
    now = clock.now(material.edition)
    BlindPage.objects.filter(pk=page.pk).update(
        verdict=verdict, reason=reason, looked_by=officer, looked_at=now
    )
    page.refresh_from_db()
    audit.record(officer, "blind.page", material, edition=material.edition, page=page.number, verdict=verdict)
    return page


@transaction.atomic
def mask(material: BlindMaterial, *, officer: User, words: list[str]) -> BlindMaterial:
    """Mask these words, too, in the texts; they replace those given before (R16).

    Raises NotAllowed, WrongState (not waiting), Invalid (a word of one character, too long, too many).
    """
    material = _lock(material)
    _require_officer(material, officer)
    _require_waiting(material)
    kept = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    if len(kept) > WORDS_MOST or any(len(word) > WORD_MOST for word in kept):
        raise Invalid({"words": f"最多{WORDS_MOST}个词，每个不超过{WORD_MOST}字。"})
    if short := next((word for word in kept if len(word) < 2), ""):
        raise Invalid({"words": f"“{short}”只有一个字，遮盖它会使文字无法阅读。请至少填写两个字。"})
    material.extra_words = kept
    made = _project(material, finder_of(material))
    BlindMaterial.objects.filter(pk=material.pk).update(
        extra_words=kept, content=made.sections, leaks=made.leaks
    )
    material.refresh_from_db()
    audit.record(officer, "blind.masked", material, edition=material.edition, words=len(kept))
    return material


@transaction.atomic
def release(material: BlindMaterial, *, officer: User) -> BlindMaterial:
    """Let the experts see it: every page was looked at (R16). Raises NotAllowed, WrongState."""
    material = _lock(material)
    _require_officer(material, officer)
    _require_waiting(material)
    waiting = material.pages.filter(verdict=BlindPage.Verdict.WAITING).count()
    if waiting:
        raise WrongState(f"还有{waiting}页没有检查，逐页检查完才能放行。")
    now = clock.now(material.edition)
    move(material, MaterialStatus.RELEASED, MATERIAL, released_by=officer, released_at=now)
    audit.record(officer, "blind.released", material, edition=material.edition)
    return material


@transaction.atomic
def take_back(material: BlindMaterial, *, officer: User, reason: str) -> BlindMaterial:
    """Something was found after all: experts see nothing until it is released anew (R16).

    Raises NotAllowed, WrongState (not released), Invalid (no reason).
    """
    material = _lock(material)
    _require_officer(material, officer)
    reason = _reason(reason, "请写明收回的原因。")
    move(material, MaterialStatus.WAITING, MATERIAL, released_by=None, released_at=None)
    audit.record(officer, "blind.taken_back", material, edition=material.edition, reason=reason)
    return material


@transaction.atomic
def retry(material: BlindMaterial, *, officer: User) -> BlindMaterial:
    """Prepare failed material once more. Raises NotAllowed, WrongState (not failed)."""
    material = _lock(material)
    _require_officer(material, officer)
    _require_failed(material)
    move(material, MaterialStatus.PREPARING, MATERIAL, problem="")
    asked = OutboxMessage.objects.filter(kind=KIND, subject=str(material.entry_id)).count()
    _ask(material, asked + 1)
    audit.record(officer, "blind.retried", material, edition=material.edition)
    return material


@transaction.atomic
def leave_out(material: BlindMaterial, *, officer: User, reason: str) -> BlindMaterial:
    """Go on without pages when the file cannot be drawn: experts read the texts alone.

    Raises NotAllowed, WrongState (not failed), Invalid (no reason).
    """
    material = _lock(material)
    _require_officer(material, officer)
    _require_failed(material)
    reason = _reason(reason, "请写明不用匿名评审材料的原因。")
    move(material, MaterialStatus.PREPARING, MATERIAL, problem="")
    audit.record(officer, "blind.left_out", material, edition=material.edition, reason=reason)
    return _prepared(material, finder_of(material))


def marked(material: BlindMaterial) -> list[dict[str, Any]]:
    """The texts as experts read them, with what was found still to be seen and counted, for the officer."""
    made = _project(material, finder_of(material), projection.marked)
    return projection.with_counts(made.sections)


def unseen(material: BlindMaterial) -> list[str]:
    """What stands in the files besides their looks and names somebody: properties, notes, bookmarks (R16).

    Experts get pictures of the pages, which hold none of it.
    """
    keys = [file["key"] for file in _named(material)]
    readings = FileReading.objects.filter(attachment__entry=material.entry_id, attachment__key__in=keys)
    finder = finder_of(material)
    found = (
        (one.attachment.name, look_through([], one.marks, one.attachment.name, finder).marks)
        for one in readings.select_related("attachment").order_by("attachment__name")
    )
    return [f"{name}：{sentence}" for name, sentences in found for sentence in sentences]


def finder_of(material: BlindMaterial) -> Finder:
    """What finds the identity words of this entry, the codes of masked fields and the officer's own words."""
    revision, entry = material.revision, material.entry
    facts = facts_from(revision.content, revision.private)
    mails = [entry.team.owner.email] if entry.team.owner.email else []
    schema = schema_of(entry.edition)
    return Finder(
        [
            *(Word(EXTRA, word) for word in material.extra_words),
            *words_of(facts.public, facts.private, mails),
            *projection.codes_of(schema, revision.content, facts.derived),
        ]
    )


def _project(material: BlindMaterial, finder: Finder, show: Any = None) -> projection.Projection:
    schema, content = schema_of(material.entry.edition), material.revision.content
    derived = facts_from(content, "").derived
    if show is None:
        return projection.project(schema, content, derived, finder)
    return projection.project(schema, content, derived, finder, show)


def _prepared(material: BlindMaterial, finder: Finder) -> BlindMaterial:
    made = _project(material, finder)
    return move(
        material,
        MaterialStatus.WAITING,
        MATERIAL,
        content=made.sections,
        leaks=made.leaks,
        prepared_at=clock.now(material.edition),
        problem="",
    )


def _files(material: BlindMaterial) -> list[Attachment | None]:
    """The files of the slots that experts see, in the order of the version; None for one that is lost."""
    keys = [file["key"] for file in _named(material)]
    rows = {
        str(row.key): row
        for row in Attachment.objects.filter(entry=material.entry_id, key__in=keys)
        if row.file and row.virus_scan != VirusScan.INFECTED
    }
    found = [rows.get(key) for key in keys]
    return [one if one and one.file.storage.exists(one.file.name or "") else None for one in found]


def _named(material: BlindMaterial) -> list[dict[str, Any]]:
    content = material.revision.content
    # A file that was declared in time and never came is missing, not lost (decision 4).
    missing = sealed_files.settled(content, material.entry)
    named = projection.shown_slots(schema_of(material.entry.edition), content)
    return [file for file in named if file["key"] not in missing]


def _draw(files: list[Attachment], folder: Path) -> list[pages.Drawn]:
    if not files:
        return []
    copies = []
    for number, attachment in enumerate(files, start=1):
        copy = folder / f"{number}.pdf"
        with attachment.file.open("rb") as source:
            copy.write_bytes(source.read())
        copies.append(copy)
    return pages.draw(copies, folder)


def _keep(material: BlindMaterial, drawn: list[pages.Drawn], finder: Finder) -> None:
    """Store the pictures; when the transaction fails half-way, what was written goes again."""
    kept: list[BlindPage] = []
    try:
        for number, one in enumerate(drawn, start=1):
            leaks = [{"kind": leak.kind, "sentence": leak.sentence} for leak in finder.find(one.text)]
            page = BlindPage(
                material=material, number=number, width=one.width, height=one.height, leaks=leaks
            )
            page.file.save("page.png", ContentFile(one.picture.read_bytes()), save=False)
            kept.append(page)
        BlindPage.objects.bulk_create(kept)
    except Exception:
        for page in kept:
            page.file.delete(save=False)
        raise


def _ask(material: BlindMaterial, occurrence: int) -> None:
    outbox.post(
        KIND,
        str(material.entry_id),
        str(occurrence),
        channel=CHANNEL,
        edition=material.edition,
        data={"material": material.pk},
    )


def _lock(material: BlindMaterial) -> BlindMaterial:
    return (
        BlindMaterial.objects.select_for_update(of=("self",))
        .select_related("edition", "revision", "entry__edition", "entry__team__owner")
        .get(pk=material.pk)
    )


def _require_officer(material: BlindMaterial, officer: User) -> None:
    if not can_check_material(officer, material):
        raise NotAllowed("只有秘书处办公室工作人员可以检查匿名评审材料，且不能检查本人所在团队的。")


def _require_waiting(material: BlindMaterial) -> None:
    if material.status != MaterialStatus.WAITING:
        raise WrongState(f"当前状态为“{material.get_status_display()}”，不能检查；已放行的请先收回。")


def _require_failed(material: BlindMaterial) -> None:
    if material.status != MaterialStatus.FAILED:
        raise WrongState(f"当前状态为“{material.get_status_display()}”，不需要重新生成。")


def _reason(text: str, sentence: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid({"reason": sentence})
    if len(text) > REASON_MOST:
        raise Invalid({"reason": f"原因不超过{REASON_MOST}字。"})
    return text
