"""Reports: anybody reports, whoever holds the link reads; cases are the handlers', rulings the committee's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from awards.services import reports
from competition import roles
from tests.awards.reported import ANSWER, FINDINGS, investigated, published, typed
from tests.contest import accepted_entry
from tests.fixtures import make_user
from tests.permissions.table import LOGIN, ROLES, Row, everybody, only


def prepare(world: Any) -> None:
    """Three reports about an award of Lihua's: new, ready to be ruled, ruled by one."""
    entry = accepted_entry(world.edition, world.lihua, also=world.wangfang)
    handler = make_user("walk-handler", "何立", role=roles.CASE_HANDLER)
    member = make_user("walk-committee", "周正", role=roles.COMMITTEE)
    world.reported = published(world.edition, entry, world.qianjin, world.sunli)
    world.report, world.report_token = reports.receive(world.reported, **typed())
    world.report_to_rule = investigated(world.reported, handler)
    world.report_proposed = investigated(world.reported, handler)
    reports.propose_ruling(world.report_proposed, actor=member, upheld=False, answer=ANSWER)


def number_of(name: str) -> Callable[[Any], dict[str, Any]]:
    return lambda world: {"number": getattr(world, name).number}


def post(name: str, who: str, status: int, report: str, **data: str) -> list[Row]:
    """A verb that only one role knows of; nobody may GET it."""
    return [
        Row(name, only(who, status=status), args=number_of(report), method="post", data=lambda world: data),
        Row(name, {**dict.fromkeys(ROLES, 405), "anonymous": LOGIN}, args=number_of(report)),
    ]


def notice(world: Any) -> dict[str, Any]:
    return {"number": world.reported.notice.number}


HANDLER, COMMITTEE = roles.CASE_HANDLER, roles.COMMITTEE

ROWS = [
    Row("awards:report_new", everybody(), args=notice),
    Row("awards:report_new", everybody(422), args=notice, method="post"),
    Row("awards:report_new", everybody(404), args=lambda world: {"number": 9999}),
    Row("awards:report_own", everybody(), args=lambda world: {"token": world.report_token}),
    Row("awards:report_own", everybody(404), args=lambda world: {"token": "nothing"}),
    Row("awards:reports_cases", only(HANDLER)),
    Row("awards:reports_cases", only(HANDLER), data=lambda world: {"all": ""}),
    Row("awards:reports_case", only(HANDLER), args=number_of("report")),
    Row("awards:reports_case", only(HANDLER), args=number_of("report_proposed")),
    *post("awards:reports_accept", HANDLER, 302, "report"),
    *post("awards:reports_refuse", HANDLER, 422, "report"),
    *post("awards:reports_findings", HANDLER, 403, "report_to_rule", findings=FINDINGS),
    *post("awards:reports_reveal", HANDLER, 200, "report"),
    *post("awards:reports_reveal", HANDLER, 403, "report_to_rule"),
    Row(
        "awards:reports_evidence",
        only(HANDLER, COMMITTEE),
        args=lambda world: {"key": world.report.evidence.get().key},
    ),
    Row("awards:reports_committee", only(COMMITTEE)),
    Row("awards:reports_ruling", only(COMMITTEE), args=number_of("report")),
    Row("awards:reports_ruling", only(COMMITTEE), args=number_of("report_proposed")),
    *post("awards:reports_propose", COMMITTEE, 422, "report_to_rule"),
    *post("awards:reports_propose", COMMITTEE, 302, "report_to_rule", verdict="dismissed", answer=ANSWER),
    *post("awards:reports_confirm", COMMITTEE, 302, "report_proposed"),
    *post("awards:reports_confirm", COMMITTEE, 409, "report"),
    *post("awards:reports_send_back", COMMITTEE, 302, "report_proposed", note="请补充核查。"),
]
