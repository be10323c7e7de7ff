"""Gatekeeping: recommended or not by the topic's department, with a second pair of eyes where it counts (R17)."""

from __future__ import annotations

from django.db import transaction

from competition import audit, clock, outbox
from competition.errors import Invalid, NotAllowed, WrongState
from competition.identity import name_key
from competition.models import Department, Organisation, User
from competition.transitions import move
from judging.models import Gate, GateDecision
from judging.permissions.gates import can_confirm, can_decide, can_recuse
from judging.workflow import GATE, GateStatus
from registration.eligibility import relation
from registration.facts import OrganisationFacts, UnitFacts
from submissions.models import Entry

OPINION_MOST = 2000
REASON_MOST = 300


@transaction.atomic
def open_gate(entry: Entry) -> Gate:
    """Lay an accepted entry before the department of its topic; opening it twice changes nothing (R17).

    Without a department the secretariat's office gates. A department is recused from the start where a unit
    of the entry looks subordinate to or affiliated with it (decision 25).
    """
    topic = entry.team.topic
    department = topic.department if topic else None
    gate, created = Gate.objects.get_or_create(
        entry=entry,
        defaults={
            "edition": entry.edition,
            "department": department,
            "recusal": relation_to(entry, department) if department else "",
            "created_at": clock.now(entry.edition),
        },
    )
    if created:
        audit.record(
            None,
            "gate.opened",
            gate,
            edition=entry.edition,
            department=gate.department_id,
            recused=bool(gate.recusal),
        )
    return gate


def relation_to(entry: Entry, department: Department) -> str:
    """Why a department should not gate an entry, by the names of its units; '' when nothing is found; two queries.

    Compares names and parents' names with the department's name and, where it is one of the organisers, its aliases.
    """
    facts = OrganisationFacts("sponsor", department.name, tuple(_aliases(department)))
    for unit in entry.team.units.all():
        typed = UnitFacts(
            id=unit.pk,
            position=unit.position,
            name=unit.name,
            credit_code=unit.credit_code,
            parent_name=unit.parent_name,
        )
        if relation(typed, facts):
            by = f"（上级单位：{unit.parent_name}）" if unit.parent_name else ""
            return f"参赛单位“{unit.name}”{by}疑为{department.name}的下属或关联单位"[:REASON_MOST]
    return ""


@transaction.atomic
def recommend(gate: Gate, *, actor: User, opinion: str = "") -> Gate:
    """The entry goes on to the experts; in a recused department's place a second person has to agree (R17).

    Raises NotAllowed, WrongState, Invalid (opinion over 2000 characters).
    """
    gate = _lock(gate)
    _require_decider(gate, actor)
    to = GateStatus.RECOMMENDING if gate.recusal else GateStatus.RECOMMENDED
    return _decide(gate, to, actor, opinion)


@transaction.atomic
def decline(gate: Gate, *, actor: User, opinion: str) -> Gate:
    """Do not recommend, with a reason; it holds when an officer or chief has confirmed it (decision 25).

    Raises NotAllowed, WrongState, Invalid (no reason, or over 2000 characters).
    """
    gate = _lock(gate)
    _require_decider(gate, actor)
    if not opinion.strip():
        raise Invalid({"opinion": "不推荐须写明理由，团队会看到。"})
    return _decide(gate, GateStatus.DECLINING, actor, opinion)


@transaction.atomic
def confirm(gate: Gate, *, actor: User) -> Gate:
    """The second pair of eyes agrees; a team that is not recommended is told. Raises NotAllowed, WrongState."""
    gate = _lock(gate)
    _require_second(gate, actor)
    declined = gate.status == GateStatus.DECLINING
    to = GateStatus.DECLINED if declined else GateStatus.RECOMMENDED
    now = clock.now(gate.edition)
    move(gate, to, GATE, confirmed_by=actor, confirmed_at=now)
    _note(gate, actor, "confirm")
    if declined:
        _tell_team(gate)
    return gate


@transaction.atomic
def send_back(gate: Gate, *, actor: User, reason: str) -> Gate:
    """The second pair of eyes does not agree: who decided looks again. Raises NotAllowed, WrongState, Invalid."""
    gate = _lock(gate)
    _require_second(gate, actor)
    reason = _text(reason, "reason", "请写明退回的理由。", most=OPINION_MOST)
    decider = gate.decided_by
    move(gate, GateStatus.WAITING, GATE, opinion="", decided_by=None, decided_at=None)
    decision = _note(gate, actor, "send_back", reason)
    if decider is not None:
        outbox.tell(
            decider,
            "gate.sent_back",
            gate.entry.reference,
            str(decision.pk),
            title="把关意见被退回，请重新办理",
            body=f"参赛项目“{gate.entry.team.project_name}”（{gate.entry.reference}）的把关意见被退回：{reason}",
            edition=gate.edition,
        )
    return gate


@transaction.atomic
def recuse(gate: Gate, *, actor: User, reason: str) -> Gate:
    """The department does not gate this entry; the secretariat does, with a second pair of eyes (decision 25).

    Declared by the reviewer or ruled by an officer. Raises NotAllowed, WrongState, Invalid.
    """
    gate = _lock(gate)
    if gate.status != GateStatus.WAITING:
        raise WrongState(f"当前状态为“{gate.get_status_display()}”，不能再办理回避；如已提出意见，请先退回。")
    if not gate.department_id or gate.recusal:
        raise WrongState("此项目已由秘书处办公室把关，无需回避。")
    if not can_recuse(actor, gate):
        raise NotAllowed("只有本部门审核人或秘书处办公室可以办理回避。")
    recusal = _text(reason, "reason", "请写明回避的原因。", most=REASON_MOST)
    # The state stays: only who decides is another.
    Gate.objects.filter(pk=gate.pk).update(recusal=recusal)
    gate.refresh_from_db()
    _note(gate, actor, "recuse", f"部门回避：{recusal}")
    return gate


@transaction.atomic
def close_gate(entry: Entry, reason: str) -> None:
    """The entry has left the contest: nobody gates it any more; safe to call again (R54, R60)."""
    gate = Gate.objects.select_for_update().filter(entry=entry).first()
    if gate is not None and GateStatus.VOID in GATE[gate.status]:
        move(gate, GateStatus.VOID, GATE)
        audit.record(None, "gate.closed", gate, edition=entry.edition, reason=reason)


def _lock(gate: Gate) -> Gate:
    return (
        Gate.objects.select_for_update(of=("self",))
        .select_related("edition", "entry__team__owner", "entry__edition", "department", "decided_by")
        .get(pk=gate.pk)
    )


def _require_decider(gate: Gate, actor: User) -> None:
    if gate.status != GateStatus.WAITING:
        raise WrongState(f"当前状态为“{gate.get_status_display()}”，不能再提出把关意见。")
    if not can_decide(actor, gate):
        if gate.department_id and not gate.recusal:
            raise NotAllowed(
                f"此项目由{gate.department}把关，只有该部门的审核人可以提出意见，且不得是团队成员。"
            )
        raise NotAllowed("此项目由秘书处办公室把关，只有秘书处工作人员可以提出意见，且不得是团队成员。")


def _require_second(gate: Gate, actor: User) -> None:
    if gate.status not in {GateStatus.DECLINING, GateStatus.RECOMMENDING}:
        raise WrongState(f"当前状态为“{gate.get_status_display()}”，没有等待确认的意见。")
    if not can_confirm(actor, gate):
        raise NotAllowed("须由提出意见者以外的秘书处工作人员确认，且不得是团队成员。")


def _decide(gate: Gate, to: str, actor: User, opinion: str) -> Gate:
    opinion = _text(opinion, "opinion", "", most=OPINION_MOST)
    move(gate, to, GATE, opinion=opinion, decided_by=actor, decided_at=clock.now(gate.edition))
    _note(gate, actor, "decide", opinion)
    return gate


def _note(gate: Gate, actor: User, verb: str, opinion: str = "") -> GateDecision:
    decision = GateDecision.objects.create(
        gate=gate, to=gate.status, opinion=opinion, by=actor, at=clock.now(gate.edition)
    )
    audit.record(actor, f"gate.{verb}", gate, edition=gate.edition, to=gate.status)
    return decision


def _text(text: str, field: str, missing: str, *, most: int) -> str:
    """The text without blanks around it; Invalid when it is too long, or missing and ``missing`` says why not."""
    text = text.strip()
    if missing and not text:
        raise Invalid({field: missing})
    if len(text) > most:
        raise Invalid({field: f"最多{most}字，现为{len(text)}字。"})
    return text


def _aliases(department: Department) -> list[str]:
    key = name_key(department.name)
    rows = Organisation.objects.filter(edition=department.edition_id)
    return [str(alias) for row in rows if name_key(row.name) == key for alias in row.aliases]


def _tell_team(gate: Gate) -> None:
    entry = gate.entry
    outbox.tell(
        entry.team.owner,
        "gate.declined",
        entry.reference,
        str(gate.pk),
        title="作品未获推荐进入评审",
        body=(
            f"团队“{entry.team.name}”的作品“{entry.team.project_name}”在初步把关审核中未获推荐，"
            f"不进入专家评审。\n理由：{gate.opinion}"
        ),
        edition=gate.edition,
    )
