"""The comparison as people see it: on a desk and on a phone, by eye and by screen reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from competition.models import User
from submissions import services
from submissions.models import Entry, Revision
from tests.axe import violations
from tests.browser.doing import sign_in
from tests.submissions.full import full_answers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_comparison_of_a_whole_form_fits_and_is_read_aloud(
    frozen: Revision, lihua: User, open_window: Callable[..., Any]
) -> None:
    entry = frozen.entry
    for section in services.completeness(entry).sections:
        answers = {**section.answers, **full_answers(section.section, rows={"cases": 2})}
        services.save_section(
            entry,
            key=section.section.key,
            unit_id=section.unit_id,
            answers=answers,
            version=section.version,
            actor=lihua,
        )
        entry = Entry.objects.get(pk=entry.pk)
    row = entry.sections.get(key="overview")
    background = f"{frozen.content['sections'][0]['key']}第一版没有的话。" + row.answers["background"][:300]
    services.save_section(
        entry, key="overview", answers={**row.answers, "background": background}, version=2, actor=lihua
    )
    lihua.emailaddress_set.create(email=lihua.email, verified=True, primary=True)  # type: ignore[attr-defined]
    window = open_window()

    window.page.goto(reverse("submissions:compare", args=[entry.pk]))
    sign_in(window.page, lihua)

    expect(window.page.get_by_role("heading", name="版本比较")).to_be_visible()
    window.shot("compare")
    assert violations(window.page) == []
    window.page.get_by_label("显示未改动的上下文全文").check()
    window.page.get_by_role("button", name="比较").click()
    expect(window.page.get_by_label("显示未改动的上下文全文")).to_be_checked()
    expect(window.page.get_by_text("〔新增〕").first).to_be_attached()
    window.page.goto(entry.get_absolute_url())
    window.shot("entry")
