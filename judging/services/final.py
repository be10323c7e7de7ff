"""The final: date and place, published list, drawn order, presentations, and the lock of its result (R27-R31)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from competition import audit, clock, outbox, stages
from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import Edition, User
from competition.transitions import move
from judging.models import (
    Assignment,
    Draw,
    Expert,
    FinalSession,
    PanelMember,
    Presentation,
    Replacement,
    Verification,
)
from judging.permissions.final import can_run
from judging.rubric import policy_of
from judging.services import draws, lists, verification
from judging.workflow import FINAL, FinalStatus, Pool, ResultStatus, Round, VerificationStatus
from submissions.models import Entry

PLACE_MOST = 200
MINUTES_MOST = 120


@transaction.atomic
def prepare(
    edition: Edition, *, actor: User, starts_at: datetime, place: str, minutes_each: int = 15
) -> FinalSession:
    """Say when (the edition's time) and where the final is held, and the minutes of each presentation (R27).

    May be changed until the first presentation; teams that were told are told again. Raises NotAllowed, WrongState
    (it runs), Invalid (no place, minutes not from 1 to 120).
    """
    _require_runner(actor)
    where = place.strip()
    problems = {}
    if not where or len(where) > PLACE_MOST:
        problems["place"] = f"请填写地点，最多{PLACE_MOST}字。"
    if not 1 <= minutes_each <= MINUTES_MOST:
        problems["minutes_each"] = f"每项展示与答辩应为1至{MINUTES_MOST}分钟。"
    if problems:
        raise Invalid(problems)
    FinalSession.objects.get_or_create(edition=edition)
    session = _lock(edition)
    if session.status in {FinalStatus.RUNNING, FinalStatus.LOCKED}:
        raise WrongState("决赛已经开始，不能再修改时间和地点。")
    moved = (session.starts_at, session.place) != (starts_at, where)
    FinalSession.objects.filter(pk=session.pk).update(
        starts_at=starts_at, place=where, minutes_each=minutes_each
    )
    session.refresh_from_db()
    event = audit.record(actor, "final.prepared", session, edition=edition, minutes=minutes_each)
    if moved and session.status != FinalStatus.PREPARING:
        for one in _presentations(session):
            _tell(session, one.entry, f"moved.{event.pk}", "决赛时间或地点有变化", _when(session))
    return session


@transaction.atomic
def publish_list(edition: Edition, *, actor: User) -> Draw:
    """Publish the finalists and the commitment of the draw of their order; teams are told (R21, R27, R28).

    Raises NotAllowed, WrongState (no date and place, published already, a vacancy, a verification or a replacement
    is open), Invalid (fewer than two finalists, too few jurors for one of them).
    """
    _require_runner(actor)
    session = _lock(edition)
    if session.starts_at is None or not session.place:
        raise WrongState("请先填写决赛的时间和地点。")
    if session.status != FinalStatus.PREPARING:
        raise WrongState("决赛名单已经公布。")
    if still := open_matters(edition):
        raise WrongState("还不能公布决赛名单：" + "".join(still))
    entries = lists.finalists(edition)
    _require_jurors(edition, entries)
    draw = draws.publish(
        edition,
        kind=Draw.Kind.PRESENTATION,
        items=[str(entry.pk) for entry in entries],
        labels=[f"{entry.team.project_name}（{entry.team.name}）" for entry in entries],
        actor=actor,
    )
    Presentation.objects.bulk_create(Presentation(session=session, entry=entry) for entry in entries)
    move(session, FinalStatus.LISTED, FINAL, draw=draw)
    audit.record(actor, "final.listed", session, edition=edition, entries=[entry.pk for entry in entries])
    for entry in entries:
        _tell(session, entry, f"listed.{draw.pk}", "作品进入决赛", _when(session))
    return draw


@transaction.atomic
def take_back_list(edition: Edition, *, actor: User) -> FinalSession:
    """Take the published list back before the draw, to publish another: somebody left or moved up (decision 13).

    The list taken back stays on record. Raises NotAllowed, WrongState (not published, or drawn).
    """
    _require_runner(actor)
    session = _lock(edition)
    if session.status != FinalStatus.LISTED:
        raise WrongState("只有已公布、尚未抽签的名单可以收回。")
    move(session, FinalStatus.PREPARING, FINAL, draw=None)
    session.presentations.all().delete()
    audit.record(actor, "final.taken_back", session, edition=edition)
    return session


@transaction.atomic
def draw(edition: Edition, *, called: Sequence[tuple[str, int]], actor: User, witness: User) -> Draw:
    """Draw the order with the numbers called out, and give the jurors their score sheets (R28, R29).

    Raises NotAllowed, WrongState (no list published, drawn already, a newcomer is not on it), Invalid (the numbers).
    """
    _require_runner(actor)
    session = _lock(edition)
    if session.status != FinalStatus.LISTED or session.draw is None:
        raise WrongState("请先公布决赛名单，再抽签；每份名单只抽一次。")
    presentations = {str(one.entry_id): one for one in session.presentations.all()}
    listed = {entry for one in lists.standing(edition).values() for entry in one.finalists}
    if listed - presentations.keys():
        raise WrongState("名单公布后有作品递补进入决赛，请收回名单重新公布后再抽签。")
    held = draws.hold(session.draw, called=called, actor=actor, witness=witness)
    for position, item in enumerate((held.record or {})["order"], start=1):
        Presentation.objects.filter(pk=presentations[item].pk).update(position=position)
    move(session, FinalStatus.DRAWN, FINAL)
    _assign(edition, [one.entry_id for one in presentations.values() if not one.is_void])
    for one in _presentations(session):
        if not one.is_void:
            said = f"出场顺序：第{one.position}位。{_when(session)}"
            _tell(session, one.entry, f"drawn.{held.pk}", "决赛出场顺序已抽签", said)
    return held


@transaction.atomic
def check_in(presentation: Presentation, *, actor: User) -> Presentation:
    """The team is there. Raises NotAllowed, WrongState (not drawn, left the contest, checked in already)."""
    presentation, session = _lock_presentation(presentation, actor)
    if session.status not in {FinalStatus.DRAWN, FinalStatus.RUNNING}:
        raise WrongState("抽签后、成绩锁定前才能签到。")
    if presentation.checked_in_at is not None:
        raise WrongState("该团队已经签到。")
    return _note(presentation, session, actor, "checked_in", checked_in_at=clock.now(session.edition))


@transaction.atomic
def begin(presentation: Presentation, *, actor: User) -> Presentation:
    """The presentation begins; only one at a time (R28, R29).

    A team that comes late may follow after its turn. Raises NotAllowed, WrongState.
    """
    presentation, session = _lock_presentation(presentation, actor)
    if presentation.checked_in_at is None:
        raise WrongState("该团队还没有签到。")
    if presentation.started_at is not None:
        raise WrongState("该团队的展示已经开始。")
    if session.presentations.filter(started_at__isnull=False, ended_at__isnull=True, is_void=False).exists():
        raise WrongState("上一个团队的展示还没有结束。")
    if session.status == FinalStatus.DRAWN:
        move(session, FinalStatus.RUNNING, FINAL)
    if session.status != FinalStatus.RUNNING:
        raise WrongState("决赛没有在进行。")
    return _note(presentation, session, actor, "began", started_at=clock.now(session.edition))


@transaction.atomic
def end(presentation: Presentation, *, actor: User) -> Presentation:
    """The presentation is over. Raises NotAllowed, WrongState (it did not begin, or ended already)."""
    presentation, session = _lock_presentation(presentation, actor)
    if presentation.started_at is None or presentation.ended_at is not None:
        raise WrongState("该团队的展示没有在进行。")
    return _note(presentation, session, actor, "ended", ended_at=clock.now(session.edition))


def require_presented(edition: Edition) -> None:
    """WrongState while somebody who checked in has still to present, or the final did not begin (R29, R30)."""
    session = FinalSession.objects.filter(edition=edition).first()
    if session is None or session.status != FinalStatus.RUNNING:
        raise WrongState("决赛尚未开始或成绩已经锁定，不能提出决赛结果。")
    left = session.presentations.filter(is_void=False, checked_in_at__isnull=False, ended_at__isnull=True)
    if left.exists():
        raise WrongState("还有已签到的团队没有完成展示，不能提出决赛结果。")


@transaction.atomic
def locked(edition: Edition) -> FinalSession:
    """The result was confirmed by a second person: the final is over, nothing of it changes any more (R30)."""
    session = _lock(edition)
    move(session, FinalStatus.LOCKED, FINAL)
    audit.record(None, "final.locked", session, edition=edition)
    return session


def open_matters(edition: Edition) -> list[str]:
    """What has to be settled before the list of the final can be published, in sentences (decision 13, R23, R24)."""
    standing = lists.standing(edition)
    if not standing:
        return ["初赛结果尚未确认。"]
    found = []
    for pool in Pool:
        vacancies = sum(one.vacancies(pool) for one in standing.values())
        if vacancies:
            found.append(f"{pool.label}名单有{vacancies}个空缺待递补或确认空缺。")
    waiting = Replacement.objects.filter(result__edition=edition, status=ResultStatus.PROPOSED).count()
    if waiting:
        found.append(f"有{waiting}项递补提议待确认。")
    listed = [int(entry) for one in standing.values() for pool in Pool for entry in one.listed(pool)]
    verified = Verification.objects.filter(entry__in=listed, status=VerificationStatus.PASSED).count()
    if verified < len(listed):
        found.append(f"有{len(listed) - verified}项技术验证没有完成。")
    return found


def jurors(edition: Edition) -> list[Expert]:
    """The active experts of the panel of the final; one query (R29)."""
    rows = PanelMember.objects.filter(
        panel__edition=edition, panel__round=Round.FINAL, expert__is_active=True
    )
    return [member.expert for member in rows.select_related("expert__user").order_by("expert_id")]


def _require_runner(actor: User) -> None:
    if not can_run(actor):
        raise NotAllowed("只有决赛主持人和秘书处工作人员可以办理。")


def _require_jurors(edition: Edition, entries: Sequence[Entry]) -> None:
    least = policy_of(edition).least_sheets
    for entry in entries:
        able = len(_able(entry, jurors(edition)))
        if able < least:
            raise Invalid(
                {
                    "panel": f"“{entry.team.project_name}”只有{able}名决赛评委可以评分（已除去有利益关系的），"
                    f"至少需要{least}名；请在“专家”页面补充决赛评审组。"
                }
            )


def _able(entry: Entry, panel: Sequence[Expert]) -> list[Expert]:
    """Jurors without a conflict with the entry."""
    asked = Verification.objects.select_related("entry__team").get(entry=entry)
    free = set(verification.candidates(asked).values_list("pk", flat=True))
    return [expert for expert in panel if expert.pk in free]


def _assign(edition: Edition, entries: Sequence[int]) -> None:
    """Every juror scores every finalist, conflicts left out; safe to repeat (R29)."""
    panel, now = jurors(edition), clock.now(edition)
    for entry in Entry.objects.filter(pk__in=entries).select_related("team"):
        for expert in _able(entry, panel):
            Assignment.objects.get_or_create(
                round=Round.FINAL,
                expert=expert,
                entry=entry,
                defaults={"edition": edition, "assigned_at": now},
            )


def _lock(edition: Edition) -> FinalSession:
    found = (
        FinalSession.objects.select_for_update(of=("self",))
        .select_related("edition", "draw")
        .filter(edition=edition)
        .first()
    )
    if found is None:
        raise WrongState("请先填写决赛的时间和地点。")
    return found


def _lock_presentation(presentation: Presentation, actor: User) -> tuple[Presentation, FinalSession]:
    _require_runner(actor)
    session = _lock(presentation.session.edition)
    presentation = (
        Presentation.objects.select_for_update(of=("self",)).select_related("entry").get(pk=presentation.pk)
    )
    if presentation.is_void:
        raise WrongState("该作品已经退出比赛。")
    return presentation, session


def _note(
    presentation: Presentation, session: FinalSession, actor: User, verb: str, **changes: datetime
) -> Presentation:
    Presentation.objects.filter(pk=presentation.pk).update(**changes)
    presentation.refresh_from_db()
    audit.record(
        actor,
        f"presentation.{verb}",
        presentation,
        edition=session.edition,
        position=presentation.position,
    )
    return presentation


def _presentations(session: FinalSession) -> list[Presentation]:
    return list(session.presentations.select_related("entry__team__owner"))


def _when(session: FinalSession) -> str:
    when = stages.format_instant(session.starts_at) if session.starts_at else ""
    return f"时间：{when}；地点：{session.place}；每项展示与答辩{session.minutes_each}分钟。"


def _tell(session: FinalSession, entry: Entry, occurrence: str, title: str, text: str) -> None:
    outbox.tell(
        entry.team.owner,
        "final.team",
        entry.reference,
        occurrence,
        title=title,
        body=f"团队“{entry.team.name}”的作品“{entry.team.project_name}”：{title}。\n{text}",
        edition=session.edition,
    )
