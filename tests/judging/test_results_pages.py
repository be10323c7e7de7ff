"""Pages of results, lists and the final: what they show, what refusals keep, what the hall may see and when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from competition.models import Edition, User
from judging.models import Draw, Expert, Presentation, Replacement, Result
from judging.services import final, lists, results
from judging.workflow import Round
from registration.registries import cards_of
from submissions.models import Entry
from submissions.sealing import content_hash
from tests.judging import ranked
from tests.judging.ranked import CALLED, field_of, judges, listed_final, preliminary, recommended, score

AsUser = Callable[[User | None], Client]


@pytest.fixture
def small(edition: Edition) -> Edition:
    return ranked.small(edition)


@pytest.fixture
def panel(small: Edition) -> list[Expert]:
    return judges(small)


@pytest.fixture
def field(small: Edition, panel: list[Expert], lihua: User) -> list[Entry]:
    return field_of(small, lihua, panel)


@pytest.fixture
def confirmed(small: Edition, field: list[Entry], qianjin: User, sunli: User) -> Result:
    return preliminary(small, qianjin, sunli)


def test_office_votes_and_proposes_on_the_pages_and_the_chief_confirms(
    small: Edition,
    panel: list[Expert],
    field: list[Entry],
    lihua: User,
    qianjin: User,
    sunli: User,
    as_user: AsUser,
) -> None:
    equal = recommended(small, lihua)
    score(panel, equal, 80)
    office, chief = as_user(qianjin), as_user(sunli)
    refused = office.post(reverse("judging:results_propose"))
    tie = f"{field[1].pk},{equal.pk}"
    url = reverse("judging:results_vote", kwargs={"number": 1})
    twice = {"tie": tie, f"place_{equal.pk}": "1", f"place_{field[1].pk}": "1", "minutes": "到会5人"}
    kept = office.post(url, twice)

    voted = office.post(url, {**twice, f"place_{field[1].pk}": "2"})
    proposed = office.post(reverse("judging:results_propose"))
    result = Result.objects.get()
    page = chief.get(proposed["Location"])
    done = chief.post(reverse("judging:results_confirm", kwargs={"pk": result.pk}))

    assert (refused.status_code, kept.status_code, voted.status_code, done.status_code) == (
        422,
        422,
        302,
        302,
    )
    assert "每个作品须有不同的名次" in kept.content.decode() and "到会5人" in kept.content.decode()
    assert "确认结果" in page.content.decode()
    assert lists.standing(small)[1].finalists[1] == str(equal.pk)


def test_snapshot_that_is_downloaded_has_the_published_hash(
    confirmed: Result, qianjin: User, as_user: AsUser
) -> None:
    answer = as_user(qianjin).get(reverse("judging:results_snapshot", kwargs={"pk": confirmed.pk}))

    assert content_hash(answer.json()) == confirmed.sha256
    assert confirmed.sha256 in Client().get(reverse("judging:results_public_seats")).content.decode()


@pytest.mark.rule("R19")
def test_public_page_of_seats_waits_for_the_confirmation_and_shows_every_step(
    small: Edition, field: list[Entry], qianjin: User, sunli: User
) -> None:
    url = reverse("judging:results_public_seats")
    before = Client().get(url).status_code
    preliminary(small, qianjin, sunli)

    after = Client().get(url).content.decode()

    assert before == 404
    assert "各赛道应得＝3×作品数÷6，先取整数部分，共3个。" in after
    assert all(word not in after for word in (field[0].team.name, field[0].reference, "评委"))


def test_vacancy_is_filled_from_the_page_by_two(
    small: Edition, confirmed: Result, field: list[Entry], qianjin: User, sunli: User, as_user: AsUser
) -> None:
    lists.void(field[0], reason="技术验证未通过")
    office, chief = as_user(qianjin), as_user(sunli)
    url = reverse("judging:results_replace", kwargs={"number": 1})
    given = {"pool": "finalists", "entry": field[2].pk, "reason": "按排名依次递补"}
    empty = office.post(url, {**given, "reason": ""})
    wrong = office.post(url, {**given, "entry": field[3].pk})
    proposed = office.post(url, given)
    pk = Replacement.objects.get().pk

    done = chief.post(reverse("judging:results_replace_confirm", kwargs={"pk": pk}))

    statuses = [empty.status_code, wrong.status_code, proposed.status_code, done.status_code]
    assert statuses == [422, 422, 302, 302]
    assert "按排名依次递补" in wrong.content.decode()
    assert lists.standing(small)[1].finalists == (str(field[1].pk), str(field[2].pk))


def test_team_sees_its_turn_once_it_is_drawn(
    small: Edition,
    panel: list[Expert],
    confirmed: Result,
    field: list[Entry],
    lihua: User,
    staff: Any,
) -> None:
    host = staff("host")
    listed_final(small, host, panel)
    before = [card.text for card in cards_of(field[0].team, lihua) if card.title == "请参加决赛"]
    final.draw(small, called=CALLED, actor=host, witness=staff("supervisor"))

    after = [card.text for card in cards_of(field[0].team, lihua) if card.title == "请参加决赛"]

    position = Presentation.objects.get(entry=field[0]).position
    assert before[0].startswith("出场顺序现场抽签决定。")
    assert after[0].startswith(f"出场顺序：第{position}位。")
    assert all(card.title != "请参加决赛" for card in cards_of(field[3].team, lihua))


@pytest.mark.rule("R28")
def test_public_page_of_the_draw_hides_the_secret_until_it_is_held(
    small: Edition, panel: list[Expert], confirmed: Result, staff: Any
) -> None:
    url, host = reverse("judging:final_draw"), staff("host")
    nothing = Client().get(url).status_code
    listed_final(small, host, panel)
    draw = Draw.objects.get()
    before = Client().get(url).content.decode()
    final.draw(small, called=CALLED, actor=host, witness=staff("supervisor"))

    after = Client().get(url).content.decode()

    assert nothing == 404
    assert draw.commitment in before and draw.secret not in before
    assert draw.secret in after and f"{draw.secret}|{draw.list_hash}|17,42" in after


@pytest.mark.rule("R30")
def test_big_screen_answers_304_until_something_changes_and_shows_no_score_before_the_lock(
    small: Edition, panel: list[Expert], confirmed: Result, staff: Any, as_user: AsUser, sunli: User
) -> None:
    host, url = staff("host"), reverse("judging:final_screen_data")
    listed_final(small, host, panel)
    final.draw(small, called=CALLED, actor=host, witness=sunli)
    hall = as_user(host)
    first = hall.get(url)
    same = hall.get(url, headers={"If-None-Match": first["ETag"]})
    for one in Presentation.objects.all():
        for act in (final.check_in, final.begin, final.end):
            act(one, actor=host)
        score(panel, one.entry, 90 - 10 * (one.position or 0), round=Round.FINAL)
    made = results.propose(small, round=Round.FINAL, actor=host)
    waiting = hall.get(url, headers={"If-None-Match": first["ETag"]}).json()

    results.confirm(made, actor=sunli)
    locked = hall.get(url).json()

    assert (same.status_code, same.content) == (304, b"")
    assert (waiting["ranking"], waiting["state"]) == ([], "running")
    assert "80.00" not in str(waiting)
    assert [(row["rank"], row["tier"], row["score"]) for row in locked["ranking"]] == [
        (1, "一等奖", "80.00"), (2, "二等奖", "70.00"), (3, "三等奖", "60.00")
    ]  # fmt: skip


def test_host_is_told_what_is_wrong_with_the_numbers_and_keeps_what_was_typed(
    small: Edition, panel: list[Expert], confirmed: Result, staff: Any, as_user: AsUser
) -> None:
    host = staff("host")
    witness = staff("supervisor")
    listed_final(small, host, panel)
    given = {"caller_1": "数智先锋队", "number_1": "17", "caller_2": "公证员", "witness": str(witness.pk)}

    answer = as_user(host).post(reverse("judging:final_hold"), given)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "报数人和数须同时填写。" in page and "数智先锋队" in page
    assert Draw.objects.get().held_at is None
