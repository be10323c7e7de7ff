"""The ceremony: date, place, and a run list that follows from the awards (R32, R33)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from awards.models import Award, Ceremony
from awards.permissions.library import publishes
from awards.workflow import AwardStatus
from competition import audit
from competition.errors import Invalid, NotAllowed
from competition.models import Edition, User


@transaction.atomic
def save(
    edition: Edition, *, actor: User, starts_at: datetime | None, place: str, body: str, is_public: bool
) -> Ceremony:
    """Say when and where, and whether the page is public (R32). Raises NotAllowed, Invalid."""
    if not publishes(actor):
        raise NotAllowed("只有秘书处工作人员可以编辑颁奖安排。")
    if is_public and (starts_at is None or not place.strip()):
        missing = {"starts_at": "" if starts_at else "公开前请填写时间。"}
        missing["place"] = "" if place.strip() else "公开前请填写地点。"
        raise Invalid({name: sentence for name, sentence in missing.items() if sentence})
    made, _ = Ceremony.objects.update_or_create(
        edition=edition,
        defaults={
            "starts_at": starts_at,
            "place": place.strip(),
            "body": body.strip(),
            "is_public": is_public,
        },
    )
    audit.record(actor, "ceremony.saved", made, edition=edition, public=is_public)
    return made


def run_list(edition: Edition) -> QuerySet[Award]:
    """Confirmed awards from the first prize down, then the units that are commended; in announced order (R33)."""
    return (
        Award.objects.filter(edition=edition, status=AwardStatus.CONFIRMED)
        .select_related("tier", "entry__team")
        .prefetch_related("entry__team__units")
        .order_by("tier__position", "position")
    )
