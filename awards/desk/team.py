"""What a team finds of its award on its page: prize, certificate, money, work."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from awards.desk import awarding, certificates, library, payouts
from awards.models import Award, Interest
from awards.workflow import AwardStatus
from competition.models import User
from judging.desk.team import is_judged
from registration.models import Team
from registration.registries import TeamCard

_LARGE = ("notice__content", "edition__form", "edition__rubrics", "edition__data", "certificate__content")


def bound(team: Team) -> str:
    """Why the team cannot take itself out: a prize of it was published, and giving it up is not a click (R88)."""
    published = Award.objects.filter(
        entry__team=team, status__in=[AwardStatus.PUBLISHED, AwardStatus.CONFIRMED]
    )
    return (
        "团队的奖项已经公示或确认，不能自行撤回；如放弃奖项，请联系秘书处办公室。"
        if published.exists()
        else ""
    )


def cards(team: Team, user: User) -> list[TeamCard]:
    """Cards of the team's awards, once the public may know of them; one query."""
    if not is_judged(team):
        return []
    interests = Interest.objects.filter(work__award=OuterRef("pk")).order_by().values("work__award")
    rows = (
        Award.objects.filter(entry__team=team)
        .exclude(status=AwardStatus.PROPOSED)
        .select_related(
            "tier", "notice", "edition__payout_place__organisation", "certificate", "payout", "work"
        )
        .defer(*_LARGE)
        .annotate(asked=Coalesce(Subquery(interests.annotate(n=Count("pk")).values("n")), 0))
    )
    found = []
    for award in rows:
        found += [
            awarding.card(award),
            certificates.card(award),
            payouts.card(award),
            library.card(award, award.asked),
        ]
    return [card for card in found if card is not None]
