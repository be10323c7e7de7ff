"""Hints: made by a job after a submission, the same again, for officers, never a decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from weasyprint import HTML

from competition import outbox
from competition.form_schema.fields import ROW_ID
from competition.models import Edition, User
from submissions import services
from submissions.models import Entry, EntrySection, Hint, Receipt
from submissions.services.hints import make_hints
from submissions.workflow import EntryStatus, HintKind
from tests.submissions.conftest import fill, make_team, pdf
from tests.submissions.test_checks import resubmit

As = Callable[[User | None], Client]
LONG = "".join(f"第{n}条：本项目汇聚第{n * 7}类数据，经过治理形成第{n * 13}号数据产品。" for n in range(10))


def page(text: str, name: str = "证明.pdf") -> SimpleUploadedFile:
    """A PDF whose text can be read."""
    html = f"<html lang='zh'><body><p>{text}</p></body></html>"
    return SimpleUploadedFile(name, HTML(string=html).write_pdf(), content_type="application/pdf")


def hand_in(entry: Entry, actor: User) -> Receipt:
    revision = services.freeze(entry, actor=actor)
    services.attach_scan(revision, upload=pdf(mark=f"{entry.pk}-{revision.number}"), actor=actor)
    return services.submit(revision, actor=actor)


def write(entry: Entry, actor: User, **answers: Any) -> None:
    row = EntrySection.objects.get(entry=entry, key="overview")
    services.save_section(
        entry, key="overview", answers={**row.answers, **answers}, version=row.version, actor=actor
    )


def sentences(receipt: Receipt, kind: HintKind) -> list[str]:
    return [one.sentence for one in Hint.objects.filter(revision=receipt.revision, kind=kind)]


@pytest.mark.rule("R81")
def test_slots_that_do_not_apply_are_named_with_their_reason(submitted: Receipt) -> None:
    make_hints(submitted.pk)

    found = sentences(submitted, HintKind.MISSING)
    assert "“参赛项目基本资质证明”不适用：本项目不涉及此类材料。" in found
    assert all(one.data["na"] for one in Hint.objects.filter(kind=HintKind.MISSING))


@pytest.mark.rule("R80")
def test_missing_proofs_of_a_unit_are_noticed(entry: Entry, edition: Edition, zhaolei: User) -> None:
    bare = services.open_entry(make_team(edition, zhaolei, units=1))
    fill(bare, zhaolei)
    receipt = hand_in(bare, zhaolei)

    make_hints(receipt.pk)

    assert "山西示例甲科技有限公司“申报主体责任声明”没有文件。" in sentences(receipt, HintKind.MISSING)


@pytest.mark.rule("R82")
def test_names_of_other_units_in_proofs_are_noticed(filled: Entry, lihua: User) -> None:
    row = EntrySection.objects.get(entry=filled, key="attachments")
    contract = {ROW_ID: "c1", "name": "与华北样本股份有限公司的合同"}
    services.save_section(
        filled,
        key="attachments",
        answers={**row.answers, "contracts": [contract]},
        version=row.version,
        actor=lihua,
    )
    own = filled.team.units.get(is_lead=True).name
    parties = f"甲方：{own}，乙方：华北样本股份有限公司，见证：太原旁观咨询有限公司。"
    services.attach(filled, slot="attachments.contracts.c1.proof", upload=page(parties), actor=lihua)

    receipt = hand_in(filled, lihua)
    make_hints(receipt.pk)

    named = [one for one in sentences(receipt, HintKind.OTHER_UNIT) if "出现" in one]
    assert named == ["“证明.pdf”中出现“太原旁观咨询有限公司”（其他单位），请核对是否为参赛单位自有材料。"]
    hint = Hint.objects.get(revision=receipt.revision, sentence=named[0])
    assert hint.place == "attachments/contracts.c1.proof"


@pytest.mark.rule("R82")
def test_entries_that_say_the_same_are_noticed_at_both(
    filled: Entry, edition: Edition, lihua: User, zhaolei: User
) -> None:
    write(filled, lihua, background=LONG)
    first = hand_in(filled, lihua)
    make_hints(first.pk)
    assert sentences(first, HintKind.SIMILAR) == []

    other = services.open_entry(make_team(edition, zhaolei))
    fill(other, zhaolei)
    write(other, zhaolei, background=LONG)
    second = hand_in(other, zhaolei)
    make_hints(second.pk)

    assert Hint.objects.get(revision=second.revision, kind=HintKind.SIMILAR).data["entry"] == filled.pk
    assert Hint.objects.get(revision=first.revision, kind=HintKind.SIMILAR).data["entry"] == other.pk


def test_likeness_that_went_is_forgotten_at_both(
    filled: Entry, edition: Edition, lihua: User, zhaolei: User
) -> None:
    test_entries_that_say_the_same_are_noticed_at_both(filled, edition, lihua, zhaolei)
    services.withdraw(Entry.objects.exclude(pk=filled.pk).get(), actor=zhaolei)

    make_hints(Receipt.objects.get(revision__entry=filled).pk)

    assert not Hint.objects.filter(kind=HintKind.SIMILAR, data__entry=Entry.objects.last().pk).exists()


@pytest.mark.rule("R71")
def test_changed_fields_are_named_and_older_hints_go(submitted: Receipt, lihua: User) -> None:
    make_hints(submitted.pk)

    newer = resubmit(Entry.objects.select_related("edition").get(), lihua, background="已经重写的背景")
    make_hints(newer.pk)

    changed = Hint.objects.get(revision=newer.revision, kind=HintKind.CHANGED)
    assert (changed.place, changed.data["before"]) == ("overview/background", 1)
    assert not Hint.objects.filter(revision=submitted.revision).exists()
    assert make_hints(submitted.pk) == 0


def test_making_hints_again_says_the_same(submitted: Receipt) -> None:
    def said() -> list[tuple[str, str, str]]:
        return list(Hint.objects.order_by("sentence").values_list("kind", "place", "sentence"))

    make_hints(submitted.pk)
    first = said()
    make_hints(submitted.pk)

    assert first and said() == first


def test_submission_has_them_made_and_decides_nothing(submitted: Receipt) -> None:
    assert not Hint.objects.exists()

    outbox.send_due()

    assert Hint.objects.exists()
    assert Entry.objects.get().status == EntryStatus.SUBMITTED


def test_team_sees_no_hint(submitted: Receipt, lihua: User, qianjin: User, as_user: As) -> None:
    make_hints(submitted.pk)
    sentence = "本项目不涉及此类材料。"
    entry = submitted.revision.entry

    case = as_user(qianjin).get(reverse("admin:submissions_entry_change", args=[entry.pk]))
    own = as_user(lihua).get(reverse("submissions:entry", args=[entry.pk]))

    assert f"“应用案例证明”不适用：{sentence}" in case.content.decode()
    assert "不适用：" not in own.content.decode()
