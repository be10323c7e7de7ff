"""Prize money: against certificate and the representative's own document, before two people; taken back when revoked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from awards.amounts import in_capitals
from awards.desk import team as team_desk
from awards.models import Award, Payout, PayoutPlace, Reclaim
from awards.services import certificates, payouts, revoking
from awards.workflow import AwardStatus, PayoutStatus
from competition import roles
from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import Edition, Organisation, OutboxMessage, User
from registration.registries import TeamCard
from submissions.models import Entry
from tests.awards.given import given
from tests.contest import accepted_entry
from tests.factories import resident_id
from tests.fixtures import make_user

Staff = Callable[..., User]
FIRST_FEN = 5_000_000


@pytest.fixture
def entry(edition: Edition, lihua: User, wangfang: User) -> Entry:
    return accepted_entry(edition, lihua, also=wangfang)


@pytest.fixture
def award(edition: Edition, entry: Entry, qianjin: User) -> Award:
    """A confirmed first prize of Lihua's and Wangfang's, its certificate issued."""
    award = given(edition, qianjin, entry)
    certificates.make(certificates.number(award))
    return Award.objects.get(pk=award.pk)


@pytest.fixture
def payout(award: Award) -> Payout:
    payout = payouts.open_due(award)
    assert payout is not None
    return payout


@pytest.fixture
def undertaker(edition: Edition) -> Organisation:
    return edition.organisations.filter(role=Organisation.Role.UNDERTAKER).order_by("position")[0]


@pytest.fixture
def place(edition: Edition, undertaker: Organisation, staff: Staff) -> PayoutPlace:
    return payouts.name_place(
        edition,
        organisation=undertaker,
        address="太原市学府街1号",
        hours="工作日 9:00至17:00",
        actor=staff(roles.COMMITTEE),
    )


@pytest.fixture
def two(staff: Staff) -> tuple[User, User]:
    """Two people of the undertaking unit."""
    return staff(roles.PAYOUTS, "冯会"), staff(roles.PAYOUTS, "陈纳")


def shown(payout: Payout, position: int = 1, **changes: str) -> dict[str, str]:
    """What a representative who has come shows and signs."""
    assert payout.award.entry is not None
    person = payout.award.entry.team.representatives.get(position=position)
    return {
        "receiver": person.name,
        "document_type": person.document_type,
        "document_number": person.document_number,
        "certificate_number": payout.award.certificate.number,
        "receipt": "SJ-001",
    } | changes


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (5_000_000, "伍万元整"),
        (500_000, "伍仟元整"),
        (60_000_000, "陆拾万元整"),
        (0, "零元整"),
        (101_00, "壹佰零壹元整"),
        (100_010_00, "壹拾万零壹拾元整"),
        (1_0000_0005_05, "壹亿零伍元零伍分"),
        (12_30, "壹拾贰元叁角整"),
        (7, "柒分"),
        (10_5000_00, "壹拾万伍仟元整"),
    ],
)
def test_amounts_in_capitals(fen: int, words: str) -> None:
    assert in_capitals(fen) == words


@pytest.mark.rule("R38")
def test_committee_names_the_place_and_may_name_another(
    edition: Edition, undertaker: Organisation, place: PayoutPlace, staff: Staff
) -> None:
    again = payouts.name_place(
        edition, organisation=undertaker, address="新地点", hours="", actor=staff(roles.COMMITTEE)
    )

    assert (again.pk, again.address, again.hours) == (place.pk, "新地点", "")


@pytest.mark.rule("R38")
@pytest.mark.parametrize("role", [roles.OFFICER, roles.CHIEF, roles.PAYOUTS])
def test_only_the_committee_names_the_place(
    edition: Edition, undertaker: Organisation, staff: Staff, role: str
) -> None:
    with pytest.raises(NotAllowed):
        payouts.name_place(edition, organisation=undertaker, address="", hours="", actor=staff(role))


def test_place_is_an_undertaking_unit_of_the_edition(edition: Edition, staff: Staff) -> None:
    sponsor = edition.organisations.filter(role=Organisation.Role.SPONSOR)[0]

    with pytest.raises(Invalid, match="承办单位"):
        payouts.name_place(edition, organisation=sponsor, address="", hours="", actor=staff(roles.COMMITTEE))


def test_money_is_due_once_and_only_for_confirmed_awards_with_money(
    edition: Edition, award: Award, qianjin: User, zhaolei: User
) -> None:
    early = given(edition, qianjin, accepted_entry(edition, zhaolei), status=AwardStatus.PUBLISHED)
    unit = given(edition, qianjin, unit="太原市数据局", tier="organisation")

    opened = [payouts.open_due(one) for one in (award, award, early, unit)]

    payout = Payout.objects.get()
    assert opened == [payout, payout, None, None]
    assert (payout.amount_fen, payout.status) == (FIRST_FEN, PayoutStatus.DUE)
    assert OutboxMessage.objects.filter(kind="payout.due").count() == 1


@pytest.mark.rule("R36")
def test_representative_collects_with_certificate_and_document_before_two_people(
    payout: Payout, place: PayoutPlace, two: tuple[User, User]
) -> None:
    handed = payouts.hand_over(payout, actor=two[0], **shown(payout, 2))

    paid = payouts.confirm(handed, actor=two[1])

    assert (paid.status, paid.receiver, paid.handed_by, paid.confirmed_by) == (
        PayoutStatus.PAID,
        "王芳",
        *two,
    )
    assert payouts.totals(payout.edition) == payouts.Totals(due=0, paid=FIRST_FEN, reclaiming=0)
    assert OutboxMessage.objects.filter(kind="payout.paid").count() == 1


@pytest.mark.rule("R36")
@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"certificate_number": "SXSJYS-2025-1-999"}, ["certificate_number"]),
        ({"receiver": "赵磊"}, ["receiver"]),
        ({"receiver": ""}, ["receiver"]),
        ({"receiver": "王芳"}, ["document_number"]),
        ({"document_number": resident_id(999)}, ["document_number"]),
        ({"document_number": "1"}, ["document_number"]),
        ({"document_type": "passport"}, ["document_number"]),
        ({"receipt": " "}, ["receipt"]),
        (
            {"receiver": "", "receipt": "", "certificate_number": ""},
            ["certificate_number", "receiver", "receipt"],
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_every_reason(
    payout: Payout,
    place: PayoutPlace,
    two: tuple[User, User],
    changes: dict[str, str],
    fields: list[str],
) -> None:
    with pytest.raises(Invalid) as refusal:
        payouts.hand_over(payout, actor=two[0], **shown(payout, **changes))

    assert list(refusal.value.problems) == fields
    assert Payout.objects.get().status == PayoutStatus.DUE


def test_a_receipt_is_for_one_payout(
    edition: Edition, payout: Payout, place: PayoutPlace, two: tuple[User, User], qianjin: User, zhaolei: User
) -> None:
    payouts.hand_over(payout, actor=two[0], **shown(payout))
    other = given(edition, qianjin, accepted_entry(edition, zhaolei), tier="second")
    certificates.make(certificates.number(other))
    second = payouts.open_due(other)
    assert second is not None

    with pytest.raises(Invalid, match="收据编号"):
        payouts.hand_over(second, actor=two[0], **shown(second))


@pytest.mark.rule("R36")
def test_certificate_must_be_issued(
    edition: Edition, place: PayoutPlace, two: tuple[User, User], qianjin: User, lihua: User
) -> None:
    award = given(edition, qianjin, accepted_entry(edition, lihua))
    certificates.number(award)
    payout = payouts.open_due(award)
    assert payout is not None

    with pytest.raises(Invalid, match="待制作"):
        payouts.hand_over(payout, actor=two[0], **shown(payout))


def test_nothing_is_handed_over_before_the_place_is_named(payout: Payout, two: tuple[User, User]) -> None:
    with pytest.raises(WrongState, match="尚未指定"):
        payouts.hand_over(payout, actor=two[0], **shown(payout))


@pytest.mark.parametrize("role", [roles.OFFICER, roles.CHIEF, roles.COMMITTEE])
def test_only_the_undertaking_unit_hands_over(
    payout: Payout, place: PayoutPlace, staff: Staff, role: str
) -> None:
    with pytest.raises(NotAllowed):
        payouts.hand_over(payout, actor=staff(role), **shown(payout))


def test_nobody_pays_the_own_team(edition: Edition, place: PayoutPlace, qianjin: User) -> None:
    own = make_user("fenghui", "冯会", role=roles.PAYOUTS, phone="+8613800138077")
    award = given(edition, qianjin, accepted_entry(edition, own))
    certificates.make(certificates.number(award))
    payout = payouts.open_due(award)
    assert payout is not None

    with pytest.raises(NotAllowed):
        payouts.hand_over(payout, actor=own, **shown(payout))


def test_one_person_cannot_attest_alone(payout: Payout, place: PayoutPlace, two: tuple[User, User]) -> None:
    handed = payouts.hand_over(payout, actor=two[0], **shown(payout))

    for act in (payouts.confirm, payouts.send_back):
        with pytest.raises(NotAllowed):
            act(handed, actor=two[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        Payout.objects.filter(pk=payout.pk).update(confirmed_by=two[0])


def test_chief_may_be_the_second_person(
    payout: Payout, place: PayoutPlace, two: tuple[User, User], sunli: User, qianjin: User
) -> None:
    handed = payouts.hand_over(payout, actor=two[0], **shown(payout))
    with pytest.raises(NotAllowed):
        payouts.confirm(handed, actor=qianjin)

    assert payouts.confirm(handed, actor=sunli).status == PayoutStatus.PAID


def test_mistaken_entry_goes_back_and_leaves_nothing_behind(
    payout: Payout, place: PayoutPlace, two: tuple[User, User]
) -> None:
    handed = payouts.hand_over(payout, actor=two[0], **shown(payout))

    back = payouts.send_back(handed, actor=two[1])

    assert (back.status, back.receiver, back.document_number, back.receipt, back.handed_by) == (
        PayoutStatus.DUE,
        "",
        "",
        "",
        None,
    )
    with pytest.raises(WrongState):
        payouts.confirm(back, actor=two[1])


def test_document_number_is_not_readable_in_the_database_nor_on_pages(
    payout: Payout, place: PayoutPlace, two: tuple[User, User], as_user: Callable[[User | None], Client]
) -> None:
    given_number = shown(payout)["document_number"]
    payouts.hand_over(payout, actor=two[0], **shown(payout))

    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM awards_payout t")
        stored = cursor.fetchone()[0]
    pages = [as_user(two[1]).get(f"/payouts/{payout.pk}/{page}").content.decode() for page in ("", "slip/")]

    assert "李华" in stored
    assert [given_number in text for text in (stored, *pages)] == [False] * 3
    assert [given_number[-4:] in page for page in pages] == [True, True]
    assert Payout.objects.get().document_number == given_number


@pytest.mark.rule("R91")
def test_revoked_award_cancels_what_is_due(award: Award, payout: Payout) -> None:
    revoking.end(award, reason="经查实不符合参赛条件。")

    payout.refresh_from_db()
    assert (payout.status, Reclaim.objects.count()) == (PayoutStatus.CANCELLED, 0)


@pytest.mark.rule("R91")
@pytest.mark.parametrize("confirmed", [True, False])
def test_revoked_award_takes_back_what_was_handed_over(
    award: Award, payout: Payout, place: PayoutPlace, two: tuple[User, User], confirmed: bool
) -> None:
    payout = payouts.hand_over(payout, actor=two[0], **shown(payout))
    if confirmed:
        payout = payouts.confirm(payout, actor=two[1])

    revoking.end(award, reason="经查实不符合参赛条件。")
    payouts.stop(award, "再次")
    payout.refresh_from_db()
    opened = (payout.status, payouts.totals(payout.edition).reclaiming)
    payout = payouts.settle_reclaim(payout, actor=two[1], note="2025年9月1日转账退回。")

    award.refresh_from_db()
    assert opened == (PayoutStatus.RECLAIMING, FIRST_FEN)
    assert (payout.status, award.status) == (PayoutStatus.RECLAIMED, AwardStatus.RECLAIMED)
    assert [(one.step, one.by) for one in Reclaim.objects.all()] == [("opened", None), ("settled", two[1])]
    with pytest.raises(Exception, match="Cannot"), transaction.atomic():
        Reclaim.objects.all().delete()


@pytest.mark.rule("R91")
def test_settling_needs_the_right_person_state_and_a_note(
    award: Award, payout: Payout, place: PayoutPlace, two: tuple[User, User], qianjin: User
) -> None:
    with pytest.raises(WrongState):
        payouts.settle_reclaim(payout, actor=two[0], note="退回")
    payout = payouts.hand_over(payout, actor=two[0], **shown(payout))
    revoking.end(award, reason="经查实不符合参赛条件。")

    with pytest.raises(NotAllowed):
        payouts.settle_reclaim(payout, actor=qianjin, note="退回")
    with pytest.raises(Invalid):
        payouts.settle_reclaim(payout, actor=two[0], note=" ")


def money_card(award: Award, user: User) -> TeamCard:
    """The card about the money among the team's."""
    assert award.entry is not None
    return next(card for card in team_desk.cards(award.entry.team, user) if "奖金" in card.title)


@pytest.mark.rule("R36")
def test_team_is_told_where_when_and_what_to_bring(
    edition: Edition, award: Award, payout: Payout, undertaker: Organisation, staff: Staff, lihua: User
) -> None:
    before = money_card(award, lihua)
    payouts.name_place(
        edition, organisation=undertaker, address="学府街1号", hours="工作日", actor=staff(roles.COMMITTEE)
    )

    card = money_card(award, lihua)

    assert card.urgent
    assert "组委会指定后在此公布" in before.text
    assert all(word in card.text for word in ("获奖证书", "身份证件", undertaker.name, "学府街1号", "工作日"))


def test_pages_hand_over_confirm_and_keep_what_was_typed(
    payout: Payout, place: PayoutPlace, two: tuple[User, User], as_user: Callable[[User | None], Client]
) -> None:
    first, second = as_user(two[0]), as_user(two[1])
    address = f"/payouts/{payout.pk}/"

    wrong = first.post(f"{address}hand-over/", shown(payout, certificate_number="错误的编号"))
    right = first.post(f"{address}hand-over/", shown(payout))
    alone = first.post(f"{address}confirm/")
    confirmed = second.post(f"{address}confirm/")

    page = wrong.content.decode()
    assert (wrong.status_code, right.status_code) == (422, 302)
    assert (alone.status_code, confirmed.status_code) == (403, 302)
    assert all(text in page for text in ("错误的编号", "SJ-001", "与该奖项的证书不一致"))
    assert "伍万元整" in second.get(f"{address}slip/").content.decode()


def test_slip_is_there_only_after_handing_over(
    payout: Payout, two: tuple[User, User], as_user: Callable[[User | None], Client]
) -> None:
    assert as_user(two[0]).get(f"/payouts/{payout.pk}/slip/").status_code == 409


def test_list_is_searched_by_certificate_and_team_at_a_constant_cost(
    edition: Edition,
    payout: Payout,
    two: tuple[User, User],
    qianjin: User,
    as_user: Callable[[User | None], Client],
) -> None:
    client = as_user(two[0])
    client.get("/payouts/")

    def look(**query: Any) -> tuple[str, int]:
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/payouts/", query).content.decode()
        return page, len(queries)

    _, one = look()
    for number in range(2):
        owner = make_user(f"owner{number}", f"队长{number}")
        other = given(edition, qianjin, accepted_entry(edition, owner), tier="third")
        certificates.number(other)
        payouts.open_due(other)
    everything, three = look()
    entry = payout.award.entry
    assert entry is not None
    by_number, _ = look(q=payout.award.certificate.number.lower())
    by_team, _ = look(q=entry.team.name)

    assert everything.count("/payouts/") - by_number.count("/payouts/") == 2
    assert [page.count('scope="row"') for page in (everything, by_number, by_team)] == [3, 1, 1]
    assert (one == three, three <= 12) == (True, True)
