"""Files scanned for viruses by clamd, where one is configured. What none has looked at is never called clean.

A file with a virus is handed out to nobody from then on; its row, its hash and the versions that name it stay.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from competition import audit, clamd, clock, outbox
from competition.errors import Invalid
from competition.models import OutboxMessage
from submissions.models import Attachment, Entry, Revision
from submissions.services.asking_scans import CHANNEL, KIND, request_scan
from submissions.workflow import VirusScan

__all__ = ["CHANNEL", "ask_due", "require_clean", "require_sealable", "scan", "send_scan_job"]

#: How many files that nobody asked about are asked for in one run, when a scanner comes later.
BATCH: Final = 200
LONGEST: Final = 120


def send_scan_job(message: OutboxMessage) -> None:
    """The outbox's sender for this channel. Raises ChannelDown while clamd does not answer."""
    try:
        scan(message.data["attachment"])
    except clamd.ClamdError:
        raise outbox.ChannelDown("查毒程序没有应答。") from None


def scan(attachment_id: int) -> Attachment:
    """Have a file scanned and keep what was found; safe to run twice. Raises ClamdError.

    No lock is held while clamd looks, which for a film takes minutes.
    """
    attachment = Attachment.objects.select_related("entry__edition").get(pk=attachment_id)
    storage = attachment.file.storage
    if attachment.virus_scan != VirusScan.NOT_SCANNED or not storage.exists(attachment.file.name or ""):
        return attachment
    with attachment.file.open("rb") as opened:
        verdict = clamd.scan(opened, attachment.size)
    return _keep(attachment, verdict)


def ask_due() -> int:
    """Ask for scans of files that came before there was a scanner, oldest first; returns how many."""
    if not clamd.is_configured():
        return 0
    asked = OutboxMessage.objects.filter(kind=KIND, subject=Cast(OuterRef("pk"), CharField()))
    rows = (
        Attachment.objects.filter(~Exists(asked), virus_scan=VirusScan.NOT_SCANNED)
        .exclude(file="")
        .select_related("entry__edition")
        .defer("entry__edition__form", "entry__edition__rubrics")
        .order_by("id")[:BATCH]
    )
    return sum(request_scan(one, one.entry.edition) for one in rows)


def require_clean(entry: Entry) -> None:
    """Raises Invalid at every slot whose file has a virus: no version is frozen with it; one query."""
    found = Attachment.objects.filter(
        entry=entry, removed_at__isnull=True, virus_scan=VirusScan.INFECTED, revision__isnull=True
    )
    problems = {
        one.slot: f"“{one.name}”发现病毒，请移除后上传没有病毒的文件。" for one in found.order_by("-id")
    }
    if problems:
        raise Invalid(problems, f"有{len(problems)}项材料的文件发现病毒，更换后才能定稿。")


def require_sealable(revision: Revision, scan: Attachment) -> None:
    """Raises Invalid when a file of the version, or its stamped scan, has a virus (found since it was frozen)."""
    keys = [file["key"] for file in revision.content["attachments"]]
    found = Attachment.objects.filter(key__in=[*keys, scan.key], virus_scan=VirusScan.INFECTED).first()
    if found is None:
        return
    more = "请重新上传扫描件。" if found.pk == scan.pk else "请更换这个文件，重新定稿后再提交。"
    raise Invalid({found.slot: f"“{found.name}”发现病毒，不能提交。{more}"})


@transaction.atomic
def _keep(attachment: Attachment, verdict: clamd.Verdict) -> Attachment:
    state = VirusScan.INFECTED if verdict.virus else VirusScan.CLEAN
    changed = Attachment.objects.filter(pk=attachment.pk, virus_scan=VirusScan.NOT_SCANNED).update(
        virus_scan=VirusScan.NOT_SCANNABLE if verdict.too_large else state,
        virus_name=verdict.virus[:LONGEST],
        virus_scanned_at=clock.real_now(),
    )
    attachment.refresh_from_db(fields=["virus_scan", "virus_name", "virus_scanned_at", "removed_at"])
    if changed and attachment.virus_scan == VirusScan.INFECTED:
        edition = attachment.entry.edition
        audit.record(None, "attachment.infected", attachment, edition=edition, virus=attachment.virus_name)
        _tell(attachment)
    return attachment


def _tell(attachment: Attachment) -> None:
    entry = Entry.objects.select_related("team__owner", "edition").get(pk=attachment.entry_id)
    named = Revision.objects.filter(
        entry=entry, content__attachments__contains=[{"key": str(attachment.key)}], receipt__isnull=False
    )
    if attachment.removed_at is not None and not named.exists():
        return
    outbox.tell(
        entry.team.owner,
        "attachment.infected",
        entry.reference,
        str(attachment.key),
        title="上传的一个文件发现病毒",
        body=(
            f"团队“{entry.team.name}”上传的“{attachment.name}”发现病毒（{attachment.virus_name}），"
            "已停止提供，任何人都不能打开。请登录后移除它，上传没有病毒的文件；"
            "如果已经提交，请在截止前重新定稿、提交，截止后请联系秘书处办公室。"
        ),
        edition=entry.edition,
    )
