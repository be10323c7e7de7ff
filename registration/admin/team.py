"""The queue of registrations. Nobody edits here, not even the chief: officers decide on the case page (R76)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html

from competition.admin.base import PortalAdmin
from competition.errors import Refusal
from competition.models import User
from competition.stages import format_instant
from registration import permissions
from registration.admin import acts, files, queue
from registration.admin.case import audit_events, case_context
from registration.models import Team, Unit
from registration.services import claiming, reviewing


@admin.register(Team)
class TeamAdmin(PortalAdmin):
    may_view = staticmethod(permissions.is_officer)
    list_display: ClassVar[Any] = [
        "reference",
        "names",
        "track",
        "lead_unit",
        "state",
        "found",
        "credit",
        "waiting_since",
        "officer",
    ]
    list_display_links = ["reference", "names"]
    list_filter: ClassVar[Any] = [
        "status",
        queue.FindingFilter,
        queue.AgeFilter,
        queue.OfficerFilter,
        queue.TopicTrackFilter,
        queue.CityFilter,
        queue.QueueEditionFilter,
    ]
    search_fields = ["search"]
    search_help_text = "按编号（T000123）、团队、项目、单位名称、统一社会信用代码或完整的手机号码查找"
    list_select_related = ["topic__track", "claimed_by"]
    ordering = ["queue", "submitted_at", "id"]
    show_facets = admin.ShowFacets.NEVER
    actions: ClassVar[Any] = ["approve_clear", "claim", "release"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        leads = Prefetch("units", Unit.objects.filter(is_lead=True).defer("contact_way"))
        return Team.objects.visible_to(request.user).prefetch_related(leads)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Team], search_term: str
    ) -> tuple[QuerySet[Team], bool]:
        """By reference, phone or words; see ``queue.found_by``."""
        return queue.found_by(queryset, search_term), False

    @admin.display(description="编号", ordering="id")
    def reference(self, team: Team) -> str:
        return team.reference

    @admin.display(description="团队与项目", ordering="name")
    def names(self, team: Team) -> str:
        return format_html("<strong>{}</strong><br>{}", team, team.project_name)

    @admin.display(description="赛道", ordering="topic__track__number")
    def track(self, team: Team) -> str:
        return team.topic.track.name if team.topic else ""

    @admin.display(description="牵头单位")
    def lead_unit(self, team: Team) -> str:
        return next((unit.name for unit in team.units.all()), "")

    @admin.display(description="状态", ordering="status")
    def state(self, team: Team) -> str:
        # The version that the officer sees goes with a bulk decision.
        return format_html(
            '{}<input type="hidden" name="version-{}" value="{}">',
            team.get_status_display(),
            team.pk,
            team.version,
        )

    @admin.display(description="自动核查", ordering="-blocks")
    def found(self, team: Any) -> str:
        words = [
            f"{team.blocks}项不符合" if team.blocks else "",
            f"{team.doubts}项需判断" if team.doubts else "",
        ]
        return "，".join(word for word in words if word) or ("无异常" if team.submitted_at else "")

    @admin.display(description="信用查询", ordering="lookups_due")
    def credit(self, team: Team) -> str:
        if not team.submitted_at:
            return ""
        return f"待查{team.lookups_due}项" if team.lookups_due else "已查"

    @admin.display(description="提交时间", ordering="submitted_at")
    def waiting_since(self, team: Team) -> str:
        return format_instant(team.submitted_at) if team.submitted_at else ""

    @admin.display(description="经办人", ordering="claimed_by__full_name")
    def officer(self, team: Team) -> str:
        return team.claimed_by.display_name if team.claimed_by else ""

    @admin.action(description="批量通过（仅限无异常、信用已查、无他人经办的）")
    def approve_clear(self, request: HttpRequest, queryset: QuerySet[Team]) -> None:
        teams = list(queryset.select_related(None))
        seen = {team.pk: acts.whole(request.POST.get(f"version-{team.pk}", "")) for team in teams}
        approved, left_out = reviewing.approve_clear(teams, officer=cast(User, request.user), versions=seen)
        if approved:
            names = "、".join(team.reference for team in approved)
            messages.success(request, f"已通过{len(approved)}件：{names}。")
        for team, sentence in left_out:
            messages.warning(request, f"{team.reference} {team} 没有通过：{sentence}")

    @admin.action(description="领取")
    def claim(self, request: HttpRequest, queryset: QuerySet[Team]) -> None:
        self._each(request, queryset, claiming.claim, "领取")

    @admin.action(description="放回")
    def release(self, request: HttpRequest, queryset: QuerySet[Team]) -> None:
        self._each(request, queryset, claiming.release_claim, "放回")

    def _each(
        self, request: HttpRequest, queryset: QuerySet[Team], act: Callable[..., Team], word: str
    ) -> None:
        done = 0
        for team in queryset:
            try:
                act(team, officer=cast(User, request.user))
                done += 1
            except Refusal as refusal:
                messages.warning(request, f"{team.reference} {team} 没有{word}：{refusal.sentence}")
        if done:
            messages.success(request, f"已{word}{done}件。")

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site.admin_view
        name = "registration_team_"
        return [
            path("<int:pk>/decide/", site(acts.decide), {"page": self.page}, name=f"{name}decide"),
            path("<int:pk>/claim/", site(acts.claim), {"page": self.page}, name=f"{name}claim"),
            path("<int:pk>/lookups/", site(acts.look_up), {"page": self.page}, name=f"{name}lookups"),
            path(
                "<int:pk>/unmask/<int:person>/",
                site(acts.unmask),
                {"page": self.page},
                name=f"{name}unmask",
            ),
            path("proof/<int:pk>/view/", site(files.proof_pages), name=f"{name}view"),
            path("proof/<int:pk>/page/<int:number>/", site(files.proof_page), name=f"{name}page"),
            path("evidence/<int:pk>/", site(files.evidence), name=f"{name}evidence"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The queue, with the whole width for its columns."""
        return super().changelist_view(
            request, {"title": "资格审核", "is_nav_sidebar_enabled": False, **(extra_context or {})}
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The case page; it shows, ``acts`` decide."""
        return self.page(request, self._team(request, object_id))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What the audit log says about this team."""
        team = self._team(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"操作记录：{team.reference} {team}",
            "is_nav_sidebar_enabled": False,
            "team": team,
            "events": audit_events(team),
        }
        return TemplateResponse(request, "admin/registration/team/history.html", context)

    def _team(self, request: HttpRequest, object_id: str) -> Team:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return permissions.get_team_for(request.user, acts.whole(object_id))

    def page(self, request: HttpRequest, team: Team, *, status: int = 200, **more: Any) -> HttpResponse:
        """The case page, with what was typed when an act was refused."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "is_nav_sidebar_enabled": False,
            **case_context(team, cast(User, request.user)),
            **more,
        }
        return TemplateResponse(request, "admin/registration/team/case.html", context, status=status)
