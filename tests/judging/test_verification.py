"""Technical verification: applied for, arranged, recorded; what fails leaves its list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competition import clock, roles
from competition.errors import Invalid, NotAllowed, WrongState
from competition.identity import name_key
from competition.models import Edition, OutboxMessage, User
from judging.models import (
    Conflict,
    Expert,
    ExpertUnit,
    ListChange,
    Result,
    Verification,
    VerificationRecord,
)
from judging.services import lists
from judging.services import verification as services
from judging.shortlist import first_lists
from judging.workflow import Mode, VerificationStatus
from registration.registries import cards_of
from submissions.models import Entry
from tests.contest import accepted_entry, expert
from tests.fixtures import make_user

WHY = "演示系统部署在生产现场，不能离开矿区网络。"
ALL_GOOD = {"technology": True, "data_source": True, "rights": True}
AsUser = Callable[[User | None], Client]


@pytest.fixture
def entry(edition: Edition, lihua: User, wangfang: User) -> Entry:
    return accepted_entry(edition, lihua, also=wangfang)


@pytest.fixture
def verification(entry: Entry) -> Verification:
    return services.open_for(entry)


@pytest.fixture
def judge(edition: Edition, sunmei: User) -> Expert:
    return expert(edition, sunmei)


@pytest.fixture
def arranged(verification: Verification, judge: Expert, qianjin: User) -> Verification:
    """Sunmei verifies it the day after tomorrow."""
    starts_at = clock.now(verification.edition) + timedelta(days=2)
    return services.schedule(
        verification, officer=qianjin, starts_at=starts_at, place="省数据局301室", experts=[judge]
    )


def record(
    verification: Verification, actor: User, experts: list[Expert], **changes: Any
) -> VerificationRecord:
    given: dict[str, Any] = {**ALL_GOOD, "opinion": "三项均无异议。", "mode": Mode.ON_SITE, **changes}
    return services.record(verification, actor=actor, experts=experts, **given)


@pytest.mark.rule("R24")
def test_listed_entry_is_verified_once_on_site_and_its_team_told(entry: Entry) -> None:
    first, again = services.open_for(entry), services.open_for(entry)

    assert first == again
    assert (first.mode, first.status) == (Mode.ON_SITE, VerificationStatus.WAITING)
    assert OutboxMessage.objects.get(kind="verification.team").recipient == entry.team.owner.email


@pytest.mark.rule("R26")
def test_team_applies_for_on_line_and_is_answered(
    verification: Verification, wangfang: User, qianjin: User
) -> None:
    asked = services.apply_on_line(verification, actor=wangfang, reason=WHY)
    mode_asked = asked.mode

    granted = services.answer(asked, officer=qianjin, granted=True, answer="")

    assert (mode_asked, granted.mode) == (Mode.ON_LINE_ASKED, Mode.ON_LINE)
    assert (granted.application, granted.applied_by, granted.answered_by) == (WHY, wangfang, qianjin)


@pytest.mark.rule("R26")
def test_refused_application_stays_on_site_says_why_and_may_be_made_again(
    verification: Verification, lihua: User, qianjin: User
) -> None:
    services.apply_on_line(verification, actor=lihua, reason=WHY)
    with pytest.raises(Invalid):
        services.answer(verification, officer=qianjin, granted=False, answer=" ")

    refused = services.answer(verification, officer=qianjin, granted=False, answer="矿区距会场不远。")
    told = OutboxMessage.objects.filter(kind="verification.team").latest("id")

    assert (refused.mode, "矿区距会场不远。" in told.body) == (Mode.ON_SITE, True)
    assert services.apply_on_line(refused, actor=lihua, reason=WHY).mode == Mode.ON_LINE_ASKED


def test_application_needs_the_team_a_reason_and_no_other_application(
    verification: Verification, lihua: User, zhaolei: User, qianjin: User
) -> None:
    for stranger in (zhaolei, qianjin):
        with pytest.raises(NotAllowed):
            services.apply_on_line(verification, actor=stranger, reason=WHY)
    for reason in ("  ", "长" * 501):
        with pytest.raises(Invalid):
            services.apply_on_line(verification, actor=lihua, reason=reason)
    with pytest.raises(WrongState):
        services.answer(verification, officer=qianjin, granted=True, answer="")

    services.apply_on_line(verification, actor=lihua, reason=WHY)

    with pytest.raises(WrongState):
        services.apply_on_line(verification, actor=lihua, reason=WHY)


@pytest.mark.rule("R23")
def test_arrangement_is_told_to_team_and_experts_and_teams_learn_no_names(
    arranged: Verification, entry: Entry, judge: Expert, lihua: User
) -> None:
    told = OutboxMessage.objects.filter(kind="verification.team").latest("id")
    invited = OutboxMessage.objects.get(kind="verification.expert")
    cards = cards_of(entry.team, lihua)

    assert list(arranged.experts.all()) == [judge]
    assert "省数据局301室" in told.body
    assert invited.recipient == judge.user.email
    assert any("省数据局301室" in card.text and card.urgent for card in cards)
    assert "孙梅" not in told.body + str(cards)


@pytest.mark.parametrize("kind", ["unit", "credit code", "declared", "member", "not on the roll"])
def test_related_expert_is_not_taken(
    verification: Verification, entry: Entry, judge: Expert, wangfang: User, qianjin: User, kind: str
) -> None:
    unit = entry.team.units.get()
    if kind == "unit":
        ExpertUnit.objects.create(expert=judge, name=unit.name, name_key=name_key(unit.name))
    elif kind == "credit code":
        ExpertUnit.objects.create(expert=judge, name="旧名称", name_key="旧名称", credit_key=unit.credit_key)
    elif kind == "declared":
        now = clock.now(entry.edition)
        Conflict.objects.create(
            expert=judge, entry=entry, source="declared", reason="师生", by=judge.user, at=now
        )
    elif kind == "member":
        Expert.objects.filter(pk=judge.pk).update(user=wangfang)
    else:
        Expert.objects.filter(pk=judge.pk).update(is_active=False)

    with pytest.raises(Invalid, match="不能参加验证"):
        services.schedule(
            verification,
            officer=qianjin,
            starts_at=clock.now(entry.edition),
            place="301室",
            experts=[judge],
        )
    assert not services.candidates(verification).exists()


@pytest.mark.parametrize("changes", [{"place": " "}, {"experts": []}])
def test_arrangement_needs_place_and_experts(
    verification: Verification, judge: Expert, qianjin: User, changes: dict[str, Any]
) -> None:
    given = {"starts_at": clock.now(verification.edition), "place": "301室", "experts": [judge], **changes}

    with pytest.raises(Invalid):
        services.schedule(verification, officer=qianjin, **given)


def test_only_the_office_arranges_and_answers(
    verification: Verification, judge: Expert, lihua: User, zhaolei: User
) -> None:
    services.apply_on_line(verification, actor=lihua, reason=WHY)

    for person in (lihua, zhaolei, judge.user):
        with pytest.raises(NotAllowed):
            services.answer(verification, officer=person, granted=True, answer="")
        with pytest.raises(NotAllowed):
            services.schedule(
                verification,
                officer=person,
                starts_at=clock.now(verification.edition),
                place="301室",
                experts=[judge],
            )


@pytest.mark.rule("R25")
@pytest.mark.parametrize("who", ["officer", "chief", "expert"])
def test_three_items_and_an_opinion_are_recorded_for_good(
    arranged: Verification, judge: Expert, qianjin: User, sunli: User, who: str
) -> None:
    actor = {"officer": qianjin, "chief": sunli, "expert": judge.user}[who]

    made = record(arranged, actor, [judge])

    arranged.refresh_from_db()
    assert (arranged.status, made.experts, made.recorded_by) == (VerificationStatus.PASSED, ["孙梅"], actor)
    with pytest.raises(WrongState):
        record(arranged, actor, [judge])
    with pytest.raises(Exception, match="verification_record"), transaction.atomic():
        VerificationRecord.objects.update(technology=False)


@pytest.mark.rule("R25")
@pytest.mark.parametrize("item", ["technology", "data_source", "rights"])
def test_one_item_that_does_not_hold_fails_and_tells_the_team(
    arranged: Verification, judge: Expert, qianjin: User, entry: Entry, lihua: User, item: str
) -> None:
    record(arranged, qianjin, [judge], **{item: False}, opinion="不能提供数据来源证明。")

    arranged.refresh_from_db()
    told = OutboxMessage.objects.filter(kind="verification.team").latest("id")
    assert arranged.status == VerificationStatus.FAILED
    assert "不能提供数据来源证明。" in told.body
    assert "技术验证未通过" in [card.title for card in cards_of(entry.team, lihua)]


@pytest.mark.rule("R24")
def test_failed_entry_leaves_its_list_and_a_passed_one_stays(
    arranged: Verification, edition: Edition, lihua: User, judge: Expert, qianjin: User, sunli: User
) -> None:
    other = services.open_for(accepted_entry(edition, lihua))
    entries = [str(one.entry_id) for one in (arranged, other)]
    listed = first_lists([[one] for one in entries], finalist_seats=2, excellence_seats=0)
    now = clock.now(edition)
    Result.objects.create(
        edition=edition, round="preliminary", status="confirmed", content={"lists": {"1": listed.as_data()}},
        sha256="0" * 64, proposed_by=qianjin, proposed_at=now, decided_by=sunli, decided_at=now,
    )  # fmt: skip
    before = lists.standing(edition)[1].finalists

    record(arranged, qianjin, [judge], rights=False)
    record(other, qianjin, [judge])

    assert before == tuple(entries)
    assert lists.standing(edition)[1].finalists == (entries[1],)
    assert ListChange.objects.get().by == qianjin


@pytest.mark.parametrize(
    "changes", [{"opinion": " "}, {"mode": Mode.ON_LINE}, {"mode": Mode.ON_LINE_ASKED}, {"experts": []}]
)
def test_record_needs_opinion_leave_for_on_line_and_experts(
    arranged: Verification, judge: Expert, qianjin: User, changes: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        record(arranged, qianjin, **{"experts": [judge], **changes})

    assert not VerificationRecord.objects.exists()


@pytest.mark.rule("R26")
def test_granted_verification_may_be_held_on_line(
    arranged: Verification, judge: Expert, lihua: User, qianjin: User
) -> None:
    services.apply_on_line(arranged, actor=lihua, reason=WHY)
    services.answer(arranged, officer=qianjin, granted=True, answer="")

    made = record(arranged, judge.user, [judge], mode=Mode.ON_LINE)

    assert made.mode == Mode.ON_LINE


def test_strangers_and_other_experts_do_not_record(
    arranged: Verification, judge: Expert, edition: Edition, lihua: User, zhaolei: User
) -> None:
    other = expert(edition, make_user("hemin", "何敏", role=roles.EXPERT), unit="别的单位")

    for person in (lihua, zhaolei, other.user):
        with pytest.raises(NotAllowed):
            record(arranged, person, [judge])


@pytest.mark.rule("R54")
def test_entry_that_left_is_not_verified(arranged: Verification, judge: Expert, qianjin: User) -> None:
    for _ in range(2):
        services.leave(arranged.entry, "withdrawn")

    arranged.refresh_from_db()
    assert arranged.status == VerificationStatus.VOID
    with pytest.raises(WrongState):
        record(arranged, qianjin, [judge])


def test_database_wants_an_application_and_an_answer_for_on_line(verification: Verification) -> None:
    for changes in ({"mode": Mode.ON_LINE_ASKED}, {"mode": Mode.ON_LINE, "application": WHY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Verification.objects.filter(pk=verification.pk).update(**changes)


def test_team_page_takes_the_application_and_names_no_expert(
    arranged: Verification, entry: Entry, lihua: User, as_user: AsUser
) -> None:
    client, address = as_user(lihua), reverse("judging:verification_team", args=[entry.pk])
    apply = reverse("judging:verification_apply", args=[entry.pk])

    refused = client.post(apply, {"reason": " "})
    done = client.post(apply, {"reason": WHY}, follow=True)

    shown = done.content.decode()
    assert (refused.status_code, done.redirect_chain[0][0]) == (422, address)
    assert ("省数据局301室" in shown, WHY in shown, "待答复" in shown) == (True, True, True)
    assert "孙梅" not in shown


def test_office_arranges_and_records_on_the_case_page(
    verification: Verification, judge: Expert, qianjin: User, as_user: AsUser
) -> None:
    client, page = as_user(qianjin), reverse("judging:verification_case", args=[verification.pk])
    arrange = {
        "schedule-starts_at": "2026-12-05T09:00",
        "schedule-place": "线下会场",
        "schedule-experts": [judge.pk],
    }
    found = {
        "record-technology": "yes",
        "record-data_source": "yes",
        "record-rights": "yes",
        "record-mode": "on_site",
        "record-experts": [judge.pk],
    }
    to = {
        name: reverse(f"judging:verification_{name}", args=[verification.pk])
        for name in ("schedule", "record")
    }

    wrong = client.post(to["schedule"], {**arrange, "schedule-place": ""})
    arranged = client.post(to["schedule"], arrange)
    no_opinion = client.post(to["record"], {**found, "record-opinion": ""})
    on_line = client.post(to["record"], {**found, "record-opinion": "好", "record-mode": "on_line"})
    recorded = client.post(to["record"], {**found, "record-opinion": "无异议"})

    assert [one.status_code for one in (wrong, no_opinion, on_line)] == [422, 422, 422]
    assert "2026-12-05T09:00" in wrong.content.decode()
    assert "没有获准线上" in on_line.content.decode()
    assert (arranged["Location"], recorded["Location"]) == (page, page)
    assert Verification.objects.get().status == VerificationStatus.PASSED


def test_expert_sees_the_own_verifications_alone(
    arranged: Verification, edition: Edition, wangfang: User, judge: Expert, as_user: AsUser
) -> None:
    foreign = services.open_for(accepted_entry(edition, wangfang))
    client = as_user(judge.user)

    listed = client.get(reverse("judging:verification_mine")).content.decode()
    own = client.get(reverse("judging:verification_assigned", args=[arranged.pk]))
    other = client.get(reverse("judging:verification_assigned", args=[foreign.pk]))

    assert (arranged.entry.reference in listed, foreign.entry.reference in listed) == (True, False)
    assert (own.status_code, other.status_code) == (200, 404)
    assert arranged.entry.team.units.get().contact not in own.content.decode()


def test_expert_records_on_the_own_page(arranged: Verification, judge: Expert, as_user: AsUser) -> None:
    address = reverse("judging:verification_record_assigned", args=[arranged.pk])
    found = {
        f"record-{name}": value
        for name, value in {
            "technology": "yes",
            "data_source": "yes",
            "rights": "yes",
            "mode": "on_site",
            "experts": judge.pk,
            "opinion": "无异议",
        }.items()
    }

    response = as_user(judge.user).post(address, found)

    assert response["Location"] == reverse("judging:verification_assigned", args=[arranged.pk])
    assert VerificationRecord.objects.get().recorded_by == judge.user


def test_lists_ask_as_much_for_one_as_for_three(
    arranged: Verification, edition: Edition, lihua: User, judge: Expert, qianjin: User, as_user: AsUser
) -> None:
    counts = []
    people = [
        (as_user(qianjin), "judging:verification_list"),
        (as_user(judge.user), "judging:verification_mine"),
    ]
    for client, name in people:
        client.get(reverse(name))

    for more in (0, 2):
        for _ in range(more):
            services.open_for(accepted_entry(edition, lihua)).experts.add(judge)
        for client, name in people:
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(name))
            counts.append(len(queries))

    assert counts[:2] == counts[2:]
    assert max(counts) <= 12
