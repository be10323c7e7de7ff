"""Participating units of a team: add, save as typed, remove, name the lead (R48, R100)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from django.core.files.storage import Storage
from django.db import transaction

from competition import audit, identity
from competition.errors import Invalid
from competition.models import User
from registration.models import Team, Unit
from registration.services.editing import bump, is_yes, open_for_editing, typed
from registration.services.findings import refresh_when_submitted
from registration.services.proofs import leave_with_unit
from registration.services.teams import require_room
from registration.services.unit_consents import void_changed
from registration.terms import terms_of

_TEXTS: Final = (
    "name", "credit_code", "region", "address", "nature", "nature_other", "parent_name",
    "contact", "contact_title", "contact_way",
)  # fmt: skip
UNIT_FIELDS: Final = frozenset({*_TEXTS, "central_subsidiary", "is_lead"})


@transaction.atomic
def add_unit(team: Team, *, actor: User, version: int, at: datetime | None = None) -> Unit:
    """Add an empty unit; the first one leads (R48). Raises WrongState beyond the limit (R100)."""
    locked = open_for_editing(team.pk, actor=actor, version=version, at=at)
    limit, count = terms_of(locked.edition).max_units, locked.units.count()
    require_room(count, limit, f"每个团队最多{limit}家参赛单位，不能再添加第{count + 1}家。")
    unit = Unit.objects.create(team=locked, position=count + 1, is_lead=count == 0)
    bump(locked, actor)
    refresh_when_submitted(locked)
    return unit


@transaction.atomic
def save_units(
    team: Team,
    *,
    values: Mapping[int, Mapping[str, str]],
    version: int,
    actor: User,
    at: datetime | None = None,
) -> Team:
    """Save what was typed about several units at once, by unit id; unknown ids are refused."""
    cleaned = {pk: typed(row, UNIT_FIELDS, prefix=f"units.{pk}.") for pk, row in values.items()}
    locked = open_for_editing(team.pk, actor=actor, version=version, at=at)
    units = {unit.pk: unit for unit in locked.units.all()}
    for pk, row in cleaned.items():
        if pk not in units:
            raise Invalid({"units": "这家单位已被移除，请刷新页面。"})
        _write(units[pk], row, units.values())
    _settle_keys(list(units.values()))
    void_changed(locked)
    bump(locked, actor)
    refresh_when_submitted(locked)
    return locked


def save_unit(
    unit: Unit, *, values: Mapping[str, str], version: int, actor: User, at: datetime | None = None
) -> Unit:
    """Save what was typed about one unit, as typed: a wrong credit code too (R47).

    ``version`` is the team's. ``values``: name, credit_code, region, address, nature, nature_other,
    central_subsidiary (yes/no/''), parent_name, contact, contact_title, contact_way, is_lead.
    """
    team = save_units(unit.team, values={unit.pk: values}, version=version, actor=actor, at=at)
    saved: Unit = team.units.get(pk=unit.pk)
    saved.team = team
    return saved


def _write(unit: Unit, row: Mapping[str, str], units: Iterable[Unit]) -> None:
    for field in _TEXTS:
        if field in row:
            setattr(unit, field, row[field])
    if (nature := row.get("nature")) and nature not in Unit.Nature.values:
        raise Invalid({f"units.{unit.pk}.nature": "请从列表中选择单位性质。"})
    if len(row.get("region", "")) > 12:
        raise Invalid({f"units.{unit.pk}.region": "请从列表中选择省、市、县（区）。"})
    if "central_subsidiary" in row:
        answer = row["central_subsidiary"].strip()
        unit.central_subsidiary = is_yes(answer) if answer else None
    unit.name_key = identity.name_key(unit.name)[:300]
    if is_yes(row.get("is_lead", "")) and not unit.is_lead:
        unit.team.units.filter(is_lead=True).update(is_lead=False)
        for other in units:  # those that are saved after this one must not take the lead back
            other.is_lead = other is unit
    unit.save()


def _settle_keys(units: list[Unit]) -> None:
    """Valid codes become keys; of two units with the same code the first holds it."""
    taken: dict[str, int] = {}
    for unit in sorted(units, key=lambda one: one.position):
        if not identity.credit_code_problem(unit.credit_code):
            taken.setdefault(identity.normalise_credit_code(unit.credit_code), unit.pk)
    wanted = {pk: code for code, pk in taken.items()}
    changed = [unit for unit in units if unit.credit_key != wanted.get(unit.pk, "")]
    Unit.objects.filter(pk__in=[unit.pk for unit in changed]).update(credit_key="")
    for unit in changed:
        unit.credit_key = wanted.get(unit.pk, "")
        if unit.credit_key:
            unit.save(update_fields=["credit_key"])


@transaction.atomic
def set_lead(unit: Unit, *, actor: User, version: int, at: datetime | None = None) -> Unit:
    """Make a unit the one lead of its team (R48)."""
    return save_unit(unit, values={"is_lead": "yes"}, version=version, actor=actor, at=at)


@transaction.atomic
def remove_unit(unit: Unit, *, actor: User, version: int, at: datetime | None = None) -> Team:
    """Remove a unit; another one leads if it was the lead.

    Its proofs go with it, but not those of a registration that was submitted before: they stay for officers.
    """
    locked = open_for_editing(unit.team_id, actor=actor, version=version, at=at)
    gone = locked.units.filter(pk=unit.pk).first()
    if gone is None:
        return locked
    files = leave_with_unit(locked, gone)
    was_lead = gone.is_lead
    audit.record(actor, "unit.removed", gone, edition=locked.edition, position=gone.position)
    Unit.objects.filter(pk=unit.pk, team=locked).delete()
    rest = list(locked.units.order_by("position"))
    for position, other in enumerate(rest, start=1):
        other.position = position
        other.is_lead = other.is_lead or (was_lead and position == 1)
        other.save(update_fields=["position", "is_lead"])
    _settle_keys(rest)
    void_changed(locked)
    bump(locked, actor)
    refresh_when_submitted(locked)
    transaction.on_commit(lambda: _delete_files(files), robust=True)
    return locked


def _delete_files(files: list[tuple[Storage, str]]) -> None:
    for storage, name in files:
        storage.delete(name)
