"""Representatives of a team: add, save as typed, remove, name the contact (R52c, R52e, R99)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from competition import audit
from competition.errors import Invalid
from competition.models import User
from competition.reference import document_label
from registration.models import Representative, Team, Unit
from registration.services.editing import bump, is_yes, open_for_editing, typed
from registration.services.findings import refresh_when_submitted
from registration.services.phones import set_document, set_mobile
from registration.services.teams import require_room
from registration.terms import terms_of

IDENTITY_FIELDS: Final = frozenset({"name", "document_type", "document_number", "mobile"})
PERSON_FIELDS: Final = IDENTITY_FIELDS | {"unit", "title", "role", "is_contact"}
FROZEN: Final = "参赛代表不可更改"


@transaction.atomic
def add_representative(
    team: Team, *, actor: User, version: int, at: datetime | None = None
) -> Representative:
    """Add an empty representative; the first is the contact. WrongState beyond the limit (R52c, R99)."""
    locked = open_for_editing(team.pk, actor=actor, version=version, at=at, frozen=FROZEN)
    limit, count = terms_of(locked.edition).max_people, locked.representatives.count()
    require_room(count, limit, f"每个团队最多{limit}名参赛代表，不能再添加第{count + 1}名。")
    person = Representative.objects.create(
        team=locked, edition=locked.edition, position=count + 1, is_contact=count == 0
    )
    bump(locked, actor)
    refresh_when_submitted(locked)
    return person


@transaction.atomic
def save_representatives(
    team: Team,
    *,
    values: Mapping[int, Mapping[str, str]],
    version: int,
    actor: User,
    at: datetime | None = None,
) -> Team:
    """Save what was typed about several representatives at once, by id; unknown ids are refused."""
    cleaned = {pk: typed(row, PERSON_FIELDS, prefix=f"representatives.{pk}.") for pk, row in values.items()}
    locked = open_for_editing(team.pk, actor=actor, version=version, at=at, frozen=FROZEN)
    people = {person.pk: person for person in locked.representatives.all()}
    for pk, row in cleaned.items():
        if pk not in people:
            raise Invalid({"representatives": "这名代表已被移除，请刷新页面。"})
        _write(people[pk], row, actor, people.values())
    bump(locked, actor)
    refresh_when_submitted(locked)
    return locked


def save_representative(
    person: Representative,
    *,
    values: Mapping[str, str],
    version: int,
    actor: User,
    at: datetime | None = None,
) -> Representative:
    """Save what was typed about one person, as typed; ``version`` is the team's.

    ``values``: name, document_type, document_number, unit (id), title, mobile, role, is_contact.
    Another name, document or phone clears the confirmation (decision 24).
    """
    team = save_representatives(person.team, values={person.pk: values}, version=version, actor=actor, at=at)
    saved: Representative = team.representatives.get(pk=person.pk)
    saved.team = team
    return saved


def _write(
    person: Representative, row: Mapping[str, str], actor: User, people: Iterable[Representative]
) -> None:
    path = f"representatives.{person.pk}"
    before = _identity(person)
    for field in ("name", "title", "role"):
        if field in row:
            setattr(person, field, row[field])
    kind = row.get("document_type", person.document_type)
    if kind and not document_label(kind):
        raise Invalid({f"{path}.document_type": "请从列表中选择证件类型。"})
    set_document(person, kind, row.get("document_number", person.document_number))
    if "mobile" in row:
        set_mobile(person, row["mobile"])
    if "unit" in row:
        person.unit = _unit_of(person, row["unit"], path)
    if is_yes(row.get("is_contact", "")) and not person.is_contact:
        person.team.representatives.filter(is_contact=True).update(is_contact=False)
        for other in people:  # those that are saved after this one must not become contact again
            other.is_contact = other is person
    if _identity(person) != before:
        _forget_confirmation(person, actor)
    person.save()


def _identity(person: Representative) -> tuple[str, ...]:
    """What a confirmation vouches for."""
    document = person.document_hash or f"{person.document_type}:{person.document_number.strip()}"
    return person.name.strip(), document, person.mobile_hash or person.mobile.strip()


def _unit_of(person: Representative, pk: str, path: str) -> Unit | None:
    if not pk.strip():
        return None
    unit = person.team.units.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 18 else None
    if unit is None:
        raise Invalid({f"{path}.unit": "请从本团队的参赛单位中选择。"})
    return unit


def _forget_confirmation(person: Representative, actor: User) -> None:
    if person.confirmed_at is not None:
        audit.record(actor, "representative.unconfirmed", person, edition=person.edition)
    person.confirmed_at, person.consent_version, person.holds = None, "", False
    person.token, person.code_hash, person.code_sent_at, person.code_failures = "", "", None, 0


@transaction.atomic
def reopen_representative(
    person: Representative, *, actor: User, version: int, at: datetime | None = None
) -> Representative:
    """Give a confirmed person's name, document and phone back for editing: it must be confirmed anew."""
    locked = open_for_editing(person.team_id, actor=actor, version=version, at=at, frozen=FROZEN)
    fresh: Representative = locked.representatives.get(pk=person.pk)
    _forget_confirmation(fresh, actor)
    fresh.save()
    bump(locked, actor)
    refresh_when_submitted(locked)
    return fresh


def set_contact(
    person: Representative, *, actor: User, version: int, at: datetime | None = None
) -> Representative:
    """Make a person the one contact of the team."""
    return save_representative(person, values={"is_contact": "yes"}, version=version, actor=actor, at=at)


@transaction.atomic
def remove_representative(
    person: Representative, *, actor: User, version: int, at: datetime | None = None
) -> Team:
    """Remove a person, who is then free for another team (R52d); another one becomes contact if needed."""
    locked = open_for_editing(person.team_id, actor=actor, version=version, at=at, frozen=FROZEN)
    gone = locked.representatives.filter(pk=person.pk).first()
    if gone is not None:
        audit.record(actor, "representative.removed", gone, edition=locked.edition)
        gone.delete()
        for position, other in enumerate(locked.representatives.order_by("position"), start=1):
            other.position = position
            other.is_contact = other.is_contact or (gone.is_contact and position == 1)
            other.save(update_fields=["position", "is_contact"])
    bump(locked, actor)
    refresh_when_submitted(locked)
    return locked
