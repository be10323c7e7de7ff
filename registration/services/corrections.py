"""Clerical errors put right after approval: asked for by the team or an officer, decided by the chief (decision 5)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import pgtrigger
from django.db import IntegrityError, transaction

from competition import audit, clock, identity, outbox, stages
from competition.documents import document_hash
from competition.errors import Invalid, NotAllowed, StageClosed, WrongState
from competition.models import User
from competition.phones import international
from registration.correctable import (
    VOUCHED,
    Correctable,
    fields_of,
    is_secret,
    problem_of,
    shown,
    with_value,
)
from registration.models import Correction, Representative, Team, Unit
from registration.permissions import can_ask_correction, can_decide_correction
from registration.registries import team_corrected
from registration.services.confirmation import CANNOT
from registration.services.editing import bump, lock_team, typed
from registration.services.facts import gather
from registration.services.findings import refresh_findings, refresh_twins
from registration.services.phones import set_document, set_mobile
from registration.services.reviewing import Blocked
from registration.services.teams import TOPIC_FIXED
from registration.terms import terms_of
from registration.workflow import Severity, TeamStatus

LONGEST: Final = 300
MEMBERS_STAY: Final = "报名已经截止，参赛代表的姓名和证件号码不能再更正。"
FROZEN: Final = (
    "registration.Team:team_frozen_at_approval",
    "registration.Unit:unit_no_change_once_approved",
    "registration.Representative:representative_no_change_once_approved",
)


def offered(team: Team) -> list[Correctable]:
    """What may be asked for now, in the order of the wizard; four queries at most."""
    stage = stages.view(team.edition, stages.REGISTRATION)
    over = stage is not None and stage.phase is stages.Phase.OVER
    return [one for one in fields_of(gather(team)) if not (over and one.says_who)]


@transaction.atomic
def ask(
    team: Team, *, path: str, new: str, reason: str, actor: User, at: datetime | None = None
) -> Correction:
    """Ask the chief to correct one field of an approved registration (R76).

    Raises NotAllowed, WrongState (not approved, asked already), Invalid at ``path``, ``new`` or ``reason``,
    and StageClosed for who a member is after the registration deadline (R52e). The topic never changes (R64).
    """
    locked = lock_team(team.pk)
    if not can_ask_correction(actor, locked):
        raise NotAllowed("只有报名账号本人和秘书处工作人员可以申请更正。")
    _require_approved(locked)
    item = _item(locked, path)
    _require_members_free(locked, item, at)
    value, why = _plain(new), _plain(reason)
    if not why or len(why) > LONGEST:
        raise Invalid({"reason": f"请写明更正的理由，最多{LONGEST}个字。"})
    _require_sound(locked, item, value)
    if locked.corrections.filter(path=path, state=Correction.State.ASKED).exists():
        raise WrongState(f"“{item.label}”已有一份更正申请等待决定，请等待答复。")
    made = Correction.objects.create(
        team=locked,
        path=path,
        label=f"{item.of} · {item.label}"[:80] if item.row else item.label,
        old=item.shown,
        new=value,
        reason=why,
        asked_by=actor,
    )
    audit.record(
        actor, "team.correction_asked", locked, edition=locked.edition, path=path, correction=made.pk
    )
    return made


@transaction.atomic
def grant(correction: Correction, *, chief: User, answer: str = "", at: datetime | None = None) -> Correction:
    """Write the correction into the frozen registration and tell the team.

    Raises NotAllowed (not the chief, one's own), WrongState (decided, the team has left), StageClosed,
    Invalid, and Blocked with the sentences of what the correction would break (R47-R58); then nothing changed.
    """
    team, locked = _open(correction, chief)
    _require_approved(team)
    item = _item(team, locked.path)
    _require_members_free(team, item, at)
    _require_sound(team, item, locked.new)
    _require_free(team, item, locked.new)
    blocks, phone = _blocks(team), _phone_of(team, item)
    _write(team, item, locked.new)
    if broken := [one for key, one in _blocks(team).items() if key not in blocks]:
        raise Blocked("更正后报名将不符合参赛条件，不能同意：" + "；".join(broken))
    refresh_twins(team)
    for _, follow in team_corrected:
        follow(team, locked.path, "" if item.is_secret else item.value)
    _decide(locked, Correction.State.GRANTED, chief, answer)
    _tell(team, locked, "已更正", f"“{locked.label}”已由“{locked.old}”更正为“{shown_new(locked)}”。")
    _tell_person(team, item, locked, phone)
    return locked


@transaction.atomic
def refuse(correction: Correction, *, chief: User, answer: str) -> Correction:
    """Leave the registration as it is and tell why; the answer must not be empty."""
    if not _plain(answer):
        raise Invalid({"answer": "请写明不同意的理由，团队会看到。"})
    team, locked = _open(correction, chief)
    _decide(locked, Correction.State.REFUSED, chief, answer)
    _tell(team, locked, "未予更正", f"申请更正的“{locked.label}”未获同意，报名信息保持不变。")
    return locked


def shown_new(correction: Correction) -> str:
    """What the correction would write, masked where it is a number of a person (decision 23)."""
    return shown(correction.path, correction.new)


@transaction.atomic
def unmask(correction: Correction, *, officer: User) -> tuple[str, str]:
    """The present and the new number in full, for who decides on it; every look is recorded."""
    if not can_decide_correction(officer, correction) or not is_secret(correction.path):
        raise NotAllowed("只有办理这份申请的秘书处负责人可以查看完整号码。")
    team = lock_team(correction.team_id)
    audit.record(officer, "team.correction_unmasked", team, edition=team.edition, correction=correction.pk)
    present = next((one.value for one in fields_of(gather(team)) if one.path == correction.path), "")
    return present, correction.new


def _plain(text: str) -> str:
    return text.replace("\x00", "").strip()


def _require_approved(team: Team) -> None:
    if team.status != TeamStatus.APPROVED:
        raise WrongState(f"报名当前为“{team.get_status_display()}”，只有审核通过的报名可以更正。")


def _item(team: Team, path: str) -> Correctable:
    if path == "topic":
        raise Invalid({"path": TOPIC_FIXED})
    for one in fields_of(gather(team)):
        if one.path == path:
            return one
    raise Invalid({"path": "请从列表中选择要更正的内容。"})


def _require_members_free(team: Team, item: Correctable, at: datetime | None) -> None:
    """R52e: after the deadline nobody takes a member's place under the name of a correction."""
    if not item.says_who:
        return
    try:
        stages.require_not_over(team.edition, stages.REGISTRATION, at=at)
    except StageClosed as closed:
        raise StageClosed(MEMBERS_STAY, field="path") from closed


def _require_sound(team: Team, item: Correctable, value: str) -> None:
    """The wizard's own checks, about the registration as it would read."""
    typed({"new": value}, frozenset({"new"}))
    if value == item.value.strip():
        raise Invalid({"new": "与现在的内容相同，无需更正。"})
    before = gather(team)
    number = ""
    if item.name == "document_number":
        kind = next(one.document_type for one in before.people if one.id == item.row)
        number = document_hash(kind, value)
    after = with_value(before, item, value, document_hash=number)
    if problem := problem_of(before, after, item, terms_of(team.edition)):
        raise Invalid({"new": problem})


def _require_free(team: Team, item: Correctable, value: str) -> None:
    """R52d: a document that somebody holds on another team cannot be written here; it is not said where."""
    if item.name != "document_number":
        return
    person = team.representatives.get(pk=item.row)
    holders = Representative.objects.filter(
        edition=team.edition, holds=True, document_hash=document_hash(person.document_type, value)
    )
    if holders.exclude(pk=person.pk).exists():
        raise WrongState(CANNOT)


def _blocks(team: Team) -> dict[tuple[str, str], str]:
    return {
        (one.rule, one.subject): f"{one.rule} {one.subject}：{one.message}"
        for one in refresh_findings(team)
        if one.severity == Severity.BLOCK
    }


def _write(team: Team, item: Correctable, value: str) -> None:
    """Pass the triggers of the freeze for this one row, and keep keys, hashes and search equal to it."""
    with pgtrigger.ignore(*FROZEN):
        try:
            with transaction.atomic():
                if not item.row:
                    _write_team(team, item.name, value)
                elif item.is_of_person:
                    _write_person(team.representatives.get(pk=item.row), item.name, value)
                else:
                    _write_unit(team.units.get(pk=item.row), item.name, value)
        except IntegrityError as taken:  # confirmed elsewhere this very moment (R52d)
            raise WrongState(CANNOT) from taken


def _write_team(team: Team, field: str, value: str) -> None:
    key = "name_key" if field == "name" else "project_key"
    setattr(team, field, value)
    setattr(team, key, identity.name_key(value)[:300])
    team.save(update_fields=[field, key])


def _write_unit(unit: Unit, field: str, value: str) -> None:
    setattr(unit, field, value)
    unit.name_key = identity.name_key(unit.name)[:300]
    if field == "credit_code":
        unit.credit_key = identity.normalise_credit_code(value)
    unit.save(update_fields=[field, "name_key", "credit_key"])


def _write_person(person: Representative, field: str, value: str) -> None:
    """The confirmation stands: the chief vouches that it is the same person."""
    if field == "document_number":
        set_document(person, person.document_type, value)
    elif field == "mobile":
        set_mobile(person, value)
    else:
        setattr(person, field, value)
    person.save()


def _open(correction: Correction, chief: User) -> tuple[Team, Correction]:
    team = lock_team(correction.team_id)
    locked = team.corrections.select_for_update(of=("self",)).select_related("asked_by").get(pk=correction.pk)
    if not can_decide_correction(chief, locked):
        raise NotAllowed("更正须由秘书处负责人决定，且不能是申请人本人或团队成员。")
    if locked.state != Correction.State.ASKED:
        raise WrongState(f"这份申请已经办理（{locked.get_state_display()}），请刷新页面查看。")
    return team, locked


def _decide(correction: Correction, state: Correction.State, chief: User, answer: str) -> None:
    """Note who decided; the registration's version moves when it changed."""
    said = _plain(answer)
    if len(said) > LONGEST:
        raise Invalid({"answer": f"答复最多{LONGEST}个字。"})
    correction.state, correction.decided_by, correction.answer = state, chief, said
    correction.decided_at = clock.real_now()
    correction.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    team = correction.team
    if state == Correction.State.GRANTED:
        bump(team, chief)
    verb = "team.corrected" if state == Correction.State.GRANTED else "team.correction_refused"
    audit.record(chief, verb, team, edition=team.edition, path=correction.path, correction=correction.pk)


def _tell(team: Team, correction: Correction, title: str, what: str) -> None:
    """The team's account, and the officer who asked for the team."""
    said = f"答复：{correction.answer}" if correction.answer else ""
    for person in {team.owner, correction.asked_by}:
        outbox.tell(
            person,
            "registration.corrected",
            team.reference,
            f"{correction.pk}:{person.pk}",
            title=f"报名信息{title}：{team.name}",
            body=f"{team.reference} 团队“{team.name}”：{what}{said}",
            edition=team.edition,
        )


def _phone_of(team: Team, item: Correctable) -> str:
    """The number by which the person was reached before the correction."""
    if not (item.is_of_person and item.name in VOUCHED):
        return ""
    return team.representatives.get(pk=item.row).mobile


def _tell_person(team: Team, item: Correctable, correction: Correction, before: str) -> None:
    """Whose name, document or phone was corrected hears it, at the former number, too."""
    if not before:
        return
    person = team.representatives.get(pk=item.row)
    for place, number in enumerate(dict.fromkeys([before.strip(), person.mobile.strip()])):
        outbox.post_sms(
            "registration.person_corrected",
            f"representative:{person.pk}",
            f"{correction.pk}:{place}",
            recipient=international(number),
            template="registration.person_corrected",
            params={
                "name": person.name,
                "team": team.name,
                "item": item.label,
                "value": shown_new(correction),
            },
            title="参赛代表信息更正",
            edition=team.edition,
        )
