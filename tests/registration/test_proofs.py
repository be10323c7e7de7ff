"""Proofs of units: files in slots, reasons, removal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from competition.errors import Invalid, NotAllowed, StageClosed
from competition.models import Edition, User
from registration import services
from registration.models import Unit, UnitProof
from tests import factories
from tests.factories import pdf

pytestmark = pytest.mark.rule("R80")


@pytest.fixture
def unit(edition: Edition, open_stage: Callable[..., Any], lihua: User) -> Unit:
    open_stage("registration")
    return factories.add_unit(factories.started_team(lihua, edition))


def live(unit: Unit) -> list[str]:
    rows = unit.proofs.filter(removed_at__isnull=True)
    return [row.name or row.not_applicable for row in rows]


def test_file_is_kept_with_its_facts(unit: Unit, lihua: User) -> None:
    proof = services.add_proof(unit, slot="audit", upload=pdf("审计报告.pdf"), actor=lihua)

    assert (proof.name, proof.content_type) == ("审计报告.pdf", "application/pdf")
    assert len(proof.sha256) == 64
    assert "审计" not in proof.file.name
    with proof.file.open() as stored:
        assert stored.read().startswith(b"%PDF-")


def test_file_of_the_wrong_type_is_refused_at_its_slot(unit: Unit, lihua: User) -> None:
    program = SimpleUploadedFile("营业执照.pdf", b"MZ\x90\x00 this is a program")

    with pytest.raises(Invalid) as refused:
        services.add_proof(unit, slot="qualification", upload=program, actor=lihua)

    assert refused.value.problems == {
        f"proofs.{unit.pk}.qualification": "“营业执照.pdf”不是可接受的文件类型，请上传PDF、JPG 图片、PNG 图片。"
    }


def test_empty_and_oversized_files_are_refused(unit: Unit, lihua: User, edition: Edition) -> None:
    big = SimpleUploadedFile("大.pdf", b"%PDF-1.7" + b"0" * 1024 * 1024)
    unit.team.edition.data["unit_proofs"][0]["max_mb"] = 1
    unit.team.edition.save()

    with pytest.raises(Invalid, match="是空文件"):
        services.add_proof(unit, slot="audit", upload=SimpleUploadedFile("空.pdf", b""), actor=lihua)
    with pytest.raises(Invalid, match="超过 1 MB"):
        services.add_proof(unit, slot="qualification", upload=big, actor=lihua)


def test_same_content_twice_is_refused(unit: Unit, lihua: User) -> None:
    services.add_proof(unit, slot="audit", upload=pdf(), actor=lihua)

    with pytest.raises(Invalid, match="与已上传的文件内容完全相同"):
        services.add_proof(unit, slot="audit", upload=pdf(), actor=lihua)


def test_too_many_files_are_refused_but_one_may_be_replaced(unit: Unit, lihua: User) -> None:
    files = [
        services.add_proof(unit, slot="credit", upload=pdf(f"{number}.pdf"), actor=lihua)
        for number in range(3)
    ]

    with pytest.raises(Invalid, match="“信用情况”最多上传3个文件"):
        services.add_proof(unit, slot="credit", upload=pdf("4.pdf"), actor=lihua)
    services.add_proof(unit, slot="credit", upload=pdf("新.pdf"), actor=lihua, replaces=files[0])

    assert live(unit) == ["1.pdf", "2.pdf", "新.pdf"]


def test_reason_and_file_take_each_others_place(unit: Unit, lihua: User) -> None:
    services.declare_not_applicable(unit, slot="audit", reason="成立不满一年", actor=lihua)
    with_reason = live(unit)

    proof = services.add_proof(unit, slot="audit", upload=pdf("审计.pdf"), actor=lihua)

    assert (with_reason, live(unit)) == (["成立不满一年"], ["审计.pdf"])
    with pytest.raises(Invalid, match="该项已有文件"):
        services.declare_not_applicable(unit, slot="audit", reason="不要了", actor=lihua)
    services.remove_proof(proof, actor=lihua)
    assert live(unit) == []


@pytest.mark.parametrize(
    ("slot", "reason", "sentence"),
    [
        ("audit", "  ", "请写明不适用的理由。"),
        ("audit", "长" * 201, "理由最多200个字，现有201个字。"),
        ("qualification", "没有", "“参赛单位基本资质”是必须提供的材料，不能声明不适用。"),
        ("unknown", "没有", "没有这一项材料，请刷新页面。"),
    ],
)
def test_reason_must_be_one(unit: Unit, lihua: User, slot: str, reason: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.declare_not_applicable(unit, slot=slot, reason=reason, actor=lihua)

    assert refused.value.sentence == sentence


def test_stranger_may_not_upload(unit: Unit, zhaolei: User) -> None:
    with pytest.raises(NotAllowed):
        services.add_proof(unit, slot="audit", upload=pdf(), actor=zhaolei)


def test_removal_before_submit_forgets_and_after_it_only_marks(
    submitted_team: Any, qianjin: User, lihua: User
) -> None:
    returned = services.return_for_correction(
        submitted_team, officer=qianjin, version=submitted_team.version, reason="补充材料"
    )
    proof = UnitProof.objects.filter(unit__team=returned, slot="audit").get()

    services.remove_proof(proof, actor=lihua)

    proof.refresh_from_db()
    assert proof.removed_at is not None
    assert proof.file.storage.exists(proof.file.name)


def test_draft_takes_no_proof_after_the_deadline(
    unit: Unit, lihua: User, close_stage: Callable[[str], Any]
) -> None:
    close_stage("registration")

    with pytest.raises(StageClosed, match="不能再提交材料"):
        services.add_proof(unit, slot="audit", upload=pdf(), actor=lihua)


def test_returned_team_may_supply_proofs_after_the_deadline_and_resubmit(
    submitted_team: Any, qianjin: User, lihua: User, close_stage: Callable[[str], Any], open_stage: Any
) -> None:
    returned = services.return_for_correction(
        submitted_team, officer=qianjin, version=submitted_team.version, reason="请补充审计报告"
    )
    open_stage("submission")
    close_stage("registration")
    unit = returned.units.get()

    services.add_proof(unit, slot="audit", upload=pdf("补充.pdf"), actor=lihua)
    with pytest.raises(StageClosed):
        services.save_unit(unit, values={"name": "改名"}, version=returned.version + 1, actor=lihua)
    again = factories.submit(returned)

    assert again.status == "submitted"
