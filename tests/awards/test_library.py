"""The library of works: what a team consents to, and who would like to talk to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import Award, Interest, Work
from awards.services import library
from awards.workflow import AwardStatus, WorkStatus
from competition import limits
from competition.chars import count_chars
from competition.errors import Invalid, NotAllowed, StaleVersion, TooMany, WrongState
from competition.models import Edition, OutboxMessage, User
from submissions.models import Entry
from tests.awards.given import given, tier_of
from tests.contest import accepted_entry

TEXTS = {"title": "煤矿安全数据平台", "summary": "汇聚多源数据，预警风险。", "wish": "寻找煤炭企业试点。"}
ASKED = {
    "kind": "company",
    "organisation": "晋能示例公司",
    "contact": "0351-7654321",
    "message": "希望试点。",
}
BACKGROUND = "据\u3000" * 700


@pytest.fixture
def entry(edition: Edition, lihua: User, wangfang: User) -> Entry:
    return accepted_entry(
        edition, lihua, also=wangfang, answers={"overview": {"background": "背景一。", "scene": BACKGROUND}}
    )


@pytest.fixture
def award(edition: Edition, entry: Entry, qianjin: User) -> Award:
    return given(edition, qianjin, entry)


@pytest.fixture
def work(award: Award) -> Work:
    """The draft that the confirmation opened."""
    opened = library.open_work(award)
    assert opened is not None
    return opened


@pytest.fixture
def public(work: Work, lihua: User, qianjin: User) -> Work:
    """Lihua's work, consented to and published."""
    library.save(work, actor=lihua, version=1, **TEXTS)
    return library.publish(library.consent(work, actor=lihua), actor=qianjin)


@pytest.mark.rule("R84")
def test_confirmation_begins_a_draft_from_the_overview_once(work: Work, entry: Entry, award: Award) -> None:
    again = library.open_work(award)

    assert again == work
    assert (work.title, work.status) == (entry.team.project_name, WorkStatus.DRAFT)
    assert work.summary.startswith("背景一。")
    assert count_chars(work.summary) == library.SUMMARY_MOST
    assert OutboxMessage.objects.filter(kind="work.opened").count() == 1


def test_award_to_a_unit_has_no_work(edition: Edition, qianjin: User) -> None:
    assert library.open_work(given(edition, qianjin, tier="organisation", unit="甲中心")) is None


def test_team_writes_and_strangers_do_not(work: Work, wangfang: User, zhaolei: User, qianjin: User) -> None:
    saved = library.save(work, actor=wangfang, version=1, **TEXTS)

    assert (saved.title, saved.summary, saved.wish, saved.version) == (*TEXTS.values(), 2)
    for other in (zhaolei, qianjin):
        with pytest.raises(NotAllowed):
            library.save(work, actor=other, version=2, **TEXTS)


def test_older_version_and_too_long_texts_are_refused(work: Work, lihua: User) -> None:
    with pytest.raises(StaleVersion):
        library.save(work, actor=lihua, version=0, **TEXTS)
    with pytest.raises(Invalid) as refused:
        library.save(work, actor=lihua, version=1, title=" ", summary="数" * 601, wish="合" * 301)

    assert sorted(refused.value.problems) == ["summary", "title", "wish"]


@pytest.mark.rule("R84")
def test_nothing_is_published_without_the_owners_consent(
    work: Work, lihua: User, wangfang: User, qianjin: User
) -> None:
    with pytest.raises(WrongState):
        library.publish(work, actor=qianjin)
    with pytest.raises(NotAllowed):
        library.consent(work, actor=wangfang)

    consented = library.consent(work, actor=lihua)

    assert (consented.status, consented.consented_by) == (WorkStatus.CONSENTED, lihua)
    with pytest.raises(NotAllowed):
        library.publish(work, actor=lihua)
    assert library.publish(work, actor=qianjin).status == WorkStatus.PUBLISHED


def test_consented_text_cannot_be_changed(public: Work, lihua: User) -> None:
    with pytest.raises(WrongState):
        library.save(public, actor=lihua, version=2, **TEXTS)


@pytest.mark.rule("R84")
def test_consent_taken_back_takes_the_work_from_the_public(public: Work, lihua: User, client: Client) -> None:
    before = client.get(reverse("awards:library_work", args=[public.pk])).status_code

    library.take_back(public, actor=lihua)

    after = client.get(reverse("awards:library_work", args=[public.pk])).status_code
    assert (before, after) == (200, 404)
    assert "煤矿安全数据平台" not in client.get(reverse("awards:library_list")).content.decode()


def test_office_gives_a_text_back_with_a_reason(public: Work, qianjin: User, lihua: User) -> None:
    with pytest.raises(Invalid):
        library.put_back(public, actor=qianjin, reason=" ")

    returned = library.put_back(public, actor=qianjin, reason="含客户名称")

    assert (returned.status, returned.consented_by, returned.published_at) == (WorkStatus.DRAFT, None, None)
    assert "含客户名称" in OutboxMessage.objects.get(kind="work.put_back").body


@pytest.mark.rule("R54")
def test_revoked_award_takes_its_work_away_for_good(public: Work, lihua: User, qianjin: User) -> None:
    library.withdraw(public.award)
    library.withdraw(public.award)

    public.refresh_from_db()
    assert public.status == WorkStatus.WITHDRAWN
    with pytest.raises(WrongState):
        library.take_back(public, actor=lihua)


@pytest.mark.rule("R54")
def test_work_of_an_award_that_fell_is_not_shown(public: Work, client: Client) -> None:
    Award.objects.filter(pk=public.award_id).update(status=AwardStatus.REVOKED, ended_why="资格不符")

    assert client.get(reverse("awards:library_work", args=[public.pk])).status_code == 404


@pytest.mark.rule("R86")
def test_interest_reaches_the_team_and_nobody_else(
    public: Work, zhaolei: User, lihua: User, as_user: Callable[..., Client]
) -> None:
    response = as_user(zhaolei).post(reverse("awards:library_interest", args=[public.pk]), ASKED)

    page = as_user(lihua).get(reverse("awards:library_edit", args=[public.pk])).content.decode()
    mail = OutboxMessage.objects.get(kind="work.interest")
    assert response.status_code == 302
    assert all(word in page for word in ("晋能示例公司", "0351-7654321", "希望试点。"))
    assert "0351-7654321" not in mail.body
    others = [as_user(zhaolei), as_user(None)]
    for other in others:
        seen = other.get(reverse("awards:library_work", args=[public.pk])).content.decode()
        assert "0351-7654321" not in seen
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact FROM awards_interest")
        assert "7654321" not in cursor.fetchone()[0]


def test_interest_is_once_per_kind_and_not_in_the_own_work(
    public: Work, zhaolei: User, wangfang: User
) -> None:
    library.express_interest(public, visitor=zhaolei, **ASKED)

    with pytest.raises(Invalid):
        library.express_interest(public, visitor=zhaolei, **ASKED)
    with pytest.raises(NotAllowed):
        library.express_interest(public, visitor=wangfang, **ASKED)
    assert Interest.objects.count() == 1


def test_interest_is_limited_per_day(public: Work, zhaolei: User) -> None:
    for _ in range(10):
        limits.take((library.INTERESTS, str(zhaolei.pk)))

    with pytest.raises(TooMany):
        library.express_interest(public, visitor=zhaolei, **ASKED)


def test_what_was_typed_stays_when_it_is_refused(
    public: Work, zhaolei: User, as_user: Callable[..., Client]
) -> None:
    response = as_user(zhaolei).post(
        reverse("awards:library_interest", args=[public.pk]), {**ASKED, "contact": ""}
    )

    assert response.status_code == 422
    assert "希望试点。" in response.content.decode()
    assert "请填写联系方式。" in response.content.decode()


@pytest.mark.rule("R84")
def test_library_is_filtered_by_track_prize_and_words(public: Work, edition: Edition, client: Client) -> None:
    tier_of(edition, "second")

    def shown(**query: Any) -> bool:
        return "煤矿安全数据平台" in client.get(reverse("awards:library_list"), query).content.decode()

    found = [shown(), shown(track="1"), shown(tier="first"), shown(q="多源 预警"), shown(q="x", track="77")]

    assert found == [True, True, True, True, False]
    assert (shown(track="2"), shown(tier="second")) == (False, False)


def test_lists_cost_the_same_for_one_and_for_three(
    public: Work,
    edition: Edition,
    qianjin: User,
    zhaolei: User,
    sunli: User,
    as_user: Callable[..., Client],
) -> None:
    client = as_user(qianjin)
    pages = [
        reverse("awards:library_list"),
        reverse("awards:library_desk"),
        reverse("awards:library_results"),
    ]

    def cost(page: str) -> int:
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        return len(queries)

    one = [cost(page) for page in pages]
    for owner in (zhaolei, sunli):
        more = library.open_work(given(edition, qianjin, accepted_entry(edition, owner), tier="second"))
        assert more is not None
        library.publish(library.consent(more, actor=owner), actor=qianjin)

    assert [cost(page) for page in pages] == one
    assert max(one) <= 12
