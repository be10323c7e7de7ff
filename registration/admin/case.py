"""What the case page shows: findings, facts with room for remarks, people masked, proofs, history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from competition import clock, roles
from competition.identity import mask_document, mask_phone
from competition.models import AuditEvent, User
from competition.reference import document_label, region_label
from competition.stages import format_instant
from registration import permissions
from registration.admin.acts import neighbours
from registration.admin.credit import credit_table
from registration.facts import SlotFacts, UnitFacts
from registration.models import Representative, Team, Unit, UnitConsent, UnitProof
from registration.services.claiming import held_sentence
from registration.services.facts import gather
from registration.terms import Terms, terms_of
from registration.views.proof_slots import file_row
from registration.workflow import Severity, TeamStatus

#: badge state per severity
SEVERITY_STATES = {Severity.BLOCK: "rejected", Severity.STAFF: "act", Severity.INFO: "todo"}
TEAM_STATES = {TeamStatus.SUBMITTED: "wait", TeamStatus.APPROVED: "done", TeamStatus.RETURNED: "act"}


#: what the QR code on a signed statement tells: badge state and word
SCANS = {
    "same": ("done", "二维码与现在的报名信息一致"),
    "older": ("act", "由旧的报名信息生成"),
    "unread": ("wait", "二维码尚未读取"),
    "none": ("act", "未读到二维码"),
}
CONSENTS = {
    UnitConsent.Answer.WAITING: ("wait", "等待单位确认"),
    UnitConsent.Answer.AGREED: ("done", "单位已同意参赛"),
    UnitConsent.Answer.REFUSED: ("rejected", "单位不同意参赛"),
}


def case_context(team: Team, officer: User) -> dict[str, Any]:
    """Everything on the case page; at most twelve queries with the page's own."""
    units_with_answers = Prefetch("units", Unit.objects.select_related("consent"))
    prefetch_related_objects([team], units_with_answers, "representatives")
    left = _left(_proofs(team), terms_of(team.edition))
    findings = list(team.findings.all())
    units, people = list(team.units.all()), list(team.representatives.all())
    names = {unit.pk: str(unit) for unit in units}
    told = {one.id: one for one in gather(team).units}
    terms, may_review = terms_of(team.edition), permissions.can_review_team(officer, team)
    waiting = may_review and team.status == TeamStatus.SUBMITTED
    previous, following = neighbours(team, officer)
    credit = credit_table(team)
    blocked = [one for one in findings if one.severity == Severity.BLOCK]
    return {
        "edition": team.edition,
        "title": f"{team.reference} {team}",
        "team": team,
        "team_state": TEAM_STATES.get(TeamStatus(team.status), "closed"),
        "groups": [_group(severity, findings) for severity in Severity],
        "blocked": blocked,
        "hindered": bool(blocked or credit["due"]),
        "may_override": officer.has_role(roles.CHIEF),
        "templates": _templates(team),
        "facts": _team_rows(team),
        "units": [_unit(unit, terms, told[unit.pk]) for unit in units],
        "left": left,
        "people": [_person(person, names) for person in people],
        "credit": credit,
        "may_look_up": may_review and team.status in {"submitted", "returned", "approved"},
        "today": timezone.localtime(clock.now(team.edition)).date(),
        "declarations": _declarations(team, terms),
        "history": _history(team),
        "may_decide": waiting and team.claimed_by_id in (None, officer.pk),
        "may_claim": waiting,
        "mine": team.claimed_by_id == officer.pk,
        "held": held_sentence(team) if waiting and team.claimed_by_id != officer.pk else "",
        "may_disqualify": may_review and team.status in {TeamStatus.APPROVED, TeamStatus.RETURNED},
        "own": not may_review,
        "previous": previous,
        "waiting": following,
        "typed": {"reason": "", "override": "", "template": "", "marks": {}, "rows": None},
    }


def _templates(team: Team) -> list[dict[str, Any]]:
    """The reasons to pick from, by verdict."""
    verdicts = {"return": "退回修改", "reject": "不通过", "disqualify": "取消资格", "override": "负责人决定"}
    rows = team.edition.texts("reason_templates")
    return [
        {"label": label, "rows": [row for row in rows if row["verdict"] == key]}
        for key, label in verdicts.items()
    ]


def _group(severity: Severity, findings: list[Any]) -> dict[str, Any]:
    return {
        "label": severity.label,
        "state": SEVERITY_STATES[severity],
        "rows": [one for one in findings if one.severity == severity],
    }


def _row(label: str, value: str, path: str = "") -> dict[str, str]:
    return {"label": label, "value": value, "path": path}


def _team_rows(team: Team) -> list[dict[str, str]]:
    topic = f"{team.topic.track.name} · {team.topic}" if team.topic else ""
    rows = [
        _row("团队名称", team.name, "name"),
        _row("项目名称", team.project_name, "project_name"),
        _row("赛道赛题", topic),
        _row("报名账号", team.owner.display_name),
    ]
    if team.public_body_note:
        rows.append(_row("公共机构参与说明", team.public_body_note, "public_body_note"))
    return rows


def _unit(unit: Unit, terms: Terms, told: UnitFacts) -> dict[str, Any]:
    path = f"units.{unit.pk}"
    central = {True: "是", False: "否", None: ""}[unit.central_subsidiary]
    nature = unit.nature_other if unit.nature == "other" else unit.get_nature_display()
    return {
        "title": unit.name or f"单位{unit.position}",
        "position": unit.position,
        "is_lead": unit.is_lead,
        "consent": CONSENTS.get(UnitConsent.Answer(told.consent)) if told.consent else None,
        "rows": [
            _row("单位名称", unit.name, f"{path}.name"),
            _row("统一社会信用代码", unit.credit_code, f"{path}.credit_code"),
            _row("单位性质", nature, f"{path}.nature"),
            _row("地址", f"{region_label(unit.region)}{unit.address}", f"{path}.address"),
            _row("央企子公司", central, f"{path}.central_subsidiary"),
            _row("母公司（控股单位）", unit.parent_name, f"{path}.parent_name"),
            _row(
                "联系人", f"{unit.contact} {unit.contact_title} {unit.contact_way}".strip(), f"{path}.contact"
            ),
        ],
        "slots": [_slot(unit, slot.key, slot.label, told) for slot in terms.slots],
    }


def _slot(unit: Unit, key: str, label: str, told: UnitFacts) -> dict[str, Any]:
    rows = [one for one in unit.proofs.all() if one.slot == key]
    live = [one for one in rows if one.removed_at is None]
    return {
        "label": label,
        "scan": SCANS.get(told.proofs.get(key, SlotFacts()).statement),
        "path": f"proofs.{unit.pk}.{key}",
        "files": [file_row(one) for one in live if one.file],
        "reason": next((one.not_applicable for one in live if one.not_applicable), ""),
        "removed": [file_row(one) for one in rows if one.removed_at and one.file],
    }


def _proofs(team: Team) -> list[UnitProof]:
    """Give the units their proofs; returns those of units that left. One query for both."""
    rows = list(UnitProof.objects.filter(Q(unit__team=team) | Q(left_team=team)))
    for unit in team.units.all():
        own = unit.proofs.all()
        own._result_cache = [one for one in rows if one.unit_id == unit.pk]
        unit.__dict__.setdefault("_prefetched_objects_cache", {})["proofs"] = own
    return [one for one in rows if one.unit_id is None]


def _left(proofs: list[UnitProof], terms: Terms) -> list[dict[str, Any]]:
    """The files of units that left the team after its first submit: an officer may have seen them."""
    labels = {slot.key: slot.label for slot in terms.slots}
    return [
        {"unit": one.left_unit, "slot": labels.get(one.slot, one.slot), "file": file_row(one)}
        for one in proofs
        if one.file
    ]


def _person(person: Representative, names: dict[int, str]) -> dict[str, Any]:
    path = f"representatives.{person.pk}"
    return {
        "person": person,
        "unit": names.get(person.unit_id or 0, ""),
        "document": document_label(person.document_type),
        "masked": mask_document(person.document_number.strip()),
        "mobile": mask_phone(person.mobile.strip()),
        "rows": [
            _row("姓名", person.name, f"{path}.name"),
            _row("职务/职称", person.title, f"{path}.title"),
            _row("承担的角色", person.role, f"{path}.role"),
        ],
        "path": f"{path}.document_number",
        "unmask_url": reverse("admin:registration_team_unmask", args=[person.team_id, person.pk]),
    }


def _declarations(team: Team, terms: Terms) -> list[dict[str, Any]]:
    return [
        {
            "text": made["text"] if (made := team.declarations.get(one.key)) else one.text,
            "at": format_instant(datetime.fromisoformat(made["at"])) if made else "",
            "rules": "、".join(one.rules),
        }
        for one in terms.declarations
    ]


#: what the audit log's verbs mean
VERBS = {
    "team.started": "开始报名",
    "team.submitted": "提交报名",
    "team.approve": "资格审核通过",
    "team.return": "退回修改",
    "team.reject": "资格审核不通过",
    "team.disqualify": "取消资格",
    "team.withdrawn": "撤回报名",
    "team.correction_asked": "申请更正",
    "team.corrected": "同意更正",
    "team.correction_refused": "不同意更正",
    "team.correction_unmasked": "查看更正的完整号码",
    "team.rejected": "释放参赛代表",
    "team.disqualified": "释放参赛代表",
    "team.taken_back": "团队取回修改",
    "team.claimed": "领取",
    "team.taken_over": "接手",
    "team.released": "放回",
    "team.looked_up": "登记信用查询",
    "correction.asked": "申请更正",
    "correction.granted": "同意更正",
    "correction.refused": "不同意更正",
    "representative.code_sent": "发送确认短信",
    "representative.confirmed": "本人确认",
    "representative.unconfirmed": "确认作废",
    "representative.removed": "移除代表",
    "representative.unmasked": "查看完整号码",
}


def audit_events(team: Team) -> list[dict[str, Any]]:
    """The audit log about a team and its present people, newest first, as the timeline shows it."""
    people = {str(person.pk): str(person) for person in team.representatives.all()}
    about = Q(target_type="registration.team", target_id=str(team.pk)) | Q(
        target_type="registration.representative", target_id__in=people
    )
    return [
        {
            "at": event.at,
            "who": event.actor.display_name if event.actor else "",
            "text": VERBS.get(event.verb, event.verb),
            "note": people.get(event.target_id, "") if "representative" in event.target_type else "",
        }
        for event in AuditEvent.objects.filter(about).select_related("actor").order_by("-id")[:500]
    ]


#: what stands on the case page besides the decisions; the rest is in the audit log's page
_SHOWN = (
    "team.claimed",
    "team.taken_over",
    "team.released",
    "team.taken_back",
    "team.looked_up",
    "correction.asked",
    "correction.granted",
    "correction.refused",
    "representative.unmasked",
)


def _history(team: Team) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = [{"at": team.created_at, "text": "开始报名"}]
    if team.submitted_at:
        events.append({"at": team.submitted_at, "text": "提交报名（最近一次）"})
    shown = {VERBS[verb] for verb in _SHOWN}
    events += [event for event in audit_events(team) if event["text"] in shown]
    for review in team.reviews.select_related("officer"):
        marks = "；".join(review.field_reasons.values())
        aside = f"仍予通过，不顾：{'；'.join(review.overridden)}" if review.overridden else ""
        events.append(
            {
                "at": review.at,
                "who": review.officer.display_name,
                "text": review.get_verdict_display(),
                "note": "　".join(part for part in (review.reason, marks, aside) if part),
            }
        )
    return sorted(events, key=lambda event: event["at"], reverse=True)
