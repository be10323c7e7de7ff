"""The formal check in a real browser: cleared by keys, files beside the form, nothing sent by mistake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect
from weasyprint import HTML

from competition import clock
from competition.form_schema.fields import ROW_ID
from competition.models import User
from submissions import services
from submissions.models import Entry, EntrySection, FormalCheck, Receipt, SupplementRequest
from submissions.services import supplements
from submissions.services.hints import make_hints
from submissions.workflow import EntryStatus
from tests.axe import violations
from tests.chromium import DESK, PHONE, Window
from tests.submissions.conftest import pdf, settled

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
As = Callable[[User | None], Client]
CONTRACT = "attachments.contracts.c1.proof"
#: What Django's own admin widgets leave to be wished, by where it is: a label that is a picture with a title.
DJANGOS = {"label-title-only": "#searchbar"}


def page_of(text: str, name: str) -> SimpleUploadedFile:
    body = HTML(string=f"<html lang='zh'><body><p>{text}</p></body></html>").write_pdf()
    return SimpleUploadedFile(name, body, content_type="application/pdf")


def own(found: list[str]) -> list[str]:
    """Without what is not ours to mend."""
    return [
        one
        for one in found
        if not any(one.startswith(rule) and where in one for rule, where in DJANGOS.items())
    ]


@pytest.fixture
def noticed(filled: Entry, lihua: User) -> Receipt:
    """Lihua's entry, submitted with a contract in which another unit is named; hints are made."""
    row = EntrySection.objects.get(entry=filled, key="attachments")
    contracts = [{ROW_ID: "c1", "name": "数据服务合同"}]
    services.save_section(
        filled,
        key="attachments",
        answers={**row.answers, "contracts": contracts},
        version=row.version,
        actor=lihua,
    )
    contract = page_of("甲方：华北样本股份有限公司", "合同.pdf")
    services.attach(filled, slot=CONTRACT, upload=contract, actor=lihua)
    revision = services.freeze(filled, actor=lihua)
    scan = page_of("盖章的申报书", "扫描件.pdf")
    services.attach_scan(revision, upload=scan, actor=lihua)
    receipt = services.submit(revision, actor=lihua)
    make_hints(receipt.pk)
    return receipt


@pytest.fixture
def sign_in(open_window: Callable[..., Window], live_server: Any, as_user: As) -> Callable[[User], Window]:
    """A browser in which somebody is signed in."""

    def opened(person: User) -> Window:
        window, cookies = open_window(), as_user(person).cookies
        window.context.add_cookies(
            [{"name": name, "value": one.value, "url": live_server.url} for name, one in cookies.items()]
        )
        return window

    return opened


def case(entry: Entry) -> str:
    return reverse("admin:submissions_entry_change", args=[entry.pk])


def test_queue_and_case_are_looked_at_and_cleared_by_keys(
    noticed: Receipt, qianjin: User, sign_in: Callable[[User], Window]
) -> None:
    office = sign_in(qianjin)
    page, entry = office.page, noticed.revision.entry
    page.goto(reverse("admin:submissions_entry_changelist"))
    expect(page.get_by_text("其他单位名称 1")).to_be_visible()
    assert own(violations(page)) == []
    office.shot("check-queue")

    page.goto(case(entry))
    page.keyboard.press("c")
    expect(page.get_by_text("由您办理")).to_be_visible()
    page.get_by_role("link", name="合同.pdf", exact=True).click()
    expect(page.locator("#viewer img").first).to_be_visible()
    assert violations(page) == []
    office.shot("check-case")
    page.keyboard.press("b")
    expect(page.get_by_role("link", name="合同.pdf", exact=True)).to_be_focused()

    page.keyboard.press("r")
    expect(page.locator("#return-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    assert not FormalCheck.objects.exists()
    mark = page.locator(f"[name='mark.attachments/{CONTRACT.partition('.')[2]}']")
    mark.evaluate("field => { field.closest('details').open = true; }")
    mark.fill("合同扫描不清楚")
    page.keyboard.press("Tab")
    page.locator("[data-dialog-open='return-dialog']").click()
    page.locator("#return-dialog button[type=submit]").click()
    page.wait_for_load_state()

    check = FormalCheck.objects.get()
    assert check.reasons == {f"attachments/{CONTRACT.partition('.')[2]}": "合同扫描不清楚"}
    assert Entry.objects.get(pk=entry.pk).status == EntryStatus.RETURNED
    assert office.troubles == []


def test_team_hands_in_what_is_asked_for(
    noticed: Receipt, qianjin: User, lihua: User, sign_in: Callable[[User], Window]
) -> None:
    entry = noticed.revision.entry
    services.accept(noticed, officer=qianjin, checklist=settled(entry.edition))
    asked = supplements.ask(
        entry,
        officer=qianjin,
        asked="请补充2024年度审计报告",
        until=clock.now(entry.edition) + timedelta(days=3),
    )
    team = sign_in(lihua)
    page = team.page
    page.goto(reverse("submissions:entry", args=[entry.pk]))
    team.shot("supplement-entry")
    page.get_by_role("link", name="请补充2024年度审计报告").click()
    assert violations(page) == []
    team.shot("supplement")

    page.set_input_files(
        "#id_files", [{"name": "审计.pdf", "mimeType": "application/pdf", "buffer": pdf().read()}]
    )
    page.get_by_label("说明").fill("见附件")
    page.get_by_role("button", name="提交补充材料").click()
    expect(page.get_by_text("补充材料已提交。")).to_be_visible()
    team.shot("supplement-done")

    office = sign_in(qianjin)
    for size in (DESK, PHONE):
        office.page.set_viewport_size(size)  # type: ignore[arg-type]
        office.page.goto(case(entry))
        expect(office.page.get_by_text("见附件")).to_be_visible()
        assert violations(office.page) == []
    office.shot("check-accepted")
    office.page.goto(reverse("submissions:supplements"))
    assert violations(office.page) == []
    office.shot("supplements-desk")
    assert SupplementRequest.objects.get(pk=asked.pk).files.count() == 1
    assert [*team.troubles, *office.troubles] == []
