"""Files in the page: pages, pictures and films for whoever may see them; copies for experts."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from competition.models import AuditEvent, User
from submissions import services
from submissions.models import Attachment, Entry
from submissions.workflow import VirusScan
from tests.competition.test_stripping import SECRET, jpeg, plain
from tests.judging.blinding import blind_pdf
from tests.sound import mp4_bytes, office_bytes

AsUser = Callable[[User | None], Client]
PICTURES = "attachments.project_qualification"


def attach(entry: Entry, slot: str, name: str, body: bytes) -> Attachment:
    return services.attach(entry, slot=slot, upload=SimpleUploadedFile(name, body), actor=entry.team.owner)


def address(file: Attachment, number: int | None = None) -> str:
    return f"/entry/file/{file.key}/view/" + (f"{number}/" if number is not None else "")


def test_pages_of_a_pdf_are_pictures(entry: Entry, lihua: User, as_user: AsUser) -> None:
    file = attach(entry, PICTURES, "资质.pdf", blind_pdf("第一页", "第二页"))
    client = as_user(lihua)

    shown = client.get(address(file)).json()
    pages = [client.get(page) for page in shown["pages"]]
    again = client.get(shown["pages"][1])

    assert shown == {"pages": [address(file, 1), address(file, 2)], "film": "", "sentence": ""}
    drawn = [b"".join(page) for page in pages]
    assert [Image.open(io.BytesIO(one)).format for one in drawn] == ["PNG", "PNG"]
    assert drawn[0] != drawn[1]
    assert b"".join(again) == drawn[1]
    assert {"private", "no-store"} <= set(pages[0]["Cache-Control"].split(", "))
    assert pages[0]["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in pages[0]["Content-Security-Policy"]
    assert [client.get(address(file, number)).status_code for number in (0, 3, 999)] == [404] * 3


def test_picture_is_shown_small_and_without_notes(entry: Entry, lihua: User, as_user: AsUser) -> None:
    file = attach(entry, PICTURES, "现场.jpg", jpeg((4000, 2000)))
    client = as_user(lihua)

    shown = client.get(address(file)).json()
    body = b"".join(client.get(shown["pages"][0]))

    assert shown["pages"] == [address(file, 1)]
    with Image.open(io.BytesIO(body)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1600, 800))
    assert SECRET.encode() not in body
    assert client.get(address(file, 2)).status_code == 404


def test_film_is_played_from_where_parts_of_it_come(entry: Entry, lihua: User, as_user: AsUser) -> None:
    file = attach(entry, "attachments.video", "演示.mp4", mp4_bytes())
    client = as_user(lihua)

    film = client.get(address(file)).json()["film"]
    part = client.get(film, headers={"Range": "bytes=4-7"})

    assert film == f"/entry/file/{file.key}/"
    assert (part.status_code, b"".join(part)) == (206, b"ftyp")


def test_other_files_are_for_download(entry: Entry, lihua: User, as_user: AsUser) -> None:
    file = attach(entry, "attachments.manual", "说明.docx", office_bytes())

    shown = as_user(lihua).get(address(file)).json()

    assert shown == {"pages": [], "film": "", "sentence": "这种文件不能在页面中显示，请下载查看。"}
    assert as_user(lihua).get(address(file, 1)).status_code == 404


def test_strangers_and_lost_and_infected_files_are_not_found(
    entry: Entry, lihua: User, zhaolei: User, as_user: AsUser
) -> None:
    file = attach(entry, PICTURES, "资质.pdf", blind_pdf("一页"))
    infected = attach(entry, PICTURES, "另一份.pdf", blind_pdf("两页"))
    Attachment.objects.filter(pk=infected.pk).update(
        virus_scan=VirusScan.INFECTED, virus_name="Eicar", virus_scanned_at=timezone.now()
    )
    lost = attach(entry, PICTURES, "第三份.pdf", blind_pdf("三页"))
    lost.file.storage.delete(lost.file.name or "")

    assert [as_user(zhaolei).get(address(file, number)).status_code for number in (None, 1)] == [404] * 2
    for one in (infected.key, lost.key, uuid4()):
        assert [as_user(lihua).get(f"/entry/file/{one}/view/{end}").status_code for end in ("", "1/")] == [
            404
        ] * 2


def test_an_officers_look_is_recorded_and_the_teams_own_is_not(
    entry: Entry, lihua: User, qianjin: User, as_user: AsUser
) -> None:
    file = attach(entry, PICTURES, "资质.pdf", blind_pdf("一页"))
    looks = AuditEvent.objects.filter(verb="attachment.read")

    as_user(lihua).get(address(file))
    before = looks.count()
    as_user(qianjin).get(address(file))

    assert (before, looks.count()) == (0, 1)


def test_drawn_pages_carry_nothing_but_what_they_look_like(
    entry: Entry, lihua: User, as_user: AsUser
) -> None:
    with pikepdf.open(io.BytesIO(blind_pdf("一页"))) as document:
        document.docinfo["/Author"] = SECRET
        out = io.BytesIO()
        document.save(out)
    file = attach(entry, PICTURES, "资质.pdf", out.getvalue())
    assert SECRET.encode() in plain("pdf", out.getvalue())

    body = b"".join(as_user(lihua).get(address(file, 1)))

    chunks, at = [], 8
    while at < len(body):
        chunks.append(body[at + 4 : at + 8])
        at += 12 + int.from_bytes(body[at : at + 4], "big")
    assert set(chunks) == {b"IHDR", b"IDAT", b"IEND"}


def test_slots_list_files_with_what_they_are_in_as_many_queries_for_three(
    entry: Entry, lihua: User, as_user: AsUser, django_assert_max_num_queries: Any
) -> None:
    client, page = as_user(lihua), f"/entry/{entry.pk}/form/attachments/"
    first = attach(entry, PICTURES, "资质.pdf", blind_pdf("一页"))
    client.get(page)
    with django_assert_max_num_queries(60) as one:
        client.get(page)
    attach(entry, PICTURES, "资质二.pdf", blind_pdf("二页"))
    attach(entry, "attachments.manual", "说明.docx", office_bytes())

    with django_assert_max_num_queries(len(one)):
        shown = client.get(page).content.decode()

    assert f'data-view="{address(first)}"' in shown
    assert shown.count("data-view=") == 2 * 2
    assert shown.count("?download") == 3 + 1  # what is not shown in the page is saved by its name, too
    assert first.sha256[:12] in shown
    assert lihua.display_name in shown
