"""The roll of experts: who is on it, of which units, for which tracks, in which panel (R07, R18)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from competition import audit, roles
from competition.errors import Invalid, NotAllowed
from competition.identity import credit_code_problem, name_key, normalise_credit_code
from competition.models import Edition, Track, User
from judging.models import Assignment, Conflict, Expert, ExpertUnit, Panel, PanelMember
from judging.permissions.experts import sees_roll
from judging.services import assignments
from judging.workflow import AssignmentStatus, Round
from submissions.models import Entry

Units = Iterable[tuple[str, str]]
#: Who reads entries by the names of their units cannot judge them blind (R16).
SEES_NAMES: Final = (roles.OFFICER, roles.CHIEF, roles.DEPARTMENT)


@transaction.atomic
def enrol(
    user: User,
    *,
    edition: Edition,
    actor: User,
    title: str = "",
    field: str = "",
    tracks: Iterable[int],
    units: Units,
) -> Expert:
    """Put an invited expert's account on the roll, with units (name, credit code or '') and numbers of tracks (R07).

    Enrolling somebody again changes nothing but brings the rest up to date. Raises NotAllowed, Invalid.
    """
    _require_office(actor)
    if not user.has_role(roles.EXPERT):
        raise Invalid({"user": "此账号还没有评审专家身份，请先发出邀请。"})
    if user.has_role(*SEES_NAMES):
        raise Invalid({"user": "此账号另有工作人员或部门审核人身份，能看到作品的参赛单位，不能参加盲评。"})
    expert, created = Expert.objects.get_or_create(edition=edition, user=user)
    if created:
        audit.record(actor, "expert.enrolled", expert, edition=edition)
    return edit(expert, actor=actor, title=title, field=field, tracks=tracks, units=units)


@transaction.atomic
def edit(
    expert: Expert,
    *,
    actor: User,
    title: str,
    field: str,
    tracks: Iterable[int],
    units: Units,
    is_active: bool = True,
) -> Expert:
    """Write down what is known of an expert; assignments that thereby stand in conflict are recused (R07, R18).

    What an expert who no longer takes part has not scored goes back to be assigned anew; sheets stay. Raises
    NotAllowed, Invalid (no unit, a credit code that is none).
    """
    _require_office(actor)
    expert = (
        Expert.objects.select_for_update(of=("self",)).select_related("edition", "user").get(pk=expert.pk)
    )
    rows = _units_of(units)
    expert.title, expert.field, expert.is_active = title.strip()[:60], field.strip()[:120], is_active
    expert.save(update_fields=["title", "field", "is_active"])
    expert.tracks.set(Track.objects.filter(edition=expert.edition, number__in=list(tracks)))
    expert.units.exclude(name_key__in=[row.name_key for row in rows]).delete()
    for row in rows:
        ExpertUnit.objects.update_or_create(
            expert=expert, name_key=row.name_key, defaults={"name": row.name, "credit_key": row.credit_key}
        )
    audit.record(actor, "expert.edited", expert, edition=expert.edition, active=is_active, units=len(rows))
    _recuse_conflicts(expert, actor)
    if not is_active:
        _recuse_open(expert, actor)
    return expert


@transaction.atomic
def add_conflict(expert: Expert, entry: Entry, *, actor: User, reason: str) -> Conflict:
    """Staff find that an expert must not judge an entry; what was assigned is recused, in either round (R07).

    Raises NotAllowed, Invalid (no reason).
    """
    _require_office(actor)
    assigned = Assignment.objects.filter(expert=expert, entry=entry, status__in=assignments.LIVE)
    for assignment in assigned.order_by("pk"):
        assignments.recuse(assignment, actor=actor, reason=reason)
    return assignments.note_conflict(expert, entry, actor=actor, reason=reason)


@transaction.atomic
def set_panel(
    edition: Edition,
    *,
    round: str,
    track: Track | None,
    experts: Sequence[Expert],
    chair: Expert | None,
    actor: User,
) -> Panel:
    """Say who sits on the panel of a track (of the final without a track), and who chairs it (R18, R29).

    In the preliminary every member judges the track. Raises NotAllowed, Invalid (nobody, a chair from outside).
    """
    _require_office(actor)
    members = {one.pk: one for one in experts}
    if not members:
        raise Invalid({"experts": "评审组至少有一名专家。"})
    if chair is None or chair.pk not in members:
        raise Invalid({"chair": "请从评审组成员中选定一名组长。"})
    if any(one.edition_id != edition.pk or not one.is_active for one in members.values()):
        raise Invalid({"experts": "只能选择本届在册且参加评审的专家。"})
    panel, _ = Panel.objects.get_or_create(edition=edition, round=round, track=track)
    panel = Panel.objects.select_for_update(of=("self",)).get(pk=panel.pk)
    panel.members.exclude(expert__in=members).delete()
    panel.members.update(is_chair=False)
    for pk in members:
        PanelMember.objects.update_or_create(panel=panel, expert_id=pk, defaults={"is_chair": pk == chair.pk})
    if round == Round.PRELIMINARY and track is not None:
        for one in members.values():
            one.tracks.add(track)
    audit.record(actor, "panel.set", panel, edition=edition, experts=sorted(members), chair=chair.pk)
    return panel


def _units_of(units: Units) -> list[ExpertUnit]:
    rows: dict[str, ExpertUnit] = {}
    for name, code in units:
        name, code = name.strip(), code.strip()
        if not name and not code:
            continue
        if not name:
            raise Invalid({"units": "请填写单位名称。"})
        if code and (problem := credit_code_problem(code)):
            raise Invalid({"units": f"“{name}”的统一社会信用代码：{problem}"})
        key = name_key(name)[:120]
        credit = normalise_credit_code(code) if code else ""
        rows[key] = ExpertUnit(name=name[:120], name_key=key, credit_key=credit)
    if not rows:
        raise Invalid({"units": "请至少填写一个任职单位，用于回避审查。"})
    return list(rows.values())


def _recuse_conflicts(expert: Expert, actor: User) -> None:
    """What was assigned before the conflict became known is taken away, with the reason."""
    conflicts = {entry for _, entry in assignments.conflicts_of(expert.edition, [expert])}
    rows = Assignment.objects.filter(
        expert=expert, entry__in=conflicts, status__in=[AssignmentStatus.OPEN, AssignmentStatus.SUBMITTED]
    ).select_related("expert__user", "edition")
    for assignment in rows:
        assignments.recuse(assignment, actor=actor, reason="专家的任职单位与参赛单位相同")


def _recuse_open(expert: Expert, actor: User) -> None:
    rows = Assignment.objects.filter(expert=expert, round=Round.PRELIMINARY, status=AssignmentStatus.OPEN)
    for assignment in rows.select_related("expert__user", "edition"):
        assignments.recuse(assignment, actor=actor, reason="专家不再参加本届评审")


def _require_office(actor: User) -> None:
    if not sees_roll(actor):
        raise NotAllowed("只有秘书处工作人员可以管理专家名册。")


def with_loads(experts: QuerySet[Expert]) -> QuerySet[Any]:
    """Experts with ``open`` and ``submitted``: the entries of the preliminary to be scored, and scored."""
    numbers = {
        status.value: Count(
            "assignments", filter=Q(assignments__round=Round.PRELIMINARY, assignments__status=status)
        )
        for status in (AssignmentStatus.OPEN, AssignmentStatus.SUBMITTED)
    }
    return experts.annotate(**numbers)


def roll_of(edition: Edition, *, units: bool = False) -> list[Any]:
    """The roll by name, with accounts, tracks and the load of the preliminary; two queries, one more for units.

    Each has ``open`` and ``submitted``: the numbers of entries to be scored and scored.
    """
    rows = with_loads(Expert.objects.filter(edition=edition)).select_related("user")
    rows = rows.prefetch_related("tracks", *(["units"] if units else []))
    return list(rows.order_by("-is_active", "user__full_name", "pk"))


def not_enrolled(edition: Edition) -> list[User]:
    """Accounts with the role of an expert that may come on the edition's roll and are not, by name."""
    on_roll = Expert.objects.filter(edition=edition).values("user")
    rows = User.objects.filter(groups__name=roles.EXPERT, is_active=True).exclude(pk__in=on_roll)
    rows = rows.exclude(groups__name__in=SEES_NAMES)
    return list(rows.order_by("full_name", "pk"))


def entry_by_number(edition: Edition, number: int) -> Entry:
    """The submitted entry that people name by its number (E000012). Raises Invalid where there is none."""
    found = Entry.objects.filter(edition=edition, pk=number, submitted_at__isnull=False)
    entry = found.select_related("team", "edition").first()
    if entry is None:
        raise Invalid({"reference": "没有找到此编号的作品，请核对。"})
    return entry


@dataclass(frozen=True, slots=True)
class Seats:
    """A panel that is or could be: 0 and no track for the final; who may sit on it, who does, who chairs it."""

    number: int
    name: str
    offered: list[Any]
    members: frozenset[int]
    chair: int | None
    chair_name: str

    @property
    def summary(self) -> str:
        """How many sit on it and who chairs."""
        return f"{len(self.members)}名，组长{self.chair_name}"


def panels_of(edition: Edition) -> list[Seats]:
    """The panels of the tracks in order, then that of the final; five queries.

    A track offers its experts who take part and whoever is a member already; the final all who take part.
    """
    roll = roll_of(edition)
    there = {
        panel.track_id: list(panel.members.all())
        for panel in Panel.objects.filter(edition=edition).prefetch_related("members")
    }
    return [
        _seats(track, roll, there.get(track.pk if track else None, []))
        for track in [*edition.tracks.order_by("number"), None]
    ]


def _seats(track: Track | None, roll: list[Any], rows: list[PanelMember]) -> Seats:
    members = frozenset(row.expert_id for row in rows)
    chair = next((row.expert_id for row in rows if row.is_chair), None)
    offered = [
        one
        for one in roll
        if one.is_active and (track is None or one.pk in members or track in one.tracks.all())
    ]
    name = next((str(one) for one in roll if one.pk == chair), "")
    return Seats(track.number if track else 0, str(track or "决赛"), offered, members, chair, name)
