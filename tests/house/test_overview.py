"""The overview counts what there is, in the same few questions however much there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from competition.config.overview import numbers
from competition.models import Edition, User
from competition.workdays import ListedCalendar
from registration import services
from registration.models import Team
from registration.services import claiming
from submissions.models import Entry
from tests import factories
from tests.fixtures import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def officer_client(as_user: Callable[[User], Client], qianjin: User) -> Client:
    return as_user(qianjin)


def place(places: list[numbers.Place], name: str) -> numbers.Place:
    return next(one for one in places if one.name == name)


def another(edition: Edition, number: int, **how: Any) -> Team:
    owner = make_user(f"owner{number}", f"报名{number}")
    return factories.complete_team(owner, edition, number=number, name=f"第{number}队", **how)


def test_teams_are_counted_by_track_city_and_state(
    approved_team: Team, edition: Edition, zhaolei: User
) -> None:
    factories.submit(another(edition, 5, topic="2-1"))
    outside = another(edition, 6)
    unit = outside.units.get()
    services.save_unit(unit, values={"region": "110101"}, version=outside.version, actor=outside.owner)
    services.start_team(zhaolei, edition=edition)

    found = numbers.count(edition)

    first, second = found.tracks[0], found.tracks[1]
    assert len(found.tracks) == 10  # nine, and the one that has not chosen
    assert (first.states["approved"], first.states["draft"], first.total) == (1, 1, 2)
    assert (second.states["submitted"], second.total) == (1, 1)
    assert place(found.tracks, numbers.NO_TOPIC).total == 1
    assert len(found.cities) == 13
    assert place(found.cities, "太原市").total == 2
    assert place(found.cities, numbers.OUTSIDE).total == 1
    assert place(found.cities, numbers.UNKNOWN_PLACE).total == 1
    assert found.steps == {"started": 4, "submitted": 2, "approved": 1, "handed": 0, "accepted": 0}


def test_entries_are_counted_where_their_team_is(approved_team: Team, edition: Edition) -> None:
    Entry.objects.filter(team=approved_team).update(status="accepted")

    found = numbers.count(edition)

    assert (found.tracks[0].handed, found.tracks[0].accepted) == (1, 1)
    assert (place(found.cities, "太原市").handed, place(found.cities, "太原市").accepted) == (1, 1)


def test_lines_add_up_by_day(submitted_team: Team, edition: Edition) -> None:
    today = timezone.localtime().date()
    Team.objects.filter(pk=submitted_team.pk).update(created_at=timezone.now() - timedelta(days=3))

    lines = numbers.count(edition).funnel

    assert [day for day, _ in lines] == [today - timedelta(days=3), today]
    assert [row["started"] for _, row in lines] == [1, 1]
    assert [row["submitted"] for _, row in lines] == [0, 1]


def test_waiting_is_counted_in_working_days() -> None:
    holidays = ListedCalendar({2025}, {date(2025, 10, 1)}, {date(2025, 9, 28)})

    ages = [
        numbers.workdays_between(date(2025, 9, 26), last, holidays)
        for last in (date(2025, 9, 26), date(2025, 9, 27), date(2025, 9, 28), date(2025, 10, 2))
    ]
    beyond = numbers.workdays_between(date(2027, 1, 1), date(2027, 1, 5), holidays)

    assert (ages, beyond) == ([0, 0, 1, 4], 2)


def test_old_cases_stand_in_the_last_bar(submitted_team: Team, edition: Edition) -> None:
    Team.objects.filter(pk=submitted_team.pk).update(submitted_at=timezone.now() - timedelta(days=60))

    ages = numbers.count(edition).ages

    assert ages[-1] == ("10天以上", 1)
    assert sum(number for _, number in ages) == 1


def test_officers_load_is_what_they_hold_and_decided(
    approved_team: Team, edition: Edition, qianjin: User, sunli: User
) -> None:
    claiming.claim(factories.submit(another(edition, 5)), officer=qianjin)
    Team.objects.filter(pk=approved_team.pk).update(submitted_at=timezone.now() - timedelta(hours=5))

    officers = {one.name: one for one in numbers.count(edition).officers}

    mine = officers[qianjin.display_name]
    assert (mine.claimed, mine.decided, mine.hours) == (1, 1, pytest.approx(5, abs=0.2))
    assert (officers[sunli.display_name].decided, officers[sunli.display_name].hours) == (0, None)


def test_counting_asks_the_same_for_one_team_and_for_five(
    submitted_team: Team, edition: Edition, qianjin: User
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            numbers.count(edition)
        return len(queries)

    before = asked()
    for number in (5, 6, 7, 8):
        factories.approve(factories.submit(another(edition, number)), qianjin)

    assert asked() == before <= 6


def test_page_shows_every_number_without_scripts_and_asks_few_questions(
    submitted_team: Team, edition: Edition, officer_client: Client
) -> None:
    officer_client.get(reverse("overview"))
    cache.clear()

    with CaptureQueriesContext(connection) as cold:
        page = officer_client.get(reverse("overview")).content.decode()
    with CaptureQueriesContext(connection) as warm:
        officer_client.get(reverse("overview"))

    assert len(cold) <= 12
    assert len(warm) <= len(cold) - 5
    for words in ("参赛进程", "各赛道", "各市", "待审报名的等待时间", "经办情况", "太原市", "省外"):
        assert words in page
    assert page.count("<table") == 4  # nobody decided anything yet
    assert 'id="overview-data" type="application/json"' in page


def test_empty_overview_says_what_will_be_there(edition: Edition, officer_client: Client) -> None:
    page = officer_client.get(reverse("overview")).content.decode()

    assert "还没有团队开始报名。" in page
    assert "<table" not in page


def test_file_holds_the_tables(submitted_team: Team, edition: Edition, officer_client: Client) -> None:
    response = officer_client.get(reverse("overview_export"))
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]

    book = CalamineWorkbook.from_filelike(BytesIO(content))
    rows = book.get_sheet_by_name("各赛道").to_python()

    assert book.sheet_names == ["参赛进程", "各赛道", "各市", "待审报名的等待时间", "经办情况"]
    assert rows[0][:3] == ["赛道", "填写中", "待资格审核"]
    assert (rows[1][2], rows[-1][0], rows[-1][2]) == (1.0, "合计", 1.0)


def test_overview_is_on_the_desk_of_the_committee_only_to_read(
    edition: Edition, as_user: Callable[[User], Client], staff: Callable[..., User]
) -> None:
    client = as_user(staff("committee", "周委"))

    desk = client.get(reverse("competition:desk")).content.decode()

    assert reverse("overview") in desk
    assert client.post(reverse("overview")).status_code == 405
