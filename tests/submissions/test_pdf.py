"""The printed form: the annex's order, the hash on every page, nothing fetched from outside."""

from __future__ import annotations

import hashlib
import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from competition import outbox
from competition.fetcher import NotFetched, OwnFilesOnly
from competition.models import Edition, OutboxMessage
from submissions import services
from submissions.models import Revision, RevisionPdf
from submissions.pdf import render_blank, render_revision


def text_of(document: bytes) -> list[str]:
    """The text of each page without white space."""
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(io.BytesIO(document)).pages]


def test_form_is_printed_in_the_order_of_the_annex(frozen: Revision) -> None:
    document, pages = render_revision(frozen)

    texts = text_of(document)
    whole = "".join(texts[2:])
    headings = [
        "第一部分：基本信息",
        "（一）项目基本信息",
        "*数据市场化",
        "*应用场景",
        "（二）参赛团队信息",
        "（三）参赛单位基本信息（单位可增加，最多五家）",
        "第二部分：参赛项目介绍",
        "一、项目概述",
        "（一）项目背景",
        "二、解决方案",
        "三、应用成效（限5000字）",
        "四、商业模式（限5000字）",
        "五、附件",
    ]
    places = [whole.index(heading) for heading in headings]
    assert places == sorted(places)
    assert len(texts) == pages
    assert "目录" in texts[1]
    team = frozen.entry.team
    assert all(word in texts[0] for word in (team.name, team.project_name, "参赛项目申报书"))


def test_every_page_bears_version_and_hash(frozen: Revision) -> None:
    document, pages = render_revision(frozen)

    for number, text in enumerate(text_of(document), start=1):
        assert f"第1版·内容校验值（SHA-256）{frozen.sha256}" in text
        assert f"第{number}页，共{pages}页" in text


def test_ticked_and_empty_boxes_are_told_apart(frozen: Revision) -> None:
    whole = "".join(text_of(render_revision(frozen)[0]))

    assert "☑政府☐事业单位☐企业☐消费者" in whole


def test_team_form_shows_full_numbers_and_nothing_else_does(frozen: Revision) -> None:
    person = frozen.entry.team.representatives.get(position=1)

    whole = "".join(text_of(render_revision(frozen)[0]))

    assert person.document_number in whole


def test_typed_markup_is_text(filled: Any, lihua: Any) -> None:
    services.save_section(
        filled,
        key="overview",
        answers={
            "background": "<img src='http://10.0.0.1/x'><b>粗</b>",
            "scene": "场景",
            "advantage": "优势",
        },
        version=1,
        actor=lihua,
    )

    document, _ = render_revision(services.freeze(filled, actor=lihua))

    assert "<imgsrc='http://10.0.0.1/x'><b>粗</b>" in "".join(text_of(document))


@pytest.mark.rule("R78")
def test_blank_form_is_public(edition: Edition) -> None:
    document, pages = render_blank(edition)

    whole = "".join(text_of(document))
    assert "☐政府☐事业单位☐企业☐消费者" in whole
    assert "☑" not in whole
    assert pages < 20
    address = reverse("submissions:blank_form", kwargs={"edition_slug": edition.slug})
    assert address in Client().get(reverse("competition:downloads")).content.decode()
    response = Client().get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")


def test_pdf_is_made_once_by_the_outbox(frozen: Revision) -> None:
    outbox.send_due()
    outbox.send_due()

    made = RevisionPdf.objects.get(revision=frozen)
    assert made.sha256 == hashlib.sha256(made.file.read()).hexdigest()
    assert services.make_pdf(frozen.pk) == made
    job = OutboxMessage.objects.get(kind="revision.pdf")
    assert (job.channel, job.sent_at is not None) == ("submissions.pdf", True)


def test_page_waits_for_the_pdf_and_then_shows_it(frozen: Revision, lihua: Any, as_user: Any) -> None:
    client = as_user(lihua)
    address = reverse("submissions:revision_pdf", args=[frozen.entry_id, 1])

    waiting = client.get(address)
    asked = client.get(address, HTTP_ACCEPT="application/json").json()
    services.make_pdf(frozen.pk)
    done = client.get(address)

    assert "正在生成" in waiting.content.decode()
    assert asked == {"ready": False}
    assert client.get(address, HTTP_ACCEPT="application/json").json() == {"ready": True}
    assert done["Content-Type"] == "application/pdf"
    assert b"".join(done.streaming_content).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/x.png",
        "https://example.com/x.css",
        "file:///etc/passwd",
        "ftp://example.com/x",
        "static:../competition/config/settings.py",
        "static:nothing/here.css",
    ],
)
def test_documents_load_nothing_that_is_not_ours(address: str) -> None:
    fetcher = OwnFilesOnly()

    with pytest.raises((NotFetched, ValueError)):
        fetcher.fetch(address)
    with pytest.raises(FatalURLFetchingError):
        HTML(string=f'<img src="{address}">', base_url="static:", url_fetcher=fetcher).write_pdf()


def test_messages_to_people_leave_before_forms_are_printed(frozen: Revision) -> None:
    outbox.post("late", "x", "1", channel="mail", recipient="lihua@example.com", title="t", body="b")

    outbox.send_due()

    printed = OutboxMessage.objects.get(kind="revision.pdf")
    told = OutboxMessage.objects.get(kind="late")
    assert printed.created_at < told.created_at
    assert told.sent_at < printed.sent_at
