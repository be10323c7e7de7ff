"""Joint units confirm: asked by SMS or mail, answered by link, void when the facts change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from competition import clock
from competition.errors import Invalid, NotAllowed, StaleVersion, TooMany, WrongState
from competition.models import Attempt, Edition, OutboxMessage, User
from registration import services
from registration.models import Team, Unit, UnitConsent
from registration.services import unit_consents
from registration.services.facts import gather
from registration.steps import Step
from tests import factories
from tests.registration.conftest import step_url
from tests.solving import solved

UNIT_NAME = "山西乘数数据科技2有限公司"

pytestmark = pytest.mark.rule("R46")


@pytest.fixture
def unit(edition: Edition, open_stage: Callable[..., Any], lihua: User) -> Unit:
    """The second unit of Lihua's team; its contact has a mobile."""
    open_stage("registration")
    team = factories.complete_team(lihua, edition)
    return factories.add_unit(team, 2, contact_way="138 0013 9999")


def letters(kind: str = unit_consents.KIND) -> list[tuple[str, str]]:
    rows = OutboxMessage.objects.filter(kind=kind).order_by("id")
    return [(row.channel, row.recipient) for row in rows]


def agree(consent: UnitConsent, **changes: Any) -> UnitConsent:
    return unit_consents.answer(
        consent.token, **{"agreed": True, "by": "赵敏，副总经理", "note": "", **changes}
    )


def change(unit: Unit, **values: str) -> None:
    team = Team.objects.get(pk=unit.team_id)
    services.save_unit(unit, values=values, version=team.version, actor=team.owner)


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("13800139999", [("sms", "+8613800139999")]),
        (" zhao@example.com ", [("mail", "zhao@example.com")]),
        ("0351-4012345", []),
        ("请打前台电话", []),
    ],
)
def test_contact_is_written_to_the_way_that_was_given(
    unit: Unit, lihua: User, way: str, expected: list[tuple[str, str]]
) -> None:
    change(unit, contact_way=way)

    consent = unit_consents.ask(unit, actor=lihua)

    assert letters() == expected
    assert gather(unit.team).units[1].consent == "waiting"
    assert len(consent.token) == 32


def test_letter_names_team_unit_and_link(unit: Unit, lihua: User) -> None:
    consent = unit_consents.ask(unit, actor=lihua)

    body = OutboxMessage.objects.get(kind=unit_consents.KIND).body
    assert f"/join/{consent.token}/" in body
    assert "乘数先锋队" in body
    assert unit.name in body


def test_asking_again_waits_like_a_code(unit: Unit, lihua: User) -> None:
    first = unit_consents.ask(unit, actor=lihua)

    with pytest.raises(TooMany, match="确认请求刚刚发出"):
        unit_consents.ask(unit, actor=lihua)
    Attempt.objects.all().delete()
    again = unit_consents.ask(unit, actor=lihua)

    assert (len(letters()), again.token) == (2, first.token)


def test_stranger_and_the_lead_are_not_asked_and_missing_names_are_said(
    unit: Unit, lihua: User, zhaolei: User
) -> None:
    lead = unit.team.units.get(is_lead=True)

    with pytest.raises(NotAllowed):
        unit_consents.ask(unit, actor=zhaolei)
    with pytest.raises(WrongState, match="不需要确认"):
        unit_consents.ask(lead, actor=lihua)
    change(unit, name="")
    with pytest.raises(Invalid) as refused:
        unit_consents.ask(unit, actor=lihua)

    assert refused.value.problems == {f"units.{unit.pk}.name": "请先填写单位2的名称。"}
    assert letters() == []


def test_unit_agrees_and_may_change_its_mind(unit: Unit, lihua: User) -> None:
    consent = unit_consents.ask(unit, actor=lihua)

    agree(consent)
    agreed = gather(unit.team).units[1].consent
    agree(consent, agreed=False, note="未经本单位批准")

    row = UnitConsent.objects.get()
    assert (agreed, row.answer, row.note) == ("agreed", "refused", "未经本单位批准")
    assert len(letters(unit_consents.ANSWERED)) == 2


def test_answer_needs_a_choice_a_person_and_a_reason(unit: Unit, lihua: User) -> None:
    consent = unit_consents.ask(unit, actor=lihua)

    with pytest.raises(Invalid) as refused:
        agree(consent, agreed=None, by="  ")
    with pytest.raises(Invalid) as without_reason:
        agree(consent, agreed=False)

    assert refused.value.problems == {
        "agreed": "请选择同意或不同意。",
        "by": "请填写您的姓名和职务。",
    }
    assert without_reason.value.problems == {"note": "不同意的，请写明理由。"}


@pytest.mark.parametrize("whose", ["own", "lead"])
def test_answer_is_void_when_a_name_changes(unit: Unit, lihua: User, whose: str) -> None:
    consent = agree(unit_consents.ask(unit, actor=lihua))
    changed = unit if whose == "own" else unit.team.units.get(is_lead=True)

    change(changed, name="山西另一家数据有限公司")

    row = UnitConsent.objects.get(pk=consent.pk)
    assert (row.answer, row.answered_by, gather(unit.team).units[1].consent) == ("waiting", "", "")
    assert OutboxMessage.objects.filter(kind=unit_consents.ANSWERED).latest("id").title == (
        f"{UNIT_NAME if whose == 'lead' else '山西另一家数据有限公司'}的答复已作废"
    )


def test_answer_stays_when_something_else_changes(unit: Unit, lihua: User) -> None:
    agree(unit_consents.ask(unit, actor=lihua))

    change(unit, address="长风街2号")

    assert gather(unit.team).units[1].consent == "agreed"


def test_answer_to_former_facts_is_refused(unit: Unit, lihua: User) -> None:
    consent = unit_consents.ask(unit, actor=lihua)
    shown = consent.asked_about
    change(unit, credit_code=factories.credit_code(3))

    with pytest.raises(StaleVersion):
        agree(consent, shown=shown)

    assert UnitConsent.objects.get().answer == "waiting"


def test_nobody_answers_after_the_decision(unit: Unit, lihua: User) -> None:
    consent = unit_consents.ask(unit, actor=lihua)
    services.withdraw(unit.team, actor=lihua)

    with pytest.raises(WrongState, match="已撤回"):
        agree(consent)


def test_reminders_leave_once_after_two_and_five_days(unit: Unit, lihua: User) -> None:
    consent = unit_consents.ask(unit, actor=lihua)
    counts = []

    for days in (1, 2, 3, 5, 9):
        asked = clock.real_now() - timedelta(days=days, minutes=1)
        UnitConsent.objects.filter(pk=consent.pk).update(sent_at=asked.replace(second=0, microsecond=0))
        counts.append((unit_consents.send_reminders(), unit_consents.send_reminders()))
    agree(consent)

    assert counts == [(0, 0), (1, 0), (1, 0), (1, 0), (1, 0)]
    assert unit_consents.send_reminders() == 0


def test_page_shows_the_team_and_takes_the_answer(
    unit: Unit, lihua: User, client: Client, lihua_client: Client
) -> None:
    consent = unit_consents.ask(unit, actor=lihua)
    address = reverse("registration:join", args=[consent.token])

    page = client.get(address)
    shown = page.context["shown"]
    wrong = client.post(address, {"agreed": "no", "by": "赵敏", "shown": shown, **solved()})
    done = client.post(
        address, {"agreed": "yes", "by": "赵敏，主任", "shown": shown, **solved()}, follow=True
    )

    assert page["X-Robots-Tag"] == "noindex, nofollow"
    for words in ("乘数先锋队", unit.name, unit.credit_code, "山西乘数数据科技1有限公司"):
        assert words in page.content.decode()
    assert "不同意的，请写明理由。" in wrong.content.decode()
    assert (wrong.status_code, done.status_code) == (422, 200)
    assert "已同意参赛" in done.content.decode()
    assert "已同意" in lihua_client.get(step_url(unit.team, Step.UNITS)).content.decode()
    assert "已同意" in lihua_client.get(unit.team.get_absolute_url()).content.decode()


def test_answer_without_a_solution_is_refused_and_kept_on_the_page(
    unit: Unit, lihua: User, client: Client
) -> None:
    consent = unit_consents.ask(unit, actor=lihua)
    address = reverse("registration:join", args=[consent.token])
    typed = {
        "agreed": "yes",
        "by": "赵敏，主任",
        "note": "同意",
        "shown": client.get(address).context["shown"],
    }
    key = solved()

    unsolved = client.post(address, typed)
    accepted = client.post(address, {**typed, **key})
    replayed = client.post(address, {**typed, "agreed": "no", **key})

    assert (unsolved.status_code, accepted.status_code, replayed.status_code) == (422, 302, 422)
    assert "还没有完成安全验证" in unsolved.content.decode()
    assert 'value="赵敏，主任"' in unsolved.content.decode()
    assert "这次安全验证已经用过" in replayed.content.decode()
    consent.refresh_from_db()
    assert consent.answer == UnitConsent.Answer.AGREED


def test_guessing_links_and_answering_without_end_are_limited(
    unit: Unit, lihua: User, client: Client
) -> None:
    consent = unit_consents.ask(unit, actor=lihua)
    address = reverse("registration:join", args=[consent.token])

    guesses = {client.get(f"/join/guess-{number}/").status_code for number in range(30)}
    beyond = client.get("/join/another/").status_code
    answers = [client.post(address, solved()).status_code for _ in range(21)]

    assert (guesses, beyond, answers[0], answers[-1]) == ({404}, 429, 422, 429)
    assert client.get(address).status_code == 200


def test_link_is_shown_to_the_owner_of_a_team_with_a_fixed_line(
    unit: Unit, lihua_client: Client, officer_client: Client
) -> None:
    change(unit, contact_way="0351-4012345")
    address = reverse("registration:unit_consent", args=[unit.pk])

    before = lihua_client.get(address).content.decode()
    after = lihua_client.post(address, follow=True).content.decode()

    consent = UnitConsent.objects.get()
    assert "可以返回改填联系人的手机或电子邮箱" in before
    assert unit_consents.link_of(consent) in after
    assert officer_client.get(address).status_code == 403
