"""Each representative confirms the own part by a code to the own phone, and consents (decisions 23, 24)."""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from competition import audit, clock, crypto, limits, outbox
from competition.errors import Invalid, NotAllowed, Refusal, TooMany, WrongState
from competition.limits import Limit
from competition.models import User
from competition.phones import international
from registration.checks import confirmation_problems
from registration.models import Representative, Team
from registration.permissions import owns
from registration.services.editing import lock_team, require_editable, require_registration
from registration.services.facts import gather
from registration.services.findings import refresh_when_submitted
from registration.services.representatives import FROZEN
from registration.terms import Terms, terms_of

KIND: Final = "registration.confirm"
CANNOT: Final = "该代表的信息无法确认，请与团队联络人核对姓名和证件信息；仍有疑问的，请联系大赛秘书处办公室。"


@transaction.atomic
def send_confirmation(
    representative: Representative, *, actor: User | None, at: datetime | None = None
) -> Representative:
    """Send link and code by SMS through the outbox; ``actor`` is None when the person asks again.

    Refuses while name, document or phone are missing or wrong (Invalid), before the resend time or
    beyond the day's cap (TooMany), when confirmed (WrongState) and after the deadline (StageClosed).
    """
    team = lock_team(representative.team_id)
    if actor is not None and not owns(actor, team):
        raise NotAllowed("只有报名账号本人可以发送确认短信。")
    require_editable(team)
    require_registration(team.edition, at=at, frozen=FROZEN)
    person = _fresh(team, representative.pk)
    if person.is_confirmed:
        raise WrongState(f"{person.name}已完成确认，无需再次发送。")
    terms = terms_of(team.edition)
    if problems := confirmation_problems(gather(team), terms, person.pk):
        raise Invalid(problems)
    _require_patience(person, team.owner, terms)
    code = f"{secrets.randbelow(1_000_000):06d}"
    person.token = person.token or secrets.token_urlsafe(24)
    person.code_hash, person.code_failures = _code_hash(person, code), 0
    person.code_sent_at = clock.real_now()
    person.save(update_fields=["token", "code_hash", "code_failures", "code_sent_at"])
    _post(person, team, code, terms)
    audit.record(actor or team.owner, "representative.code_sent", person, edition=team.edition)
    return person


def _fresh(team: Team, pk: int) -> Representative:
    person = team.representatives.filter(pk=pk).first()
    if person is None:
        raise WrongState("这名代表已被移除，请刷新页面。")
    person.team = team
    return person


def _require_patience(person: Representative, owner: User, terms: Terms) -> None:
    day, resend = timedelta(days=1), timedelta(seconds=terms.code_resend_seconds)
    phone, account = terms.codes_per_phone_and_day, terms.codes_per_account_and_day
    number = f"{person.edition_id}:{person.mobile_hash}"
    limits.take(
        (Limit("confirm", 1, resend, "确认短信刚刚发出"), number),
        (
            Limit("confirm.phone", phone, day, f"该手机号24小时内最多接收{phone}条确认短信"),
            person.mobile_hash,
        ),
        (Limit("confirm.account", account, day, "本账号24小时内发送的确认短信过多"), str(owner.pk)),
    )


def _code_hash(person: Representative, code: str) -> str:
    return crypto.keyed_hash("registration.code", f"{person.pk}:{person.token}:{code}")


def _post(person: Representative, team: Team, code: str, terms: Terms) -> None:
    """The message expires with its code: afterwards the person asks for another one."""
    sent = person.code_sent_at or clock.real_now()
    outbox.post_sms(
        KIND,
        f"representative:{person.pk}",
        secrets.token_hex(8),
        recipient=international(person.mobile),
        template=KIND,
        params={
            "name": person.name,
            "team": team.name,
            "token": person.token,
            "code": code,
            "minutes": terms.code_minutes,
        },
        title="参赛代表确认",
        edition=team.edition,
        data={"representative": person.pk, "team": team.pk},
        expires_at=sent + timedelta(minutes=terms.code_minutes),
    )


def remind(team: Team, *, actor: User, at: datetime | None = None) -> tuple[list[str], dict[str, str]]:
    """Send another code to everybody who has not confirmed: names that it went to, and sentences why not.

    Each on its own: one wrong number keeps nobody else waiting. Raises only what concerns all: NotAllowed,
    WrongState, StageClosed.
    """
    if not owns(actor, team):
        raise NotAllowed("只有报名账号本人可以发送确认短信。")
    require_editable(team)
    sent: list[str] = []
    refused: dict[str, str] = {}
    for person in team.representatives.filter(confirmed_at__isnull=True):
        try:
            sent.append(str(send_confirmation(person, actor=actor, at=at)))
        except (Invalid, TooMany) as refusal:
            problems = refusal.problems.values() if isinstance(refusal, Invalid) else ()
            refused[str(person)] = (
                next(iter(problems), refusal.sentence).partition("：")[2] or refusal.sentence
            )
    return sent, refused


def confirm(token: str, *, code: str, consent: bool, at: datetime | None = None) -> Representative:
    """Confirm a representative by the code of the last SMS, with consent (R52d, decisions 23 and 24).

    Raises Invalid at ``consent`` or ``code``, TooMany after the last failure, StageClosed, WrongState,
    and Refusal with a sentence that does not tell where, when the person represents another team.
    Wrong attempts are counted even though the call refuses.
    """
    outcome = _attempt(token, code=code, consent=consent, at=at)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


@transaction.atomic
def _attempt(token: str, *, code: str, consent: bool, at: datetime | None) -> Representative | Refusal:
    pk = (
        Representative.objects.exclude(token="").filter(token=token).values_list("team_id", flat=True).first()
    )
    if pk is None:
        raise WrongState("确认链接已失效，请联系团队联络人重新发送。")
    team = lock_team(pk)
    person = team.representatives.filter(token=token).first()
    if person is None:
        raise WrongState("确认链接已失效，请联系团队联络人重新发送。")
    person.team = team
    if person.is_confirmed:
        raise WrongState("您已完成确认，无需再次确认。")
    require_editable(team)
    require_registration(team.edition, at=at, frozen=FROZEN)
    if not consent:
        raise Invalid({"consent": "请阅读告知内容，并勾选同意后再确认。"})
    terms = terms_of(team.edition)
    if refusal := _check_code(person, code, terms):
        return refusal
    person.confirmed_at = clock.real_now()
    person.consent_version = terms.consent.version
    person.code_hash = ""
    occupy(person)
    audit.record(
        None, "representative.confirmed", person, edition=team.edition, consent=person.consent_version
    )
    refresh_when_submitted(team)
    return person


def _digits(code: str) -> str:
    """The digits of what was typed, also when typed full-width or with blanks."""
    return "".join(one for one in unicodedata.normalize("NFKC", code) if one in "0123456789")


def _check_code(person: Representative, code: str, terms: Terms) -> Refusal | None:
    """None when the code is right; else the refusal, with the failure counted."""
    if person.code_failures >= terms.code_failures:
        return TooMany("验证码错误次数过多，本验证码已失效，请重新获取。")
    sent = person.code_sent_at
    if (
        not person.code_hash
        or sent is None
        or clock.real_now() - sent > timedelta(minutes=terms.code_minutes)
    ):
        return Invalid({"code": f"验证码已过期（{terms.code_minutes}分钟内有效），请重新获取。"})
    typed = _code_hash(person, _digits(code))
    if hmac.compare_digest(typed, person.code_hash):
        return None
    person.code_failures += 1
    person.save(update_fields=["code_failures"])
    left = terms.code_failures - person.code_failures
    if left <= 0:
        return TooMany("验证码错误次数过多，本验证码已失效，请重新获取。")
    return Invalid({"code": f"验证码不正确，还可以再试{left}次。"})


def occupy(person: Representative) -> None:
    """Save a confirmed person as held by this team; the database refuses a second team (R52d)."""
    try:
        with transaction.atomic():
            person.holds = True
            person.save(update_fields=["holds", "confirmed_at", "consent_version", "code_hash"])
    except IntegrityError as error:
        raise Refusal(CANNOT) from error


def release(team: Team) -> None:
    """Free the team's people for other teams."""
    team.representatives.filter(holds=True).update(holds=False)
