"""From a finished form to a receipt: check, freeze, print and stamp, scan, submit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from competition import audit, clock
from competition.arrival import arrived_at
from competition.errors import Invalid, Refusal
from competition.files import kind_names
from competition.handing import closed
from registration.permissions import is_officer
from submissions import services
from submissions.form import schema_of
from submissions.models import Entry, Receipt, Revision
from submissions.pdf import render_receipt
from submissions.permissions import get_own_entry_for, get_receipt_for, get_revision_for, is_of_team
from submissions.services import sealed_files
from submissions.services.attachments import kinds_of
from submissions.views.blind import require_seen, warning_of
from submissions.views.desk import Desk, base_context, look_at
from submissions.workflow import EntryStatus, UploadStatus


@never_cache
@require_safe
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that is missing, each with a link to its field."""
    entry = get_own_entry_for(request.user, pk)
    desk = look_at(entry)
    context = {
        **base_context(entry, desk.deadline),
        "desk": desk,
        "missing": desk.missing(),
        **warning_of(desk),
        "menu": desk.menu(),
        "menu_title": "申报书目录",
    }
    return render(request, "submissions/check.html", context)


@never_cache
@require_safe
def submit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The steps from the finished form to the receipt, with the one that is next."""
    return _page(request, get_own_entry_for(request.user, pk))


@require_POST
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the form for stamping."""
    entry = get_own_entry_for(request.user, pk)
    try:
        require_seen(request, entry)
        revision = services.freeze(entry, actor=request.user, at=arrived_at(request))
    except Refusal as refusal:
        return _page(request, entry, refusal)
    messages.success(request, f"第{revision.number}版已定稿。请打印、盖章，再上传扫描件。")
    return redirect(_submit_url(entry))


@require_POST
def scan(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Attach the scan of a stamped version."""
    revision = _own_revision(request, pk, number)
    try:
        upload = request.FILES.get("file")
        if upload is None:
            raise Invalid({"scan": "请先选择盖章申报书的扫描件。"})
        services.attach_scan(revision, upload=upload, actor=request.user, at=arrived_at(request))
    except Refusal as refusal:
        return _page(request, revision.entry, refusal)
    messages.success(request, f"第{number}版的盖章扫描件已上传。")
    return redirect(_submit_url(revision.entry))


@require_POST
def submit(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Submit a version with its scan."""
    revision = _own_revision(request, pk, number)
    try:
        receipt = services.submit(revision, actor=request.user, at=arrived_at(request))
    except Refusal as refusal:
        return _page(request, revision.entry, refusal)
    return redirect("submissions:receipt", number=receipt.number)


@never_cache
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt of a submitted version, to read and to print."""
    found = get_receipt_for(request.user, number)
    entry = found.revision.entry
    newest = services.last_receipt(entry)
    context = {
        **base_context(entry),
        "receipt": found,
        "newest_text": _newest_text(found, newest),
        "late_files": late_files(found),
        "own": is_of_team(request.user, entry),
    }
    return render(request, "submissions/receipt.html", context)


@never_cache
@require_safe
def receipt_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt as a PDF, for whoever may read its page; made when it is asked for."""
    found = get_receipt_for(request.user, number)
    edition = found.revision.entry.edition
    if is_officer(request.user):
        audit.record(request.user, "receipt.read", found, edition=edition)
    body = render_receipt(found, late_files(found), clock.now(edition))
    response = HttpResponse(body, content_type="application/pdf")
    name = f"提交回执-{found.number}.pdf"
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    closed(response)
    return response


def late_files(receipt: Receipt) -> list[dict[str, Any]]:
    """What became of the files that were sealed on their way, each with its own receipt when it came late."""
    declared = sealed_files.declared_in(receipt.revision.content, receipt.revision.entry).values()
    return [
        {"upload": one, "absent": "" if one.status == UploadStatus.DONE else sealed_files.absence(one)}
        for one in declared
    ]


def _page(request: HttpRequest, entry: Entry, refusal: Refusal | None = None) -> HttpResponse:
    if refusal is not None:
        entry.refresh_from_db(fields=["status", "version", "submitted_at", "correction_until"])
    desk = look_at(entry)
    revision = Revision.objects.filter(entry=entry).select_related("receipt", "pdf").first()
    context = {
        **base_context(entry, desk.deadline),
        "desk": desk,
        "refusal": refusal,
        "problems": _problems(refusal),
        "menu": desk.menu(),
        "menu_title": "申报书目录",
        "not_open_text": f"提交尚未开始（{desk.deadline.when}）。现在可以先定稿盖章，开始后再提交。"
        if desk.deadline
        else "",
        **_version(desk, revision),
        **warning_of(desk),
    }
    return render(request, "submissions/submit.html", context, status=refusal.status if refusal else 200)


def _version(desk: Desk, revision: Revision | None) -> dict[str, Any]:
    """The latest version and how far it is: frozen, printable, scanned, submitted, edited since."""
    rule = schema_of(desk.entry.edition).scan
    kinds = kinds_of(rule.accept)
    shown: dict[str, Any] = {
        "revision": revision,
        "scan_hint": f"{kind_names(kinds)}，不超过 {rule.max_mb} MB。",
        "scan_accept": ",".join(f".{extension}" for extension in rule.accept),
    }
    if revision is None:
        return {**shown, "step": "freeze" if desk.state.ready else "write"}
    edited = desk.entry.version != revision.entry_version
    scanned = revision.scans.filter(removed_at__isnull=True).last()
    sealed = getattr(revision, "receipt", None)
    shown |= {
        "edited": edited,
        # Frozen before the return, it may hold more than was asked for: then only a new one can be submitted.
        "again": sealed is None and desk.entry.status == EntryStatus.RETURNED,
        "edited_text": _edited_text(revision),
        "scan": scanned,
        "sealed": sealed,
        "pdf": getattr(revision, "pdf", None),
    }
    if sealed is not None:
        return {**shown, "step": ("freeze" if desk.state.ready else "write") if edited else "done"}
    return {**shown, "step": "submit" if scanned else "stamp"}


def _edited_text(revision: Revision) -> str:
    return f"第{revision.number}版不含这些修改。要提交新内容，须重新定稿、盖章，并上传新的扫描件。"


def _newest_text(found: Receipt, newest: Receipt | None) -> str:
    if newest is None or newest.pk == found.pk:
        return ""
    return f"团队之后又提交了第{newest.revision.number}版（回执编号 {newest.number}），以后者为准。"


def _problems(refusal: Refusal | None) -> list[dict[str, str]]:
    if refusal is None:
        return []
    if isinstance(refusal, Invalid) and "scan" not in refusal.problems:
        return [{"sentence": refusal.sentence}]
    return [{"sentence": refusal.sentence, "href": "#scan" if refusal.field == "scan" else ""}]


def _own_revision(request: HttpRequest, pk: int, number: int) -> Revision:
    get_own_entry_for(request.user, pk)
    return get_revision_for(request.user, pk, number)


def _submit_url(entry: Entry) -> str:
    return reverse("submissions:submit_page", args=[entry.pk])
