"""Blind material: projected, drawn, looked through page by page, released, taken back."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from PIL import Image
from pypdf import PdfReader, PdfWriter

from competition import pages, reconciler
from competition.errors import Invalid, NotAllowed, WrongState
from competition.models import Edition, User
from judging.models import BlindMaterial, BlindPage
from judging.services import materials
from judging.workflow import MaterialStatus
from submissions.models import Attachment, Entry, FileReading
from tests.contest import accepted_entry
from tests.fixtures import make_user
from tests.judging.blinding import blind_pdf, prepared, released

UNIT = "山西晋云瀚海科技有限公司"


@pytest.fixture
def entry(edition: Edition, lihua: User, wangfang: User) -> Entry:
    """An entry whose text and second page name the unit."""
    return accepted_entry(
        edition,
        lihua,
        unit=UNIT,
        also=wangfang,
        blind_pdf=blind_pdf("平台架构图", f"由{UNIT}研制"),
        answers={
            "overview": {"background": f"{UNIT}（晋云瀚海）由李华带领，电话 13800138001，为某集团服务。"},
            "cases": {
                "cases": [
                    {
                        "_id": "r1",
                        "org_name": "阳泉某矿业集团",
                        "org_type": "enterprise",
                        "effect": "阳泉某矿业集团降本一成",
                    }
                ]
            },
            "attachments": {
                "ip": {
                    "patents": [{"_id": "p1", "name": "一种井下数据融合方法", "number": "ZL202310000001.2"}]
                }
            },
        },
    )


def rows_of(material: BlindMaterial, section: str) -> dict[str, Any]:
    found = next(one for one in material.content if one["key"] == section)
    return {row["key"]: row for row in found["rows"]}


@pytest.mark.rule("R16")
def test_texts_name_nobody_and_cases_have_codes(entry: Entry) -> None:
    material = prepared(entry)

    case = rows_of(material, "cases")["cases"]
    cells = {cell["key"]: cell["text"] for cell in case["records"][0]["cells"] if "text" in cell}
    patents = rows_of(material, "attachments")["ip"]["parts"][0]
    assert material.status == MaterialStatus.WAITING
    assert rows_of(material, "overview")["background"]["text"] == (
        "〔已隐去〕（〔已隐去〕）由〔已隐去〕带领，电话 〔已隐去〕，为某集团服务。"
    )
    assert case["text"] == "1项案例，证明材料由秘书处核验"
    assert (cells["org_name"], cells["effect"]) == ("案例单位A", "案例单位A降本一成")
    assert patents["text"] == "1项专利，证明材料由秘书处核验（专利1）"
    assert {
        "kind": "团队成员姓名",
        "place": "项目概述 · （一）项目背景",
        "sentence": "团队成员姓名“李华”",
    } in material.leaks
    assert not {"team", "units"} & {one["key"] for one in material.content}


@pytest.mark.rule("R16")
def test_pages_are_drawn_and_their_leaks_found(entry: Entry) -> None:
    material = prepared(entry)

    first, second = material.pages.all()
    with first.file.open("rb") as file:
        picture = Image.open(io.BytesIO(file.read()))
    assert (picture.format, picture.size, picture.info) == ("PNG", (first.width, first.height), {})
    assert first.leaks == []
    assert second.leaks == [{"kind": "参赛单位名称", "sentence": f"参赛单位名称“{UNIT}”"}]


def test_preparing_again_changes_nothing(entry: Entry) -> None:
    material = prepared(entry)
    before = list(material.pages.values_list("pk", flat=True))

    again = materials.prepare(materials.start(entry))

    assert (again.pk, again.prepared_at) == (material.pk, material.prepared_at)
    assert list(again.pages.values_list("pk", flat=True)) == before


def test_the_reconciler_prepares_what_was_accepted(entry: Entry) -> None:
    reconciler.run()

    assert BlindMaterial.objects.get(entry=entry).status == MaterialStatus.WAITING


def test_an_entry_without_a_file_waits_with_texts_alone(edition: Edition, lihua: User, qianjin: User) -> None:
    material = prepared(accepted_entry(edition, lihua))

    materials.release(material, officer=qianjin)

    assert material.pages.count() == 0
    assert BlindMaterial.objects.get(pk=material.pk).status == MaterialStatus.RELEASED


def locked_pdf() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.append(PdfReader(io.BytesIO(blind_pdf("有密码"))))
    writer.encrypt("secret")
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "word"),
    [(locked_pdf, "密码"), (lambda: b"%PDF-1.7 broken", "损坏"), (lambda: blind_pdf(*"页" * 61), "60页")],
)
def test_what_cannot_be_drawn_fails_with_a_sentence_and_texts_go_on(
    edition: Edition, lihua: User, qianjin: User, make: Callable[[], bytes], word: str
) -> None:
    material = prepared(accepted_entry(edition, lihua, blind_pdf=make()))

    assert material.status == MaterialStatus.FAILED
    assert word in material.problem
    again = materials.prepare(materials.retry(material, officer=qianjin))
    assert again.status == MaterialStatus.FAILED
    with pytest.raises(Invalid):
        materials.leave_out(material, officer=qianjin, reason=" ")
    left = materials.leave_out(material, officer=qianjin, reason="团队提供的文件打不开")
    assert (left.status, left.pages.count(), left.content != []) == (MaterialStatus.WAITING, 0, True)


def test_a_child_beyond_its_time_is_a_problem_and_no_crash(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(blind_pdf("页"))
    monkeypatch.setattr(pages, "WALL_SECONDS", 0.01)

    with pytest.raises(pages.NotDrawn, match=pages.TOO_HEAVY):
        pages.draw([file], tmp_path)


@pytest.mark.rule("R16")
def test_release_waits_for_every_page(entry: Entry, qianjin: User) -> None:
    material = prepared(entry)
    first, second = material.pages.all()
    materials.look(first, officer=qianjin, verdict="shown")

    with pytest.raises(WrongState, match="还有1页"):
        materials.release(material, officer=qianjin)
    with pytest.raises(Invalid, match="原因"):
        materials.look(second, officer=qianjin, verdict="withheld")
    with pytest.raises(Invalid, match="请选择"):
        materials.look(second, officer=qianjin, verdict="waiting")
    materials.look(second, officer=qianjin, verdict="withheld", reason="有单位名称")
    done = materials.release(material, officer=qianjin)

    assert (done.status, done.released_by) == (MaterialStatus.RELEASED, qianjin)
    with pytest.raises(WrongState, match="收回"):
        materials.look(second, officer=qianjin, verdict="shown")


@pytest.mark.rule("R16")
def test_only_officers_of_another_team_check(entry: Entry, lihua: User, zhaolei: User, sunmei: User) -> None:
    material = prepared(entry)
    page = material.pages.first()
    assert page is not None
    insider = make_user("insider", "李华", role="officer")
    material.entry.team.owner = insider
    material.entry.team.save()

    for person in (lihua, zhaolei, sunmei, insider):
        with pytest.raises(NotAllowed):
            materials.look(page, officer=person, verdict="shown")
        with pytest.raises(NotAllowed):
            materials.release(material, officer=person)


def test_an_officers_words_are_masked_and_replaced(entry: Entry, qianjin: User) -> None:
    material = prepared(entry)

    masked = materials.mask(material, officer=qianjin, words=["某集团", " ", "某集团"])

    assert masked.extra_words == ["某集团"]
    assert rows_of(masked, "overview")["background"]["text"].endswith("为〔已隐去〕服务。")
    with pytest.raises(Invalid, match="一个字"):
        materials.mask(material, officer=qianjin, words=["某"])
    assert rows_of(materials.mask(material, officer=qianjin, words=[]), "overview")["background"][
        "text"
    ].endswith("为某集团服务。")


def test_taking_back_needs_a_reason_and_hides_it_again(entry: Entry, qianjin: User) -> None:
    material = released(entry, qianjin)

    with pytest.raises(Invalid):
        materials.take_back(material, officer=qianjin, reason="")
    back = materials.take_back(material, officer=qianjin, reason="第二页有标识")

    assert (back.status, back.released_by) == (MaterialStatus.WAITING, None)


@pytest.mark.rule("R16")
def test_officers_see_what_stands_in_the_file_besides_its_looks(
    entry: Entry, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    material = prepared(entry)
    attachment = Attachment.objects.get(entry=entry, slot="attachments.anonymous")
    marks = [{"where": "Company", "text": UNIT, "page": 0}, {"where": "Producer", "text": "WPS", "page": 0}]
    FileReading.objects.create(attachment=attachment, marks=marks)

    html = as_user(qianjin).get(f"/secretariat/blind/{material.pk}/").content.decode()

    sentence = f"{attachment.name}：文件属性中的单位中有参赛单位名称“{UNIT}”"
    assert materials.unseen(material) == [sentence]
    assert sentence in html
    assert [html.count(f'id="page-{n}" open') for n in (1, 2)] == [1, 0]


def test_an_officer_works_through_the_pages(
    entry: Entry, qianjin: User, as_user: Callable[[User | None], Client]
) -> None:
    material, client = prepared(entry), as_user(qianjin)
    address = f"/secretariat/blind/{material.pk}/"

    page = client.get(address).content.decode()
    first = client.post(f"{address}page/1/look/", {"verdict": "shown"})
    refused = client.post(f"{address}page/2/look/", {"verdict": "withheld", "reason": ""})
    second = client.post(f"{address}page/2/look/", {"verdict": "withheld", "reason": "有单位名称"})
    masked = client.post(f"{address}mask/", {"words": "某集团"})
    done = client.post(f"{address}release/")

    assert f'<mark class="leak">{UNIT}<span class="leak-kind">参赛单位名称→〔已隐去〕</span></mark>' in page
    assert (first.status_code, first["Location"]) == (302, f"{address}?page=2#page-2")
    assert (refused.status_code, "不给专家看的页须写明原因。" in refused.content.decode()) == (422, True)
    assert second["Location"] == f"{address}#decision-title"
    assert (masked.status_code, done.status_code) == (302, 302)
    assert BlindPage.objects.filter(material=material).values_list("verdict", flat=True)[1] == "withheld"
    assert BlindMaterial.objects.get(pk=material.pk).extra_words == ["某集团"]
    assert client.get(address).status_code == 200
    assert client.post(f"{address}take-back/", {"reason": "漏看一处"}).status_code == 302
