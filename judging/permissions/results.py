"""Who sees, proposes and confirms rankings, votes, draws and replacements, and the loaders of their pages (R18-R22)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from competition import roles
from judging.models import Draw, Replacement, Result
from judging.workflow import ResultStatus, Round
from submissions.permissions import is_of_team

if TYPE_CHECKING:
    from competition.models import Edition, User
    from submissions.models import Entry

_PROPOSERS = {
    Round.PRELIMINARY: (roles.OFFICER, roles.CHIEF),
    Round.FINAL: (roles.HOST, roles.OFFICER, roles.CHIEF),
}
_CONFIRMERS = {
    Round.PRELIMINARY: (roles.CHIEF,),
    Round.FINAL: (roles.SUPERVISOR, roles.CHIEF),
}


def is_office(user: User) -> bool:
    """Officers and chiefs prepare results."""
    return user.is_authenticated and user.has_role(roles.OFFICER, roles.CHIEF)


def can_propose(user: User, round: str) -> bool:
    """Officers and chiefs; the final's result also the host (R18, R30)."""
    return user.is_authenticated and user.has_role(*_PROPOSERS[Round(round)])


def can_confirm(user: User, result: Result) -> bool:
    """Another person than the proposer: the chief, in the final also the supervisor (R18, R30)."""
    if result.status != ResultStatus.PROPOSED or not user.is_authenticated:
        return False
    return result.proposed_by_id != user.pk and user.has_role(*_CONFIRMERS[Round(result.round)])


def can_vote(user: User, round: str) -> bool:
    """Who proposes a result also records the panel's votes (decision 11)."""
    return can_propose(user, round)


def can_draw(user: User, kind: str) -> bool:
    """Ties of places are drawn by the office, the order of presentation also by the host (R19, R28)."""
    return can_propose(user, Round.FINAL if kind == Draw.Kind.PRESENTATION else Round.PRELIMINARY)


def can_witness(witness: User, actor: User) -> bool:
    """A draw is witnessed by a supervisor or chief who does not hold it (decision 14)."""
    return witness.pk != actor.pk and witness.is_active and witness.has_role(roles.SUPERVISOR, roles.CHIEF)


def can_replace(user: User, entry: Entry | None) -> bool:
    """Officers and chiefs propose who moves up, never of the own team (decision 13)."""
    return is_office(user) and (entry is None or not is_of_team(user, entry))


def can_confirm_replacement(user: User, replacement: Replacement) -> bool:
    """The chief, another person than the proposer, never for the own team (decision 13)."""
    if replacement.status != ResultStatus.PROPOSED or not user.is_authenticated:
        return False
    if replacement.proposed_by_id == user.pk or not user.has_role(roles.CHIEF):
        return False
    return replacement.entry is None or not is_of_team(user, replacement.entry)


def require_office(user: User) -> None:
    """404 unless the person prepares results."""
    if not is_office(user):
        raise Http404("results")


def get_result_for(user: User, edition: Edition, pk: int, round: str) -> Result:
    """A proposed or decided result of a round; 404 for whoever neither proposes nor confirms there."""
    found: Result | None = None
    if user.is_authenticated and user.has_role(*_PROPOSERS[Round(round)], *_CONFIRMERS[Round(round)]):
        rows = Result.objects.filter(edition=edition, round=round, pk=pk)
        found = rows.select_related("edition", "proposed_by", "decided_by").first()
    if found is None:
        raise Http404("result")
    return found


def get_replacement_for(user: User, edition: Edition, pk: int) -> Replacement:
    """A proposal to fill a vacancy, for officers and chiefs; else 404."""
    require_office(user)
    found: Replacement | None = (
        Replacement.objects.filter(result__edition=edition, pk=pk)
        .select_related("track", "entry__team", "proposed_by")
        .first()
    )
    if found is None:
        raise Http404("replacement")
    return found


def get_draw_for(user: User, edition: Edition, pk: int, *kinds: str) -> Draw:
    """A draw of one of the kinds, for who may hold it; else 404."""
    found = Draw.objects.filter(edition=edition, pk=pk, kind__in=kinds).first()
    if found is None or not can_draw(user, found.kind):
        raise Http404("draw")
    return found
