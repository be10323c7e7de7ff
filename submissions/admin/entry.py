"""The queue of entries and the case page. Nobody edits here: officers accept, return or reject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join

from competition import audit
from competition.admin.base import PortalAdmin
from competition.errors import Refusal
from competition.models import User
from competition.stages import format_end, format_instant
from registration.models import Unit
from registration.permissions import is_officer
from submissions.admin import acts, files, queue, similar
from submissions.admin.case import case_context
from submissions.models import Entry
from submissions.permissions import get_entry_for
from submissions.services import claiming
from submissions.workflow import EntryStatus, HintKind

#: What the queue says of a kind of hint.
WORDS = {
    HintKind.MISSING: "缺材料",
    HintKind.OTHER_UNIT: "其他单位名称",
    HintKind.SIMILAR: "相似",
    HintKind.CHANGED: "有变化",
}


@admin.register(Entry)
class EntryAdmin(PortalAdmin):
    may_view = staticmethod(is_officer)
    list_display: ClassVar[Any] = [
        "reference",
        "names",
        "track",
        "lead_unit",
        "state",
        "noticed",
        "submitted",
        "officer",
    ]
    list_display_links = ["reference", "names"]
    list_filter: ClassVar[Any] = [
        "status",
        queue.HintFilter,
        queue.OfficerFilter,
        queue.CorrectionFilter,
        queue.SupplementFilter,
        queue.TopicTrackFilter,
        queue.QueueEditionFilter,
    ]
    search_fields = ["team__search"]
    search_help_text = (
        "按编号（E000123、T000123）、团队、项目、单位名称、统一社会信用代码或完整的手机号码查找"
    )
    list_select_related = ["team__topic__track", "claimed_by"]
    show_facets = admin.ShowFacets.NEVER
    actions: ClassVar[Any] = ["claim", "release"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        leads = Prefetch("team__units", Unit.objects.filter(is_lead=True).defer("contact_way"))
        return queue.in_order(Entry.objects.visible_to(cast(User, request.user))).prefetch_related(leads)

    def get_ordering(self, request: HttpRequest) -> list[str]:
        # By an annotation, which the check of the ``ordering`` attribute does not know.
        return ["queue", "submitted_at", "id"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Entry], search_term: str
    ) -> tuple[QuerySet[Entry], bool]:
        """By reference, phone or words; see ``queue.search``."""
        return queue.search(queryset, search_term), False

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
        return next((unit.name for unit in entry.team.units.all()), "")

    @admin.display(description="状态", ordering="status")
    def state(self, entry: Entry) -> str:
        if entry.status == EntryStatus.RETURNED and entry.correction_until:
            return format_html(
                "{}<br><small>补正至{}</small>",
                entry.get_status_display(),
                format_end(entry.correction_until),
            )
        return entry.get_status_display()

    @admin.display(description="自动提示")
    def noticed(self, entry: Any) -> str:
        counts = Counter(entry.hint_kinds or [])
        said = [(word, counts[kind]) for kind, word in WORDS.items() if counts[kind]]
        return format_html_join("，", "{} {}", said)

    @admin.display(description="最近提交", ordering="submitted_at")
    def submitted(self, entry: Entry) -> str:
        return format_instant(entry.submitted_at) if entry.submitted_at else ""

    @admin.display(description="经办人", ordering="claimed_by__full_name")
    def officer(self, entry: Entry) -> str:
        return entry.claimed_by.display_name if entry.claimed_by else ""

    @admin.action(description="领取")
    def claim(self, request: HttpRequest, queryset: QuerySet[Entry]) -> None:
        self._each(request, queryset, claiming.claim, "领取")

    @admin.action(description="放回")
    def release(self, request: HttpRequest, queryset: QuerySet[Entry]) -> None:
        self._each(request, queryset, claiming.release_claim, "放回")

    def _each(
        self, request: HttpRequest, queryset: QuerySet[Entry], act: Callable[..., Entry], word: str
    ) -> None:
        done = 0
        for entry in queryset:
            try:
                act(entry, officer=cast(User, request.user))
                done += 1
            except Refusal as refusal:
                messages.warning(request, f"{entry.reference} 没有{word}：{refusal.sentence}")
        if done:
            messages.success(request, f"已{word}{done}件。")

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site.admin_view
        name, page = "submissions_entry_", {"page": self.page}
        return [
            path("<int:pk>/decide/", site(acts.decide), page, name=f"{name}decide"),
            path("<int:pk>/claim/", site(acts.claim), page, name=f"{name}claim"),
            path("<int:pk>/supplement/", site(acts.ask_supplement), page, name=f"{name}supplement"),
            path(
                "<int:pk>/supplement/<int:number>/withdraw/",
                site(acts.withdraw_supplement),
                page,
                name=f"{name}supplement_withdraw",
            ),
            path(
                "<int:pk>/similar/<int:other>/",
                site(similar.side_by_side),
                {"site": self.admin_site, "opts": self.opts},
                name=f"{name}similar",
            ),
            path("file/<uuid:key>/view/", site(files.file_pages), name=f"{name}view"),
            path("file/<uuid:key>/page/<int:number>/", site(files.file_page), name=f"{name}page"),
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
        """The case page; it shows, ``acts`` decide."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not (object_id.isdecimal() and len(object_id) < 18):
            raise Http404("entry")
        entry = get_entry_for(cast(User, request.user), int(object_id))
        audit.record(cast(User, request.user), "entry.read", entry, edition=entry.edition)
        return self.page(request, entry)

    def page(self, request: HttpRequest, entry: Entry, *, status: int = 200, **more: Any) -> HttpResponse:
        """The case page, with what was typed when an act was refused."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "is_nav_sidebar_enabled": False,
            **case_context(entry, cast(User, request.user)),
            **more,
        }
        return TemplateResponse(request, "admin/submissions/entry/case.html", context, status=status)
