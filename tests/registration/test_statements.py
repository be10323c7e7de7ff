"""The responsibility statement: printed with the team's data, read back off the scan, tied to its version."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter
from pypdf import PdfReader

from competition import reconciler
from competition.errors import Invalid, WrongState
from competition.models import Edition, User
from registration import services, statement
from registration.models import Team, Unit, UnitProof
from registration.services import statements
from registration.services.facts import gather
from registration.steps import Step
from tests import factories
from tests.registration.conftest import step_url

pytestmark = pytest.mark.rule("R56")


@pytest.fixture
def unit(edition: Edition, open_stage: Callable[..., Any], lihua: User) -> Unit:
    open_stage("registration")
    return factories.complete_team(lihua, edition).units.get()


def photographed(document: bytes, *, angle: float = 7, quality: int = 45, noise: int = 38) -> bytes:
    """The first page as somebody takes a picture of it: askew, grey, blurred, noisy, compressed."""
    page = pypdfium2.PdfDocument(document)[0].render(scale=2.2).to_pil().convert("L")
    askew = page.rotate(angle, expand=True, fillcolor=150, resample=Image.Resampling.BICUBIC)
    grain = random.Random(7)
    dots = Image.frombytes("L", askew.size, grain.randbytes(askew.width * askew.height))
    noisy = Image.blend(askew, dots, noise / 255).filter(ImageFilter.GaussianBlur(0.8))
    out = io.BytesIO()
    noisy.save(out, "JPEG", quality=quality)
    return out.getvalue()


def upload(unit: Unit, data: bytes, name: str = "声明.jpg") -> UnitProof:
    live = unit.proofs.filter(slot=statement.SLOT, removed_at__isnull=True)
    old = live.order_by("-id").first()
    kind = "application/pdf" if name.endswith("pdf") else "image/jpeg"
    proof = services.add_proof(
        unit,
        slot=statement.SLOT,
        upload=SimpleUploadedFile(name, data, content_type=kind),
        actor=unit.team.owner,
        replaces=old,
    )
    reconciler.run()
    proof.refresh_from_db()
    return proof


def state(unit: Unit) -> str:
    team = Team.objects.get(pk=unit.team_id)
    return next(one for one in gather(team).units if one.id == unit.pk).proofs[statement.SLOT].statement


def rename(unit: Unit) -> Team:
    team = Team.objects.get(pk=unit.team_id)
    return services.save_team(
        team, values={"project_name": "煤矿安全数据新平台"}, version=team.version, actor=team.owner
    )


def test_document_says_who_declares_what_and_keeps_numbers_to_itself(unit: Unit) -> None:
    person = unit.team.representatives.get()

    reader = PdfReader(io.BytesIO(statements.statement_pdf(unit)))

    text = "".join(page.extract_text() for page in reader.pages).replace("\n", "")
    for words in (
        unit.name,
        unit.credit_code,
        unit.team.reference,
        person.name,
        "一经发现虚假信息将取消参赛资格",
    ):
        assert words in text
    assert person.document_number not in text
    assert all("校验码" in page.extract_text() for page in reader.pages)


def test_document_with_blanks_is_not_made(unit: Unit) -> None:
    team = unit.team
    services.save_team(team, values={"name": ""}, version=team.version, actor=team.owner)

    with pytest.raises(WrongState, match="请先填写团队名称"):
        statements.statement_pdf(Unit.objects.get(pk=unit.pk))


@pytest.mark.parametrize(("angle", "quality"), [(0, 80), (7, 45), (-31, 45), (90, 40), (184, 40)])
def test_code_is_read_off_a_poor_picture(unit: Unit, angle: float, quality: int) -> None:
    picture = photographed(statements.statement_pdf(unit), angle=angle, quality=quality)

    proof = upload(unit, picture)

    code = statement.make_code(unit.team_id, 1, statements.digest(unit.team))
    assert (proof.statement_read, state(unit)) == (code, "same")


def test_code_is_read_off_a_scanned_pdf(unit: Unit) -> None:
    picture = Image.open(io.BytesIO(photographed(statements.statement_pdf(unit), angle=2)))
    scan = io.BytesIO()
    picture.save(scan, "PDF")

    upload(unit, scan.getvalue(), "声明.pdf")

    assert state(unit) == "same"


def test_scan_of_former_data_cannot_be_submitted(unit: Unit, lihua: User) -> None:
    upload(unit, statements.statement_pdf(unit), "声明.pdf")
    before = state(unit)

    team = rename(unit)
    with pytest.raises(Invalid) as refused:
        services.submit(team, actor=lihua, version=team.version)

    assert (before, state(unit)) == ("same", "older")
    assert list(refused.value.problems) == [f"proofs.{unit.pk}.{statement.SLOT}"]
    upload(unit, statements.statement_pdf(Unit.objects.get(pk=unit.pk)), "新声明.pdf")
    assert factories.submit(team).status == "submitted"


def test_change_that_the_statement_does_not_print_leaves_it_valid(unit: Unit) -> None:
    upload(unit, statements.statement_pdf(unit), "声明.pdf")
    team = Team.objects.get(pk=unit.team_id)

    services.save_unit(unit, values={"address": "长风街9号"}, version=team.version, actor=team.owner)

    assert state(unit) == "same"


def test_statement_of_another_unit_is_not_taken_for_ones_own(unit: Unit) -> None:
    other = factories.add_unit(unit.team, 2)

    upload(unit, statements.statement_pdf(other), "声明.pdf")

    assert state(unit) == "older"


def test_file_without_code_is_left_to_officers(unit: Unit) -> None:
    unread = state(unit)

    reconciler.run()

    team = factories.submit(Team.objects.get(pk=unit.team_id))
    found = team.findings.get(rule="R56")
    assert (unread, state(unit)) == ("unread", "none")
    assert (found.severity, found.subject) == ("info", "单位1")


def test_public_page_says_newest_replaced_or_unknown_and_no_names(unit: Unit, client: Client) -> None:
    code = statement.make_code(unit.team_id, 1, statements.digest(unit.team))
    address = reverse("registration:statement_state", args=[code])

    newest = client.get(address)
    rename(unit)
    replaced = client.get(address)
    forged = client.get(reverse("registration:statement_state", args=[code[:-1] + "g"]))

    assert "有效" in newest.content.decode()
    assert "已被新版取代" in replaced.content.decode()
    assert (forged.status_code, "查无此声明" in forged.content.decode()) == (404, True)
    assert unit.name not in newest.content.decode()
    assert unit.team.name not in newest.content.decode()


def test_slot_offers_the_download_and_says_when_the_scan_is_old(unit: Unit, lihua_client: Client) -> None:
    upload(unit, statements.statement_pdf(unit), "声明.pdf")
    rename(unit)

    page = lihua_client.get(step_url(unit.team, Step.PROOFS)).content.decode()
    document = lihua_client.get(reverse("registration:statement", args=[unit.pk]))

    assert reverse("registration:statement", args=[unit.pk]) in page
    assert "请重新下载、盖章、扫描" in page
    assert document.content.startswith(b"%PDF-")


@given(st.text())
def test_no_text_is_taken_for_a_code(text: str) -> None:
    assert statement.read_code(text) is None


@given(st.integers(1, 16**7 - 1), st.integers(1, 5), st.binary(min_size=32, max_size=32))
def test_code_says_what_it_was_made_of(team_id: int, position: int, digest: bytes) -> None:
    code = statement.make_code(team_id, position, digest.hex())

    assert len(code) == statement.LENGTH
    assert statement.read_code(code) == statement.Code(team_id, position, digest.hex()[:16])
