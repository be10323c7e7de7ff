"""The pages on which units answer, and on which statements are looked up, by axe and at both widths."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from competition.models import Attempt, Edition, User
from registration import services, statement
from registration.models import Representative
from registration.services import statements, unit_consents
from registration.steps import Step
from tests import factories
from tests.chromium import PHONE, Window
from tests.registration.conftest import step_url
from tests.registration.test_accessible import told, window, wrong

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["window"]


def test_pages_of_units_and_statements_are_accessible(
    window: Window, edition: Edition, open_stage: Callable[..., Any], lihua: User
) -> None:
    open_stage("registration")
    team = factories.complete_team(lihua, edition)
    unit = factories.add_unit(team, 2, contact_way="0351-4012345")
    asking = reverse("registration:unit_consent", args=[unit.pk])
    before = wrong(window, asking)
    window.shot("unit-consent")
    consent = unit_consents.ask(unit, actor=lihua)
    join = reverse("registration:join", args=[consent.token])
    code = statement.make_code(team.pk, 1, statements.digest(team))

    waiting = wrong(window, asking, reverse("registration:statement_state", args=[code]), join)
    window.shot("join")
    unit_consents.answer(consent.token, agreed=False, by="赵敏，副总经理", note="未经本单位批准")
    answered = wrong(window, join, step_url(team, Step.PROOFS), step_url(team, Step.UNITS))
    window.shot("units")
    window.page.goto(step_url(team, Step.PROOFS))
    window.shot("proofs")

    assert told(before + waiting + answered) == ""
    assert window.troubles == []


def test_unit_answers_in_a_browser_without_minding_the_puzzle(
    window: Window, edition: Edition, open_stage: Callable[..., Any], lihua: User
) -> None:
    open_stage("registration")
    team = factories.complete_team(lihua, edition)
    consent = unit_consents.ask(factories.add_unit(team, 2, contact_way="0351-4012345"), actor=lihua)
    page = window.page

    page.goto(reverse("registration:join", args=[consent.token]))
    page.get_by_role("radio", name="同意参赛", exact=True).check()
    page.get_by_role("textbox", name="您的姓名和职务").fill("赵敏，主任")
    page.get_by_role("button", name="提交答复").click()
    expect(page.get_by_text("贵单位已同意参赛，团队已收到通知。")).to_be_visible()

    consent.refresh_from_db()
    assert consent.answered_by == "赵敏，主任"


def test_code_is_asked_for_again_on_a_phone(
    window: Window, edition: Edition, open_stage: Callable[..., Any], lihua: User
) -> None:
    open_stage("registration")
    team = factories.started_team(lihua, edition)
    factories.add_unit(team, 1)
    sent = services.send_confirmation(factories.add_person(team, 1), actor=lihua)
    first = factories.code_sent_to(sent)
    Attempt.objects.all().delete()
    Representative.objects.filter(pk=sent.pk).update(code_sent_at=timezone.now() - timedelta(minutes=3))
    page = window.page

    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(reverse("registration:confirm", args=[sent.token]))
    page.get_by_role("button", name="重新获取验证码").click()
    expect(page.get_by_text("新的验证码已发到您的手机。")).to_be_visible()

    assert factories.code_sent_to(sent) != first
    assert window.troubles == []
