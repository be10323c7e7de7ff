"""The team's pages, with and without a script; private files; what strangers see."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from competition.models import User
from submissions import services
from submissions.form import schema_of
from submissions.models import Attachment, Entry, EntrySection, Receipt, Revision
from submissions.workflow import EntryStatus
from tests.submissions.conftest import pdf

As = Callable[[User | None], Client]
AUTOSAVE = {"HTTP_ACCEPT": "application/json", "HTTP_X_REQUESTED_WITH": "autosave"}


def url(name: str, *args: Any) -> str:
    return reverse(f"submissions:{name}", args=args)


def pages(entry: Entry) -> list[str]:
    """The team's pages of an entry."""
    plain = [url(name, entry.pk) for name in ("entry", "check", "submit_page", "withdraw")]
    for section in schema_of(entry.edition).sections:
        if section.repeat:
            plain += [url("unit_section", entry.pk, section.key, unit.pk) for unit in entry.team.units.all()]
        else:
            plain.append(url("section", entry.pk, section.key))
    return plain


def test_every_page_opens_in_few_queries(
    submitted: Receipt, lihua: User, as_user: As, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    entry = submitted.revision.entry
    client = as_user(lihua)
    client.get(url("entry", entry.pk))  # the session writes down once that it was used

    for address in [*pages(entry), url("receipt", submitted.number), url("revision_pdf", entry.pk, 1)]:
        with django_assert_max_num_queries(14):
            assert client.get(address).status_code == 200, address


def test_stranger_finds_nothing_and_officer_is_sent_to_the_admin(
    submitted: Receipt, zhaolei: User, qianjin: User, as_user: As
) -> None:
    entry = submitted.revision.entry
    stranger, officer = as_user(zhaolei), as_user(qianjin)

    for address in pages(entry):
        assert stranger.get(address).status_code == 404, address
        assert officer.get(address).status_code == 403, address
    private = [
        url("receipt", submitted.number),
        url("revision_pdf", entry.pk, 1),
        url("attachment", submitted.scan.key),
    ]
    for address in private:
        assert stranger.get(address).status_code == 404, address
        assert officer.get(address).status_code == 200, address


def test_section_shows_frozen_facts_and_typed_answers(entry: Entry, wangfang: User, as_user: As) -> None:
    services.save_section(
        entry, key="project", answers={"summary": "<b>简述</b>"}, version=0, actor=entry.team.owner
    )

    html = as_user(wangfang).get(url("section", entry.pk, "project")).content.decode()

    assert entry.team.project_name in html
    assert "&lt;b&gt;简述&lt;/b&gt;</textarea>" in html
    assert 'name="project_name"' not in html


def test_plain_post_saves_and_goes_on(entry: Entry, lihua: User, as_user: As) -> None:
    response = as_user(lihua).post(
        url("section", entry.pk, "overview"), {"version": "0", "background": "背景", "do": "next"}
    )

    assert response["Location"] == url("section", entry.pk, "solution")
    assert EntrySection.objects.get(entry=entry, key="overview").answers == {"background": "背景"}


def test_autosave_answers_in_its_contract(entry: Entry, lihua: User, as_user: As) -> None:
    response = as_user(lihua).post(
        url("section", entry.pk, "market"), {"version": "0", "cross_volume": "abc"}, **AUTOSAVE
    )

    saved = EntrySection.objects.get(entry=entry, key="market")
    answer = response.json()
    assert answer.pop("saved_at").startswith(f"{saved.updated_at:%Y-}")
    assert answer == {
        "version": 1,
        "canonical": [],
        "problems": [{"path": "cross_volume", "sentence": "“abc”不是数字，请只填数字，例如 12.5。"}],
        "progress": {"done": 0, "total": 9, "sections": {"market": {"state": "act", "sign": "1处需更正"}}},
    }


def test_stale_autosave_is_a_conflict_and_loses_nothing(
    entry: Entry, lihua: User, wangfang: User, as_user: As
) -> None:
    address = url("section", entry.pk, "overview")
    as_user(wangfang).post(address, {"version": "0", "background": "王芳写的"}, **AUTOSAVE)

    response = as_user(lihua).post(address, {"version": "0", "background": "李华写的"}, **AUTOSAVE)

    assert (response.status_code, response.json()["code"]) == (409, "stale_version")
    assert EntrySection.objects.get(entry=entry).answers == {"background": "王芳写的"}


def test_stale_plain_post_shows_the_typed_text_and_may_be_saved_then(
    entry: Entry, lihua: User, wangfang: User, as_user: As
) -> None:
    address = url("section", entry.pk, "overview")
    as_user(wangfang).post(address, {"version": "0", "background": "王芳写的"})
    client = as_user(lihua)

    refused = client.post(address, {"version": "0", "background": "李华写的"})

    assert refused.status_code == 409
    html = refused.content.decode()
    assert "李华写的</textarea>" in html
    assert '<input type="hidden" name="version" value="1">' in html
    client.post(address, {"version": "1", "background": "李华写的"})
    assert EntrySection.objects.get(entry=entry).answers == {"background": "李华写的"}


def test_late_post_keeps_the_typed_text_on_the_page(
    entry: Entry, lihua: User, as_user: As, close_stage: Callable[[str], Any]
) -> None:
    close_stage("submission")

    response = as_user(lihua).post(
        url("section", entry.pk, "overview"), {"version": "0", "background": "太晚了的背景"}
    )

    assert response.status_code == 409
    html = response.content.decode()
    assert "太晚了的背景</textarea>" in html
    assert "截止" in html


@pytest.mark.parametrize("version", ["", "x", "-1", "９", "1" * 40])
def test_bad_version_is_a_conflict(entry: Entry, lihua: User, as_user: As, version: str) -> None:
    response = as_user(lihua).post(
        url("section", entry.pk, "overview"), {"version": version, "background": "x"}, **AUTOSAVE
    )

    assert response.status_code == 409


def test_wild_input_is_no_error_of_the_server(entry: Entry, lihua: User, as_user: As) -> None:
    wild = {"version": "0", "cases-0-org_name": "甲\x00乙", "cases-0-_id": "../x", "cases-9999999-x": "y"}

    response = as_user(lihua).post(url("section", entry.pk, "cases"), wild)

    assert response.status_code == 302
    assert EntrySection.objects.get(entry=entry).answers == {"cases": [{"_id": "r1", "org_name": "甲乙"}]}


def test_row_is_added_without_a_script(entry: Entry, lihua: User, as_user: As) -> None:
    client = as_user(lihua)
    address = url("section", entry.pk, "cases")

    first = client.get(address).content.decode()
    more = client.post(
        address, {"version": "0", "cases-0-_id": "n0", "cases-0-org_name": "甲单位", "do": "add:cases"}
    ).content.decode()

    assert 'name="cases-0-org_name"' in first
    assert 'value="甲单位"' in more
    assert 'name="cases-1-org_name"' in more
    assert 'name="cases-1-_id" value="n1"' in more
    assert 'data-next="1"' in first
    assert 'data-next="2"' in more


def test_row_is_removed_without_a_script(entry: Entry, lihua: User, as_user: As) -> None:
    posted = {"version": "0"}
    for place, name in enumerate(("甲", "乙")):
        posted |= {f"ip-patents-{place}-_id": f"r{place}", f"ip-patents-{place}-name": name}

    as_user(lihua).post(url("section", entry.pk, "attachments"), {**posted, "do": "drop:ip-patents:r0"})

    assert EntrySection.objects.get(entry=entry).answers == {"ip": {"patents": [{"_id": "r1", "name": "乙"}]}}


@pytest.mark.parametrize(
    "pressed",
    ["drop:", "drop:ip", "drop:ip-x-y:r1", "drop:others-x:r1", "drop:nowhere:r1", "x", "remove:", ":"],
)
def test_strange_buttons_do_no_harm(entry: Entry, lihua: User, as_user: As, pressed: str) -> None:
    response = as_user(lihua).post(
        url("section", entry.pk, "attachments"),
        {"version": "0", "project_qualification__na": "无", "do": pressed},
    )

    assert response.status_code in (302, 404)
    assert EntrySection.objects.get(entry=entry).answers == {"project_qualification__na": "无"}


def test_place_for_a_new_row_is_above_every_old_one(entry: Entry, lihua: User, as_user: As) -> None:
    rows = [{"_id": "n7", "org_name": "甲单位"}, {"_id": "r2", "org_name": "乙单位"}]
    services.save_section(entry, key="cases", answers={"cases": rows}, version=0, actor=lihua)

    html = as_user(lihua).get(url("section", entry.pk, "cases")).content.decode()

    assert 'data-next="8"' in html


def test_file_is_uploaded_with_what_was_typed(entry: Entry, lihua: User, as_user: As) -> None:
    response = as_user(lihua).post(
        url("section", entry.pk, "cases"),
        {
            "version": "0",
            "cases-0-_id": "n0",
            "cases-0-org_name": "甲单位",
            "file-cases.cases.n0.contract": pdf("合同.pdf"),
            "do": "upload:cases.cases.n0.contract",
        },
    )

    assert response["Location"].endswith("#slot-cases.cases.n0.contract")
    assert Attachment.objects.get(entry=entry).slot == "cases.cases.n0.contract"
    assert EntrySection.objects.get(entry=entry).answers == {"cases": [{"_id": "n0", "org_name": "甲单位"}]}


def test_script_sends_files_alone(entry: Entry, lihua: User, as_user: As) -> None:
    services.save_section(entry, key="attachments", answers={}, version=0, actor=lihua)

    response = as_user(lihua).post(
        url("section", entry.pk, "attachments"),
        {"file-attachments.slides": [pdf(mark="1"), pdf(mark="2")], "do": "upload:attachments.slides"},
    )

    assert response.status_code == 302
    assert Attachment.objects.filter(entry=entry, slot="attachments.slides").count() == 2
    assert EntrySection.objects.get(entry=entry).version == 1


def test_wrong_file_is_refused_at_its_slot_and_the_text_is_saved(
    entry: Entry, lihua: User, as_user: As
) -> None:
    slot = "attachments.video"
    response = as_user(lihua).post(
        url("section", entry.pk, "attachments"),
        {"version": "0", f"file-{slot}": SimpleUploadedFile("视频.mp4", b"MZ\x90"), "do": f"upload:{slot}"},
    )

    assert response.status_code == 422
    assert "“视频.mp4”不是可接受的文件类型，请上传MP4 视频。" in response.content.decode()
    assert EntrySection.objects.get(entry=entry, key="attachments").version == 1


def test_file_is_removed_by_its_button_and_foreign_ones_are_not(
    entry: Entry, other_entry: Entry, lihua: User, zhaolei: User, as_user: As
) -> None:
    own = services.attach(entry, slot="attachments.slides", upload=pdf(), actor=lihua)
    foreign = services.attach(other_entry, slot="attachments.slides", upload=pdf(), actor=zhaolei)
    client = as_user(lihua)
    address = url("section", entry.pk, "attachments")

    assert client.post(address, {"version": "0", "do": f"remove:{foreign.key}"}).status_code == 404
    assert client.post(address, {"version": "1", "do": f"remove:{own.key}"}).status_code == 302

    own.refresh_from_db()
    foreign.refresh_from_db()
    assert (own.removed_at is None, foreign.removed_at) == (False, None)


def test_files_are_private_and_inert(entry: Entry, lihua: User, as_user: As) -> None:
    attachment = services.attach(entry, slot="attachments.slides", upload=pdf("介绍 材料.pdf"), actor=lihua)

    response = as_user(lihua).get(url("attachment", attachment.key))

    assert response["X-Content-Type-Options"] == "nosniff"
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert as_user(None).get(url("attachment", attachment.key)).status_code == 302


def test_check_page_links_to_every_place(entry: Entry, lihua: User, as_user: As) -> None:
    html = as_user(lihua).get(url("check", entry.pk)).content.decode()

    assert f"{url('section', entry.pk, 'overview')}?check=1#at-background" in html
    page = as_user(lihua).get(f"{url('section', entry.pk, 'overview')}?check=1").content.decode()
    assert 'id="at-background"' in page
    assert "请填写。" in page


def test_receipt_is_a_pdf_with_number_times_and_hashes(
    submitted: Receipt, lihua: User, qianjin: User, zhaolei: User, as_user: As
) -> None:
    address = url("receipt_pdf", submitted.number)

    own, strangers = as_user(lihua).get(address), as_user(zhaolei).get(address)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(own.content)).pages)
    office = as_user(qianjin).get(address)

    plain = re.sub(r"\s", "", text)
    assert (own.status_code, office.status_code, strangers.status_code) == (200, 200, 404)
    assert own["Content-Type"] == "application/pdf" and "no-store" in own["Cache-Control"]
    for said in (submitted.number, submitted.sha256, submitted.revision.sha256, submitted.scan_sha256):
        assert said in plain
    assert f"{timezone.localtime(submitted.arrived_at):%H:%M:%S.%f}" in plain


def test_steps_lead_to_a_receipt(filled: Entry, lihua: User, as_user: As) -> None:
    client = as_user(lihua)

    assert client.post(url("freeze", filled.pk)).status_code == 302
    client.post(url("scan", filled.pk, 1), {"file": pdf("扫描件.pdf")})
    done = client.post(url("submit", filled.pk, 1), follow=True)

    receipt = Receipt.objects.get()
    html = done.content.decode()
    assert receipt.number in html
    assert receipt.sha256 in html


def test_incomplete_form_is_refused_on_the_page(entry: Entry, lihua: User, as_user: As) -> None:
    response = as_user(lihua).post(url("freeze", entry.pk))

    assert response.status_code == 422
    assert "处需要补充或修改，完成后才能定稿。" in response.content.decode()


def test_missing_scan_is_said(frozen: Revision, lihua: User, as_user: As) -> None:
    client = as_user(lihua)

    no_file = client.post(url("scan", frozen.entry_id, 1))
    no_scan = client.post(url("submit", frozen.entry_id, 1))

    assert (no_file.status_code, no_scan.status_code) == (422, 409)
    assert "请先上传第1版的盖章扫描件。" in no_scan.content.decode()


def test_edit_after_freezing_says_that_a_new_scan_is_needed(
    submitted: Receipt, lihua: User, as_user: As
) -> None:
    entry = submitted.revision.entry
    services.save_section(entry, key="overview", answers={"background": "改"}, version=1, actor=lihua)

    html = as_user(lihua).get(url("submit_page", entry.pk)).content.decode()

    assert "须重新定稿、盖章，并上传新的扫描件" in html


def test_withdraw_asks_before_it_acts(entry: Entry, lihua: User, as_user: As) -> None:
    client = as_user(lihua)

    assert client.post(url("withdraw", entry.pk)).status_code == 409
    client.post(url("withdraw", entry.pk), {"sure": "1"})

    entry.refresh_from_db()
    assert entry.status == EntryStatus.WITHDRAWN
    assert "团队已退出比赛" in client.get(url("section", entry.pk, "overview")).content.decode()


def test_team_page_shows_the_entry(entry: Entry, lihua: User, as_user: As) -> None:
    html = as_user(lihua).get(entry.team.get_absolute_url()).content.decode()

    assert entry.get_absolute_url() in html
    assert "填写申报书并提交作品" in html
