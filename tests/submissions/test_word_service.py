"""Bringing a draft in: previewed, taken over by choice, all or nothing; and the pages around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document as WordDocument

from competition.audit import AuditEvent
from competition.errors import Invalid, NotAllowed, StageClosed, StaleVersion, WrongState
from competition.models import Edition
from submissions import services
from submissions.models import Entry, EntrySection
from submissions.services import word
from submissions.word import blank_docx, entry_docx
from tests.submissions.word import body_of, type_into, upload, with_body, with_part


def changed(entry: Entry, **typed: str) -> bytes:
    """The entry's own form with texts typed into the overview."""
    document = entry_docx(entry)
    tree = body_of(document)
    for key, text in typed.items():
        type_into(tree, f"overview/{key}", text)
    return with_body(document, tree)


def take_in(entry: Entry, actor: Any, document: bytes) -> str:
    return word.take_in(entry, upload=upload(document), actor=actor)


def overview(entry: Entry) -> dict[str, Any]:
    """What stands in the overview now."""
    row = EntrySection.objects.filter(entry=entry, key="overview").first()
    return row.answers if row else {}


def save(entry: Entry, actor: Any, version: int, **answers: str) -> None:
    services.save_section(entry, key="overview", answers=answers, version=version, actor=actor)


def test_own_form_comes_back_without_a_change(filled: Entry, lihua: Any) -> None:
    key = take_in(filled, lihua, entry_docx(filled))

    found = word.preview(filled, word.reading_of(filled, key, lihua))

    assert (found.changed, found.strays, found.notes) == ([], [], [])
    assert found.same > 100


def test_only_what_was_chosen_is_taken_over(entry: Entry, lihua: Any) -> None:
    save(entry, lihua, 0, scene="旧场景")
    key = take_in(entry, lihua, changed(entry, background="背景𬭎", scene="新场景", advantage="优势"))

    count = word.bring_in(
        entry,
        key=key,
        chosen=["overview:background", "overview:scene", "overview:no_such"],
        versions={"overview": 1},
        actor=lihua,
    )

    assert overview(entry) == {"background": "背景𬭎", "scene": "新场景"}
    assert count == 2
    event = AuditEvent.objects.get(verb="entry.word_taken_over")
    assert event.actor == lihua


def test_section_saved_after_the_preview_takes_nothing(entry: Entry, lihua: Any, wangfang: Any) -> None:
    key = take_in(entry, lihua, changed(entry, background="文稿里的背景"))
    save(entry, wangfang, 0, background="王芳刚写的背景")

    with pytest.raises(StaleVersion, match="项目概述"):
        word.bring_in(entry, key=key, chosen=["overview:background"], versions={"overview": 0}, actor=lihua)

    assert overview(entry) == {"background": "王芳刚写的背景"}


def test_stranger_and_officer_bring_in_nothing(entry: Entry, lihua: Any, zhaolei: Any, qianjin: Any) -> None:
    document = changed(entry, background="别人的背景")
    key = take_in(entry, lihua, document)

    for person in (zhaolei, qianjin):
        with pytest.raises(NotAllowed):
            take_in(entry, person, document)
        with pytest.raises(WrongState):  # what Lihua uploaded is kept for Lihua
            word.bring_in(entry, key=key, chosen=["overview:background"], versions={}, actor=person)

    assert overview(entry) == {}


def test_closed_stage_and_locked_entry_refuse(
    entry: Entry, lihua: Any, open_stage: Callable[..., Any], close_stage: Callable[..., Any]
) -> None:
    document = changed(entry, background="背景")
    key = take_in(entry, lihua, document)
    close_stage("submission")

    with pytest.raises(StageClosed):
        take_in(entry, lihua, document)
    with pytest.raises(StageClosed):
        word.bring_in(entry, key=key, chosen=["overview:background"], versions={"overview": 0}, actor=lihua)

    assert overview(entry) == {}


def test_accepted_entry_takes_no_draft(accepted: Entry, lihua: Any) -> None:
    with pytest.raises(WrongState, match="已通过形式审查"):
        take_in(accepted, lihua, entry_docx(accepted))


def test_forgotten_preview_asks_for_the_file_again(entry: Entry, lihua: Any, as_user: Any) -> None:
    key = take_in(entry, lihua, changed(entry, background="背景"))
    cache.clear()

    response = as_user(lihua).get(reverse("submissions:word_preview", args=[entry.pk, key]))

    assert response.status_code == 409
    assert "预览已过期" in response.content.decode()


def test_what_was_read_is_not_readable_in_the_cache(entry: Entry, lihua: Any) -> None:
    key = take_in(entry, lihua, changed(entry, background="不能明文保存的背景"))

    stored = cache.get(f"word:{entry.pk}:{lihua.pk}:{key}")

    assert "背景" not in stored


def test_draft_of_another_entry_and_edition_says_so(entry: Entry, other_entry: Entry, lihua: Any) -> None:
    foreign = entry_docx(other_entry)
    old = with_part(
        foreign,
        "docProps/custom.xml",
        b'<Properties xmlns="x"><property name="form-edition"><v>shanxi-2024</v></property></Properties>',
    )

    first = word.preview(entry, word.reading_of(entry, take_in(entry, lihua, foreign), lihua))
    second = word.preview(entry, word.reading_of(entry, take_in(entry, lihua, old), lihua))

    assert [note for note in first.notes if other_entry.reference in note]
    assert [note for note in second.notes if "另一届" in note]


def test_draft_of_an_older_form_says_so(entry: Entry, lihua: Any) -> None:
    properties = (
        '<Properties xmlns="x"><property name="form-edition"><v>shanxi-2025</v></property>'
        '<property name="form-digest"><v>0000</v></property></Properties>'
    )
    document = with_part(entry_docx(entry), "docProps/custom.xml", properties.encode())

    found = word.preview(entry, word.reading_of(entry, take_in(entry, lihua, document), lihua))

    assert [note for note in found.notes if "旧版申报书" in note]


def test_draft_is_uploaded_shown_and_taken_over_in_the_browser(
    entry: Entry, lihua: Any, as_user: Any
) -> None:
    save(entry, lihua, 0, scene="旧的应用场景")
    client = as_user(lihua)
    address = reverse("submissions:word_import", args=[entry.pk])
    document = changed(entry, background="第一段\n<b>第二段</b>", scene="新的应用场景")

    shown = client.post(address, {"file": upload(document)}, follow=True)
    page = shown.content.decode()
    done = client.post(
        shown.redirect_chain[0][0], {"take": "overview:background", "version-overview": "1"}, follow=True
    )

    assert 'value="overview:background" checked' in page
    assert 'value="overview:scene">' in page
    assert "<del>旧</del>的应用场景" in page
    assert "<ins>新</ins>的应用场景" in page
    assert "&lt;b&gt;" in page
    assert "已带入1处内容" in done.content.decode()
    assert overview(entry) == {"background": "第一段\n<b>第二段</b>", "scene": "旧的应用场景"}


def test_stale_preview_is_shown_anew(entry: Entry, lihua: Any, wangfang: Any, as_user: Any) -> None:
    key = take_in(entry, lihua, changed(entry, background="文稿"))
    save(entry, wangfang, 0, background="王芳刚写的")

    response = as_user(lihua).post(
        reverse("submissions:word_preview", args=[entry.pk, key]),
        {"take": "overview:background", "version-overview": "0"},
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "这次什么都没有带入" in page
    assert 'name="version-overview" value="1"' in page


def test_refused_file_says_why_on_the_page(entry: Entry, lihua: Any, as_user: Any) -> None:
    response = as_user(lihua).post(
        reverse("submissions:word_import", args=[entry.pk]),
        {"file": upload(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧.doc")},
    )

    assert response.status_code == 422
    assert "另存为“Word 文档（*.docx）”" in response.content.decode()


@pytest.mark.rule("R78")
def test_blank_form_is_public_and_listed(edition: Edition) -> None:
    address = reverse("submissions:blank_word", kwargs={"edition_slug": edition.slug})

    response = Client().get(address)

    assert address in Client().get(reverse("competition:downloads")).content.decode()
    assert response["Content-Type"].endswith("wordprocessingml.document")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert (response["X-Content-Type-Options"], response.content[:2]) == ("nosniff", b"PK")


def test_own_form_shows_no_full_numbers(filled: Entry, lihua: Any, as_user: Any) -> None:
    person = filled.team.representatives.get(position=1)

    response = as_user(lihua).get(reverse("submissions:entry_word", args=[filled.pk]))

    said = "".join(body_of(response.content).itertext())
    assert (filled.team.project_name in said, person.name in said) == (True, True)
    assert (person.document_number in said, person.mobile[-8:] in said) == (False, False)


def test_blank_form_fills_the_unit_of_the_same_name(entry: Entry, lihua: Any) -> None:
    document = blank_docx(entry.edition)
    tree = body_of(document)
    second = list(services.facts_of(entry).unit_ids)[-1]
    name = services.facts_of(entry).unit(second)["name"]
    type_into(tree, "=units.1/unit_title", name)
    type_into(tree, "units.1/intro", "第二家单位的简介")

    found = word.preview(
        entry, word.reading_of(entry, take_in(entry, lihua, with_body(document, tree)), lihua)
    )

    assert [(one.place.unit_id, [change.key for change in one.changes]) for one in found.changed] == [
        (second, ["intro"])
    ]


def test_pages_ask_the_same_questions_whatever_the_document(entry: Entry, lihua: Any, as_user: Any) -> None:
    client = as_user(lihua)
    typed = {"background": "甲", "scene": "乙", "advantage": "丙"}
    counts = []

    for version, rows in enumerate((1, 3)):
        patents = [{"_id": f"r{number}", "name": f"专利{number}"} for number in range(rows)]
        answers = {"ip": {"patents": patents}}
        services.save_section(entry, key="attachments", answers=answers, version=version, actor=lihua)
        key = take_in(entry, lihua, changed(entry, **{one: typed[one] for one in list(typed)[:rows]}))
        for name, args in (("word_preview", [key]), ("entry_word", []), ("word_import", [])):
            counts.append(queries_of(client, reverse(f"submissions:{name}", args=[entry.pk, *args])))

    assert counts[:3] == counts[3:]
    assert max(counts) <= 12


def queries_of(client: Client, address: str) -> int:
    """How many questions a page asks the database when it is looked at again."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len([one for one in queries if "SAVEPOINT" not in one["sql"]])


def test_upload_that_is_no_form_of_ours_is_refused(entry: Entry, lihua: Any) -> None:
    with pytest.raises(Invalid, match="不是用申报书的 Word 模板"):
        take_in(entry, lihua, with_body(entry_docx(entry), _other()))


def _other() -> Any:
    document = WordDocument()
    document.add_paragraph("会议纪要")
    return document.element
