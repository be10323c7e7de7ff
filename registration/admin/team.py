"""The queue of registrations and the case page. Nobody edits here, not even the chief: officers decide (R76)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from competition import audit
from competition.admin.base import PortalAdmin
from competition.admin.filters import EditionFilter, TrackFilter
from competition.errors import Refusal
from competition.models import User
from competition.reference import region, region_children
from competition.stages import format_instant
from registration import permissions, services
from registration.admin.case import audit_events, case_context
from registration.models import Team
from registration.workflow import TeamStatus, Verdict


class TopicTrackFilter(TrackFilter):
    path = "topic__track"


class CityFilter(admin.SimpleListFilter):
    title = "牵头单位所在市"
    parameter_name = "city"
    OUTSIDE = "outside"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        cities = [(city.code, city.name) for city in region_children("140000")]
        return [*cities, (self.OUTSIDE, "省外")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Team]) -> QuerySet[Team]:
        value = self.value()
        lead = Q(units__is_lead=True)
        if value == self.OUTSIDE:
            return queryset.filter(lead & ~Q(units__region__startswith="14") & ~Q(units__region=""))
        if value and region(value):
            return queryset.filter(lead & Q(units__region__startswith=value[:4]))
        return queryset


class FindingFilter(admin.SimpleListFilter):
    title = "自动核查"
    parameter_name = "found"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("block", "有不符合项"), ("staff", "有需判断项"), ("clear", "无异常")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Team]) -> QuerySet[Team]:
        if self.value() == "block":
            return queryset.filter(blocks__gt=0)
        if self.value() == "staff":
            return queryset.filter(doubts__gt=0)
        if self.value() == "clear":
            return queryset.filter(blocks=0, doubts=0).exclude(status=TeamStatus.DRAFT)
        return queryset


@admin.register(Team)
class TeamAdmin(PortalAdmin):
    may_view = staticmethod(permissions.is_officer)
    list_display = ["reference", "names", "track", "lead_unit", "state", "found", "submitted"]
    list_display_links = ["reference", "names"]
    list_filter = ["status", TopicTrackFilter, CityFilter, FindingFilter, EditionFilter]
    search_fields = ["name", "project_name", "units__name", "units__credit_key"]
    search_help_text = "按团队、项目、单位名称或统一社会信用代码查找"
    list_select_related = ["topic__track", "edition"]
    ordering = ["queue", "submitted_at", "id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        return Team.objects.visible_to(request.user).prefetch_related("units")

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
        return next((unit.name for unit in team.units.all() if unit.is_lead), "")

    @admin.display(description="状态", ordering="status")
    def state(self, team: Team) -> str:
        return team.get_status_display()

    @admin.display(description="自动核查", ordering="-blocks")
    def found(self, team: Any) -> str:
        words = [
            f"{team.blocks}项不符合" if team.blocks else "",
            f"{team.doubts}项需判断" if team.doubts else "",
        ]
        return "，".join(word for word in words if word) or ("无异常" if team.submitted_at else "")

    @admin.display(description="提交时间", ordering="submitted_at")
    def submitted(self, team: Team) -> str:
        return format_instant(team.submitted_at) if team.submitted_at else ""

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site.admin_view
        return [
            path("<int:pk>/decide/", site(self.decide), name="registration_team_decide"),
            path("<int:pk>/unmask/<int:person>/", site(self.unmask), name="registration_team_unmask"),
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
        """The case page; it shows, ``decide`` decides."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        number = int(object_id) if object_id.isdecimal() and len(object_id) < 18 else 0
        return self._page(request, permissions.get_team_for(request.user, number))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What the audit log says about this team."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        team = permissions.get_team_for(request.user, int(object_id) if object_id.isdecimal() else 0)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"操作记录：{team.reference} {team}",
            "is_nav_sidebar_enabled": False,
            "team": team,
            "events": audit_events(team),
        }
        return TemplateResponse(request, "admin/registration/team/history.html", context)

    def _page(self, request: HttpRequest, team: Team, *, status: int = 200, **more: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "is_nav_sidebar_enabled": False,
            **case_context(team, cast(User, request.user), waiting=self._waiting(request, team)),
            **more,
        }
        return TemplateResponse(request, "admin/registration/team/case.html", context, status=status)

    def _waiting(self, request: HttpRequest, team: Team) -> Team | None:
        """The case that waits longest besides this one."""
        waiting = Team.objects.visible_to(request.user).filter(
            edition=team.edition, status=TeamStatus.SUBMITTED
        )
        following: Team | None = waiting.exclude(pk=team.pk).order_by("submitted_at", "id").first()
        return following

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Approve, return, reject or disqualify as the pressed button says; refusals keep what was typed."""
        if request.method != "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        team = permissions.get_team_for(request.user, pk)
        try:
            sentence = _decide(team, request)
        except Refusal as refusal:
            team = permissions.get_team_for(request.user, pk)
            typed = {"reason": request.POST.get("reason", ""), "marks": field_reasons(request.POST.items())}
            return self._page(request, team, status=refusal.status, refusal=refusal, typed=typed)
        messages.success(request, sentence)
        following = self._waiting(request, team)
        if following is None or request.POST.get("verdict") == Verdict.DISQUALIFY:
            return HttpResponseRedirect(reverse("admin:registration_team_change", args=[pk]))
        return HttpResponseRedirect(reverse("admin:registration_team_change", args=[following.pk]))

    def unmask(self, request: HttpRequest, pk: int, person: int) -> HttpResponse:
        """Show one person's numbers in full, once; the look is recorded (decision 23)."""
        found = permissions.get_representative_for(request.user, person)
        if request.method != "POST" or found.team_id != pk or not permissions.can_unmask(request.user, found):
            raise PermissionDenied
        audit.record(cast(User, request.user), "representative.unmasked", found, edition=found.edition)
        response = self._page(request, permissions.get_team_for(request.user, pk), unmasked=person)
        response["Cache-Control"] = "no-store"
        return response


def field_reasons(items: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """The remarks typed beside fields: ``mark.<path>`` -> remark."""
    return {
        name.removeprefix("mark."): str(value).strip()
        for name, value in items
        if name.startswith("mark.") and str(value).strip()
    }


def _decide(team: Team, request: HttpRequest) -> str:
    post, officer = request.POST, cast(User, request.user)
    version, verdict = post.get("version", ""), post.get("verdict", "")
    seen = int(version) if version.isdecimal() and len(version) < 10 else -1
    reason = post.get("reason", "")
    if verdict == Verdict.APPROVE:
        services.approve(team, officer=officer, version=seen, note=reason)
        return f"{team.reference} {team}：已通过，报名成功。"
    if verdict == Verdict.RETURN:
        marks = field_reasons(post.items())
        services.return_for_correction(
            team, officer=officer, version=seen, reason=reason, field_reasons=marks
        )
        return f"{team.reference} {team}：已退回修改。"
    if verdict == Verdict.REJECT:
        services.reject(team, officer=officer, version=seen, reason=reason)
        return f"{team.reference} {team}：审核未通过。"
    if verdict == Verdict.DISQUALIFY:
        services.disqualify(team, officer=officer, reason=reason)
        return f"{team.reference} {team}：已取消资格。"
    raise Refusal("请选择审核结论。")
