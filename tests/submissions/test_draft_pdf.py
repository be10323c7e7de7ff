"""The draft on paper: for the team, marked on every page, made by a job, without full numbers."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from competition import outbox
from competition.models import OutboxMessage, User
from submissions import services
from submissions.models import Entry, Revision
from submissions.pdf import render_draft, render_revision
from submissions.pdf.document import qr_of
from submissions.sealing import content_hash
from submissions.services.drafts import draft_content, draft_pdf


def pages_of(body: bytes) -> list[str]:
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(io.BytesIO(body)).pages]


def address(entry: Entry) -> str:
    return reverse("submissions:draft_pdf", args=[entry.pk])


def test_team_prints_its_unfinished_form_as_a_draft(
    entry: Entry, lihua: User, as_user: Callable[..., Client]
) -> None:
    cache.clear()
    services.save_section(
        entry, key="overview", answers={"background": "由𬭎数实验室提出。"}, version=0, actor=lihua
    )
    client = as_user(lihua)

    waiting = client.get(address(entry))
    asked = client.get(address(entry), HTTP_ACCEPT="application/json").json()
    outbox.send_due()
    done = client.get(address(entry))

    assert "正在生成" in waiting.content.decode() and asked == {"ready": False}
    assert client.get(address(entry), HTTP_ACCEPT="application/json").json() == {"ready": True}
    assert done["Content-Type"] == "application/pdf"
    assert "no-store" in done["Cache-Control"]
    texts = pages_of(done.content)
    sha256 = content_hash(draft_content(Entry.objects.get(pk=entry.pk)))
    assert all(
        "草稿" in text and "草稿，未定稿，不得用于盖章提交" in text and sha256 in text for text in texts
    )
    assert "由𬭎数实验室提出。" in "".join(texts)
    person = entry.team.representatives.get(position=1)
    assert person.document_number not in "".join(texts)


def test_what_was_frozen_bears_no_mark(frozen: Revision) -> None:
    whole = "".join(pages_of(render_revision(frozen)[0]))

    assert "草稿" not in whole


def test_draft_is_printed_once_until_something_is_saved(
    entry: Entry, lihua: User, as_user: Callable[..., Client]
) -> None:
    cache.clear()
    client = as_user(lihua)
    client.get(address(entry))
    client.get(address(entry))
    outbox.send_due()

    first = client.get(address(entry)).content
    again = client.get(address(entry)).content
    services.save_section(entry, key="overview", answers={"background": "改了"}, version=0, actor=lihua)
    saved = client.get(address(entry))

    assert first == again
    assert "正在生成" in saved.content.decode()
    assert OutboxMessage.objects.filter(kind="draft.pdf").count() == 2


def test_job_that_runs_twice_prints_once(entry: Entry, lihua: User, as_user: Callable[..., Client]) -> None:
    cache.clear()
    as_user(lihua).get(address(entry))
    outbox.send_due()
    made = draft_pdf(entry)
    OutboxMessage.objects.filter(kind="draft.pdf").update(sent_at=None)

    with CaptureQueriesContext(connection) as queries:
        outbox.send_due()

    assert draft_pdf(entry) == made
    assert not [one for one in queries if "submissions_entrysection" in one["sql"]]


def test_qr_code_names_entry_version_and_hash() -> None:
    assert qr_of("E000042", 2, "ab" * 32).startswith("data:image/png;base64,")
    assert (
        qr_of("E000042", 2, "ab" * 32) != qr_of("E000042", 3, "ab" * 32) != qr_of("E000042", None, "ab" * 32)
    )


def test_draft_names_the_characters_that_cannot_be_printed(entry: Entry, lihua: User) -> None:
    unprintable = "\ue123"
    services.save_section(
        entry, key="overview", answers={"background": f"由𬭎数{unprintable}提出。"}, version=0, actor=lihua
    )
    content = draft_content(Entry.objects.get(pk=entry.pk))

    cover, *pages = pages_of(render_draft(entry.edition, content, sha256="0" * 64, at=entry.created_at)[0])

    assert "字体中没有，请改用其他写法：U+E123" in cover
    assert "由𬭎数〓提出。" in "".join(pages)
