"""Prizes follow from the locked final; the database keeps their number, their amount and their sum."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.utils import InternalError
from django.test import Client
from django.urls import reverse

from awards.models import Award, Payout, PrizeBudget, PrizeTier, Revocation, Work
from awards.services import awarding, revoking
from awards.workflow import AwardStatus, CertificateStatus, PayoutStatus, WorkStatus
from competition import clock
from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import Edition, OutboxMessage, User
from judging.models import Verification
from judging.workflow import VerificationStatus
from registration import services as registration
from registration.registries import cards_of
from submissions import services as submissions
from submissions.models import Entry
from tests.awards.given import given
from tests.awards.ground import confirmed, decided, entries_of, published
from tests.contest import accepted_entry

AsUser = Callable[[User | None], Client]


@pytest.fixture
def entries(edition: Edition, lihua: User, qianjin: User, sunli: User) -> list[Entry]:
    """Five entries: the final ranked the first four, the fifth has an excellence award."""
    made = entries_of(edition, lihua, 5)
    decided(edition, qianjin, sunli, finalists=made[:4], excellence=made[4:])
    return made


def raw(tier: PrizeTier, entry: Entry, actor: User, **changes: Any) -> Award:
    """A row past the service, as a mistaken programme would write it."""
    facts = {"position": entry.pk % 30000, "amount_fen": tier.amount_fen, **changes}
    return Award.objects.create(
        edition=tier.edition, tier=tier, entry=entry, proposed_by=actor, proposed_at=clock.real_now(), **facts
    )


@pytest.mark.rule("R31")
def test_propose_fills_the_tiers_from_the_top(edition: Edition, entries: list[Entry], qianjin: User) -> None:
    awards = awarding.propose(edition, actor=qianjin)

    assert [(award.tier.key, award.position, award.entry, award.amount_fen) for award in awards] == [
        ("first", 1, entries[0], 5_000_000),
        ("first", 2, entries[1], 5_000_000),
        ("first", 3, entries[2], 5_000_000),
        ("second", 1, entries[3], 3_000_000),
        ("excellence", 1, entries[4], 500_000),
    ]
    assert {award.status for award in awards} == {AwardStatus.PROPOSED}


@pytest.mark.rule("R31", "R37", "R39", "R40", "R41", "R42")
def test_propose_gives_every_prize_of_a_full_contest(
    edition: Edition, lihua: User, qianjin: User, sunli: User
) -> None:
    made = entries_of(edition, lihua, 36)
    decided(edition, qianjin, sunli, finalists=made[:18], excellence=made[18:])

    awards = awarding.propose(edition, actor=qianjin)

    tiers = [(award.tier.name, award.amount_fen) for award in awards]
    assert tiers == [
        *[("一等奖", 5_000_000)] * 3,
        *[("二等奖", 3_000_000)] * 6,
        *[("三等奖", 2_000_000)] * 9,
        *[("优秀奖", 500_000)] * 18,
    ]
    assert sum(award.amount_fen for award in awards) == 60_000_000


@pytest.mark.rule("R31")
def test_propose_leaves_the_place_of_who_left_after_the_lock_empty(
    edition: Edition, entries: list[Entry], qianjin: User
) -> None:
    registration.disqualify(entries[1].team, officer=qianjin, reason="提交虚假材料")

    awards = awarding.propose(edition, actor=qianjin)

    assert [(award.tier.key, award.position, award.entry) for award in awards] == [
        ("first", 1, entries[0]),
        ("first", 3, entries[2]),
        ("second", 1, entries[3]),
        ("excellence", 1, entries[4]),
    ]


@pytest.mark.rule("R24")
def test_propose_waits_for_who_moved_up_and_is_not_verified(
    edition: Edition, entries: list[Entry], qianjin: User
) -> None:
    newcomer = Verification.objects.filter(entry=entries[4])
    newcomer.update(status=VerificationStatus.WAITING)

    with pytest.raises(WrongState, match="1项入选作品的技术验证"):
        awarding.propose(edition, actor=qianjin)
    newcomer.update(status=VerificationStatus.PASSED)

    assert entries[4] in [award.entry for award in awarding.propose(edition, actor=qianjin)]


def test_propose_refuses_strangers_an_open_final_and_a_second_time(
    edition: Edition, qianjin: User, sunli: User, lihua: User, zhaolei: User
) -> None:
    with pytest.raises(NotAllowed):
        awarding.propose(edition, actor=zhaolei)
    with pytest.raises(WrongState, match="决赛结果尚未"):
        awarding.propose(edition, actor=qianjin)
    made = entries_of(edition, lihua, 1)
    decided(edition, qianjin, sunli, finalists=made, excellence=[])
    awarding.propose(edition, actor=qianjin)

    with pytest.raises(WrongState, match="已经拟定"):
        awarding.propose(edition, actor=sunli)


@pytest.mark.rule("R43", "R44")
def test_unit_award_has_a_reason_and_no_money(edition: Edition, qianjin: User) -> None:
    award = awarding.add_unit_award(
        edition, key="organisation", unit_name=" 太原市数据局 ", reason="组织动员得力。", actor=qianjin
    )

    assert (str(award.tier), award.tier.code, award.unit_name, award.reason) == (
        "优秀组织奖",
        "Z",
        "太原市数据局",
        "组织动员得力。",
    )
    assert (award.entry, award.amount_fen, award.position) == (None, 0, 1)


@pytest.mark.rule("R43", "R44")
def test_unit_award_is_refused_without_reason_twice_and_as_a_prize(edition: Edition, qianjin: User) -> None:
    given = {"key": "contribution", "unit_name": "某公司", "reason": "提供场地。", "actor": qianjin}
    awarding.add_unit_award(edition, **given)

    for changed, field in (
        ({"unit_name": "某 公司"}, "unit_name"),
        ({"unit_name": "另一公司", "reason": " "}, "reason"),
        ({"unit_name": "另一公司", "key": "first"}, "key"),
    ):
        with pytest.raises(Invalid) as refused:
            awarding.add_unit_award(edition, **{**given, **changed})
        assert list(refused.value.problems) == [field]


@pytest.mark.rule("R41")
def test_database_refuses_one_more_than_the_tier_holds(edition: Edition, lihua: User, qianjin: User) -> None:
    awarding.load_tiers(edition)
    third = PrizeTier.objects.get(edition=edition, key="third")
    made = entries_of(edition, lihua, 10)
    for entry in made[:9]:
        raw(third, entry, qianjin)

    with pytest.raises(IntegrityError, match="holds 9 awards"), transaction.atomic():
        raw(third, made[9], qianjin)


@pytest.mark.rule("R42")
def test_database_refuses_a_nineteenth_excellence_award(edition: Edition, lihua: User, qianjin: User) -> None:
    awarding.load_tiers(edition)
    tier = PrizeTier.objects.get(edition=edition, key="excellence")
    made = entries_of(edition, lihua, 19)
    held = [raw(tier, entry, qianjin) for entry in made[:18]]

    with pytest.raises(IntegrityError, match="holds 18 awards"), transaction.atomic():
        raw(tier, made[18], qianjin)
    revoking.end(held[0], reason="撤回")

    raw(tier, made[18], qianjin)  # what ended makes room


@pytest.mark.rule("R37")
def test_database_refuses_more_than_the_total_and_another_amount(
    edition: Edition, lihua: User, qianjin: User
) -> None:
    awarding.load_tiers(edition)
    PrizeBudget.objects.filter(edition=edition).update(total_fen=7_999_999)
    tiers = {tier.key: tier for tier in edition.prize_tiers.all()}
    made = entries_of(edition, lihua, 2)
    raw(tiers["first"], made[0], qianjin)

    with pytest.raises(IntegrityError, match="exceed 7999999 fen"), transaction.atomic():
        raw(tiers["second"], made[1], qianjin)
    with pytest.raises(IntegrityError, match="in a tier of 2000000 fen"), transaction.atomic():
        raw(tiers["third"], made[1], qianjin, amount_fen=2_000_001)


@pytest.mark.rule("R37")
@pytest.mark.django_db(transaction=True)
def test_two_at_once_cannot_both_take_the_last_place(edition: Edition, lihua: User, qianjin: User) -> None:
    awarding.load_tiers(edition)
    PrizeTier.objects.filter(edition=edition, key="first").update(count=1)
    first = PrizeTier.objects.get(edition=edition, key="first")
    made, together = entries_of(edition, lihua, 2), Barrier(2)

    def take(entry: Entry) -> bool:
        try:
            together.wait(timeout=20)
            with transaction.atomic():
                raw(first, entry, qianjin)
        except IntegrityError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(take, made))

    assert sorted(taken) == [False, True]
    assert Award.objects.filter(tier=first).count() == 1


def test_award_keeps_its_facts_in_the_database(edition: Edition, entries: list[Entry], qianjin: User) -> None:
    award = awarding.propose(edition, actor=qianjin)[0]
    rows = Award.objects.filter(pk=award.pk)

    for attempt in (
        lambda: rows.update(amount_fen=1),
        lambda: rows.update(entry=entries[3]),
        lambda: rows.update(tier=PrizeTier.objects.get(edition=edition, key="third")),
        rows.delete,
    ):
        with pytest.raises(InternalError, match=r"Cannot (update|delete) rows"), transaction.atomic():
            attempt()
    with pytest.raises(InternalError, match="Cannot truncate"), transaction.atomic():
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE awards_award CASCADE")


@pytest.mark.rule("R54", "R57", "R60", "R69")
@pytest.mark.parametrize("state", ["proposed", "published", "confirmed"])
def test_disqualification_ends_the_award_at_any_state(
    edition: Edition, entries: list[Entry], qianjin: User, sunli: User, state: str
) -> None:
    if state == "confirmed":
        confirmed(edition, qianjin, sunli)
    else:
        awarding.propose(edition, actor=qianjin)
        if state == "published":
            published(edition, qianjin, sunli)
    team = entries[0].team
    team.refresh_from_db()

    registration.disqualify(team, officer=qianjin, reason="提交虚假材料")

    award = Award.objects.get(entry=entries[0])
    ended = AwardStatus.REVOKED if state == "confirmed" else AwardStatus.VOID
    assert (award.status, award.ended_why) == (ended, "团队已被取消参赛资格，成绩无效。")
    assert Award.objects.filter(edition=edition, status=state).count() == 4


@pytest.mark.rule("R54", "R91")
def test_revocation_by_two_reaches_certificate_money_and_work(
    edition: Edition, entries: list[Entry], qianjin: User, sunli: User
) -> None:
    award = confirmed(edition, qianjin, sunli)[0]
    proposal = revoking.propose_revocation(award, actor=qianjin, reason="知识产权不实。")

    award = revoking.confirm_revocation(proposal, actor=sunli)

    assert (award.status, award.ended_why) == (AwardStatus.REVOKED, "知识产权不实。")
    award = Award.objects.select_related("certificate", "payout", "work").get(pk=award.pk)
    assert award.certificate.status == CertificateStatus.REVOKED
    assert award.payout.status == PayoutStatus.CANCELLED
    assert award.work.status == WorkStatus.WITHDRAWN
    told = OutboxMessage.objects.get(kind="award.revoked")
    assert (told.recipient, "知识产权不实。" in told.body) == (entries[0].team.owner.email, True)


@pytest.mark.rule("R91")
def test_revocation_needs_a_second_person_a_chief_and_a_reason(
    edition: Edition,
    entries: list[Entry],
    qianjin: User,
    sunli: User,
    zhaolei: User,
    staff: Callable[..., User],
) -> None:
    award = awarding.propose(edition, actor=qianjin)[0]
    with pytest.raises(NotAllowed):
        revoking.propose_revocation(award, actor=zhaolei, reason="不实")
    with pytest.raises(Invalid, match="原因"):
        revoking.propose_revocation(award, actor=sunli, reason=" ")
    proposal = revoking.propose_revocation(award, actor=sunli, reason="不实")
    with pytest.raises(WrongState, match="等待确认"):
        revoking.propose_revocation(award, actor=qianjin, reason="不实")

    for person in (sunli, qianjin, zhaolei):
        with pytest.raises(NotAllowed):
            revoking.confirm_revocation(proposal, actor=person)
    revoking.refuse_revocation(proposal, actor=staff("chief"))

    with pytest.raises(WrongState, match="已有决定"):
        revoking.confirm_revocation(proposal, actor=staff("chief"))
    award.refresh_from_db()
    assert (award.status, Revocation.objects.get().is_confirmed) == (AwardStatus.PROPOSED, False)


def test_ending_an_award_again_changes_nothing(edition: Edition, entries: list[Entry], qianjin: User) -> None:
    award = awarding.propose(edition, actor=qianjin)[0]
    revoking.end(award, reason="第一次")

    again = revoking.end(award, reason="第二次")

    assert (again.status, again.ended_why) == (AwardStatus.VOID, "第一次")
    assert not OutboxMessage.objects.filter(kind__startswith="award.").exists()  # nobody knew of it


def test_confirmed_prize_has_certificate_money_and_work(
    edition: Edition, entries: list[Entry], qianjin: User, sunli: User
) -> None:
    awarding.add_unit_award(
        edition, key="organisation", unit_name="太原市数据局", reason="组织得力。", actor=qianjin
    )

    awards = confirmed(edition, qianjin, sunli)

    assert {award.status for award in awards} == {AwardStatus.CONFIRMED}
    # A rehearsal's numbers have a head of their own.
    assert ["SXSJYS" + award.certificate.number.partition("SXSJYS")[2] for award in awards] == [
        "SXSJYS-2025-1-001",
        "SXSJYS-2025-1-002",
        "SXSJYS-2025-1-003",
        "SXSJYS-2025-2-001",
        "SXSJYS-2025-Y-001",
        "SXSJYS-2025-Z-001",
    ]
    assert sum(payout.amount_fen for payout in Payout.objects.all()) == 18_500_000
    assert Work.objects.count() == 5


def test_team_learns_of_its_award_when_the_public_may(
    edition: Edition, entries: list[Entry], qianjin: User, sunli: User, lihua: User
) -> None:
    team = entries[0].team

    def titles() -> list[str]:
        return [card.title for card in cards_of(team, lihua) if "一等奖" in card.title]

    awarding.propose(edition, actor=qianjin)
    before = titles()
    published(edition, qianjin, sunli)
    during = titles()
    revoking.end(Award.objects.get(entry=entries[0]), reason="知识产权不实。")

    assert (before, during, titles()) == ([], ["拟获一等奖，正在公示"], ["一等奖已取消"])


def test_office_proposes_and_revokes_through_its_pages(
    edition: Edition, entries: list[Entry], qianjin: User, sunli: User, as_user: AsUser
) -> None:
    office, chief = as_user(qianjin), as_user(sunli)
    listing = reverse("awards:awarding_list")

    assert "按决赛结果拟定奖项" in office.get(listing).content.decode()
    office.post(reverse("awards:awarding_propose"))
    award = Award.objects.get(entry=entries[0])
    page = reverse("awards:awarding_case", kwargs={"pk": award.pk})
    empty = office.post(reverse("awards:awarding_revoke", kwargs={"pk": award.pk}), {"reason": ""})
    office.post(reverse("awards:awarding_revoke", kwargs={"pk": award.pk}), {"reason": "知识产权不实"})
    own = office.post(reverse("awards:awarding_confirm", kwargs={"pk": award.pk}))
    seen = chief.get(page).content.decode()
    done = chief.post(reverse("awards:awarding_confirm", kwargs={"pk": award.pk}))

    award.refresh_from_db()
    assert (empty.status_code, own.status_code, done.status_code) == (422, 403, 302)
    assert "知识产权不实" in seen and "确认取消" in seen
    assert award.status == AwardStatus.VOID
    assert "未生效即取消" in office.get(listing).content.decode()


@pytest.mark.rule("R88")
def test_team_cannot_click_itself_out_of_a_published_prize(
    edition: Edition, lihua: User, sunli: User
) -> None:
    entry = accepted_entry(edition, lihua)
    award = given(edition, sunli, entry, tier="first", status=AwardStatus.PUBLISHED)

    with pytest.raises(WrongState, match="放弃奖项"):
        registration.withdraw(entry.team, actor=lihua)
    with pytest.raises(WrongState, match="放弃奖项"):
        submissions.withdraw(entry, actor=lihua)

    award.refresh_from_db()
    assert award.status == AwardStatus.PUBLISHED
