"""The outbox and the audit log in the admin: to read, never to change."""

from __future__ import annotations

from django.contrib import admin

from competition import permissions
from competition.admin.base import PortalAdmin
from competition.models import AuditEvent, OutboxMessage


@admin.register(OutboxMessage)
class OutboxAdmin(PortalAdmin):
    """What was sent and what failed; recipients and texts stay closed."""

    may_view = staticmethod(permissions.can_read_outbox)
    list_display = ["id", "kind", "channel", "created_at", "sent_at", "attempts", "last_error"]
    list_filter = ["channel", ("sent_at", admin.EmptyFieldListFilter)]
    fields = [
        "kind",
        "subject",
        "occurrence",
        "channel",
        "created_at",
        "next_attempt_at",
        "sent_at",
        "attempts",
        "last_error",
    ]


@admin.register(AuditEvent)
class AuditAdmin(PortalAdmin):
    may_view = staticmethod(permissions.can_read_audit)
    list_display = ["at", "actor", "verb", "target_type", "target_id"]
    list_select_related = ["actor"]
    search_fields = ["verb", "target_id"]
    fields = ["at", "edition", "actor", "verb", "target_type", "target_id", "data"]
