"""What is offered when a credit code was typed, and what is never told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from competition import clock
from competition.errors import TooMany
from competition.identity import credit_code_hint, credit_code_problem
from competition.models import Edition, ListEntry, ListImport, Stage, User
from registration import services
from registration.models import Team
from registration.services import known
from tests import factories

CODE = factories.credit_code(1234567)


def test_code_alone_tells_where_it_was_registered(edition: Edition, lihua: User) -> None:
    found = services.known_unit(f" {CODE.lower()} ", user=lihua, edition=edition)

    assert found == known.KnownUnit({"region": "140105"}, ["企业", "登记机关在山西省太原市小店区"], "")


def test_code_of_a_government_body_tells_its_nature(edition: Edition, lihua: User) -> None:
    code = factories.credit_code(1, prefix="11", county="140000")

    found = services.known_unit(code, user=lihua, edition=edition)

    assert found.values == {"nature": "government", "region": "140000"}


def test_name_comes_from_the_winners_brought_in(edition: Edition, lihua: User, qianjin: User) -> None:
    batch = ListImport.objects.create(
        edition=edition, kind="winners", file_name="w.xlsx", sha256="0" * 64, count=1, actor=qianjin
    )
    winner = ListEntry.objects.create(
        batch=batch, edition=edition, kind="winners", row=1, name="山西去年获奖有限公司", credit_key=CODE
    )
    hidden = factories.credit_code(901)
    ListEntry.objects.create(
        batch=batch, edition=edition, kind="judgment_debtor", row=2, name="不公开", credit_key=hidden
    )

    assert services.known_unit(CODE, user=lihua, edition=edition).values["name"] == winner.name
    assert "name" not in services.known_unit(hidden, user=lihua, edition=edition).values


def test_own_earlier_unit_is_offered_and_nobody_elses(draft_team: Team, lihua: User, zhaolei: User) -> None:
    unit = draft_team.units.get()
    edition = draft_team.edition

    mine = services.known_unit(unit.credit_code, user=lihua, edition=edition)
    theirs = services.known_unit(unit.credit_code, user=zhaolei, edition=edition)
    asking = services.known_unit(unit.credit_code, user=lihua, edition=edition, asking=unit.pk)

    assert mine.values["name"] == unit.name
    assert mine.values["contact_way"] == unit.contact_way
    assert theirs.values == asking.values == {"region": "140105"}


@pytest.mark.usefixtures("edition")
def test_wrong_code_names_the_suspicious_character(as_user: Callable[[User], Client], lihua: User) -> None:
    client: Any = as_user(lihua)

    answer = client.post(reverse("registration:known_unit"), {"code": CODE.replace("MA", "AM", 1)})

    assert "校验位不正确" in answer.json()["problem"]
    assert "第9、10位的“AM”，是否颠倒" in answer.json()["problem"]
    assert answer.json()["values"] == {}


def test_looking_up_has_a_limit(edition: Edition, lihua: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "LOOKED_UP", known.Limit("known_unit", 1, timedelta(hours=1), "查询过于频繁"))
    services.known_unit(CODE, user=lihua, edition=edition)

    with pytest.raises(TooMany):
        services.known_unit(CODE, user=lihua, edition=edition)


@given(st.text(max_size=40) | st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=17, max_size=19))
def test_hint_is_a_sentence_for_any_text(text: str) -> None:
    hint = credit_code_hint(text)

    assert hint == "" or (hint.startswith(("第", "请")) and credit_code_problem(text))


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("911401O5MA00000041", "第7位的“O”不会出现在代码中，是否应为“0”？"),
        ("9114010AMA00000041", "第8位的“A”应为数字。"),
        (CODE, ""),
        ("91", ""),
    ],
)
def test_hint_says_which_character(typed: str, hint: str) -> None:
    assert credit_code_hint(typed) == hint


def test_nothing_is_asked_of_a_closed_stage(edition: Edition, lihua: User) -> None:
    now = clock.now(edition)
    Stage.objects.filter(edition=edition).update(
        opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=8)
    )

    assert services.known_unit(CODE, user=lihua, edition=edition).values == {"region": "140105"}
