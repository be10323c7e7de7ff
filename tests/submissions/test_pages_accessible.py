"""axe finds nothing wrong on any page of an entry, bare or filled to the brim, sealed or returned, desk or phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from competition.models import User
from submissions import services
from submissions.models import Entry, Receipt
from submissions.views.desk import section_url
from tests.axe import violations
from tests.chromium import DESK, PHONE, Window
from tests.submissions.conftest import pdf, settled
from tests.submissions.full import full_answers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def window(
    open_window: Callable[..., Window], live_server: Any, as_user: Callable[[User], Client], lihua: User
) -> Window:
    """Lihua's browser, signed in."""
    opened, cookies = open_window(), as_user(lihua).cookies
    opened.context.add_cookies(
        [{"name": name, "value": one.value, "url": live_server.url} for name, one in cookies.items()]
    )
    return opened


def wrong(window: Window, addresses: dict[str, str]) -> list[str]:
    """What axe finds at the addresses, by turns on a desk and on a phone; nothing is wider than its screen."""
    found: list[str] = []
    for number, (name, address) in enumerate(addresses.items()):
        size = (DESK, PHONE)[number % 2]
        window.page.goto(address)
        window.page.wait_for_load_state("networkidle")
        window.shot(name)
        window.page.set_viewport_size(size)  # type: ignore[arg-type]
        found += [f"{address} {size['width']}: {line}" for line in violations(window.page)]
    return found


def told(found: list[str]) -> str:
    """All of it, one line each: an assertion shows the whole."""
    return "\n".join(found)


def sections_of(entry: Entry) -> dict[str, str]:
    state = services.completeness(entry)
    return {f"{one.section.key}-{one.unit_id or 0}": section_url(entry, one.place) for one in state.sections}


def pages_of(entry: Entry, *names: str) -> dict[str, str]:
    return {name: reverse(f"submissions:{name}", args=[entry.pk]) for name in names}


def fill_to_the_brim(entry: Entry, actor: User) -> None:
    """Every field of every section, long; a file more than once in a slot."""
    for one in services.completeness(entry).sections:
        services.save_section(
            entry,
            key=one.section.key,
            unit_id=one.unit_id,
            answers={**one.answers, **full_answers(one.section, rows={"cases": 2})},
            version=one.version,
            actor=actor,
        )


def test_pages_around_a_bare_form_are_accessible(window: Window, entry: Entry) -> None:
    addresses = pages_of(entry, "entry", "check", "blind", "word_import", "compare", "withdraw", "draft_pdf")

    found = wrong(window, addresses)

    assert told(found) == ""


def test_full_form_is_accessible_until_it_is_sealed(window: Window, filled: Entry, lihua: User) -> None:
    fill_to_the_brim(filled, lihua)
    addresses = {f"full-{name}": address for name, address in sections_of(filled).items()}
    addresses |= {f"full-{name}": url for name, url in pages_of(filled, "entry", "check", "blind").items()}

    found = wrong(window, addresses)

    assert told(found) == ""


def test_sealed_submitted_and_returned_pages_are_accessible(
    window: Window, filled: Entry, lihua: User, qianjin: User
) -> None:
    revision = services.freeze(filled, actor=lihua)
    found = wrong(window, {f"frozen-{n}": u for n, u in pages_of(filled, "entry", "submit_page").items()})
    scan = services.attach_scan(revision, upload=pdf("盖章扫描件.pdf", "scan"), actor=lihua)
    receipt: Receipt = services.submit(revision, scan=scan, actor=lihua)
    found += wrong(
        window,
        {
            "receipt": reverse("submissions:receipt", args=[receipt.number]),
            **{f"submitted-{n}": u for n, u in pages_of(filled, "entry", "submit_page", "compare").items()},
        },
    )
    services.return_for_correction(
        receipt,
        officer=qianjin,
        checklist=settled(filled.edition),
        reasons={"overview/background": "请写明数据来源。"},
    )
    found += wrong(
        window,
        {
            "returned-entry": filled.get_absolute_url(),
            **{f"returned-{n}": u for n, u in list(sections_of(filled).items())[:3]},
        },
    )

    assert told(found) == ""
