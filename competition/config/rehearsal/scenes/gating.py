"""Departments gate the entries of their topics, the roll of experts is made, officers release blind material."""

from __future__ import annotations

from itertools import islice
from random import Random
from typing import Final

from competition import roles
from competition.config.rehearsal import units
from competition.config.rehearsal.cast import LEAKS, TeamPlan, is_sound
from competition.config.rehearsal.ledger import Cases
from competition.config.rehearsal.scenes.writing import entry_of
from competition.config.rehearsal.theatre import Theatre
from competition.errors import Refusal
from competition.models import User
from judging.models import Assignment, AssignmentRun, BlindMaterial, BlindPage, Expert, Gate, Panel
from judging.services import assignments, experts, gates, materials
from judging.workflow import GateStatus, MaterialStatus, Round
from submissions.models import Entry

#: Experts of a track beyond those whom each entry needs, so that some may be recused.
SPARE_EXPERTS: Final = 2
DECLINED_SHARE: Final = 0.04
#: The synthetic expert who works for a unit that takes part.
CONFLICTED: Final = 900
UNFIT: Final = "作品的数据来源与所报赛题方向不符，不推荐进入评审。"


def waiting_gates(theatre: Theatre) -> list[int]:
    """Gates at which nobody has decided."""
    rows = Gate.objects.filter(edition=theatre.edition, status=GateStatus.WAITING)
    return list(rows.order_by("entry_id").values_list("pk", flat=True))


def decide_gate(theatre: Theatre, pk: int, cases: Cases) -> None:
    """The topic's department recommends nearly all; the secretariat's office where there is none."""
    gate = Gate.objects.select_related("entry__team", "department").get(pk=pk)
    who = theatre.staff(roles.OFFICER)
    if gate.department_id and not gate.recusal:
        who = _reviewer(theatre, gate)
    if theatre.rng(gate.entry, "gate").random() < DECLINED_SHARE and gate.entry.team.name not in _kept(
        theatre
    ):
        gates.decline(gate, actor=who, opinion=UNFIT)
    else:
        gates.recommend(gate, actor=who, opinion="符合赛题方向，同意推荐。")


def _reviewer(theatre: Theatre, gate: Gate) -> User:
    found = theatre.staff(roles.DEPARTMENT, gate.department_id or 0)
    if found.department_id != gate.department_id:
        found.department_id = gate.department_id
        found.save(update_fields=["department"])
    return found


def gates_to_confirm(theatre: Theatre) -> list[int]:
    """Gates that wait for a second person."""
    rows = Gate.objects.filter(
        edition=theatre.edition, status__in=[GateStatus.DECLINING, GateStatus.RECOMMENDING]
    )
    return list(rows.order_by("entry_id").values_list("pk", flat=True))


def confirm_gate(theatre: Theatre, pk: int, cases: Cases) -> None:
    """The chief agrees."""
    gates.confirm(Gate.objects.get(pk=pk), actor=theatre.staff(roles.CHIEF))


def no_roll(theatre: Theatre) -> list[int]:
    """The edition, while there is no panel for its final."""
    there = Panel.objects.filter(edition=theatre.edition, round=Round.FINAL).exists()
    return [] if there else [theatre.edition.pk]


def make_roll(theatre: Theatre, pk: int, cases: Cases) -> None:
    """Experts for each track, their panels, and the panel of the final."""
    edition, chief = theatre.edition, theatre.staff(roles.CHIEF)
    each = int(edition.data["scoring"]["experts_per_entry"]) + SPARE_EXPERTS
    jurors: list[Expert] = []
    for track in edition.tracks.order_by("number"):
        found = [_expert(theatre, (track.number - 1) * each + n, track.number) for n in range(1, each + 1)]
        found += Expert.objects.filter(edition=edition, tracks=track).exclude(
            pk__in=[one.pk for one in found]
        )
        experts.set_panel(
            edition, round=Round.PRELIMINARY, track=track, experts=found, chair=found[0], actor=chief
        )
        jurors.append(found[0])
    _expert_in_conflict(theatre)
    experts.set_panel(
        edition, round=Round.FINAL, track=None, experts=jurors[:7], chair=jurors[0], actor=chief
    )


def _expert(theatre: Theatre, number: int, track: int) -> Expert:
    rng = Random(f"{theatre.seed}:expert:{number}")
    unit = units.academy(rng, rng.choice(units.counties()))
    return experts.enrol(
        theatre.staff(roles.EXPERT, number),
        edition=theatre.edition,
        actor=theatre.staff(roles.OFFICER),
        title="研究员",
        tracks=[track],
        units=[(f"{unit.name}第{number}研究室", "")],
    )


def _expert_in_conflict(theatre: Theatre) -> None:
    plan = conflict_plan(theatre)
    if plan is None:
        return
    track = int(plan.topic_code.partition("-")[0])
    experts.enrol(
        theatre.staff(roles.EXPERT, CONFLICTED),
        edition=theatre.edition,
        actor=theatre.staff(roles.OFFICER),
        title="高级工程师",
        tracks=[track],
        units=[(plan.units[0].name, plan.units[0].credit_code)],
    )


def conflict_plan(theatre: Theatre) -> TeamPlan | None:
    """The team for whose unit an expert works; None where too few teams take part."""
    return _sound(theatre, len(LEAKS))


def outcast_plan(theatre: Theatre) -> TeamPlan | None:
    """The team that is disqualified while experts judge it; None where too few teams take part."""
    return _sound(theatre, len(LEAKS) + 1)


def _sound(theatre: Theatre, place: int) -> TeamPlan | None:
    return next(islice(filter(is_sound, theatre.plans), place, None), None)


def _kept(theatre: Theatre) -> set[str]:
    """Teams of planted cases pass the gate, so that the cases can show."""
    return {plan.name for plan in islice(filter(is_sound, theatre.plans), len(LEAKS) + 2)}


def unreleased(theatre: Theatre) -> list[int]:
    """Blind material that waits for an officer."""
    rows = BlindMaterial.objects.filter(edition=theatre.edition, status=MaterialStatus.WAITING)
    return list(rows.order_by("entry_id").values_list("pk", flat=True))


def release(theatre: Theatre, pk: int, cases: Cases) -> None:
    """Look at every page; what names the team is withheld, what a text says of it is masked already."""
    material = BlindMaterial.objects.select_related("entry__team").get(pk=pk)
    officer = theatre.staff(roles.OFFICER)
    name = material.entry.team.name
    withheld = 0
    for page in material.pages.order_by("number"):
        if page.leaks:
            withheld += 1
            materials.look(
                page, officer=officer, verdict=BlindPage.Verdict.WITHHELD, reason="页面上有单位标识"
            )
        else:
            materials.look(page, officer=officer, verdict=BlindPage.Verdict.SHOWN)
    materials.release(BlindMaterial.objects.get(pk=pk), officer=officer)
    leak = next((plan.habits.leaks for plan in theatre.plans if plan.name == name), "")
    if leak == "page":
        cases.note("blind_page_names_the_team", name, "withheld" if withheld else "shown")
    elif leak == "text":
        lead = next(plan.units[0].name for plan in theatre.plans if plan.name == name)
        masked = bool(material.leaks) and lead not in str(material.content)
        cases.note("blind_text_names_the_team", name, "masked" if masked else "shown")


def unassigned(theatre: Theatre) -> list[int]:
    """The edition, while no assignment was computed."""
    there = AssignmentRun.objects.filter(edition=theatre.edition).exists()
    return [] if there else [theatre.edition.pk]


def assign(theatre: Theatre, pk: int, cases: Cases) -> None:
    """Assign by computation, and try by hand what is forbidden."""
    officer, plan = theatre.staff(roles.OFFICER), conflict_plan(theatre)
    assignments.assign(theatre.edition, actor=officer)
    if plan is None:
        return
    entry: Entry | None = entry_of(theatre, plan)
    expert = Expert.objects.get(edition=theatre.edition, user=theatre.staff(roles.EXPERT, CONFLICTED))
    if entry is None:
        cases.note("conflicted_expert", plan.name, "not judged")
        return
    given = Assignment.objects.filter(entry=entry, expert=expert).exists()
    try:
        assignments.assign_one(entry, expert, actor=officer, reason="按专业领域增补")
    except Refusal:
        became = "assigned" if given else "refused"
    else:
        became = "assigned"
    cases.note("conflicted_expert", plan.name, became)
