"""An entry as one archive, for its team and for the office."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from typing import Final

from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from competition import audit, clock
from competition.errors import WrongState
from competition.handing import closed
from competition.stages import format_instant
from registration.permissions import is_officer
from submissions.archive import Item, stream
from submissions.form import schema_of
from submissions.models import Attachment, Entry, Receipt, RevisionPdf
from submissions.permissions import get_entry_for
from submissions.services import last_receipt
from submissions.services.sealed_files import INFECTED, settled
from submissions.workflow import VirusScan

LOST: Final = "未找到"


@never_cache
@require_safe
def entry_zip(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The version that counts: printed form, stamped scan, files by slot, receipt, list of hashes."""
    entry = get_entry_for(request.user, pk)
    receipt = last_receipt(entry)
    if receipt is None:
        raise WrongState("还没有提交过的版本。提交后可以打包下载。")
    if is_officer(request.user):
        audit.record(request.user, "entry.archived", entry, edition=entry.edition, receipt=receipt.number)
    response = StreamingHttpResponse(
        stream(list(items_of(entry, receipt)), timezone.localtime(clock.now(entry.edition))),
        content_type="application/zip",
    )
    name = f"{entry.reference}-{entry.team.project_name}-第{receipt.revision.number}版.zip"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    closed(response)
    return response


def items_of(entry: Entry, receipt: Receipt) -> Iterator[Item]:
    """What goes into the archive, in the form's order; four queries."""
    revision, schema = receipt.revision, schema_of(entry.edition)
    made = RevisionPdf.objects.filter(revision=revision).first()
    if made is not None:
        yield _stored("", f"申报书-第{revision.number}版.pdf", made.file, made.sha256)
    scan = receipt.scan
    if scan.virus_scan == VirusScan.INFECTED:
        yield Item("", f"盖章扫描件-{scan.name}", None, scan.sha256, INFECTED)
    else:
        yield _stored("", f"盖章扫描件-{scan.name}", scan.file, scan.sha256)
    yield Item("", "提交回执.txt", partial(io.BytesIO, _receipt(receipt).encode("utf-8-sig")), receipt.sha256)
    files = revision.content["attachments"]
    rows = {
        str(one.key): one for one in Attachment.objects.filter(entry=entry, key__in=[f["key"] for f in files])
    }
    missing = settled(revision.content, entry)
    for file in files:
        found, row = schema.find_slot(file["slot"]), rows.get(file["key"])
        folder = f"{found[0].title}-{found[1].label}" if found else "其他"
        if row is None:
            gone = missing.get(file["key"])
            yield Item(
                folder, file["name"], None, file["sha256"], gone.get_status_display() if gone else LOST
            )
        elif row.virus_scan == VirusScan.INFECTED:
            yield Item(folder, file["name"], None, file["sha256"], INFECTED)
        else:
            yield _stored(folder, file["name"], row.file, file["sha256"])


def _stored(folder: str, name: str, file: FieldFile, sha256: str) -> Item:
    """A file of the archive; one that storage has lost is named in the list and breaks nothing."""
    if not file or not file.storage.exists(file.name or ""):
        return Item(folder, name, None, sha256, LOST)
    return Item(folder, name, partial(file.open, "rb"), sha256)


def _receipt(receipt: Receipt) -> str:
    return (
        f"回执编号：{receipt.number}\r\n提交时间：{format_instant(receipt.submitted_at)}\r\n"
        f"内容 SHA-256：{receipt.revision.sha256}\r\n扫描件 SHA-256：{receipt.scan_sha256}\r\n"
        f"回执 SHA-256：{receipt.sha256}\r\n"
    )
