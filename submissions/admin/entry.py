"""The queue of entries and the case page. Nobody edits here: officers accept, return or reject."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html

from competition import audit
from competition.admin.base import PortalAdmin
from competition.admin.filters import EditionFilter, TrackFilter
from competition.errors import Invalid, Refusal
from competition.form_schema.values import clean
from competition.models import User
from competition.stages import format_instant
from registration.permissions import is_officer
from submissions import services
from submissions.admin.case import case_context, case_url
from submissions.models import Entry, Receipt
from submissions.permissions import get_entry_for, get_receipt_for
from submissions.workflow import EntryStatus, FormalVerdict

MARK = "mark."
ITEM = "item_"


class TopicTrackFilter(TrackFilter):
    path = "team__topic__track"


@admin.register(Entry)
class EntryAdmin(PortalAdmin):
    may_view = staticmethod(is_officer)
    list_display = ["reference", "names", "track", "lead_unit", "state", "submitted"]
    list_display_links = ["reference", "names"]
    list_filter = ["status", TopicTrackFilter, EditionFilter]
    search_fields = ["team__name", "team__project_name", "team__units__name"]
    search_help_text = "按团队、项目或单位名称查找"
    list_select_related = ["team__topic__track"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        first = When(status=EntryStatus.SUBMITTED, then=Value(0))
        entries: QuerySet[Entry] = Entry.objects.visible_to(cast(User, request.user))
        return entries.annotate(
            queue=Case(first, default=Value(1), output_field=IntegerField())
        ).prefetch_related("team__units")

    def get_ordering(self, request: HttpRequest) -> list[str]:
        # By an annotation, which the check of the ``ordering`` attribute does not know.
        return ["queue", "submitted_at", "id"]

    @admin.display(description="编号", ordering="id")
    def reference(self, entry: Entry) -> str:
        return entry.reference

    @admin.display(description="项目与团队", ordering="team__project_name")
    def names(self, entry: Entry) -> str:
        return format_html("<strong>{}</strong><br>{}", entry.team.project_name, entry.team.name)

    @admin.display(description="赛道", ordering="team__topic__track__number")
    def track(self, entry: Entry) -> str:
        return entry.team.topic.track.name if entry.team.topic else ""

    @admin.display(description="牵头单位")
    def lead_unit(self, entry: Entry) -> str:
        return next((unit.name for unit in entry.team.units.all() if unit.is_lead), "")

    @admin.display(description="状态", ordering="status")
    def state(self, entry: Entry) -> str:
        return entry.get_status_display()

    @admin.display(description="最近提交", ordering="submitted_at")
    def submitted(self, entry: Entry) -> str:
        return format_instant(entry.submitted_at) if entry.submitted_at else ""

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site.admin_view
        return [
            path("<int:pk>/decide/", site(self.decide), name="submissions_entry_decide"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The queue, with the whole width for its columns."""
        return super().changelist_view(
            request, {"title": "形式审查", "is_nav_sidebar_enabled": False, **(extra_context or {})}
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The case page; it shows, ``decide`` decides."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not (object_id.isdecimal() and len(object_id) < 18):
            raise Http404("entry")
        entry = get_entry_for(cast(User, request.user), int(object_id))
        audit.record(cast(User, request.user), "entry.read", entry, edition=entry.edition)
        return self._page(request, entry)

    def _page(self, request: HttpRequest, entry: Entry, *, status: int = 200, **more: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "is_nav_sidebar_enabled": False,
            **case_context(entry, cast(User, request.user), waiting=self._waiting(request, entry)),
            **more,
        }
        return TemplateResponse(request, "admin/submissions/entry/case.html", context, status=status)

    def _waiting(self, request: HttpRequest, entry: Entry) -> Entry | None:
        """The case that waits longest besides this one."""
        waiting = Entry.objects.visible_to(cast(User, request.user)).filter(
            edition=entry.edition, status=EntryStatus.SUBMITTED
        )
        following: Entry | None = waiting.exclude(pk=entry.pk).order_by("submitted_at", "id").first()
        return following

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Accept, return or reject as the pressed button says; refusals keep what was typed."""
        if request.method != "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        user = cast(User, request.user)
        entry = get_entry_for(user, pk)
        receipt = get_receipt_for(user, clean(request.POST.get("receipt", "")))
        if receipt.revision.entry_id != entry.pk:
            raise PermissionDenied
        try:
            sentence = _decide(receipt, request)
        except Refusal as refusal:
            entry = get_entry_for(user, pk)
            return self._page(request, entry, status=refusal.status, **_kept(refusal, request))
        messages.success(request, sentence)
        following = self._waiting(request, entry)
        return HttpResponseRedirect(case_url(following or entry))


def _kept(refusal: Refusal, request: HttpRequest) -> dict[str, Any]:
    problems = refusal.problems if isinstance(refusal, Invalid) else {}
    return {
        "refusal": refusal,
        "problems": list(problems.values()),
        "typed": {
            "note": request.POST.get("note", ""),
            "until": request.POST.get("until", ""),
            "marks": _prefixed(request.POST.items(), MARK),
            "items": _prefixed(request.POST.items(), ITEM),
        },
    }


def _decide(receipt: Receipt, request: HttpRequest) -> str:
    """Do what the button says; returns what happened in a sentence."""
    officer = cast(User, request.user)
    note = clean(request.POST.get("note", ""))
    checklist = _prefixed(request.POST.items(), ITEM)
    verdict = request.POST.get("verdict", "")
    name = receipt.revision.entry.team.project_name
    if verdict == FormalVerdict.ACCEPT:
        services.accept(receipt, officer=officer, checklist=checklist, note=note)
        return f"“{name}”已通过形式审查。"
    if verdict == FormalVerdict.RETURN:
        services.return_for_correction(
            receipt,
            officer=officer,
            checklist=checklist,
            reasons=_prefixed(request.POST.items(), MARK),
            note=note,
            until=_until(request.POST.get("until", "")),
        )
        return f"“{name}”已退回修改，团队会收到通知。"
    if verdict == FormalVerdict.REJECT:
        services.reject(receipt, officer=officer, checklist=checklist, note=note)
        return f"“{name}”未通过形式审查，团队会收到通知。"
    raise Refusal("请选择通过、退回修改或不通过。")


def _until(text: str) -> datetime | None:
    """The instant of a ``datetime-local`` input, in the portal's time zone; None for none."""
    if not text.strip():
        return None
    try:
        return timezone.make_aware(datetime.fromisoformat(text.strip()))
    except ValueError:
        raise Invalid({"until": "补正期限不是有效的时间，请按 2025-07-28 18:00 的样子填写。"}) from None


def _prefixed(pairs: Iterable[tuple[str, Any]], prefix: str) -> dict[str, str]:
    return {
        key.removeprefix(prefix): clean(str(value)).strip()
        for key, value in pairs
        if key.startswith(prefix) and str(value).strip()
    }
