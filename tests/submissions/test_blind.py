"""What the team sees of the blind round before it submits: its texts, its pages, what names it in them (R16)."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from competition import outbox, traces
from competition.models import Edition, OutboxMessage, Stage, User
from submissions import services
from submissions.blindness import look_through
from submissions.identity import Finder, Word
from submissions.models import Attachment, Entry, FileReading
from submissions.services.blindness import blind_view
from submissions.services.readings import make_reading
from submissions.views.desk import look_at
from tests.judging.blinding import blind_pdf
from tests.submissions.conftest import make_team

SLOT = "attachments.anonymous"
UNIT = "山西示例甲科技有限公司"


def marked_pdf(*texts: str, embedded: str = "") -> bytes:
    """A PDF whose properties, notes and bookmarks name somebody, too; ``embedded`` names a file inside it."""
    with pikepdf.open(io.BytesIO(blind_pdf(*texts))) as pdf:
        with pdf.open_metadata() as metadata:
            metadata["dc:description"] = f"{UNIT}内部资料"
        pdf.docinfo["/Author"] = "某人"
        pdf.docinfo["/Company"] = UNIT
        if embedded:
            pdf.attachments[embedded] = b"x"
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents="请李华确认"
        )
        pdf.pages[0].obj.Annots = pdf.make_indirect(pikepdf.Array([note]))
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("示例甲科技简介", 0))
        made = io.BytesIO()
        pdf.save(made)
    return made.getvalue()


def put(entry: Entry, actor: User, data: bytes, name: str = "匿名材料.pdf") -> Attachment:
    upload = SimpleUploadedFile(name, data, content_type="application/pdf")
    return services.attach(entry, slot=SLOT, upload=upload, actor=actor)


def say(entry: Entry, actor: User, text: str) -> None:
    row = entry.sections.get(key="overview")
    services.save_section(
        entry, key="overview", answers={**row.answers, "background": text}, version=row.version, actor=actor
    )


@pytest.fixture
def entry(edition: Edition, lihua: User, open_stage: Callable[..., Stage]) -> Entry:
    """Lihua's entry, by the unit named above."""
    open_stage("submission")
    return services.open_entry(make_team(edition, lihua))


@pytest.fixture
def telling(filled: Entry, lihua: User) -> Entry:
    """An entry whose text and file name its unit; the file is read."""
    say(filled, lihua, f"由{UNIT}承担。{UNIT}是示例。")
    attachment = put(filled, lihua, marked_pdf("平台架构图", f"由{UNIT}研制"))
    make_reading(attachment.pk)
    return filled


@pytest.mark.rule("R16")
def test_a_file_says_what_stands_in_it_unseen(tmp_path: Any) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(marked_pdf("平台架构图", "图", embedded="示例甲科技源文件.txt"))

    found = traces.read(file)

    said = {mark.where: mark.text for mark in found.marks}
    assert {key: said[key] for key in ("Author", "Company", "embedded", "note", "bookmark")} == {
        "Author": "某人",
        "Company": UNIT,
        "embedded": "示例甲科技源文件.txt",
        "note": "请李华确认",
        "bookmark": "示例甲科技简介",
    }
    assert f"{UNIT}内部资料" in [mark.text for mark in found.marks if mark.where == "xmp"]
    assert [page.text.strip() for page in found.pages] == ["平台架构图", "图"]
    assert [page.picture for page in found.pages] == [False, False]


def test_a_page_that_is_a_picture_is_said_so(tmp_path: Any) -> None:
    file = tmp_path / "a.pdf"
    Image.new("RGB", (400, 600), "white").save(file, "PDF")

    assert traces.read(file).pages == [traces.PageWords("", True)]


@pytest.mark.parametrize(
    ("make", "problem"), [(lambda: b"%PDF-1.7 broken", traces.BROKEN), (lambda: locked(), traces.ENCRYPTED)]
)
def test_files_that_cannot_be_read_say_why(make: Callable[[], bytes], problem: str, tmp_path: Any) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(make())

    assert traces.read(file) == traces.Traces([], [], problem)


def locked() -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(blind_pdf("有密码"))) as pdf:
        pdf.save(made, encryption=pikepdf.Encryption(owner="a", user="b"))
    return made.getvalue()


def test_a_file_that_unpacks_without_end_is_stopped(tmp_path: Any) -> None:
    file, packer = tmp_path / "a.pdf", zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(400)) + packer.flush()
    with pikepdf.open(io.BytesIO(blind_pdf("图"))) as pdf:
        pdf.Root.Metadata = pdf.make_stream(b"")
        pdf.Root.Metadata.write(packed, filter=pikepdf.Name.FlateDecode)
        pdf.save(file, fix_metadata_version=False)

    assert traces.read(file) == traces.Traces([], [], traces.TOO_HEAVY)


def test_words_on_many_pages_are_said_once() -> None:
    pages = [{"text": f"第{n}页 晋云瀚海", "picture": n == 3} for n in range(1, 5)]
    pages[1]["text"] += " 王芳"

    look = look_through(pages, [], "材料.pdf", Finder([Word("单位", "晋云瀚海"), Word("姓名", "王芳")]))

    assert look.repeated == ("第1至4页都出现单位“晋云瀚海”",)
    assert [page.leaks for page in look.pages] == [(), ("姓名“王芳”",), (), ()]
    assert [page.number for page in look.pages if page.picture] == [3]
    assert look.on_pages == 2


@pytest.mark.rule("R16")
def test_a_file_for_the_experts_is_read_by_a_job_once(filled: Entry, lihua: User) -> None:
    attachment = put(filled, lihua, blind_pdf(f"由{UNIT}研制"))
    other = services.attach(
        filled,
        slot="attachments.manual",
        upload=SimpleUploadedFile("说明.pdf", blind_pdf("说明")),
        actor=lihua,
    )

    jobs = OutboxMessage.objects.filter(kind="file.read")
    outbox.send_due()
    again = make_reading(attachment.pk)

    assert jobs.get().data == {"attachment": attachment.pk}
    assert FileReading.objects.get() == again
    assert again.pages[0]["text"].strip() == f"由{UNIT}研制"
    assert not FileReading.objects.filter(attachment=other).exists()


@pytest.mark.rule("R16")
def test_the_preview_shows_what_experts_see_and_where_the_name_stands(
    telling: Entry, lihua: User, as_user: Callable[[User | None], Client]
) -> None:
    page = as_user(lihua).get(f"/entry/{telling.pk}/blind/")

    html = page.content.decode()
    view = page.context["view"]
    named = [(one.label, one.number) for one in view.places if UNIT in one.sentence]
    assert (named, view.on_pages) == ([("项目概述 · （一）项目背景", 2)], 1)
    assert "参赛单位名称→〔已隐去〕" in html
    assert f"第2页出现参赛单位名称“{UNIT}”" in html
    assert "文件属性中的作者是“某人”" in html
    assert "第1页的批注中有团队成员姓名“李华”" in html
    assert f"/entry/{telling.pk}/form/overview/#at-background" in html
    assert "团队成员" in dict(view.hidden).__str__()


@pytest.mark.rule("R16")
def test_the_preview_says_the_same_as_the_experts_projection(telling: Entry, lihua: User) -> None:
    from judging.services import (
        materials,
    )  # the experts' side stands to the right; only this test compares them

    desk = look_at(telling)
    view = blind_view(telling, desk.state, desk.attachments)
    revision = services.freeze(telling, actor=lihua)
    scan = SimpleUploadedFile("扫描件.pdf", blind_pdf("扫描件"))
    services.submit(revision, scan=services.attach_scan(revision, upload=scan, actor=lihua), actor=lihua)
    material = materials.prepare(materials.start(telling))

    assert [section for section, _ in view.sections] == materials.marked(material)
    assert view.in_texts == len(material.leaks)


def test_a_file_that_was_not_read_yet_is_waited_for(
    filled: Entry, lihua: User, as_user: Callable[[User | None], Client]
) -> None:
    attachment = put(filled, lihua, blind_pdf("图"))
    client, address = as_user(lihua), f"/entry/{filled.pk}/blind/"
    json = {"Accept": "application/json"}

    html = client.get(address).content.decode()
    before = client.get(address, headers=json).json()
    make_reading(attachment.pk)
    after = client.get(address, headers=json).json()

    assert f'data-pending="{address}"' in html
    assert (before, after) == ({"ready": False}, {"ready": True})


def test_files_that_cannot_be_read_are_said_so(
    filled: Entry, lihua: User, as_user: Callable[[User | None], Client]
) -> None:
    attachment = put(filled, lihua, blind_pdf("图"))
    FileReading.objects.create(attachment=attachment, problem=traces.TOO_HEAVY)

    assert "请自行逐页检查" in as_user(lihua).get(f"/entry/{filled.pk}/blind/").content.decode()


@pytest.mark.rule("R16")
def test_a_page_is_drawn_small_without_metadata(
    telling: Entry, lihua: User, zhaolei: User, as_user: Callable[[User | None], Client]
) -> None:
    key = Attachment.objects.get(entry=telling, slot=SLOT).key
    client = as_user(lihua)

    response = client.get(f"/entry/file/{key}/page/2.png")

    picture = Image.open(io.BytesIO(response.content))
    assert (picture.width <= 480, picture.height > 400) == (True, True)
    assert (picture.info, picture.getexif()) == ({}, {})
    assert client.get(f"/entry/file/{key}/page/3.png").status_code == 404
    assert as_user(zhaolei).get(f"/entry/file/{key}/page/2.png").status_code == 404


def test_pages_of_other_files_are_not_drawn(
    filled: Entry, lihua: User, as_user: Callable[[User | None], Client]
) -> None:
    other = services.attach(
        filled,
        slot="attachments.manual",
        upload=SimpleUploadedFile("说明.pdf", blind_pdf("说明")),
        actor=lihua,
    )

    assert as_user(lihua).get(f"/entry/file/{other.key}/page/1.png").status_code == 404


@pytest.mark.rule("R16")
def test_freezing_with_names_on_the_pages_asks_whether_somebody_looked(
    telling: Entry, lihua: User, as_user: Callable[[User | None], Client]
) -> None:
    client, freeze = as_user(lihua), f"/entry/{telling.pk}/freeze/"

    refused = client.post(freeze)
    frozen = client.post(freeze, {"seen": "1"})

    assert (refused.status_code, "请先查看" in refused.content.decode()) == (409, True)
    assert (frozen.status_code, telling.revisions.count()) == (302, 1)


def test_freezing_without_names_asks_nothing(
    filled: Entry, lihua: User, as_user: Callable[[User | None], Client]
) -> None:
    make_reading(put(filled, lihua, blind_pdf("平台架构图")).pk)
    client = as_user(lihua)

    page = client.get(f"/entry/{filled.pk}/submit/")
    frozen = client.post(f"/entry/{filled.pk}/freeze/")

    assert 'name="seen"' not in page.content.decode()
    assert (frozen.status_code, filled.revisions.count()) == (302, 1)


def test_the_check_page_warns_and_links(
    telling: Entry, lihua: User, as_user: Callable[[User | None], Client]
) -> None:
    html = as_user(lihua).get(f"/entry/{telling.pk}/check/").content.decode()

    assert "匿名评审材料的页面上有1处能看出参赛方" in html
    assert f'href="/entry/{telling.pk}/blind/"' in html


@pytest.mark.parametrize("files", [1, 3])
def test_the_preview_asks_the_database_as_often_for_three_files_as_for_one(
    files: int, filled: Entry, lihua: User, as_user: Callable[[User | None], Client]
) -> None:
    for number in range(files):
        make_reading(put(filled, lihua, blind_pdf(f"图{number}")).pk)
    client = as_user(lihua)
    client.get(f"/entry/{filled.pk}/blind/")

    with CaptureQueriesContext(connection) as queries:
        client.get(f"/entry/{filled.pk}/blind/")

    assert len(queries) <= 12
