"""Public pages tell the notice's facts, without signing in, in few queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competition.models import Article, Edition, Stage

PAGES = [
    "/",
    "/tracks/",
    "/tracks/1/",
    "/tracks/9/",
    "/notice/",
    "/downloads/",
    "/faq/",
    "/organisation/",
    "/schedule/",
    "/privacy/",
    "/articles/news/",
    "/articles/notice/",
]


@pytest.fixture
def page(client: Client, edition: Edition) -> Callable[[str], str]:
    def get(path: str) -> str:
        response = client.get(path)
        assert response.status_code == 200
        return response.content.decode()

    return get


@pytest.mark.parametrize("path", PAGES)
def test_page_of_current_and_other_edition_needs_at_most_12_queries(
    client: Client, edition: Edition, path: str
) -> None:
    counts = []
    for address in (path, f"/e/{edition.slug}{path}"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(address)
        counts.append(len(queries))
        assert response.status_code == 200
        assert edition.short_name in response.content.decode()

    assert max(counts) <= 12


@pytest.mark.rule("R01", "R02", "R03", "R95", "R96")
def test_home_names_the_competition_its_theme_and_its_guides(
    page: Callable[[str], str], edition: Edition
) -> None:
    html = page("/")

    for text in (
        edition.name,
        "数据赋能 乘数而上",
        "国家数据局",
        "山西省人民政府",
        "不向参赛团队收取任何参赛费用",
    ):
        assert text in html
    assert "最终解释权归山西分赛组委会所有" in html


@pytest.mark.rule("R09")
def test_home_before_registration_points_to_the_official_account(page: Callable[[str], str]) -> None:
    html = page("/")

    assert "山西省数据局官方公众号" in html
    assert "我要报名" not in html


@pytest.mark.rule("R08")
def test_home_during_registration_offers_to_register(
    page: Callable[[str], str], open_stage: Callable[..., Stage]
) -> None:
    open_stage("registration")

    html = page("/")

    assert "我要报名" in html


@pytest.mark.rule("R10", "R11")
def test_tracks_show_nine_tracks_and_every_topic_with_its_text(
    page: Callable[[str], str], edition: Edition
) -> None:
    listing = page("/tracks/")

    for track in edition.tracks.all():
        assert track.name in listing
        html = page(f"/tracks/{track.number}/")
        for topic in track.topics.all():
            assert topic.title in html and topic.description[:40] in html


@pytest.mark.rule("R04", "R05", "R06")
def test_organisation_lists_sponsors_undertakers_and_contacts_without_numbers(
    page: Callable[[str], str],
) -> None:
    html = page("/organisation/")

    for text in ("中国人民银行山西省分行", "山西数据交易中心", "郭亚楠", "柴瑞", "郑丽娟"):
        assert text in html.replace(" ", "")


@pytest.mark.rule("R78")
def test_downloads_offer_the_blank_form(page: Callable[[str], str]) -> None:
    assert "申报书" in page("/downloads/")


@pytest.mark.rule("R97")
def test_notice_is_shown_in_full(page: Callable[[str], str]) -> None:
    html = page("/notice/")

    assert "奖金总额 60 万元" in html or "奖金总额60万元" in html.replace(" ", "")
    assert "未尽事宜请通过山西分赛平台查询" in html


def test_provisional_stages_show_months_and_no_days(page: Callable[[str], str], edition: Edition) -> None:
    html = page("/schedule/")

    for stage in edition.stages.all():
        assert stage.month_text in html


def test_unpublished_article_is_not_found(client: Client, edition: Edition) -> None:
    draft = Article.objects.create(edition=edition, category="news", title="草稿")
    planned = Article.objects.create(
        edition=edition, category="news", title="预告", published_at=timezone.now() + timedelta(days=1)
    )

    answers = [client.get(f"/articles/{row.pk}/").status_code for row in (draft, planned)]

    assert answers == [404, 404]
    assert "预告" not in client.get("/articles/news/").content.decode()


def test_article_shows_markdown_and_never_raw_html(client: Client, edition: Edition) -> None:
    row = Article.objects.create(
        edition=edition,
        category="news",
        title="指引",
        body="## 步骤\n\n- 第一步\n\n<script>alert(1)</script>",
        published_at=timezone.now(),
    )

    html = client.get(f"/articles/{row.pk}/").content.decode()

    assert "<li>第一步</li>" in html
    assert "<script>alert(1)" not in html


@pytest.mark.parametrize("path", ["/articles/news/", "/", "/downloads/", "/faq/"])
def test_lists_need_the_same_queries_with_one_and_three_rows(
    client: Client, edition: Edition, path: str
) -> None:
    counts = []
    for total in (1, 3):
        for category in Article.Category.values:
            while Article.objects.filter(category=category, source="").count() < total:
                Article.objects.create(
                    edition=edition, category=category, title=f"第{total}条", published_at=timezone.now()
                )
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_article_list_pages_by_key(client: Client, edition: Edition) -> None:
    Article.objects.filter(category="news").delete()
    for number in range(45):
        Article.objects.create(
            edition=edition,
            category="news",
            title=f"动态{number:02d}号",
            published_at=timezone.now() - timedelta(hours=number),
        )

    seen, cursor, pages = [], "", 0
    while True:
        page = client.get("/articles/news/", {"after": cursor}).context["page"]
        seen += [row.title for row in page.items]
        pages, cursor = pages + 1, page.next
        if not cursor:
            break

    assert seen == [f"动态{number:02d}号" for number in range(45)]
    assert pages == 3


def test_damaged_cursor_gives_the_first_page(client: Client, edition: Edition) -> None:
    answers = [
        client.get("/articles/news/", {"after": bad}).status_code
        for bad in ("%%%", "W10", "bnVsbA", "x" * 900)
    ]

    assert answers == [200, 200, 200, 200]


def test_unknown_edition_is_not_found(client: Client, edition: Edition) -> None:
    assert client.get("/e/henan-2031/tracks/").status_code == 404


def test_rehearsal_shown_as_the_current_edition_says_so(page: Callable[[str], str], edition: Edition) -> None:
    word = "这是一次演练"

    before = page("/")
    Edition.objects.filter(pk=edition.pk).update(is_rehearsal=True)
    after = page("/")

    assert (word in before, word in after) == (False, True)
