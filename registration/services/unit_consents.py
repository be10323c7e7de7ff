"""Joint units confirm: each unit besides the lead agrees or refuses by a link to its contact (R46).

Not agreeing keeps nobody from submitting; a refusal stands against the approval.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from competition import audit, clock, crypto, identity, limits, outbox, stages
from competition.errors import Invalid, NotAllowed, StaleVersion, WrongState
from competition.limits import Limit
from competition.models import Edition, User
from competition.phones import international
from registration.models import Team, Unit, UnitConsent
from registration.permissions import owns
from registration.services.editing import lock_team
from registration.services.findings import refresh_when_submitted
from registration.terms import terms_of
from registration.workflow import TeamStatus

KIND: Final = "registration.unit_consent"
ANSWERED: Final = "registration.unit_answered"
#: A unit can be asked, and can change its mind, until the registration is decided.
UNDECIDED: Final = frozenset({TeamStatus.DRAFT, TeamStatus.SUBMITTED, TeamStatus.RETURNED})
REMIND_AFTER: Final = (timedelta(days=2), timedelta(days=5))
LONGEST_BY: Final = 60
LONGEST_NOTE: Final = 300
#: An address of mail that is longer is none.
LONGEST_MAIL: Final = 254


@dataclass(frozen=True)
class Way:
    """How a contact can be written to; both empty where neither mail nor SMS arrives."""

    channel: str = ""
    recipient: str = ""


def way_to(contact_way: str) -> Way:
    """SMS to a mobile, mail to an address, none to a fixed line or anything else."""
    typed = contact_way.strip()
    if not identity.mobile_problem(typed):
        return Way(outbox.SMS, international(typed))
    try:
        validate_email(typed)
    except ValidationError:
        return Way()
    return Way(outbox.MAIL, typed) if len(typed) <= LONGEST_MAIL else Way()


def link_of(consent: UnitConsent) -> str:
    """The absolute address at which the unit answers."""
    return f"{settings.SITE_URL}{reverse('registration:join', args=[consent.token])}"


def asked_about(unit: Unit, lead: Unit | None) -> str:
    """The keyed digest of what an answer is about: this unit and the one it joins."""
    said = [
        [identity.name_key(one.name), identity.normalise_credit_code(one.credit_code)] if one else []
        for one in (unit, lead)
    ]
    return crypto.keyed_hash("unit.consent", json.dumps(said, ensure_ascii=False))


@transaction.atomic
def ask(unit: Unit, *, actor: User, at: datetime | None = None) -> UnitConsent:
    """Ask the unit's contact by SMS or mail; with a fixed line only the link is made, for the team to hand on.

    Raises NotAllowed (the owner alone), WrongState (decided, the lead, answered already), Invalid while
    names are missing, and TooMany: letters are limited like codes. ``at`` is the arrival of the request.
    """
    team = lock_team(unit.team_id)
    if not owns(actor, team):
        raise NotAllowed("只有报名账号本人可以请参赛单位确认。")
    fresh, lead = _to_ask(team, unit.pk)
    consent = UnitConsent.objects.filter(unit=fresh).first() or UnitConsent(unit=fresh)
    digest, way = asked_about(fresh, lead), way_to(fresh.contact_way)
    if consent.answer != UnitConsent.Answer.WAITING:
        raise WrongState(f"{fresh}已答复“{consent.get_answer_display()}”；对方可以用原来的链接更改答复。")
    if way.channel:
        _require_patience(fresh, way, team)
    consent.token = consent.token or secrets.token_urlsafe(24)
    consent.asked_about, consent.sent_to, consent.sent_at = digest, way.recipient, at or clock.real_now()
    consent.save()
    if way.channel:
        _post(consent, team, fresh, way, secrets.token_hex(8))
    audit.record(actor, "unit.asked", fresh, edition=team.edition, channel=way.channel or "link")
    refresh_when_submitted(team)
    return consent


def _to_ask(team: Team, pk: int) -> tuple[Unit, Unit]:
    """The unit to ask and the lead unit, or the refusal that says what must be there first."""
    units = {unit.pk: unit for unit in team.units.all()}
    unit = units.get(pk)
    if unit is None:
        raise WrongState("这家单位已被移除，请刷新页面。")
    if unit.is_lead or len(units) < 2:
        raise WrongState("牵头单位和单独参赛的单位不需要确认。")
    if team.status not in UNDECIDED:
        raise WrongState(f"报名当前为“{team.get_status_display()}”，不能再请单位确认。")
    lead = next((one for one in units.values() if one.is_lead), None)
    if lead is None:
        raise Invalid({"units": "请先指定牵头单位。"})
    if problems := _unnamed(team, unit, lead):
        raise Invalid(problems)
    return unit, lead


def _unnamed(team: Team, *units: Unit) -> dict[str, str]:
    """What the contact could not be shown yet, by field path."""
    problems: dict[str, str] = {}
    if not team.name.strip():
        problems["name"] = "请先填写团队名称。"
    if not team.project_name.strip():
        problems["project_name"] = "请先填写项目名称。"
    for one in units:
        if not one.name.strip():
            problems[f"units.{one.pk}.name"] = f"请先填写单位{one.position}的名称。"
        if problem := identity.credit_code_problem(one.credit_code):
            problems[f"units.{one.pk}.credit_code"] = f"单位{one.position}：{problem}"
    return problems


def _require_patience(unit: Unit, way: Way, team: Team) -> None:
    terms, day = terms_of(team.edition), timedelta(days=1)
    one, account = terms.codes_per_phone_and_day, terms.codes_per_account_and_day
    resend = timedelta(seconds=terms.code_resend_seconds)
    limits.take(
        (Limit("unit_consent", 1, resend, "确认请求刚刚发出"), str(unit.pk)),
        (
            Limit("unit_consent.to", one, day, f"该联系方式24小时内最多接收{one}次确认请求"),
            way.recipient,
        ),
        (Limit("unit_consent.account", account, day, "本账号24小时内发送的确认请求过多"), str(team.owner_id)),
    )


def _post(
    consent: UnitConsent, team: Team, unit: Unit, way: Way, occurrence: str, *, again: bool = False
) -> bool:
    words = "提醒：" if again else ""
    title, data = f"{words}请确认是否参赛：{team.name}", {"unit": unit.pk, "team": team.pk}
    if way.channel == outbox.SMS:
        return outbox.post_sms(
            KIND,
            f"unit:{unit.pk}",
            occurrence,
            recipient=way.recipient,
            template=f"{KIND}_reminder" if again else KIND,
            params={"team": team.name, "unit": unit.name, "token": consent.token},
            title=title,
            edition=team.edition,
            data=data,
        )
    return outbox.post(
        KIND,
        f"unit:{unit.pk}",
        occurrence,
        channel=way.channel,
        recipient=way.recipient,
        title=title,
        body=f"【{team.edition.short_name}】{words}团队“{team.name}”将“{unit.name}”列为参赛单位，"
        f"请贵单位在 {link_of(consent)} 核对信息，并答复是否同意参赛。如有疑问，请与团队联系。",
        edition=team.edition,
        data=data,
    )


@transaction.atomic
def answer(
    token: str,
    *,
    agreed: bool | None,
    by: str,
    note: str,
    at: datetime | None = None,
    shown: str = "",
) -> UnitConsent:
    """The unit agrees or refuses, and may change its mind until the registration is decided.

    ``by`` is name and position; ``shown`` is the digest of what the page showed. Raises Invalid at
    ``agreed``, ``by`` or ``note``, StaleVersion when the page shows former facts, and WrongState.
    """
    known = UnitConsent.objects.filter(token=token).values_list("unit__team_id", flat=True).first()
    if known is None:
        raise WrongState("确认链接已失效，请与团队联系。")
    team = lock_team(known)
    consent = UnitConsent.objects.select_related("unit").filter(token=token).first()
    if consent is None:
        raise WrongState("确认链接已失效，请与团队联系。")
    lead = _require_answerable(team, consent)
    digest = asked_about(consent.unit, lead)
    if shown and shown != digest:
        raise StaleVersion("团队刚刚更改了单位信息，您的答复没有保存。请核对页面上的新内容后再答复。")
    person, reason = _cleaned(agreed, by, note)
    given = UnitConsent.Answer.AGREED if agreed else UnitConsent.Answer.REFUSED
    said = (consent.answer, consent.asked_about, consent.answered_by, consent.note)
    if said == (given, digest, person, reason):
        return consent  # the button was pressed twice
    consent.answer = given
    consent.answered_at, consent.asked_about = at or clock.real_now(), digest
    consent.answered_by, consent.note = person, reason
    consent.save()
    audit.record(None, f"unit.{consent.answer}", consent.unit, edition=team.edition)
    _tell_answer(team, consent)
    refresh_when_submitted(team)
    return consent


def _require_answerable(team: Team, consent: UnitConsent) -> Unit | None:
    """The lead unit, if there is one; refuses once the registration is decided."""
    if team.status not in UNDECIDED:
        raise WrongState(f"该团队的报名当前为“{team.get_status_display()}”，不能再更改答复。")
    if consent.unit.is_lead:
        raise WrongState("贵单位现为牵头单位，不需要在这里确认。")
    return team.units.filter(is_lead=True).first()


def _cleaned(agreed: bool | None, by: str, note: str) -> tuple[str, str]:
    person, reason = (text.replace("\x00", "").strip() for text in (by, note))
    problems: dict[str, str] = {}
    if agreed is None:
        problems["agreed"] = "请选择同意或不同意。"
    if not person:
        problems["by"] = "请填写您的姓名和职务。"
    elif len(person) > LONGEST_BY:
        problems["by"] = f"姓名和职务最多{LONGEST_BY}个字，现有{len(person)}个字。"
    if agreed is False and not reason:
        problems["note"] = "不同意的，请写明理由。"
    elif len(reason) > LONGEST_NOTE:
        problems["note"] = f"说明最多{LONGEST_NOTE}个字，现有{len(reason)}个字。"
    if problems:
        raise Invalid(problems)
    return person, reason


def _tell_answer(team: Team, consent: UnitConsent) -> None:
    note = f"理由：{consent.note}" if consent.note else ""
    _tell(team, consent.unit, f"{consent.unit}答复：{consent.get_answer_display()}", note)


def _tell(team: Team, unit: Unit, title: str, text: str) -> None:
    outbox.tell(
        team.owner,
        ANSWERED,
        f"unit:{unit.pk}",
        secrets.token_hex(8),
        title=title,
        body=f"{team.reference} 团队“{team.name}”：{title}。{text}",
        edition=team.edition,
    )


def void_when_changed(unit: Unit) -> None:
    """After a change of this unit: answers about other names, codes or another lead no longer count."""
    void_changed(unit.team)


def void_changed(team: Team) -> None:
    """Void every answer of an undecided team that is about former facts, and tell the owner; two queries."""
    if team.status not in UNDECIDED:
        return
    units = list(team.units.select_related("consent"))
    lead = next((one for one in units if one.is_lead), None)
    for unit in units:
        consent = getattr(unit, "consent", None)
        if consent is None or consent.sent_at is None or consent.asked_about == asked_about(unit, lead):
            continue
        answered = consent.answer != UnitConsent.Answer.WAITING
        consent.answer, consent.answered_at = UnitConsent.Answer.WAITING, None
        consent.answered_by, consent.note, consent.sent_at = "", "", None
        consent.save()
        if answered and not unit.is_lead:
            audit.record(None, "unit.voided", unit, edition=team.edition)
            _tell(team, unit, f"{unit}的答复已作废", "单位名称、信用代码或牵头单位有变化，请重新请对方确认。")


def send_reminders() -> int:
    """Remind contacts who have not answered for 2 and for 5 days, once each; returns how many were new.

    Of several delays that have passed only the longest is written. Safe to run any number of times.
    """
    now = clock.real_now()
    waiting = UnitConsent.objects.filter(
        answer=UnitConsent.Answer.WAITING,
        sent_at__lte=now - REMIND_AFTER[0],
        unit__is_lead=False,
        unit__team__status__in=UNDECIDED,
    ).select_related("unit__team__edition")
    closed: dict[int, bool] = {}
    return sum(
        _remind(consent, now)
        for consent in waiting.order_by("pk")
        if consent.sent_to and not _too_late(consent.unit.team, closed)
    )


def _too_late(team: Team, closed: dict[int, bool]) -> bool:
    """Whether a draft can no longer be submitted: nobody is reminded of it."""
    if team.status != TeamStatus.DRAFT:
        return False
    if team.edition_id not in closed:
        closed[team.edition_id] = _closed(team.edition)
    return closed[team.edition_id]


def _closed(edition: Edition) -> bool:
    stage = stages.view(edition, stages.REGISTRATION)
    return stage is None or stage.phase is stages.Phase.OVER


@transaction.atomic
def _remind(consent: UnitConsent, now: datetime) -> bool:
    sent = consent.sent_at or now
    days = max(delay.days for delay in REMIND_AFTER if sent + delay <= now)
    team, way = consent.unit.team, way_to(consent.sent_to)
    return bool(way.channel) and _post(
        consent, team, consent.unit, way, f"{sent:%Y%m%d%H%M%S}-{days}", again=True
    )
