"""Technical verification of listed entries: three items and an opinion, on site, or on line by leave (R23-R26)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from competition import audit, clock, outbox, stages
from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import User
from competition.transitions import move
from judging.models import Expert, Verification, VerificationRecord
from judging.permissions.verification import can_apply_on_line, can_arrange, can_record
from judging.services.lists import void
from judging.workflow import VERIFICATION, Mode, VerificationStatus
from registration.models import Representative, Unit
from submissions.models import Entry
from submissions.permissions import is_of_team

REASON_MOST = 500
ANSWER_MOST = 300
PLACE_MOST = 200
OPINION_MOST = 3000
NOT_PASSED = "技术验证未通过"


@transaction.atomic
def open_for(entry: Entry) -> Verification:
    """Every listed entry is verified once; asking again changes nothing (R24)."""
    verification, created = Verification.objects.get_or_create(
        entry=entry, defaults={"edition": entry.edition}
    )
    if created:
        audit.record(None, "verification.opened", verification, edition=entry.edition)
        _tell_team(
            verification,
            "opened",
            "作品进入技术验证",
            "时间和地点确定后另行通知。技术验证以线下方式进行，特殊情况可登录后申请线上完成。",
        )
    return verification


@transaction.atomic
def apply_on_line(verification: Verification, *, actor: User, reason: str) -> Verification:
    """The team asks for verification on line, with its reason; a refused one may ask again (R26).

    Raises NotAllowed, WrongState, Invalid (no reason, or over 500 characters).
    """
    verification = _lock(verification)
    _require_waiting(verification)
    if not is_of_team(actor, verification.entry):
        raise NotAllowed("只有本团队成员可以申请线上验证。")
    if not can_apply_on_line(actor, verification):
        raise WrongState("已经申请过线上验证，请等待答复或查看结果。")
    application = _text(reason, "reason", "请写明需要线上验证的特殊情况。", REASON_MOST)
    _change(
        verification,
        mode=Mode.ON_LINE_ASKED,
        application=application,
        applied_by=actor,
        applied_at=clock.now(verification.edition),
        answer="",
        answered_by=None,
    )
    audit.record(actor, "verification.asked", verification, edition=verification.edition)
    return verification


@transaction.atomic
def answer(verification: Verification, *, officer: User, granted: bool, answer: str) -> Verification:
    """Grant or refuse verification on line; a refusal says why (R26). Raises NotAllowed, WrongState, Invalid."""
    verification = _lock(verification)
    _require_arranger(verification, officer)
    if verification.mode != Mode.ON_LINE_ASKED:
        raise WrongState("没有等待答复的线上验证申请。")
    said = _text(answer, "answer", "" if granted else "不同意须写明理由，团队会看到。", ANSWER_MOST)
    _change(
        verification,
        mode=Mode.ON_LINE if granted else Mode.ON_SITE,
        answer=said,
        answered_by=officer,
    )
    audit.record(
        officer, "verification.answered", verification, edition=verification.edition, granted=granted
    )
    word = "同意线上完成技术验证。" if granted else "未同意线上申请，技术验证仍以线下方式进行。"
    _tell_team(
        verification,
        f"answered.{verification.applied_at:%Y%m%d%H%M%S}",
        "线上验证申请的答复",
        f"{word}{said}",
    )
    return verification


@transaction.atomic
def schedule(
    verification: Verification,
    *,
    officer: User,
    starts_at: datetime,
    place: str,
    experts: Iterable[Expert],
) -> Verification:
    """Set time (the edition's), place and experts; whoever is concerned is told, teams never the names (R23, R24).

    Raises NotAllowed, WrongState, Invalid (no place, no expert, an expert with a conflict).
    """
    verification = _lock(verification)
    _require_arranger(verification, officer)
    chosen = list(experts)
    where = _text(place, "place", "请写明地点；线上验证写明方式。", PLACE_MOST)
    _require_candidates(verification, chosen)
    moved = (verification.starts_at, verification.place) != (starts_at, where)
    before = set(verification.experts.values_list("pk", flat=True))
    _change(verification, starts_at=starts_at, place=where)
    verification.experts.set(chosen)
    event = audit.record(
        officer,
        "verification.scheduled",
        verification,
        edition=verification.edition,
        experts=[one.pk for one in chosen],
    )
    text = f"时间：{stages.format_instant(starts_at)}\n地点：{where}"
    if moved:
        _tell_team(verification, f"scheduled.{event.pk}", "技术验证的时间和地点", text)
    for expert in chosen:
        if moved or expert.pk not in before:
            _tell_expert(verification, expert, f"scheduled.{event.pk}.{expert.pk}", text)
    return verification


@transaction.atomic
def record(
    verification: Verification,
    *,
    actor: User,
    technology: bool,
    data_source: bool,
    rights: bool,
    opinion: str,
    mode: str,
    experts: Iterable[Expert],
) -> VerificationRecord:
    """What the experts found of the three items, with their opinion, for good (R25).

    One that does not pass leaves its list at once. ``experts`` are those who were there. Raises NotAllowed,
    WrongState, Invalid (no opinion, on line without leave, no expert, an expert with a conflict).
    """
    verification = _lock(verification)
    _require_waiting(verification)
    if not can_record(actor, verification):
        raise NotAllowed("只有秘书处工作人员或参加本项验证的专家可以登记结果，且不得是团队成员。")
    present = list(experts)
    said = _text(opinion, "opinion", "请写明验证意见。", OPINION_MOST)
    _require_mode(verification, mode)
    _require_candidates(verification, present)
    found = VerificationRecord.objects.create(
        verification=verification,
        technology=technology,
        data_source=data_source,
        rights=rights,
        opinion=said,
        mode=mode,
        experts=[str(one) for one in present],
        recorded_by=actor,
        at=clock.now(verification.edition),
    )
    to = VerificationStatus.PASSED if found.passed else VerificationStatus.FAILED
    move(verification, to, VERIFICATION)
    audit.record(
        actor,
        "verification.recorded",
        verification,
        edition=verification.edition,
        to=to,
        items=[technology, data_source, rights],
    )
    if not found.passed:
        void(verification.entry, reason=NOT_PASSED, actor=actor)
    text = "三项审查均已通过。" if found.passed else f"未通过技术验证，作品退出名单。\n意见：{said}"
    _tell_team(verification, "recorded", "技术验证结果", text)
    return found


@transaction.atomic
def leave(entry: Entry, reason: str) -> None:
    """The entry has left the contest: it is not verified any more; safe to call again (R54, R60)."""
    verification = Verification.objects.select_for_update(of=("self",)).filter(entry=entry).first()
    if verification is not None and VerificationStatus.VOID in VERIFICATION[verification.status]:
        move(verification, VerificationStatus.VOID, VERIFICATION)
        audit.record(None, "verification.closed", verification, edition=entry.edition, reason=reason)


def candidates(verification: Verification) -> QuerySet[Expert]:
    """Experts of the edition's roll without a known conflict with the entry: by unit, team or declaration (R24)."""
    entry = verification.entry
    units = Unit.objects.filter(team=entry.team_id)
    phones = Representative.objects.filter(team=entry.team_id).exclude(mobile_hash="")
    codes = units.exclude(credit_key="").values("credit_key")
    return (
        Expert.objects.filter(edition=verification.edition_id, is_active=True)
        .exclude(conflicts__entry=entry)
        .exclude(units__name_key__in=units.values("name_key"))
        .exclude(units__credit_key__in=codes)
        .exclude(user=entry.team.owner_id)
        .exclude(user__phone_hash__in=phones.values("mobile_hash"))
        .select_related("user")
        .order_by("pk")
    )


def _lock(verification: Verification) -> Verification:
    return (
        Verification.objects.select_for_update(of=("self",))
        .select_related("edition", "entry__team__owner", "entry__edition")
        .get(pk=verification.pk)
    )


def _change(verification: Verification, **changes: object) -> None:
    # The row is locked; its state stays.
    Verification.objects.filter(pk=verification.pk).update(**changes)
    verification.refresh_from_db(fields=list(changes))


def _require_waiting(verification: Verification) -> None:
    if verification.status != VerificationStatus.WAITING:
        raise WrongState(f"技术验证的状态为“{verification.get_status_display()}”，不能再办理。")


def _require_arranger(verification: Verification, officer: User) -> None:
    _require_waiting(verification)
    if not can_arrange(officer, verification):
        raise NotAllowed("只有秘书处工作人员可以安排技术验证，且不得是团队成员。")


def _require_mode(verification: Verification, mode: str) -> None:
    if mode not in {Mode.ON_SITE, Mode.ON_LINE}:
        raise Invalid({"mode": "请选择线下或线上。"})
    if mode == Mode.ON_LINE and verification.mode != Mode.ON_LINE:
        raise Invalid({"mode": "团队没有获准线上完成技术验证，只能以线下方式进行（四（三）3）。"})


def _require_candidates(verification: Verification, experts: list[Expert]) -> None:
    if not experts:
        raise Invalid({"experts": "请选择验证专家：技术验证由专家委进行。"})
    allowed = set(candidates(verification).values_list("pk", flat=True))
    related = [str(one) for one in experts if one.pk not in allowed]
    if related:
        raise Invalid({"experts": f"{'、'.join(related)}与本项目有利益关系或不在专家名册，不能参加验证。"})


def _text(text: str, field: str, missing: str, most: int) -> str:
    """The text without blanks around it; Invalid when it is too long, or missing and ``missing`` says why not."""
    text = text.strip()
    if missing and not text:
        raise Invalid({field: missing})
    if len(text) > most:
        raise Invalid({field: f"最多{most}字，现为{len(text)}字。"})
    return text


def _tell_team(verification: Verification, occurrence: str, title: str, text: str) -> None:
    entry = verification.entry
    outbox.tell(
        entry.team.owner,
        "verification.team",
        entry.reference,
        occurrence,
        title=title,
        body=f"团队“{entry.team.name}”的作品“{entry.team.project_name}”：{title}。\n{text}",
        edition=entry.edition,
    )


def _tell_expert(verification: Verification, expert: Expert, occurrence: str, text: str) -> None:
    entry = verification.entry
    outbox.tell(
        expert.user,
        "verification.expert",
        entry.reference,
        occurrence,
        title="请参加技术验证",
        body=f"请参加作品“{entry.team.project_name}”的技术验证，登录后在“技术验证”查看材料。\n{text}",
        edition=entry.edition,
    )
