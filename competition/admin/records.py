"""The outbox and the audit log in the admin: to read, never to change."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from competition import permissions
from competition.admin.base import PortalAdmin
from competition.errors import Refusal
from competition.models import AuditEvent, OutboxMessage, User
from competition.phones import masked
from competition.services import outgoing


class StateFilter(admin.SimpleListFilter):
    """What became of the messages."""

    title = "状态"
    parameter_name = "state"
    ends: ClassVar[dict[str, str]] = {"sent": "sent_at", "failed": "failed_at", "expired": "expired_at"}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "待发"), ("sent", "已发出"), ("failed", "失败"), ("expired", "已过期")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = self.value()
        if state == "waiting":
            return queryset & OutboxMessage.objects.waiting()
        return queryset.filter(**{f"{self.ends[state]}__isnull": False}) if state in self.ends else queryset


@admin.register(OutboxMessage)
class OutboxAdmin(PortalAdmin):
    """What was sent and what failed, and why; recipients are masked, texts stay closed."""

    may_view = staticmethod(permissions.can_read_outbox)
    list_display = ["id", "kind", "channel", "to", "created_at", "state", "attempts", "why"]
    list_filter = [StateFilter, "channel"]
    actions: ClassVar[Any] = ["resend"]
    fields = [
        "kind",
        "subject",
        "occurrence",
        "channel",
        "to",
        "state",
        "why",
        "created_at",
        "next_attempt_at",
        "expires_at",
        "sent_at",
        "failed_at",
        "expired_at",
        "attempts",
    ]
    readonly_fields = ("to", "state", "why")

    @admin.display(description="收件人")
    def to(self, message: OutboxMessage) -> str:
        return masked_recipient(message.recipient)

    @admin.display(description="状态")
    def state(self, message: OutboxMessage) -> str:
        return message.state

    @admin.display(description="未发出的原因")
    def why(self, message: OutboxMessage) -> str:
        return message.reason or ("" if message.sent_at else message.last_error)

    def has_resend_permission(self, request: HttpRequest) -> bool:
        """For Django: who is offered the action."""
        return permissions.can_resend(cast(User, request.user))

    @admin.action(description="重发所选的失败消息", permissions=["resend"])
    def resend(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        done = 0
        for message in queryset:
            try:
                outgoing.resend(message, actor=cast(User, request.user))
                done += 1
            except Refusal as refusal:
                self.message_user(request, refusal.sentence, messages.WARNING)
        if done:
            self.message_user(request, f"{done}条消息将重新发送。")


def masked_recipient(recipient: str) -> str:
    """A phone without its middle, an address without most of its name."""
    name, at, host = recipient.partition("@")
    return f"{name[:1]}***@{host}" if at else masked(recipient)


@admin.register(AuditEvent)
class AuditAdmin(PortalAdmin):
    may_view = staticmethod(permissions.can_read_audit)
    list_display = ["at", "actor", "verb", "target_type", "target_id"]
    list_select_related = ["actor"]
    search_fields = ["verb", "target_id"]
    fields = ["at", "edition", "actor", "verb", "target_type", "target_id", "data"]
