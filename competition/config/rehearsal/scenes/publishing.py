"""Awards are proposed and published; reports come in, in time and late, and the committee rules on them."""

from __future__ import annotations

from random import Random
from typing import Final

from awards.models import Award, PublicityNotice, Report, Ruling
from awards.services import awarding, notices, reports
from awards.workflow import AwardStatus, NoticeStatus, ReportStatus
from competition import roles
from competition.config.rehearsal import files
from competition.config.rehearsal.ledger import Cases
from competition.config.rehearsal.people import person
from competition.config.rehearsal.theatre import Theatre
from competition.config.rehearsal.units import counties

ORGANISERS: Final = (
    ("organisation", "太原市数据局", "组织动员本市企业参赛，参赛作品数量居全省前列。"),
    ("organisation", "山西省软件行业协会", "组织会员单位参赛，承办两场宣讲。"),
    ("contribution", "山西数据流量谷运营有限公司", "为决赛提供场地与技术保障。"),
)
#: Planted reports: case, tier, place in the tier, what is said, whether the committee upholds it.
IN_TIME: Final = (
    ("upheld_report", "third", -1, "申报材料中的应用案例实际由其他单位完成。", True),
    ("dismissed_report", "second", 0, "项目所用数据的授权期限存在疑问。", False),
)
LATE: Final = ("late_report", "excellence", 0, "公示期后发现该项目的软件著作权已转让。", True)
ANSWERS: Final = {
    True: "经核查，举报事项属实，举报成立，取消该奖项。",
    False: "经核查，举报事项与事实不符，举报不成立，维持该奖项。",
}


def not_proposed(theatre: Theatre) -> list[int]:
    """The edition, while no award was proposed."""
    there = Award.objects.filter(edition=theatre.edition, entry__isnull=False).exists()
    return [] if there else [theatre.edition.pk]


def propose(theatre: Theatre, pk: int, cases: Cases) -> None:
    """The prizes as the final decided them, and awards to units that organised and contributed."""
    officer = theatre.staff(roles.OFFICER)
    awarding.propose(theatre.edition, actor=officer)
    for key, name, reason in ORGANISERS:
        awarding.add_unit_award(theatre.edition, key=key, unit_name=name, reason=reason, actor=officer)


def not_published(theatre: Theatre) -> list[int]:
    """The edition, while there is no published notice."""
    there = PublicityNotice.objects.filter(
        edition=theatre.edition, status__in=[NoticeStatus.PUBLISHED, NoticeStatus.CONCLUDED]
    )
    return [] if there.exists() else [theatre.edition.pk]


def publish(theatre: Theatre, pk: int, cases: Cases) -> None:
    """An officer proposes the notice, the chief publishes it."""
    notice = notices.propose(theatre.edition, actor=theatre.staff(roles.OFFICER))
    notices.publish(notice, actor=theatre.staff(roles.CHIEF))


def not_reported(theatre: Theatre) -> list[int]:
    """The edition, while nobody has reported."""
    return [] if Report.objects.filter(edition=theatre.edition).exists() else [theatre.edition.pk]


def report_in_time(theatre: Theatre, pk: int, cases: Cases) -> None:
    """Two people report two awards; one case is ruled before the end of publicity, one after."""
    for case, tier, place, matter, upheld in IN_TIME:
        award = _award(theatre, tier, place)
        if award is not None:
            found = receive(theatre, case, award, matter)
            if upheld:
                rule(theatre, found, upheld=True)
                cases.note(case, _team(award), _state(award))


def receive(theatre: Theatre, case: str, award: Award, matter: str) -> Report:
    """A person reports with name, document and evidence; the case handler accepts it."""
    dice = Random(f"{theatre.seed}:{case}")
    reporter = person(dice, dice.choice(counties()))
    found, _ = reports.receive(
        award,
        name=reporter.name,
        document_type="resident_id",
        document_number=reporter.document,
        phone=reporter.mobile,
        unit="",
        matter=matter,
        files=[files.pdf("证据.pdf", f"{theatre.seed} {case}")],
    )
    handler = theatre.staff(roles.CASE_HANDLER)
    reports.accept(found, handler=handler)
    reports.note_findings(
        Report.objects.get(pk=found.pk), handler=handler, findings="已调阅材料并听取双方说明。"
    )
    return Report.objects.get(pk=found.pk)


def rule(theatre: Theatre, report: Report, *, upheld: bool) -> None:
    """One member of the committee proposes the ruling, another confirms it."""
    ruling = reports.propose_ruling(
        report, actor=theatre.staff(roles.COMMITTEE, 1), upheld=upheld, answer=ANSWERS[upheld]
    )
    reports.confirm_ruling(Ruling.objects.get(pk=ruling.pk), actor=theatre.staff(roles.COMMITTEE, 2))


def unruled(theatre: Theatre) -> list[int]:
    """Reports that wait for a ruling."""
    rows = Report.objects.filter(edition=theatre.edition, status=ReportStatus.ACCEPTED)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def rule_after_publicity(theatre: Theatre, pk: int, cases: Cases) -> None:
    """What held its award up through the end of publicity is dismissed, and the award is confirmed."""
    report = Report.objects.select_related("award__entry__team").get(pk=pk)
    held = report.award.status == AwardStatus.PUBLISHED
    rule(theatre, report, upheld=False)
    state = _state(report.award)
    cases.note("dismissed_report", _team(report.award), f"held, then {state}" if held else state)


def no_late_report(theatre: Theatre) -> list[int]:
    """The edition, while the late report has not come."""
    there = Report.objects.filter(edition=theatre.edition, is_late=True).exists()
    return [] if there else [theatre.edition.pk]


def report_late(theatre: Theatre, pk: int, cases: Cases) -> None:
    """After the end a report holds nothing up, and still leads to a revocation (R91)."""
    case, tier, place, matter, upheld = LATE
    award = _award(theatre, tier, place)
    if award is not None:
        rule(theatre, receive(theatre, case, award, matter), upheld=upheld)
        cases.note(case, _team(award), _state(award))


def _award(theatre: Theatre, tier: str, place: int) -> Award | None:
    standing = Award.objects.filter(
        edition=theatre.edition,
        tier__key=tier,
        status__in=[AwardStatus.PUBLISHED, AwardStatus.CONFIRMED],
    )
    rows = list(standing.select_related("entry__team").order_by("position"))
    return rows[place] if rows else None


def _team(award: Award) -> str:
    return award.entry.team.name if award.entry else award.unit_name


def _state(award: Award) -> str:
    return Award.objects.get(pk=award.pk).status
