"""What officers press on the case page and in the queue: claims, overrides, proofs in the viewer, filters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from competition.models import AuditEvent, OutboxMessage, User
from competition.services import lists
from competition.sheets import Sheet, workbook
from registration import services
from registration.admin.queue import LATE, late_before, midnight
from registration.models import Review, Team, UnitProof
from registration.services import claiming
from registration.workflow import TeamStatus
from tests import factories
from tests.registration.conftest import MOST_QUERIES, queries_of
from tests.registration.test_admin import QUEUE, case, decide
from tests.registration.test_case_browser import with_pages
from tests.registration.test_pages import text


@pytest.fixture
def chief_client(as_user: Callable[[User], Client], sunli: User) -> Client:
    return as_user(sunli)


def press(client: Client, team: Team, act: str) -> Any:
    return client.post(reverse("admin:registration_team_claim", args=[team.pk]), {"act": act})


def proof_of(team: Team, slot: str = "") -> UnitProof:
    found = UnitProof.objects.filter(unit__team=team).exclude(file="").order_by("pk").first()
    assert found is not None
    return found


def test_case_is_claimed_and_put_back(officer_client: Client, submitted_team: Team, qianjin: User) -> None:
    claimed = press(officer_client, submitted_team, "claim")
    submitted_team.refresh_from_db()
    holder, page = submitted_team.claimed_by, text(officer_client.get(case(submitted_team)))
    press(officer_client, submitted_team, "release")
    submitted_team.refresh_from_db()

    assert (claimed.status_code, claimed.url, holder) == (302, case(submitted_team), qianjin)
    assert "由您办理" in page
    assert submitted_team.claimed_by is None


def test_case_is_taken_over_and_the_former_officer_told(
    officer_client: Client, chief_client: Client, submitted_team: Team, qianjin: User, sunli: User
) -> None:
    press(officer_client, submitted_team, "claim")
    before = OutboxMessage.objects.count()

    refused = press(chief_client, submitted_team, "claim")
    page = text(chief_client.get(case(submitted_team)))
    press(chief_client, submitted_team, "take_over")

    submitted_team.refresh_from_db()
    assert refused.status_code == 409
    assert qianjin.display_name in page
    assert 'value="take_over"' in page
    assert 'value="approve"' not in page
    assert submitted_team.claimed_by == sunli
    assert OutboxMessage.objects.count() > before


def test_unknown_act_is_refused(officer_client: Client, submitted_team: Team) -> None:
    response = press(officer_client, submitted_team, "")

    assert "请选择领取、接手或放回。" in text(response)


def test_second_officer_is_told_and_keeps_what_was_typed(
    officer_client: Client, submitted_team: Team, sunli: User
) -> None:
    claiming.claim(submitted_team, officer=sunli)

    response = decide(
        officer_client, submitted_team, "return", reason="写了很久的理由", **{"mark.name": "与证照不一致"}
    )

    page = text(response)
    submitted_team.refresh_from_db()
    assert response.status_code == 409
    assert sunli.display_name in page
    assert "写了很久的理由" in page
    assert "与证照不一致" in page
    assert submitted_team.status == TeamStatus.SUBMITTED


@pytest.mark.rule("R49")
def test_chief_overrides_what_is_due_with_a_reason(
    officer_client: Client, chief_client: Client, submitted_team: Team, sunli: User
) -> None:
    reason = "查询网站无法访问，已通过其他渠道核实。"

    by_officer = decide(officer_client, submitted_team, "approve", override=reason)
    too_short = decide(chief_client, submitted_team, "approve", override="可以")
    decide(chief_client, submitted_team, "approve", override=reason)

    review = Review.objects.get()
    submitted_team.refresh_from_db()
    assert (by_officer.status_code, too_short.status_code) == (403, 422)
    assert "至少10个字" in text(too_short)
    assert "可以" in text(too_short)
    assert (review.officer, review.reason, submitted_team.status) == (sunli, reason, TeamStatus.APPROVED)
    assert any(line.startswith("R49") for line in review.overridden)


def test_look_ups_without_an_outcome_are_refused(officer_client: Client, submitted_team: Team) -> None:
    subject = f"unit:{submitted_team.units.get().credit_key}"
    data = {
        "row": [f"judgment_debtor|{subject}"], "looked_on": "2025-01-01", "evidence": factories.pdf(),
    }  # fmt: skip

    response = officer_client.post(reverse("admin:registration_team_lookups", args=[submitted_team.pk]), data)

    assert response.status_code == 422
    assert "请选择查询结果：未列入或列入。" in text(response)
    assert not submitted_team.lookups.exists()


def test_viewer_draws_the_page_that_is_asked_for(
    officer_client: Client, submitted_team: Team, qianjin: User
) -> None:
    proof = proof_of(with_pages(submitted_team, 3))
    page = lambda number: reverse("admin:registration_team_page", args=[proof.pk, number])  # noqa: E731
    folder = f"proofs/{submitted_team.pk}/pages-{proof.sha256}"

    opened = text(officer_client.get(reverse("admin:registration_team_view", args=[proof.pk])))
    drawn_at_first = proof.file.storage.listdir(folder)[1]
    third = officer_client.get(page(3))
    picture = b"".join(third.streaming_content)

    assert [page(number) in opened for number in (1, 2, 3, 4)] == [True, True, True, False]
    assert sorted(drawn_at_first) == ["1.png", "count"]
    assert sorted(proof.file.storage.listdir(folder)[1]) == ["1.png", "3.png", "count"]
    assert (third.status_code, third["Content-Type"]) == (200, "image/png")
    assert third["X-Content-Type-Options"] == "nosniff"
    assert picture.startswith(b"\x89PNG")
    assert officer_client.get(page(4)).status_code == 404
    assert AuditEvent.objects.filter(verb="proof.read", actor=qianjin, target_id=str(proof.pk)).exists()


def test_viewer_is_closed_to_strangers(
    as_user: Callable[[User | None], Client], submitted_team: Team, zhaolei: User, officer_client: Client
) -> None:
    proof = proof_of(with_pages(submitted_team, 1))
    addresses = [
        reverse("admin:registration_team_view", args=[proof.pk]),
        reverse("admin:registration_team_page", args=[proof.pk, 1]),
    ]

    answers = [as_user(who).get(one) for who in (zhaolei, None) for one in addresses]

    assert {one.status_code for one in answers} == {302}  # to the sign-in, as everywhere in the office's site
    assert all("login" in one.url for one in answers)
    assert officer_client.get(reverse("admin:registration_team_view", args=[0])).status_code == 404


def test_broken_proof_is_told(officer_client: Client, submitted_team: Team) -> None:
    proof = proof_of(submitted_team)
    with Path(proof.file.path).open("r+b") as stored:  # as a worn-out disk leaves it
        stored.write(b"\0" * 4096)

    page = text(officer_client.get(reverse("admin:registration_team_view", args=[proof.pk])))

    assert "文件已损坏或格式不正确，不能在此显示。" in page


def test_proofs_of_a_unit_that_left_are_shown(officer_client: Client, draft_team: Team, lihua: User) -> None:
    second = factories.add_unit(draft_team, 77)
    factories.add_proofs(second)
    back = services.take_back(factories.submit(draft_team), actor=lihua)
    proof = UnitProof.objects.filter(unit=second).exclude(file="")[0]
    services.remove_unit(second, actor=lihua, version=back.version)
    team = factories.submit(back)

    page = text(officer_client.get(case(team)))

    assert "已移除单位的材料" in page
    assert reverse("admin:registration_team_view", args=[proof.pk]) in page
    assert queries_of(officer_client, case(team)) <= MOST_QUERIES
    assert officer_client.get(reverse("admin:registration_team_view", args=[proof.pk])).status_code == 200


def test_queue_filters_by_officer(
    officer_client: Client, chief_client: Client, submitted_team: Team, qianjin: User
) -> None:
    def listed(client: Client, officer: str) -> bool:
        return submitted_team.reference in text(client.get(QUEUE, {"officer": officer}))

    free = [listed(officer_client, "mine"), listed(officer_client, "nobody")]
    claiming.claim(submitted_team, officer=qianjin)
    held = [listed(officer_client, "mine"), listed(officer_client, "nobody")]

    assert (free, held) == ([False, True], [True, False])
    assert (listed(chief_client, "mine"), listed(chief_client, str(qianjin.pk))) == (False, True)


def test_queue_filters_by_age_in_working_days(officer_client: Client, submitted_team: Team) -> None:
    def ages() -> list[str]:
        return [
            age
            for age in ("today", "days", "late")
            if submitted_team.reference in text(officer_client.get(QUEUE, {"age": age}))
        ]

    today, found = midnight(timezone.now()), [ages()]
    late = late_before(today, submitted_team.edition)
    for at in (late, late - timedelta(seconds=1)):
        Team.objects.filter(pk=submitted_team.pk).update(submitted_at=at)
        found.append(ages())

    assert found == [["today"], ["days"], ["late"]]


@pytest.mark.rule("R89")
def test_imported_days_count_in_the_age(submitted_team: Team, qianjin: User) -> None:
    edition, today = submitted_team.edition, midnight(timezone.now())
    before = late_before(today, edition)
    days = [(timezone.localtime(today) - timedelta(days=back)).date() for back in range(1, 15)]
    rows = [[day, "休息日"] for day in days]
    file = SimpleUploadedFile("节假日.xlsx", workbook([Sheet("节假日", ["日期", "类型"], rows)]))

    lists.bring_in(edition, "holidays", file, actor=qianjin, source="")

    assert LATE == 3
    assert late_before(today, edition) <= before - timedelta(days=7)
