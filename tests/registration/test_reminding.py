"""People who have not confirmed are asked again: by the owner's button, and once by the portal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from competition import clock
from competition.errors import NotAllowed, WrongState
from competition.models import OutboxMessage, User
from registration import services
from registration.models import Representative, Team
from registration.services.reminders import KIND
from tests import factories


def long_ago(person: Representative, **ago: float) -> None:
    Representative.objects.filter(pk=person.pk).update(code_sent_at=clock.real_now() - timedelta(**ago))


def test_one_button_asks_everybody_who_has_not_confirmed(draft_team: Team, lihua: User) -> None:
    whole = factories.add_person(draft_team, 7)
    factories.add_person(draft_team, 8, name="张三", mobile="123")

    sent, refused = services.remind(draft_team, actor=lihua)

    assert sent == [whole.name]
    assert list(refused) == ["张三"]
    assert "手机" in refused["张三"]
    assert services.remind(draft_team, actor=lihua)[1][whole.name].startswith("确认短信刚刚发出")


def test_only_the_owner_reminds_and_only_while_it_is_filled_in(
    submitted_team: Team, lihua: User, zhaolei: User
) -> None:
    with pytest.raises(NotAllowed):
        services.remind(submitted_team, actor=zhaolei)
    with pytest.raises(WrongState):
        services.remind(submitted_team, actor=lihua)


def test_portal_reminds_once_after_two_days(draft_team: Team, lihua: User) -> None:
    person = services.send_confirmation(factories.add_person(draft_team, 7), actor=lihua)
    long_ago(person, days=1.9)
    early = services.send_reminders()
    long_ago(person, days=2.1)

    counts = [early, services.send_reminders(), services.send_reminders()]

    assert counts == [0, 1, 0]
    reminder = OutboxMessage.objects.get(kind=KIND)
    assert f"/confirm/{person.token}/" in reminder.body
    assert person.name in reminder.body


def test_another_phone_is_another_reminder(draft_team: Team, lihua: User) -> None:
    person = services.send_confirmation(factories.add_person(draft_team, 7), actor=lihua)
    long_ago(person, days=3)
    services.send_reminders()
    draft_team.refresh_from_db()
    person = services.save_representative(
        person, values={"mobile": factories.mobile(99)}, version=draft_team.version, actor=lihua
    )
    assert person.code_sent_at is None
    long_ago(services.send_confirmation(person, actor=lihua), days=3)

    assert services.send_reminders() == 1


def test_nobody_is_reminded_of_what_is_closed_or_done(
    draft_team: Team, lihua: User, close_stage: Callable[[str], Any]
) -> None:
    person = services.send_confirmation(factories.add_person(draft_team, 7), actor=lihua)
    long_ago(person, days=3)
    close_stage("registration")

    assert services.send_reminders() == 0
