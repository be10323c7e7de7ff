"""The list of opportunities: scenarios and needs that offices and companies make known (R87)."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from awards.models import Opportunity
from awards.permissions.library import publishes
from competition import audit, clock
from competition.errors import Invalid, NotAllowed
from competition.models import Edition, Track, User

BODY_MOST: Final = 5000


@transaction.atomic
def save(
    opportunity: Opportunity | None,
    *,
    edition: Edition,
    actor: User,
    title: str,
    organisation: str,
    body: str,
    track: Track | None = None,
    until: date | None = None,
) -> Opportunity:
    """Add an opportunity, or correct one, published or not (R87). Raises NotAllowed, Invalid."""
    _require_publisher(actor)
    texts = {"title": title.strip(), "organisation": organisation.strip(), "body": body.strip()}
    words = {"title": "请填写标题。", "organisation": "请填写发布单位。", "body": "请填写内容。"}
    problems = {name: words[name] for name, text in texts.items() if not text}
    if track is not None and track.edition_id != edition.pk:
        problems["track"] = "请选择本届赛事的赛道。"
    if problems:
        raise Invalid(problems)
    if opportunity is None:
        made = Opportunity.objects.create(edition=edition, track=track, until=until, **texts)
    else:
        made = Opportunity.objects.select_for_update().get(pk=opportunity.pk)
        Opportunity.objects.filter(pk=made.pk).update(track=track, until=until, **texts)
        made.refresh_from_db()
    audit.record(actor, "opportunity.saved", made, edition=edition)
    return made


@transaction.atomic
def publish(opportunity: Opportunity, *, actor: User) -> Opportunity:
    """Show it to everybody; publishing again keeps the first date. Raises NotAllowed."""
    return _show(opportunity, actor, True)


@transaction.atomic
def take_down(opportunity: Opportunity, *, actor: User) -> Opportunity:
    """Show it to nobody any more; it can be published again. Raises NotAllowed."""
    return _show(opportunity, actor, False)


def public(edition: Edition) -> QuerySet[Opportunity]:
    """What is published and not over, with its track; the last day counts, in the edition's time."""
    today = timezone.localtime(clock.now(edition)).date()
    rows = Opportunity.objects.filter(edition=edition, is_public=True)
    return rows.filter(Q(until__isnull=True) | Q(until__gte=today)).select_related("track")


def _show(opportunity: Opportunity, actor: User, shown: bool) -> Opportunity:
    _require_publisher(actor)
    found = Opportunity.objects.select_for_update().select_related("edition").get(pk=opportunity.pk)
    found.is_public = shown
    if shown and found.published_at is None:
        found.published_at = clock.now(found.edition)
    found.save(update_fields=["is_public", "published_at"])
    verb = "opportunity.published" if shown else "opportunity.taken_down"
    audit.record(actor, verb, found, edition=found.edition)
    return found


def _require_publisher(actor: User) -> None:
    if not publishes(actor):
        raise NotAllowed("只有秘书处工作人员可以编辑机会清单。")
