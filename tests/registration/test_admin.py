"""The office's queue and case page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from competition.models import AuditEvent, Edition, User
from registration import services
from registration.models import Finding, Review, Team
from registration.workflow import TeamStatus
from tests import factories
from tests.registration.conftest import MOST_QUERIES, queries_of
from tests.registration.test_pages import text

QUEUE = reverse("admin:registration_team_changelist")


def case(team: Team) -> str:
    return reverse("admin:registration_team_change", args=[team.pk])


def decide(client: Client, team: Team, verdict: str, **fields: Any) -> Any:
    data = {"version": team.version, "verdict": verdict, **fields}
    return client.post(reverse("admin:registration_team_decide", args=[team.pk]), data)


def test_queue_is_for_officers(officer_client: Client, lihua_client: Client, submitted_team: Team) -> None:
    assert officer_client.get(QUEUE).status_code == 200
    assert lihua_client.get(QUEUE).status_code == 302


@pytest.mark.parametrize("query", ["乘数先锋", "煤矿安全", "乘数数据科技1", factories.credit_code(1)])
def test_queue_finds_by_name_project_unit_and_code(
    officer_client: Client, submitted_team: Team, edition: Edition, zhaolei: User, query: str
) -> None:
    other = factories.started_team(zhaolei, edition, name="汾河")
    services.save_team(other, values={"project_name": "文物"}, version=other.version, actor=zhaolei)

    page = text(officer_client.get(QUEUE, {"q": query}))

    assert submitted_team.reference in page
    assert other.reference not in page


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"status__exact": "submitted"}, True),
        ({"status__exact": "approved"}, False),
        ({"city": "140100"}, True),
        ({"city": "140200"}, False),
        ({"city": "outside"}, False),
        ({"found": "staff"}, True),
        ({"found": "block"}, False),
        ({"found": "clear"}, False),
    ],
)
def test_queue_filters(
    officer_client: Client, submitted_team: Team, filters: dict[str, str], found: bool
) -> None:
    Team.objects.filter(pk=submitted_team.pk).update(doubts=1)

    page = text(officer_client.get(QUEUE, filters))

    assert (submitted_team.reference in page) is found


def test_queue_filters_by_track(officer_client: Client, submitted_team: Team, edition: Edition) -> None:
    own, other = edition.tracks.get(number=1), edition.tracks.get(number=2)

    assert submitted_team.reference in text(officer_client.get(QUEUE, {"track": own.number}))
    assert submitted_team.reference not in text(officer_client.get(QUEUE, {"track": other.number}))


def test_queue_asks_the_database_the_same_for_one_and_three(
    officer_client: Client, submitted_team: Team, zhaolei: User
) -> None:
    one = queries_of(officer_client, QUEUE)
    for number in (5, 6):
        factories.submit(factories.complete_team(zhaolei, submitted_team.edition, number=number))

    assert queries_of(officer_client, QUEUE) == one


def test_case_page_shows_findings_facts_and_masks(officer_client: Client, submitted_team: Team) -> None:
    person = submitted_team.representatives.get(position=1)
    unit = submitted_team.units.get()
    Finding.objects.create(
        team=submitted_team, rule="R53", severity="staff", subject="单位1", message="疑为组织单位"
    )

    page = text(officer_client.get(case(submitted_team)))

    assert queries_of(officer_client, case(submitted_team)) <= MOST_QUERIES
    assert "疑为组织单位" in page
    assert unit.credit_code in page
    assert person.document_number not in page
    assert person.mobile not in page
    assert "140***********0012" in page


def test_unmasking_is_recorded(officer_client: Client, submitted_team: Team, qianjin: User) -> None:
    first, second = submitted_team.representatives.all()

    page = text(
        officer_client.post(reverse("admin:registration_team_unmask", args=[submitted_team.pk, first.pk]))
    )

    assert first.document_number in page
    assert second.document_number not in page
    event = AuditEvent.objects.get(verb="representative.unmasked")
    assert (event.actor, event.target_id) == (qianjin, str(first.pk))
    assert first.document_number not in str(event.data)


def test_approval_leads_to_the_next_case(
    officer_client: Client, submitted_team: Team, edition: Edition, zhaolei: User, qianjin: User
) -> None:
    following = factories.submit(factories.complete_team(zhaolei, edition, number=5))

    factories.looked_up(submitted_team, qianjin)
    response = decide(officer_client, submitted_team, "approve")

    submitted_team.refresh_from_db()
    assert submitted_team.status == TeamStatus.APPROVED
    assert response.url == case(following)


def test_return_takes_remarks_beside_the_fields(officer_client: Client, submitted_team: Team) -> None:
    path = f"units.{submitted_team.units.get().pk}.name"

    decide(officer_client, submitted_team, "return", reason="请修改", **{f"mark.{path}": "与执照不一致"})

    review = Review.objects.get()
    assert (review.verdict, review.reason, review.field_reasons) == (
        "return",
        "请修改",
        {path: "与执照不一致"},
    )


def test_refused_decision_keeps_what_was_typed(officer_client: Client, submitted_team: Team) -> None:
    path = f"units.{submitted_team.units.get().pk}.name"
    submitted_team.version -= 1

    response = decide(
        officer_client, submitted_team, "return", reason="写了很久的理由", **{f"mark.{path}": "与执照不一致"}
    )

    page = text(response)
    assert response.status_code == 409
    assert "该报名在您打开页面之后有更新，本次操作没有生效" in page
    assert "写了很久的理由" in page
    assert "与执照不一致" in page


def test_nul_in_a_remark_is_dropped(officer_client: Client, submitted_team: Team) -> None:
    decide(officer_client, submitted_team, "return", reason="请\x00修改", **{"mark.name": "改\x00名"})

    review = Review.objects.get()
    assert (review.reason, review.field_reasons) == ("请修改", {"name": "改名"})


def test_rejection_without_a_reason_is_refused(officer_client: Client, submitted_team: Team) -> None:
    response = decide(officer_client, submitted_team, "reject", reason=" ")

    assert response.status_code == 422
    assert "请写明不通过的理由。" in text(response)


def test_team_blocked_by_a_finding_has_no_approve_button(
    officer_client: Client, submitted_team: Team
) -> None:
    Finding.objects.create(
        team=submitted_team, rule="R47", severity="block", subject="单位1", message="不是法人"
    )

    page = text(officer_client.get(case(submitted_team)))

    assert "不符合项消除之前不能通过" in page


@pytest.mark.rule("R76")
def test_approved_team_offers_nothing_to_change(officer_client: Client, approved_team: Team) -> None:
    page = text(officer_client.get(case(approved_team)))

    assert 'value="approve"' not in page
    assert 'name="name"' not in page
    assert decide(officer_client, approved_team, "return", reason="晚了").status_code == 409


def test_disqualification_from_the_case_page(officer_client: Client, approved_team: Team) -> None:
    decide(officer_client, approved_team, "disqualify", reason="提供虚假信息")

    approved_team.refresh_from_db()
    assert approved_team.status == TeamStatus.DISQUALIFIED


def test_history_shows_the_audit_log(officer_client: Client, approved_team: Team) -> None:
    page = text(officer_client.get(reverse("admin:registration_team_history", args=[approved_team.pk])))

    assert "资格审核通过" in page
    assert "本人确认" in page


def test_look_ups_are_recorded_from_the_table(officer_client: Client, submitted_team: Team) -> None:
    unit = submitted_team.units.get()
    address = reverse("admin:registration_team_lookups", args=[submitted_team.pk])
    row = f"judgment_debtor|unit:{unit.credit_key}"
    data = {
        "row": [row],
        "looked_on": "2025-01-01",
        "outcome": "clear",
        "evidence": factories.pdf("信用.pdf"),
    }

    response = officer_client.post(address, data)

    found = submitted_team.lookups.get()
    assert response.status_code == 302
    assert (found.list_key, found.outcome, found.evidence.name) == ("judgment_debtor", "clear", "信用.pdf")


@pytest.mark.parametrize("ready", [True, False])
def test_bulk_approval_takes_only_clear_cases(
    officer_client: Client, submitted_team: Team, qianjin: User, ready: bool
) -> None:
    if ready:
        factories.looked_up(submitted_team, qianjin)
    data = {
        "action": "approve_clear",
        "_selected_action": [submitted_team.pk],
        f"version-{submitted_team.pk}": submitted_team.version,
    }

    page = text(officer_client.post(QUEUE, data, follow=True))

    submitted_team.refresh_from_db()
    assert (submitted_team.status == TeamStatus.APPROVED) is ready
    assert ("没有通过：" in page) is not ready


@pytest.mark.parametrize("phone", ["13800130001", "138 0013 0001"])
def test_queue_finds_by_whole_phone_and_reference(
    officer_client: Client, submitted_team: Team, phone: str
) -> None:
    person = submitted_team.representatives.order_by("position")[0]

    assert submitted_team.reference in text(officer_client.get(QUEUE, {"q": person.mobile}))
    assert submitted_team.reference in text(
        officer_client.get(QUEUE, {"q": submitted_team.reference.lower()})
    )
    assert submitted_team.reference not in text(officer_client.get(QUEUE, {"q": f"{phone[:-1]}9"}))
