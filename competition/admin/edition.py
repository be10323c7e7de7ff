"""Stages, topics' departments and articles in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from competition import audit, clock, permissions
from competition.admin.base import PortalAdmin
from competition.admin.filters import EditionFilter, TrackEditionFilter, TrackFilter
from competition.models import Article, Stage, Topic
from competition.stages import format_end, format_instant


@admin.register(Stage)
class StageAdmin(PortalAdmin):
    may_view = staticmethod(permissions.is_staff_role)
    may_change = staticmethod(permissions.can_change_stages)
    list_display = ["name", "edition", "opens", "closes", "provisional", "month_text"]
    list_filter = ["provisional", EditionFilter]
    list_select_related = ["edition"]
    fields = ["edition", "name", "opens_at", "closes_at", "provisional", "month_text"]
    readonly_fields = ["edition", "name", "month_text"]

    @admin.display(description="开始", ordering="opens_at")
    def opens(self, stage: Stage) -> str:
        return format_instant(stage.opens_at)

    @admin.display(description="截止", ordering="closes_at")
    def closes(self, stage: Stage) -> str:
        return format_end(stage.closes_at)

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Stage, form: ModelForm[Stage], change: bool) -> None:
        super().save_model(request, obj, form, change)
        audit.record(
            request.user,  # type: ignore[arg-type]
            "stage.changed",
            obj,
            edition=obj.edition,
            fields=form.changed_data,
            opens_at=obj.opens_at.isoformat(),
            closes_at=obj.closes_at.isoformat(),
        )


@admin.register(Topic)
class TopicAdmin(PortalAdmin):
    may_view = staticmethod(permissions.is_staff_role)
    may_change = staticmethod(permissions.can_assign_departments)
    list_display = ["code", "title", "track", "department", "public_bodies"]
    list_filter = [TrackFilter, TrackEditionFilter]
    list_select_related = ["track", "department"]
    search_fields = ["title", "code"]
    fields = ["track", "code", "title", "description", "public_bodies", "department"]
    readonly_fields = ["track", "code", "title", "description", "public_bodies"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        topic_id = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        if db_field.name == "department" and field is not None and topic_id:
            field.queryset = field.queryset.filter(edition__tracks__topics=topic_id)
        return field

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Topic, form: ModelForm[Topic], change: bool) -> None:
        super().save_model(request, obj, form, change)
        audit.record(
            request.user,  # type: ignore[arg-type]
            "topic.department",
            obj,
            edition=obj.track.edition,
            department=obj.department_id,
        )


@admin.register(Article)
class ArticleAdmin(PortalAdmin):
    may_view = staticmethod(permissions.can_publish_articles)
    may_change = staticmethod(permissions.can_publish_articles)
    may_add = staticmethod(permissions.can_publish_articles)
    list_display = ["title", "category", "edition", "published_at"]
    list_filter = ["category", EditionFilter]
    list_select_related = ["edition"]
    search_fields = ["title"]
    fields = ["edition", "category", "title", "body", "file", "position", "published_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return super().get_queryset(request).select_related("edition")

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Article, form: ModelForm[Article], change: bool) -> None:
        # "Now" as the browser fills it in is later than now in a rehearsal of the past.
        if obj.published_at and clock.now(obj.edition) < obj.published_at <= clock.real_now():
            obj.published_at = clock.now(obj.edition)
        super().save_model(request, obj, form, change)
        verb = "article.changed" if change else "article.written"
        audit.record(request.user, verb, obj, edition=obj.edition, fields=form.changed_data)  # type: ignore[arg-type]
