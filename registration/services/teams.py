"""Start a registration and keep what is typed about team, project, topic and declarations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from competition import audit, clock, identity
from competition.errors import Invalid, TooMany, WrongState
from competition.models import Edition, Topic, User
from competition.phones import COUNTRY
from registration.models import Representative, Team, Unit
from registration.services.editing import bump, is_yes, open_for_editing, require_registration, typed
from registration.services.findings import refresh_when_submitted
from registration.services.phones import set_mobile
from registration.terms import terms_of

TEAM_FIELDS: Final = frozenset({"name", "project_name", "topic", "public_body_note"})
TOPIC_FIXED: Final = "赛题一经选定不得更改。如需参加其他赛题，请在报名截止前撤回本报名后重新报名。"


@transaction.atomic
def start_team(
    owner: User, *, edition: Edition, at: datetime | None = None, with_first_rows: bool = False
) -> Team:
    """Start a registration as a draft (R08, R12); ``at`` is the request's arrival, None means now.

    ``with_first_rows`` adds the lead unit and the owner as contact, to be filled in. Raises
    StageClosed, or TooMany beyond the edition's limit of registrations per account.
    """
    require_registration(edition, at=at, frozen="不能再开始新的报名")
    User.objects.select_for_update().get(pk=owner.pk)
    limit = terms_of(edition).max_teams_per_account
    if Team.objects.live().filter(edition=edition, owner=owner).count() >= limit:
        raise TooMany(f"同一账号最多同时保留{limit}个报名，请先撤回不再参加的报名。")
    team = Team.objects.create(edition=edition, owner=owner, updated_by=owner, created_at=clock.now(edition))
    if with_first_rows:
        unit = Unit.objects.create(team=team, position=1, is_lead=True)
        first = Representative(
            team=team, edition=edition, position=1, is_contact=True, name=owner.full_name, unit=unit
        )
        set_mobile(first, owner.phone.removeprefix(COUNTRY))
        first.save()
    audit.record(owner, "team.started", team, edition=edition)
    return team


@transaction.atomic
def save_team(
    team: Team,
    *,
    values: Mapping[str, str],
    version: int,
    actor: User,
    at: datetime | None = None,
) -> Team:
    """Save what was typed, as typed; ``values`` holds any of name, project_name, topic (a code),
    public_body_note and ``declaration_<key>``.

    Raises NotAllowed, WrongState, StageClosed, StaleVersion, and Invalid at ``topic`` when it is
    unknown or fixed by an earlier submit (R62, R64).
    """
    keys = {f"declaration_{one.key}" for one in terms_of(team.edition).declarations}
    cleaned = typed(values, TEAM_FIELDS | keys)
    locked = open_for_editing(team.pk, actor=actor, version=version, at=at)
    for field in ("name", "project_name", "public_body_note"):
        if field in cleaned:
            setattr(locked, field, cleaned[field])
    locked.name_key = identity.name_key(locked.name)[:300]
    locked.project_key = identity.name_key(locked.project_name)[:300]
    if "topic" in cleaned:
        _choose_topic(locked, cleaned["topic"])
    _declare(locked, cleaned, actor)
    locked.save()
    bump(locked, actor)
    refresh_when_submitted(locked)
    return locked


def _choose_topic(team: Team, code: str) -> None:
    """Set the topic by its code; '' takes the choice back while that is possible."""
    current = team.topic.code if team.topic else ""
    if code == current:
        return
    if team.submitted_at is not None:
        raise Invalid({"topic": TOPIC_FIXED})
    topic = Topic.objects.filter(track__edition=team.edition, code=code).first() if code else None
    if code and topic is None:
        raise Invalid({"topic": "没有这个赛题，请重新选择。"})
    team.topic = topic


def _declare(team: Team, cleaned: Mapping[str, str], actor: User) -> None:
    """Note each declaration with its text, person and time; unticking takes it back."""
    now = clock.now(team.edition).isoformat()
    for declaration in terms_of(team.edition).declarations:
        value = cleaned.get(f"declaration_{declaration.key}")
        if value is None:
            continue
        if not is_yes(value):
            team.declarations.pop(declaration.key, None)
        elif declaration.key not in team.declarations:
            team.declarations[declaration.key] = {"at": now, "by": actor.pk, "text": declaration.text}


def require_room(count: int, limit: int, sentence: str) -> None:
    """Refuse one more row when ``limit`` is reached, before the database would."""
    if count >= limit:
        raise WrongState(sentence)
