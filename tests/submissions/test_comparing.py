"""What differs between two versions, by field, with the words marked; for the team and the office (R71)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from competition.files import check_upload
from competition.form_schema import FormSchema, read_form
from competition.form_schema.comparing import ADDED, CHANGED, MOVED, REMOVED, Version, compare
from competition.form_schema.wording import DELETED, INSERTED, SAME, Part, folded, marked
from competition.models import AuditEvent, User
from submissions import services
from submissions.models import Entry, Receipt, Revision
from submissions.services.attachments import store
from submissions.services.comparing import changes_since_accepted
from submissions.services.revisions import content_of
from tests.fixtures import EDITION_FOLDER
from tests.submissions.conftest import pdf
from tests.submissions.full import text_of

FORM: FormSchema = read_form(Path(EDITION_FOLDER) / "form.yaml")


def version(files: dict[str, list[dict[str, str]]] | None = None, **answers: dict[str, Any]) -> Version:
    """A state of the form with these sections."""
    return Version({(key, None): value for key, value in answers.items()}, files=files or {})


def told(before: Version, after: Version) -> list[tuple[str, str, list[tuple[str, str]]]]:
    return [
        (one.label, one.kind, [(part.op, part.text) for part in one.parts])
        for one in compare(FORM, before, after)
    ]


def test_choices_differ_one_by_one() -> None:
    before = version(market={"service_targets": ["government", "enterprise"]})
    after = version(market={"service_targets": ["enterprise", "consumer"]})

    assert told(before, after) == [
        (
            "项目服务对象（多选）",
            CHANGED,
            [(DELETED, "政府"), (SAME, "、"), (SAME, "企业"), (SAME, "、"), (INSERTED, "消费者")],
        )
    ]


def test_what_stands_behind_a_choice_differs_by_itself() -> None:
    ticked = {"modelling": "large_model"}
    before = version(market={**ticked, "modelling__large_model__name": "晋数1.0"})
    after = version(market={**ticked, "modelling__large_model__name": "晋数2.0"})

    ((label, kind, parts),) = told(before, after)

    assert (label, kind) == ("数据驱动的建模分析方式（限选1项） · 应用大模型 · 大模型名称", CHANGED)
    assert parts == [(SAME, "晋数"), (DELETED, "1.0"), (INSERTED, "2.0")]


def test_numbers_are_replaced_as_a_whole() -> None:
    before, after = version(results={"dev_cost": "1234"}), version(results={"dev_cost": "1235"})

    assert told(before, after) == [("项目开发成本（万元）", CHANGED, [(DELETED, "1234"), (INSERTED, "1235")])]


def test_rows_are_matched_by_their_id_not_their_place() -> None:
    rows = [{"_id": f"r{at}", "name": f"专利{at}", "number": f"ZL{at}"} for at in (1, 2, 3)]
    changed = [{**rows[2], "number": "ZL9"}, rows[0], {"_id": "n7", "name": "新专利"}]

    found = told(
        version(attachments={"ip": {"patents": rows}}), version(attachments={"ip": {"patents": changed}})
    )

    table = "知识产权情况（需与解决方案相关。可添加数量） · 专利"
    assert [(label, kind) for label, kind, _ in found] == [
        (f"{table} · 专利1 · 专利号", CHANGED),
        (f"{table} · 专利3", ADDED),
        (f"{table} · 专利2", REMOVED),
        (f"{table} · 行的顺序", MOVED),
    ]
    assert found[1][2] == [(INSERTED, "专利名称：新专利")]


def test_files_differ_by_hash_not_by_name() -> None:
    slot = "attachments.ip_proof"
    one = {"name": "证明.pdf", "sha256": "a" * 64}
    renamed, other = {**one, "name": "证明（改名）.pdf"}, {**one, "sha256": "b" * 64}

    same = told(version({slot: [one]}), version({slot: [renamed]}))
    ((label, kind, parts),) = told(version({slot: [one]}), version({slot: [other]}))

    assert same == []
    assert (label, kind) == ("知识产权证明", CHANGED)
    assert parts == [(DELETED, "证明.pdf（aaaaaaaa）"), (SAME, "、"), (INSERTED, "证明.pdf（bbbbbbbb）")]


def test_words_are_marked() -> None:
    parts = marked("平台每5分钟预警一次。误报率为1.9%。", "平台每10分钟预警一次。误报率为1.9%。")

    assert parts == (
        Part(SAME, "平台每"),
        Part(DELETED, "5"),
        Part(INSERTED, "10"),
        Part(SAME, "分钟预警一次。误报率为1.9%。"),
    )


@given(st.text("数据要素。，；\n a1.%", max_size=200), st.text("数据要素。，；\n a1.%", max_size=200))
def test_marked_words_give_both_texts_back(before: str, after: str) -> None:
    parts = marked(before, after)

    assert "".join(part.text for part in parts if part.op != INSERTED) == before
    assert "".join(part.text for part in parts if part.op != DELETED) == after
    assert all(part.text for part in parts)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (text_of(5000), text_of(5000).replace("数据", "资料")),
        (text_of(5000), text_of(5000)[::-1]),
        ("一" * 5000, "一" * 4999 + "二"),
        ("一二" * 2500, "二一" * 2500),
        ("一。二。" * 1250, "二。一。" * 1250),
        (("一" * 390 + "。") * 12, ("一" * 388 + "。") * 12),
        (("一二一" * 130 + "。") * 2500, ("二一二" * 130 + "。") * 2500),
    ],
    ids=[
        "one word everywhere",
        "reversed",
        "one character",
        "shifted",
        "short sentences",
        "long sentences",
        "a million",
    ],
)
def test_five_thousand_characters_take_less_than_a_fifth_of_a_second(before: str, after: str) -> None:
    start = time.thread_time()
    marked(before, after)

    assert time.thread_time() - start < 0.2


def test_unchanged_stretches_are_folded() -> None:
    parts = (Part(SAME, "甲" * 200), Part(INSERTED, "新"), Part(SAME, "乙" * 200))

    assert folded(parts, 3) == (Part(SAME, " …… 甲甲甲"), Part(INSERTED, "新"), Part(SAME, "乙乙乙 …… "))


def rewrite(entry: Entry, actor: User, text: str, version: int) -> None:
    row = entry.sections.get(key="overview")
    services.save_section(
        entry, key="overview", answers={**row.answers, "background": text}, version=version, actor=actor
    )


@pytest.fixture
def two(frozen: Revision, lihua: User) -> Entry:
    """Lihua's entry with two versions and a draft, each with another background."""
    entry = frozen.entry
    rewrite(entry, lihua, "第二版的背景：覆盖全省。", 1)
    services.freeze(Entry.objects.get(pk=entry.pk), actor=lihua)
    rewrite(entry, lihua, "草稿的背景：覆盖全国。", 2)
    return Entry.objects.get(pk=entry.pk)


def page_of(client: Client, entry: Entry, query: str = "") -> str:
    answer = client.get(reverse("submissions:compare", args=[entry.pk]) + query)
    assert answer.status_code == 200
    return re.sub(r"<span class=\"visually-hidden\">.*?</span>", "", answer.content.decode())


@pytest.mark.rule("R71")
def test_team_sees_what_changed_since_its_last_version(
    two: Entry, lihua: User, as_user: Callable[..., Client]
) -> None:
    page = page_of(as_user(lihua), two)

    assert '共 <b class="num">1</b> 处不同' in page
    assert "（一）项目背景" in page
    assert "<del>第二版</del><ins>草稿</ins>的背景：覆盖全<del>省</del><ins>国</ins>。" in page


@pytest.mark.rule("R71")
def test_office_compares_frozen_versions_but_not_the_draft(
    two: Entry, qianjin: User, as_user: Callable[..., Client]
) -> None:
    client = as_user(qianjin)

    page = page_of(client, two, "?from=1&to=2")
    draft = client.get(reverse("submissions:compare", args=[two.pk]), {"from": "1", "to": "draft"})

    assert "覆盖全省" in page
    assert "覆盖全国" not in page
    assert draft.status_code == 404
    event = AuditEvent.objects.get(verb="revision.compared")
    assert (event.actor, event.data) == (qianjin, {"before": "1", "after": "2"})


def test_stranger_does_not_find_the_comparison(
    two: Entry, zhaolei: User, as_user: Callable[..., Client]
) -> None:
    assert as_user(zhaolei).get(reverse("submissions:compare", args=[two.pk])).status_code == 404


@pytest.mark.parametrize("query", ["?from=9&to=1", "?to=x", "?from=draft", "?from=1&to=²", "?from=-1"])
def test_versions_that_are_not_there_are_not_found(
    query: str, two: Entry, lihua: User, as_user: Callable[..., Client]
) -> None:
    address = reverse("submissions:compare", args=[two.pk])

    assert as_user(lihua).get(address + query).status_code == 404


def test_page_says_when_there_is_nothing_to_compare(
    entry: Entry, lihua: User, as_user: Callable[..., Client]
) -> None:
    assert "还没有定稿的版本" in page_of(as_user(lihua), entry)


def test_equal_versions_say_so(frozen: Revision, lihua: User, as_user: Callable[..., Client]) -> None:
    page = page_of(as_user(lihua), frozen.entry)

    assert "两个版本的内容完全相同" in page


def test_typed_markup_is_shown_as_text(two: Entry, lihua: User, as_user: Callable[..., Client]) -> None:
    rewrite(two, lihua, "<script>alert(1)</script>", 3)

    page = page_of(as_user(lihua), two)

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_comparison_asks_as_much_for_many_versions(
    two: Entry, lihua: User, as_user: Callable[..., Client]
) -> None:
    client = as_user(lihua)
    page_of(client, two)
    with CaptureQueriesContext(connection) as few:
        page_of(client, two)
    for number in (3, 4, 5):
        rewrite(two, lihua, f"第{number}次改写。", number)
        services.freeze(Entry.objects.get(pk=two.pk), actor=lihua)
    rewrite(two, lihua, "又改。", 6)

    with CaptureQueriesContext(connection) as many:
        page_of(client, two)

    assert len(many) == len(few) <= 12


@pytest.mark.rule("R71")
def test_office_learns_what_changed_since_acceptance(accepted: Entry, lihua: User) -> None:
    before = changes_since_accepted(accepted)
    content = content_of(accepted, services.completeness(accepted, proofs=True))
    for section in content["sections"]:
        if section["key"] == "overview":
            section["answers"] = {**section["answers"], "background": "换了一个项目。"}
    sealed_again(accepted, content, lihua)

    (change,) = changes_since_accepted(accepted)

    assert before == []
    assert (change.place, change.label, change.kind) == ("overview/background", "（一）项目背景", CHANGED)


def sealed_again(entry: Entry, content: dict[str, Any], actor: User) -> Receipt:
    """A version sealed after acceptance, as on a request of the office."""
    first = Receipt.objects.get(revision__entry=entry)
    revision = Revision.objects.create(
        entry=entry,
        number=2,
        content=content,
        form_digest="0" * 64,
        sha256="1" * 64,
        frozen_by=actor,
        frozen_at=first.submitted_at,
    )
    scan = store(entry, "scan", *checked(), actor, revision)
    return Receipt.objects.create(
        revision=revision,
        number=f"HZ-{entry.reference}-02",
        scan=scan,
        scan_sha256=scan.sha256,
        sha256="2" * 64,
        arrived_at=first.arrived_at,
        submitted_at=first.submitted_at,
        submitted_by=actor,
    )


def checked() -> tuple[Any, Any]:
    upload = pdf("盖章.pdf", "again")
    return check_upload(upload, kinds=("pdf",), max_megabytes=5, field="scan"), upload
