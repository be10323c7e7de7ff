"""What the office does with messages that did not leave."""

from __future__ import annotations

from django.db import transaction

from competition import audit, clock, outbox
from competition.errors import NotAllowed, WrongState
from competition.models import OutboxMessage, User
from competition.permissions import can_resend


@transaction.atomic
def resend(message: OutboxMessage, *, actor: User) -> OutboxMessage:
    """Have a failed message tried again, as if it had just been written.

    Raises NotAllowed, and WrongState when it has not failed, is no longer valid or its text is gone.
    """
    if not can_resend(actor):
        raise NotAllowed("只有秘书处工作人员可以重发消息。")
    fresh = OutboxMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if fresh.failed_at is None:
        raise WrongState(f"消息{fresh.pk}的状态是“{fresh.state}”，只有发送失败的可以重发。")
    now = clock.real_now()
    if fresh.expires_at is not None and fresh.expires_at <= now:
        raise WrongState(f"消息{fresh.pk}中的验证码或链接已过有效期，请本人重新获取。")
    if not fresh.body:
        raise WrongState(f"消息{fresh.pk}的内容已按规定清除，不能重发。")
    fresh.failed_at, fresh.reason, fresh.last_error = None, "", ""
    fresh.attempts, fresh.next_attempt_at = 0, now
    fresh.save(update_fields=["failed_at", "reason", "last_error", "attempts", "next_attempt_at"])
    audit.record(actor, "outbox.resent", fresh, edition=fresh.edition)
    transaction.on_commit(outbox.ring, robust=True)
    return fresh
