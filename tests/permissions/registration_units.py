"""Units that confirm by link, and the statement that each of them signs."""

from __future__ import annotations

from typing import Any

from competition.models import Attempt
from registration import statement
from registration.services import statements, unit_consents
from tests import factories
from tests.permissions.registration import owners
from tests.permissions.table import Row, everybody, only
from tests.solving import solved

#: What a unit answers.
ANSWER = {"agreed": "yes", "by": "赵敏，处长", "note": ""}


def prepare(world: Any) -> None:
    """The draft's second unit, which was asked by mail a while ago."""
    world.second_unit = factories.add_unit(world.draft, 77, contact_way="zhao@example.com")
    world.joining = unit_consents.ask(world.second_unit, actor=world.lihua)
    world.printed = statement.make_code(world.draft.pk, 1, statements.digest(world.draft))
    Attempt.objects.filter(limit__startswith="unit_consent").delete()


def second(world: Any) -> dict[str, Any]:
    return {"pk": world.second_unit.pk}


def token(world: Any) -> dict[str, Any]:
    return {"token": world.joining.token}


def printed(world: Any) -> dict[str, Any]:
    return {"code": world.printed}


ROWS = [
    Row("registration:statement", only("owner", "member", "officer", "chief"), args=second),
    Row("registration:statement_state", everybody(), args=printed),
    Row("registration:statement_state", everybody(404), args=lambda w: {"code": "0" * 32}),
    Row("registration:unit_consent", owners(200), args=second),
    Row("registration:unit_consent", owners(302), args=second, method="post"),
    Row("registration:join", everybody(), args=token),
    Row("registration:join", everybody(422), args=token, method="post"),
    Row(
        "registration:join", everybody(302), args=token, method="post", data=lambda w: {**ANSWER, **solved()}
    ),
    Row("registration:join", everybody(404), args=lambda w: {"token": "unknown"}),
]
