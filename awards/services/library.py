"""The library of works: what a team consented to, and who would like to talk to it (R34, R84, R86, record 135)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from awards.models import Award, Interest, Work
from awards.permissions.library import can_answer, can_write, publishes, speaks_for
from awards.workflow import WORK, AwardStatus, WorkStatus
from competition import audit, clock, limits, outbox
from competition.chars import count_chars
from competition.desk import address_in
from competition.errors import Invalid, NotAllowed, StaleVersion, WrongState
from competition.models import User
from competition.transitions import move
from registration.models import Team, Unit
from submissions import services as submissions
from submissions.form import schema_of
from submissions.models import Entry, Receipt

TITLE_MOST: Final = 60
SUMMARY_MOST: Final = 600
WISH_MOST: Final = 300
ORGANISATION_MOST: Final = 120
CONTACT_MOST: Final = 120
MESSAGE_MOST: Final = 1000
REASON_MOST: Final = 300
#: The part of the application form from which a summary is begun.
OVERVIEW: Final = "overview"
INTERESTS: Final = limits.Limit("library.interest", 10, timedelta(days=1), "今天提交的合作意向过多")
_NO_CONSENT: Final[dict[str, Any]] = {
    "consented_by": None,
    "consented_at": None,
    "published_by": None,
    "published_at": None,
}


@transaction.atomic
def open_work(award: Award) -> Work | None:
    """Begin the draft of a confirmed award's work and ask its team; None for an award to a unit (R84).

    Calling it again changes nothing. Nothing is public before the team consents and the office publishes.
    """
    award = Award.objects.select_related("edition", "entry__team__owner", "entry__edition").get(pk=award.pk)
    if award.entry is None:
        return None
    work, created = Work.objects.get_or_create(
        award=award,
        defaults={
            "edition": award.edition,
            "title": award.entry.team.project_name[:TITLE_MOST],
            "summary": _overview(award.entry),
        },
    )
    if created:
        audit.record(None, "work.opened", work, edition=award.edition)
        _tell(
            work,
            "work.opened",
            "1",
            "您的作品可以进入作品库",
            "修改简介并同意后，经秘书处发布，企业、投资机构和政府部门可以在作品库中看到并与您联系。",
        )
    return work


@transaction.atomic
def follow_correction(team: Team, path: str, before: str) -> None:
    """A draft that still bears the project's former name follows the correction; what was published stays."""
    if path == "project_name":
        drafts = Work.objects.filter(award__entry__team=team, status=WorkStatus.DRAFT)
        drafts.filter(title=before[:TITLE_MOST]).update(
            title=team.project_name[:TITLE_MOST], version=F("version") + 1
        )


@transaction.atomic
def save(work: Work, *, actor: User, title: str, summary: str, wish: str, version: int) -> Work:
    """Save the draft; texts at most 60, 600 and 300 characters (R104's count).

    Raises NotAllowed, WrongState (consent has to be taken back first), StaleVersion, Invalid.
    """
    work = _lock(work)
    if work.status != WorkStatus.DRAFT:
        raise WrongState("作品已同意发布，修改前请先收回同意。")
    if not can_write(actor, work):
        raise NotAllowed("只有获奖团队可以修改作品简介。")
    if version != work.version:
        raise StaleVersion("其他成员刚刚保存过，请刷新页面后再修改。")
    texts = {"title": title.strip(), "summary": summary.strip(), "wish": wish.strip()}
    most = {"title": TITLE_MOST, "summary": SUMMARY_MOST, "wish": WISH_MOST}
    problems = {name: _too_long(texts[name], limit) for name, limit in most.items()}
    problems["title"] = problems["title"] or ("" if texts["title"] else "请填写作品名称。")
    _refuse(problems)
    Work.objects.filter(pk=work.pk).update(version=F("version") + 1, **texts)
    work.refresh_from_db()
    audit.record(actor, "work.saved", work, edition=work.edition, version=work.version)
    return work


@transaction.atomic
def consent(work: Work, *, actor: User) -> Work:
    """The team's owner agrees that this version is published. Raises NotAllowed, WrongState, Invalid."""
    work = _lock(work)
    if not speaks_for(actor, work):
        raise NotAllowed("只有报名账号本人可以代表团队同意发布。")
    if not work.summary:
        raise Invalid({"summary": "请先填写作品简介。"})
    move(work, WorkStatus.CONSENTED, WORK, consented_by=actor, consented_at=clock.now(work.edition))
    audit.record(actor, "work.consented", work, edition=work.edition, version=work.version)
    return work


@transaction.atomic
def take_back(work: Work, *, actor: User) -> Work:
    """The team's owner takes the consent back, at any time: the work leaves the library at once.

    Raises NotAllowed, WrongState (nothing was consented to, or the award is gone).
    """
    work = _lock(work)
    if not speaks_for(actor, work):
        raise NotAllowed("只有报名账号本人可以收回同意。")
    move(work, WorkStatus.DRAFT, WORK, **_NO_CONSENT)
    audit.record(actor, "work.taken_back", work, edition=work.edition)
    return work


@transaction.atomic
def publish(work: Work, *, actor: User) -> Work:
    """Officers and chiefs publish what the team consented to (R84). Raises NotAllowed, WrongState."""
    work = _lock(work)
    _require_publisher(actor)
    if work.award.status != AwardStatus.CONFIRMED:
        raise WrongState("奖项不在有效状态，作品不能发布。")
    now = clock.now(work.edition)
    move(work, WorkStatus.PUBLISHED, WORK, published_by=actor, published_at=now)
    event = audit.record(actor, "work.published", work, edition=work.edition)
    _tell(work, "work.published", str(event.pk), "您的作品已在作品库发布", "收到的合作意向会显示在作品页上。")
    return work


@transaction.atomic
def put_back(work: Work, *, actor: User, reason: str) -> Work:
    """The office gives a text back to its team, published or not, saying why. Raises NotAllowed, WrongState, Invalid."""
    work = _lock(work)
    _require_publisher(actor)
    reason = reason.strip()
    _refuse({"reason": _too_long(reason, REASON_MOST) or ("" if reason else "请写明退回的原因。")})
    move(work, WorkStatus.DRAFT, WORK, **_NO_CONSENT)
    event = audit.record(actor, "work.put_back", work, edition=work.edition)
    _tell(work, "work.put_back", str(event.pk), "作品简介需要修改", f"原因：{reason}。修改后请再次同意。")
    return work


@transaction.atomic
def withdraw(award: Award) -> Work | None:
    """The award was revoked: its work leaves the library for good; None when it had none; safe to repeat (R54)."""
    work = Work.objects.select_for_update().filter(award=award).first()
    if work is None or work.status == WorkStatus.WITHDRAWN:
        return work
    move(work, WorkStatus.WITHDRAWN, WORK)
    audit.record(None, "work.withdrawn", work, edition=work.edition)
    return work


@transaction.atomic
def express_interest(
    work: Work, *, visitor: User, kind: str, organisation: str, contact: str, message: str
) -> Interest:
    """A registered visitor would like to talk to the team, which is told (R86); the contact is for it alone.

    Once per work and kind, ten a day. Raises NotAllowed, Invalid, TooMany.
    """
    work = _lock(work)
    if not can_answer(visitor, work):
        raise NotAllowed("只能对已发布的、不是自己团队的作品提交合作意向。")
    texts = {"organisation": organisation.strip(), "contact": contact.strip(), "message": message.strip()}
    most = {"organisation": ORGANISATION_MOST, "contact": CONTACT_MOST, "message": MESSAGE_MOST}
    empty = {"organisation": "请填写单位名称。", "contact": "请填写联系方式。", "message": "请写明合作意向。"}
    problems = {
        name: _too_long(text, most[name]) or ("" if text else empty[name]) for name, text in texts.items()
    }
    problems["kind"] = "" if kind in Interest.Kind.values else "请选择类别。"
    _refuse(problems)
    limits.take((INTERESTS, str(visitor.pk)))
    try:
        with transaction.atomic():
            interest = Interest.objects.create(
                work=work, visitor=visitor, kind=kind, created_at=clock.now(work.edition), **texts
            )
    except IntegrityError as error:
        raise Invalid({"kind": "您已对这个作品提交过这类意向，团队可以看到。"}) from error
    audit.record(visitor, "work.interest", work, edition=work.edition, kind=kind)
    told = (
        f"“{texts['organisation']}”提交了{interest.get_kind_display()}，联系方式和留言请登录后在作品页查看。"
    )
    _tell(work, "work.interest", str(interest.pk), "收到新的合作意向", told)
    return interest


def _lock(work: Work) -> Work:
    return (
        Work.objects.select_for_update(of=("self",))
        .select_related("edition", "award__entry__team__owner", "award__tier")
        .get(pk=work.pk)
    )


def _require_publisher(actor: User) -> None:
    if not publishes(actor):
        raise NotAllowed("只有秘书处工作人员可以发布或退回作品。")


def _too_long(text: str, most: int) -> str:
    count = count_chars(text)
    return f"最多{most}字，现为{count}字。" if count > most else ""


def _refuse(problems: dict[str, str]) -> None:
    if found := {name: sentence for name, sentence in problems.items() if sentence}:
        raise Invalid(found)


def _overview(entry: Entry) -> str:
    """The overview of the sealed version, as many characters as a summary holds; '' when there is none."""
    receipt = Receipt.objects.filter(revision__entry=entry).select_related("revision").first()
    section = next((one for one in schema_of(entry.edition).sections if one.key == OVERVIEW), None)
    if receipt is None or section is None:
        return ""
    content = receipt.revision.content
    answers: dict[str, Any] = next(
        (one["answers"] for one in content["sections"] if one["key"] == OVERVIEW), {}
    )
    derived = submissions.facts_from(content, "").derived()
    whole = "\n".join(row.text for row in section.rows(answers, derived=derived) if row.text)
    cut = whole[:SUMMARY_MOST]
    for character in whole[SUMMARY_MOST:]:  # white space is not counted
        if count_chars(cut) >= SUMMARY_MOST:
            break
        cut += character
    return cut.strip()


def _tell(work: Work, kind: str, occurrence: str, title: str, text: str) -> None:
    entry = work.award.entry
    if entry is not None:
        url = address_in(work.edition, "awards:library_edit", pk=work.pk)
        body = f"作品“{work.title}”：{text}\n查看：{settings.SITE_URL}{url}"
        outbox.tell(
            entry.team.owner,
            kind,
            f"work:{work.pk}",
            occurrence,
            title=title,
            body=body,
            edition=work.edition,
        )


def published_names(credit_code: str) -> list[str]:
    """Names under which a unit stands in published results (awards in publicity or confirmed), newest first."""
    public = (AwardStatus.PUBLISHED, AwardStatus.CONFIRMED)
    units = Unit.objects.filter(credit_key=credit_code, team__entry__awards__status__in=public)
    return list(units.order_by("-id").values_list("name", flat=True)[:1])
