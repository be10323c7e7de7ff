"""Results, opportunities, the ceremony, and what the home page and the navigation say of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from awards.models import Award, Ceremony, Opportunity
from awards.services import ceremony, opportunities, outcome
from awards.workflow import AwardStatus
from competition import clock
from competition.errors import Invalid, NotAllowed
from competition.models import Edition, Stage, User
from judging.models import Result
from judging.shortlist import first_lists
from judging.workflow import ResultStatus, Round
from tests.awards.given import given
from tests.contest import accepted_entry

NEED: dict[str, Any] = {"title": "矿山数据需求", "organisation": "省能源局", "body": "征集煤矿安全数据产品。"}


def test_results_say_what_will_come(edition: Edition, client: Client) -> None:
    assert "还没有公布结果" in client.get(reverse("awards:library_results")).content.decode()


@pytest.mark.rule("R21")
def test_results_show_the_standing_lists_by_number_without_scores(
    edition: Edition, lihua: User, zhaolei: User, qianjin: User, sunli: User, client: Client
) -> None:
    first, second = accepted_entry(edition, lihua), accepted_entry(edition, zhaolei)
    lists = first_lists([[str(second.pk)], [str(first.pk)]], finalist_seats=2, excellence_seats=0)
    content = {"lists": {"1": lists.as_data()}, "scores": {str(first.pk): "87.65"}}
    Result.objects.create(
        edition=edition, round=Round.PRELIMINARY, status=ResultStatus.CONFIRMED, content=content,
        sha256="0" * 64, proposed_by=qianjin, proposed_at=timezone.now(), decided_by=sunli,
        decided_at=timezone.now(),
    )  # fmt: skip

    (listed,) = outcome.listed(edition)
    page = client.get(reverse("awards:library_results")).content.decode()

    assert [entry.pk for entry in listed.finalists] == [first.pk, second.pk]
    assert first.team.project_name in page
    assert "87.65" not in page


@pytest.mark.rule("R90")
def test_results_show_awards_only_once_they_are_under_publicity(
    edition: Edition, lihua: User, zhaolei: User, wangfang: User, qianjin: User, client: Client
) -> None:
    proposed = given(edition, qianjin, accepted_entry(edition, lihua), status=AwardStatus.PROPOSED)
    published = given(edition, qianjin, accepted_entry(edition, zhaolei), status=AwardStatus.PUBLISHED)
    confirmed = given(edition, qianjin, accepted_entry(edition, wangfang))

    page = client.get(reverse("awards:library_results")).content.decode()

    names = [award.entry.team.project_name for award in (proposed, published, confirmed) if award.entry]
    assert [name in page for name in names] == [False, True, True]
    assert "公示中" in page
    assert "已确认" in page


@pytest.mark.rule("R87")
def test_opportunity_is_public_while_it_is_published_and_not_over(
    edition: Edition, qianjin: User, client: Client
) -> None:
    today = timezone.localtime(clock.now(edition)).date()
    one = opportunities.save(None, edition=edition, actor=qianjin, until=today, **NEED)
    address = reverse("awards:library_opportunity", args=[one.pk])
    codes = [client.get(address).status_code]
    opportunities.publish(one, actor=qianjin)
    codes.append(client.get(address).status_code)

    Opportunity.objects.filter(pk=one.pk).update(until=today - timedelta(days=1))
    codes.append(client.get(address).status_code)

    assert codes == [404, 200, 404]


@pytest.mark.rule("R87")
def test_opportunities_are_the_offices_and_listed_by_track(
    edition: Edition, qianjin: User, zhaolei: User, client: Client
) -> None:
    with pytest.raises(NotAllowed):
        opportunities.save(None, edition=edition, actor=zhaolei, **NEED)
    with pytest.raises(Invalid):
        opportunities.save(None, edition=edition, actor=qianjin, **{**NEED, "body": " "})
    one = opportunities.save(None, edition=edition, actor=qianjin, track=edition.tracks.get(number=1), **NEED)
    opportunities.publish(one, actor=qianjin)

    listing = reverse("awards:library_opportunities")
    seen = [NEED["title"] in client.get(listing, {"track": number}).content.decode() for number in ("", 1, 2)]

    assert seen == [True, True, False]


def test_office_adds_publishes_and_corrects_in_the_browser(
    edition: Edition, qianjin: User, as_user: Callable[..., Client]
) -> None:
    client = as_user(qianjin)
    refused = client.post(reverse("awards:library_opportunities_desk"), {**NEED, "title": ""})
    client.post(reverse("awards:library_opportunities_desk"), NEED)
    one = Opportunity.objects.get()
    client.post(reverse("awards:library_opportunity_show", args=[one.pk]), {"verb": "publish"})
    client.post(reverse("awards:library_opportunity_edit", args=[one.pk]), {**NEED, "title": "新标题"})

    one.refresh_from_db()
    assert (refused.status_code, one.is_public, one.title) == (422, True, "新标题")
    assert NEED["body"] in refused.content.decode()


@pytest.mark.rule("R33")
def test_run_list_goes_from_the_first_prize_to_the_commended_units(
    edition: Edition, lihua: User, zhaolei: User, wangfang: User, qianjin: User
) -> None:
    unit = given(edition, qianjin, tier="organisation", unit="甲中心")
    third = given(edition, qianjin, accepted_entry(edition, lihua), tier="third")
    first = given(edition, qianjin, accepted_entry(edition, zhaolei), tier="first")
    pending = given(
        edition, qianjin, accepted_entry(edition, wangfang), tier="first", status=AwardStatus.PUBLISHED
    )

    assert list(ceremony.run_list(edition)) == [first, third, unit]
    assert Award.objects.get(pk=pending.pk).status == AwardStatus.PUBLISHED


@pytest.mark.rule("R32")
def test_ceremony_is_shown_once_the_office_makes_it_public(
    edition: Edition, qianjin: User, zhaolei: User, client: Client
) -> None:
    when = clock.now(edition) + timedelta(days=3)
    with pytest.raises(Invalid):
        ceremony.save(edition, actor=qianjin, starts_at=None, place="", body="", is_public=True)
    with pytest.raises(NotAllowed):
        ceremony.save(edition, actor=zhaolei, starts_at=when, place="太原", body="", is_public=True)
    ceremony.save(edition, actor=qianjin, starts_at=when, place="太原某会堂", body="", is_public=False)
    before = client.get(reverse("awards:library_ceremony")).content.decode()

    ceremony.save(edition, actor=qianjin, starts_at=when, place="太原某会堂", body="", is_public=True)

    after = client.get(reverse("awards:library_ceremony")).content.decode()
    assert ("太原某会堂" in before, "太原某会堂" in after) == (False, True)
    assert Ceremony.objects.count() == 1


@pytest.mark.parametrize(
    ("over", "running", "words"),
    [
        (["registration", "submission"], "preliminary", "查看赛程安排"),
        (["registration", "submission", "preliminary"], "final", "查看入围名单"),
        (["registration", "submission", "preliminary", "final"], "publicity", "查看获奖公示"),
        (["registration", "submission", "preliminary", "final", "publicity"], "ceremony", "查看获奖结果"),
    ],
)
def test_home_says_what_can_be_done_in_later_stages(
    edition: Edition,
    open_stage: Callable[[str], Stage],
    close_stage: Callable[[str], Stage],
    client: Client,
    over: list[str],
    running: str,
    words: str,
) -> None:
    for key in over:
        close_stage(key)
    open_stage(running)

    assert words in client.get(reverse("home")).content.decode()


def test_navigation_leads_to_results_and_library_of_the_edition_one_looks_at(
    edition: Edition, client: Client, settings: Any
) -> None:
    here = client.get(reverse("awards:library_results")).content.decode()
    settings.CURRENT_EDITION = "another"

    there = client.get(reverse("home", kwargs={"edition_slug": edition.slug})).content.decode()

    assert 'href="/results/" aria-current="page"' in here
    assert f'href="/e/{edition.slug}/library/"' in there
