"""Lists of the office: what there is, bringing a file in, searching, taking back."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from competition.desk import menu_of, pages_of
from competition.errors import Refusal
from competition.identity import mask_document
from competition.keyset import page_by
from competition.lists import ListKind
from competition.middleware import address, edition_of
from competition.models import Edition, ListEntry, ListImport, ListUpload, User
from competition.office.files import xlsx_response
from competition.office.forms.lists import SearchForm, UploadForm
from competition.permissions import can_undo_list, works_on_lists
from competition.querysets import list_entries_like
from competition.services import lists as services
from competition.sheets import MOST_BYTES, MOST_ROWS

SHOWN = 50
MOST_PROBLEMS = 200


@never_cache
@require_safe
def overview(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Every list of the edition with how many rows are in force."""
    edition = _open(request)
    live = ListImport.objects.filter(edition=edition, undone_at__isnull=True).order_by()
    numbers = {
        row["kind"]: row
        for row in live.values("kind").annotate(files=Count("pk"), last=Max("at"), rows=_sum_of_rows())
    }
    rows = [{**numbers.get(kind.key, {}), "kind": kind} for kind in services.kinds(edition).values()]
    return render(request, "office/lists.html", {**_desk(request), "rows": rows})


@never_cache
@require_safe
def one(request: HttpRequest, kind: str, **kwargs: Any) -> HttpResponse:
    """A list: what a file should look like, the form to upload one, and what was imported."""
    edition = _open(request)
    return _list_page(request, edition, _kind(edition, kind), UploadForm(label_suffix=""))


@require_safe
def template(request: HttpRequest, kind: str, **kwargs: Any) -> FileResponse:
    """An empty file with the right headings."""
    edition = _open(request)
    found = _kind(edition, kind)
    return xlsx_response(services.template(found), f"{found.label}模板")


@require_POST
def upload(request: HttpRequest, kind: str, **kwargs: Any) -> HttpResponse:
    """Keep a file for its preview."""
    edition = _open(request)
    found = _kind(edition, kind)
    form = UploadForm(request.POST, request.FILES, label_suffix="")
    status = 422
    if form.is_valid():
        try:
            kept = services.keep(
                edition,
                kind,
                form.cleaned_data["file"],
                actor=cast(User, request.user),
                source=form.cleaned_data["source"],
            )
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            return HttpResponseRedirect(address(request, "competition:list_preview", key=kept.key))
    return _list_page(request, edition, found, form, status)


@never_cache
@require_safe
def preview(request: HttpRequest, key: UUID, **kwargs: Any) -> HttpResponse:
    """The first rows as understood, and everything that is wrong."""
    return _preview_page(request, _kept(request, key))


@require_POST
def confirm(request: HttpRequest, key: UUID, **kwargs: Any) -> HttpResponse:
    """Bring in exactly the previewed bytes."""
    kept = _kept(request, key)
    try:
        batch = services.confirm(kept, actor=cast(User, request.user), digest=request.POST.get("digest", ""))
    except Refusal as refusal:
        if not ListUpload.objects.filter(pk=kept.pk).exists():
            messages.error(request, refusal.sentence)
            return HttpResponseRedirect(address(request, "competition:list", kind=kept.kind))
        return _preview_page(request, kept, refusal)
    messages.success(request, f"已导入{batch.count}行，立即生效；相关报名将重新核查。")
    return HttpResponseRedirect(address(request, "competition:list", kind=batch.kind))


@require_POST
def undo(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
    """Take an import back."""
    edition = _open(request)
    batch = get_object_or_404(ListImport, edition=edition, pk=pk)
    try:
        services.undo(batch, actor=cast(User, request.user))
    except Refusal as refusal:
        form = UploadForm(label_suffix="")
        return _list_page(request, edition, _kind(edition, batch.kind), form, refusal.status, refusal)
    messages.success(request, f"已撤销“{batch.file_name}”的导入，其中{batch.count}行不再有效。")
    return HttpResponseRedirect(address(request, "competition:list", kind=batch.kind))


@never_cache
@require_safe
def rows(request: HttpRequest, kind: str, **kwargs: Any) -> HttpResponse:
    """Rows in force, searched by name or code, page by page."""
    edition = _open(request)
    found = _kind(edition, kind)
    form = SearchForm(request.GET, label_suffix="")
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    entries = ListEntry.objects.filter(edition=edition, kind=kind, live=True)
    entries = list_entries_like(entries, words).select_related("batch") if form.is_valid() else entries.none()
    page = page_by(entries, order="id", cursor=request.GET.get("after", ""), size=SHOWN)
    for entry in page.items:
        entry.masked = mask_document(entry.document)  # type: ignore[attr-defined]
        entry.words = _words(entry)  # type: ignore[attr-defined]
    context = {
        **_desk(request),
        "kind": found,
        "form": form,
        "words": words,
        "page": page,
        "next_url": f"?{urlencode({'q': words, 'after': page.next})}" if page.next else "",
    }
    return render(request, "office/list_rows.html", context)


def _words(entry: ListEntry) -> list[str]:
    """What else a row says, in the order of its columns."""
    told = (
        entry.detail.get(key) for key in ("relation", "of", "year", "award", "reference", "listed_on", "note")
    )
    return [str(one) for one in told if one]


def _sum_of_rows() -> Any:
    # Rows of the files, not of further names.
    return Count("entries", filter=Q(entries__part=0))


def _open(request: HttpRequest) -> Edition:
    if not works_on_lists(cast(User, request.user)):
        raise Http404("lists")
    return edition_of(request)


def _kind(edition: Edition, key: str) -> ListKind:
    found = services.kinds(edition).get(key)
    if found is None:
        raise Http404("list")
    return found


def _kept(request: HttpRequest, key: UUID) -> ListUpload:
    """A file that waits for its confirmation; to others than who uploaded it it does not exist."""
    edition = _open(request)
    waiting = services.waiting_of(cast(User, request.user))
    return get_object_or_404(waiting.select_related("edition"), edition=edition, key=key)


def _preview_page(request: HttpRequest, kept: ListUpload, refusal: Refusal | None = None) -> HttpResponse:
    read = services.preview(kept.edition, kept.kind, services.kept_file(kept))
    context = {
        **_desk(request),
        "kind": _kind(kept.edition, kept.kind),
        "kept": kept,
        "read": read,
        "rows": read.rows[:SHOWN],
        "problems": read.problems[:MOST_PROBLEMS],
        "notes": read.notes[:MOST_PROBLEMS],
        "shown": SHOWN,
        "refusal": refusal,
    }
    return render(request, "office/list_preview.html", context, status=refusal.status if refusal else 200)


def _list_page(
    request: HttpRequest,
    edition: Edition,
    kind: ListKind,
    form: UploadForm,
    status: int = 200,
    refusal: Refusal | None = None,
) -> HttpResponse:
    imports = ListImport.objects.filter(edition=edition, kind=kind.key).select_related("actor", "undone_by")
    page = page_by(imports, order="id", cursor=request.GET.get("after", ""))
    user = cast(User, request.user)
    context = {
        **_desk(request),
        "kind": kind,
        "form": form,
        "page": page,
        "next_url": f"?after={page.next}" if page.next else "",
        "imports": [
            {"batch": row, "may_undo": row.undone_at is None and can_undo_list(user, row)}
            for row in page.items
        ],
        "most_rows": MOST_ROWS,
        "most_megabytes": MOST_BYTES // (1024 * 1024),
        "refusal": refusal,
    }
    return render(request, "office/list.html", context, status=status)


def _desk(request: HttpRequest) -> dict[str, Any]:
    pages = pages_of(edition_of(request), cast(User, request.user))
    return {"menu": menu_of(pages, request.path), "menu_title": "工作台"}
