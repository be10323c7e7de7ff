"""What the pages about a team show: state, what to do, timeline, summary."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from competition import clock, stages
from competition.identity import mask_document
from competition.models import AuditEvent, User
from competition.phones import masked
from competition.reference import document_label, region_label
from competition.stages import Phase, StageView
from registration.facts import TeamFacts, UnitFacts
from registration.models import Team, Unit
from registration.registries import TeamCard
from registration.steps import Step
from registration.terms import Terms
from registration.views.join import STATES as CONSENTS
from registration.views.wizard import Wizard, step_url
from registration.workflow import TeamStatus, Verdict

#: status -> (state of the badge, what it means and what happens next)
STATES = {
    TeamStatus.DRAFT: ("todo", "报名信息随时保存，提交后进入资格审核。"),
    TeamStatus.SUBMITTED: ("wait", "秘书处办公室正在审核参赛资格，结果会通知您，现在不需要操作。"),
    TeamStatus.RETURNED: ("act", "请按审核意见修改后重新提交。"),
    TeamStatus.APPROVED: ("done", "资格审核已通过，报名信息不再更改，接下来要做的见下方。"),
    TeamStatus.REJECTED: ("rejected", "资格审核未通过，理由见下方进展。"),
    TeamStatus.WITHDRAWN: ("closed", "团队已撤回，不再参加本届比赛。"),
    TeamStatus.DISQUALIFIED: ("rejected", "参赛资格已取消，理由见下方进展。"),
}


#: What the team may read of the audit log about itself, in its words.
NOTED = {
    "team.submitted": "提交报名",
    "team.taken_back": "撤回修改，回到填写状态",
    "team.claimed": "工作人员开始审核",
    "team.withdrawn": "撤回报名，不再参赛",
    "team.correction_asked": "申请更正报名信息",
    "team.corrected": "报名信息已更正",
    "team.correction_refused": "更正申请未获同意",
}
MOST_NEXT = 4


def state_of(team: Team) -> dict[str, str]:
    """Badge, word and sentence of the team's status."""
    state, text = STATES[TeamStatus(team.status)]
    return {"state": state, "word": team.get_status_display(), "text": text}


def list_row(team: Team, user: User) -> dict[str, Any]:
    """A team in the list of mine."""
    return {"team": team, "mine": team.owner_id == user.pk, **state_of(team)}


def list_todos(teams: Iterable[Team], user: User, stage: StageView | None) -> list[dict[str, Any]]:
    """What the owner has to do for any of the teams."""
    return [
        {
            "title": f"{'按审核意见修改' if team.status == TeamStatus.RETURNED else '完成报名'}：{team}",
            "text": STATES[TeamStatus(team.status)][1],
            "url": team.get_absolute_url(),
            "label": "去修改" if team.status == TeamStatus.RETURNED else "继续填写",
            **_until(stage),
        }
        for team in teams
        if team.owner_id == user.pk and team.is_editable
    ]


def _until(stage: StageView | None) -> dict[str, Any]:
    """The deadline: an instant, or the notice's month while the stage is provisional."""
    if stage is None or stage.phase is not Phase.OPEN:
        return {}
    return {"until_text": f"报名时间：{stage.when}"} if stage.provisional else {"until": stage.closes_at}


def todos_of(wizard: Wizard, user: User, overview: list[StageView]) -> list[dict[str, Any]]:
    """What to do now on the team's page: nothing for members and while the office is at it."""
    team = wizard.team
    if team.owner_id != user.pk or not team.is_editable:
        return []
    until = _until(next((stage for stage in overview if stage.key == stages.REGISTRATION), None))
    if wizard.returned is not None:
        return [
            {
                "title": "按审核意见修改后重新提交",
                "text": wizard.returned.reason or "意见标在对应的项目旁。",
                "url": step_url(team, _returned_step(wizard)),
                "label": "去修改",
                **until,
            }
        ]
    lacking = len(wizard.missing)
    text = f"还有{lacking}项待完成。" if lacking else "全部填写完成，可以提交了。"
    return [
        {
            "title": "完成报名并提交" if lacking else "提交报名",
            "text": text,
            "url": step_url(team, wizard.first_open()),
            "label": "继续填写" if lacking else "去提交",
            **until,
        }
    ]


def _returned_step(wizard: Wizard) -> Step:
    return next((step for step in Step if wizard.sign(step)["state"] == "act"), Step.SUBMIT)


def events_of(team: Team) -> list[dict[str, Any]]:
    """The team's timeline, newest first; officers' names stay inside the office."""
    events: list[dict[str, Any]] = [{"at": team.created_at, "text": "开始报名"}, *_noted(team)]
    words = {
        Verdict.APPROVE: "资格审核通过，报名成功",
        Verdict.RETURN: "退回修改",
        Verdict.REJECT: "资格审核未通过",
        Verdict.DISQUALIFY: "参赛资格取消",
    }
    for review in team.reviews.all():
        note = "" if review.verdict == Verdict.APPROVE else review.reason
        events.append({"at": review.at, "text": words[Verdict(review.verdict)], "note": note})
    return sorted(events, key=lambda event: event["at"], reverse=True)


def _noted(team: Team) -> list[dict[str, Any]]:
    """What the audit log noted of the team itself; the last submit by the edition's time, as on the receipt."""
    rows = AuditEvent.objects.filter(
        target_type=Team._meta.label_lower, target_id=str(team.pk), verb__in=NOTED
    ).order_by("-id")
    events, receipt = [], team.submitted_at
    for at, verb in rows.values_list("at", "verb"):
        event: dict[str, Any] = {"at": clock.at(team.edition, at), "text": NOTED[verb]}
        if verb == "team.submitted" and receipt is not None:
            event |= {"at": receipt, "note": f"{team.reference}，以服务器时间为准"}
            receipt = None
        events.append(event)
    return events


def may_take_back(team: Team, user: User, overview: list[StageView]) -> bool:
    """Whether the page offers to take a submitted registration back for correction."""
    open_now = {stage.key for stage in overview if stage.phase is Phase.OPEN}
    return (
        team.owner_id == user.pk and team.status == TeamStatus.SUBMITTED and stages.REGISTRATION in open_now
    )


def next_of(team: Team, overview: list[StageView]) -> list[dict[str, str]]:
    """What comes next, with its time: the stages of the edition that are not over."""
    if team.status in {TeamStatus.REJECTED, TeamStatus.WITHDRAWN, TeamStatus.DISQUALIFIED}:
        return []
    ahead = [stage for stage in overview if stage.phase is not Phase.OVER]
    review = {"name": "资格审核", "when": "秘书处办公室审核后通知您，退回的可修改后重新提交"}
    waiting = [review] if team.status != TeamStatus.APPROVED else []
    mine = [stage for stage in ahead if stage.key == stages.REGISTRATION and team.is_editable]
    later = [stage for stage in ahead if stage.key != stages.REGISTRATION]
    rows = [{"name": stage.name, "when": stage.when} for stage in later]
    return [*({"name": stage.name, "when": stage.when} for stage in mine), *waiting, *rows][:MOST_NEXT]


def summary_of(wizard: Wizard) -> dict[str, Any]:
    """What was registered, with numbers of people masked (decision 23)."""
    facts = wizard.facts
    return {
        "rows": [
            {"label": "报名编号", "value": facts.reference},
            {"label": "项目名称", "value": facts.project_name},
            {"label": "赛题", "value": f"{facts.topic.code} {facts.topic.title}" if facts.topic else ""},
        ],
        "units": [_unit_rows(unit, wizard.terms) for unit in facts.units],
        "people": _people(facts),
    }


def _unit_rows(unit: UnitFacts, terms: Terms) -> dict[str, Any]:
    nature = dict(Unit.Nature.choices).get(unit.nature, "")
    proofs = [f"{slot.label}：{_slot_words(unit, slot.key)}" for slot in terms.slots]
    return {
        "title": unit.name or unit.label,
        "is_lead": unit.is_lead,
        "id": unit.id,
        "consent": None
        if unit.is_lead
        else dict(zip(("state", "word"), CONSENTS[unit.consent], strict=True)),
        "rows": [
            {"label": "统一社会信用代码", "value": unit.credit_code},
            {"label": "单位性质", "value": unit.nature_other if unit.nature == "other" else nature},
            {"label": "地址", "value": f"{region_label(unit.region)}{unit.address}"},
            {"label": "母公司（控股单位）", "value": unit.parent_name},
            {"label": "联系人", "value": f"{unit.contact} {unit.contact_title}".strip()},
            {"label": "证明材料", "value": "\n".join(proofs)},
        ],
    }


def _slot_words(unit: UnitFacts, key: str) -> str:
    state = unit.proofs.get(key)
    if state is None:
        return "未上传"
    return f"不适用（{state.reason}）" if state.reason else f"{state.files}个文件"


def _people(facts: TeamFacts) -> list[dict[str, Any]]:
    names = {unit.id: unit.name or unit.label for unit in facts.units}
    return [
        {
            "name": person.name or person.label,
            "is_contact": person.is_contact,
            "confirmed": person.confirmed,
            "code_sent": person.code_sent,
            "document": f"{document_label(person.document_type)} {mask_document(person.document_number.strip())}",
            "mobile": masked(person.mobile.strip()),
            "unit": names.get(person.unit_id or 0, ""),
            "title": person.title,
            "role": person.role,
        }
        for person in facts.people
    ]


def card_todos(cards: Iterable[TeamCard]) -> list[dict[str, Any]]:
    """Urgent cards of other apps as things to do."""
    return [
        {
            "title": card.title,
            "text": card.text,
            "url": card.url,
            "label": card.action,
            "until_text": card.until,
        }
        for card in cards
        if card.urgent
    ]
