"""The registration's pages: the team's own people, officers, and whoever holds a confirmation link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from competition import clock, stages
from competition.models import Attempt, Stage
from registration import services
from registration.models import Team, UnitProof
from registration.steps import Step
from tests import factories
from tests.permissions.table import LOGIN, ROLES, Row, admin_rows, everybody, only, signed_in
from tests.solving import solved

OFFICE = {"officer", "chief"}
PEOPLE = {1: {"name": "李华", "mobile": "13800138001"}, 2: {"name": "王芳", "mobile": "13800138002"}}


def prepare(world: Any) -> None:
    """Lihua's draft with Wangfang on it, and somebody who has a code but has not confirmed."""
    now = clock.now(world.edition)
    Stage.objects.filter(edition=world.edition, key=stages.REGISTRATION).update(
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=5)
    )
    world.draft = factories.complete_team(world.lihua, world.edition, people=PEOPLE)
    world.unit = world.draft.units.get()
    world.person = world.draft.representatives.get(position=1)
    world.asked = services.send_confirmation(factories.add_person(world.draft, 3), actor=world.lihua)
    world.proof = UnitProof.objects.filter(unit=world.unit, slot="audit").get()


def team(world: Any) -> dict[str, Any]:
    return {"pk": world.draft.pk}


def owners(status: int) -> dict[str, int]:
    """The owner may; who may only look is told so; to strangers it does not exist."""
    return {**only("owner", status=status), "member": 403, "officer": 403, "chief": 403}


def office(status: int) -> dict[str, int]:
    """The admin site: everybody else is sent to log in."""
    return {**dict.fromkeys(ROLES, LOGIN), "officer": status, "chief": status}


def slot(world: Any) -> dict[str, Any]:
    return {"pk": world.unit.pk, "slot": "audit"}


def person(world: Any) -> dict[str, Any]:
    return {"pk": world.person.pk}


def just_sent(world: Any) -> dict[str, Any]:
    """The confirmation's token, as if its code had left this moment."""
    Attempt.objects.filter(limit="confirm").update(at=timezone.now())
    return token(world)


def token(world: Any) -> dict[str, Any]:
    return {"token": world.asked.token}


ROWS = [
    Row("registration:teams", signed_in()),
    Row("registration:start", signed_in(302), method="post"),
    Row("registration:start", signed_in(405)),
    Row("registration:known_unit", signed_in(), method="post", data=lambda w: {"code": "91"}),
    Row("registration:known_unit", signed_in(405)),
    Row("registration:team", only("owner", "member", "officer", "chief"), args=team),
    Row("registration:team", only(), args=lambda w: {"pk": 999_999}),
    *(
        Row("registration:step", owners(200), args=lambda w, step=step: {"pk": w.draft.pk, "step": step})
        for step in Step
    ),
    Row(
        "registration:step",
        owners(302),
        args=lambda w: {"pk": w.draft.pk, "step": Step.TEAM},
        method="post",
        data=lambda w: {"version": Team.objects.get(pk=w.draft.pk).version, "name": "新队名"},
    ),
    Row("registration:take_back", owners(200), args=team),
    Row("registration:take_back", owners(409), args=team, method="post"),
    Row("registration:withdraw", owners(200), args=team),
    Row("registration:withdraw", owners(302), args=team, method="post", data=lambda w: {"sure": "yes"}),
    Row("registration:remove_unit", owners(200), args=lambda w: {"pk": w.unit.pk}),
    Row("registration:remove_unit", owners(302), args=lambda w: {"pk": w.unit.pk}, method="post"),
    Row("registration:remove_representative", owners(200), args=person),
    Row("registration:remove_representative", owners(302), args=person, method="post"),
    Row("registration:reopen_representative", owners(200), args=person),
    Row("registration:reopen_representative", owners(302), args=person, method="post"),
    Row("registration:upload_proof", owners(422), args=slot, method="post"),
    Row(
        "registration:upload_proof",
        owners(302),
        args=slot,
        method="post",
        data=lambda w: {"file": factories.pdf("补充.pdf")},
    ),
    Row("registration:not_applicable", owners(422), args=slot, method="post"),
    Row("registration:proof", only("owner", "member", "officer", "chief"), args=lambda w: {"pk": w.proof.pk}),
    Row("registration:remove_proof", owners(302), args=lambda w: {"pk": w.proof.pk}, method="post"),
    Row("registration:confirm", everybody(), args=token),
    Row("registration:confirm", everybody(422), args=token, method="post"),
    Row("registration:confirm", everybody(404), args=lambda w: {"token": "unknown"}),
    Row("registration:resend", everybody(422), args=just_sent, method="post"),
    Row("registration:resend", everybody(429), args=just_sent, method="post", data=lambda w: solved()),
    *admin_rows("registration_team", view=OFFICE, pk=lambda w: w.draft.pk),
    Row("admin:registration_team_decide", office(409), args=team, method="post"),
    Row("admin:registration_team_decide", office(403), args=team),
    Row(
        "admin:registration_team_unmask",
        office(200),
        args=lambda w: {"pk": w.draft.pk, "person": w.person.pk},
        method="post",
    ),
    Row(
        "admin:registration_team_unmask",
        office(403),
        args=lambda w: {"pk": w.draft.pk, "person": w.person.pk},
    ),
]
