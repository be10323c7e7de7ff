"""Credit records: looked up for each unit and person, with date and evidence; no approval without them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import AuditEvent, User
from registration import services
from registration.models import CreditLookup, LookupEvidence, Review, Team
from registration.services import Blocked, lookups
from tests import factories

TODAY = timezone.localdate()


@pytest.fixture
def evidence(submitted_team: Team, qianjin: User) -> LookupEvidence:
    return lookups.add_evidence(submitted_team, officer=qianjin, upload=factories.pdf("信用中国.pdf"))


@pytest.mark.rule("R49", "R50", "R51")
def test_every_unit_and_person_is_due_in_each_list(submitted_team: Team) -> None:
    found = lookups.due(submitted_team)

    submitted_team.refresh_from_db()
    people = submitted_team.representatives.count()
    assert len(found) == 3 * (1 + people) == submitted_team.lookups_due
    assert {one.rule for one in found} == {"R49", "R50", "R51"}
    assert {one.kind for one in found} == {"unit", "person"}


@pytest.mark.rule("R49", "R50", "R51")
def test_approval_waits_for_the_look_ups(
    submitted_team: Team, evidence: LookupEvidence, qianjin: User
) -> None:
    with pytest.raises(Blocked, match="失信被执行人尚未查询"):
        services.approve(submitted_team, officer=qianjin, version=submitted_team.version)

    made = lookups.record_clear(submitted_team, officer=qianjin, looked_on=TODAY, evidence=evidence)
    approved = services.approve(submitted_team, officer=qianjin, version=submitted_team.version)

    assert (lookups.due(submitted_team), approved.status) == ([], "approved")
    assert {row.evidence for row in made} == {evidence}
    assert AuditEvent.objects.get(verb="team.looked_up").data == {"count": len(made), "listed": 0}


@pytest.mark.rule("R49")
def test_who_is_listed_is_blocked_until_looked_up_anew(
    submitted_team: Team, evidence: LookupEvidence, qianjin: User
) -> None:
    lookups.record_clear(submitted_team, officer=qianjin, looked_on=TODAY, evidence=evidence)
    subject = next(iter(lookups.subjects(submitted_team)))
    row = {
        "subject": subject,
        "list_key": "judgment_debtor",
        "outcome": "listed",
        "note": "案号（2025）晋01执1号",
    }

    lookups.record(submitted_team, officer=qianjin, rows=[row], looked_on=TODAY, evidence=evidence)
    with pytest.raises(Blocked, match="列入“失信被执行人”"):
        services.approve(submitted_team, officer=qianjin, version=submitted_team.version)
    clear = row | {"outcome": "clear", "note": "已履行，移出名单"}
    lookups.record(submitted_team, officer=qianjin, rows=[clear], looked_on=TODAY, evidence=evidence)

    approved = services.approve(submitted_team, officer=qianjin, version=submitted_team.version)
    assert approved.status == "approved"


def test_look_ups_of_a_unit_end_with_its_credit_code(
    submitted_team: Team, evidence: LookupEvidence, qianjin: User, lihua: User
) -> None:
    lookups.record_clear(submitted_team, officer=qianjin, looked_on=TODAY, evidence=evidence)
    services.return_for_correction(
        submitted_team, officer=qianjin, version=submitted_team.version, reason="代码与营业执照不符"
    )
    submitted_team.refresh_from_db()
    unit = submitted_team.units.get()
    code = {"credit_code": factories.credit_code(77)}

    services.save_unit(unit, values=code, version=submitted_team.version, actor=lihua)

    submitted_team.refresh_from_db()
    assert [one.kind for one in lookups.due(submitted_team)] == ["unit"] * 3
    assert submitted_team.lookups_due == 3


def test_wrong_look_ups_are_refused_at_the_field(
    submitted_team: Team, evidence: LookupEvidence, qianjin: User
) -> None:
    subject = next(iter(lookups.subjects(submitted_team)))
    row = {"subject": subject, "list_key": "procurement", "outcome": "listed", "note": " "}

    def refused(*rows: dict[str, str], days: int = 0) -> dict[str, str]:
        with pytest.raises(Invalid) as caught:
            lookups.record(
                submitted_team,
                officer=qianjin,
                rows=rows,
                looked_on=TODAY + timedelta(days=days),
                evidence=evidence,
            )
        return caught.value.problems

    assert refused(row) == {"note": "列入名单的，请写明列入情况。"}
    assert refused(row | {"outcome": "clear"}, days=1) == {"looked_on": "查询日期不能晚于今天。"}
    assert "刷新页面" in refused(row | {"subject": "unit:91", "note": "有"})["rows"]
    assert refused() == {"rows": "请至少勾选一项查询。"}
    assert not CreditLookup.objects.exists()


@pytest.mark.parametrize("who", ["lihua", "zhaolei"])
def test_only_officers_look_up(
    submitted_team: Team, evidence: LookupEvidence, who: str, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)

    with pytest.raises(NotAllowed, match="只有秘书处工作人员可以登记"):
        lookups.record_clear(submitted_team, officer=person, looked_on=TODAY, evidence=evidence)


def test_a_draft_is_not_looked_up(draft_team: Team, qianjin: User) -> None:
    with pytest.raises(WrongState, match="不能登记信用查询"):
        lookups.add_evidence(draft_team, officer=qianjin, upload=factories.pdf())


@pytest.mark.parametrize("change", ["update", "delete"])
def test_look_ups_are_immutable(
    submitted_team: Team, evidence: LookupEvidence, qianjin: User, change: str
) -> None:
    lookups.record_clear(submitted_team, officer=qianjin, looked_on=TODAY, evidence=evidence)
    rows = CreditLookup.objects.all()

    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        rows.update(note="改") if change == "update" else rows._raw_delete(rows.db)

    assert rows.filter(note="").count() == len(rows)


def test_chief_sets_findings_aside_with_a_reason(submitted_team: Team, qianjin: User, sunli: User) -> None:
    seen, why = submitted_team.version, "省信用中心系统维护，已电话核实"
    with pytest.raises(NotAllowed, match="只有秘书处负责人"):
        services.approve(submitted_team, officer=qianjin, version=seen, override=why)
    with pytest.raises(Invalid, match="至少10个字"):
        services.approve(submitted_team, officer=sunli, version=seen, override="同意")

    services.approve(submitted_team, officer=sunli, version=seen, override=why)

    review = Review.objects.get()
    assert (review.reason, review.officer, len(review.overridden)) == (why, sunli, 3)
    assert "失信被执行人尚未查询" in review.overridden[0]
