"""Registrations made the way people make them: through the services, with valid synthetic data."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from stdnum.cn import uscc

from competition import clock
from competition.identity import resident_check_character
from competition.models import Edition, OutboxMessage, User
from registration import services
from registration.models import Representative, Team, Unit
from registration.services import lookups
from registration.terms import terms_of
from tests.sound import pdf_bytes

OFFICER_NOTE = "材料齐全"


def credit_code(number: int, *, prefix: str = "91", county: str = "140105") -> str:
    """A credit code with a right check character; another one for each number."""
    body = f"{prefix}{county}MA{number:07d}"
    return body + uscc.calc_check_digit(body)


def resident_id(number: int) -> str:
    """A resident ID of nobody: born in 1901, with a right check character; 28,000 different ones."""
    body = f"140105190101{1 + number // 1000 % 28:02d}{number % 1000:03d}"
    return body + resident_check_character(body)


def mobile(number: int) -> str:
    """A mobile number that is valid in form."""
    return f"1380013{number:04d}"


def pdf(name: str = "证明.pdf", text: str = "材料") -> SimpleUploadedFile:
    """A PDF; another text is another file."""
    return SimpleUploadedFile(name, pdf_bytes(f"{name}{text}"), content_type="application/pdf")


def unit_values(number: int = 1, **changes: str) -> dict[str, str]:
    """What a diligent person types about a unit."""
    return {
        "name": f"山西乘数数据科技{number}有限公司",
        "credit_code": credit_code(number),
        "region": "140105",
        "address": "学府街1号",
        "nature": "private",
        "central_subsidiary": "no",
        "contact": "张敏",
        "contact_title": "总经理助理",
        "contact_way": "0351-4012345",
    } | changes


def person_values(number: int = 1, **changes: str) -> dict[str, str]:
    """What a diligent person types about a representative; the unit's id is to be added."""
    return {
        "name": f"李代表{'一二三四五六'[number % 6]}",
        "document_type": "resident_id",
        "document_number": resident_id(number),
        "title": "工程师",
        "mobile": mobile(number),
        "role": "数据治理",
    } | changes


def add_unit(team: Team, number: int = 1, **changes: str) -> Unit:
    team.refresh_from_db()
    unit = services.add_unit(team, actor=team.owner, version=team.version)
    return services.save_unit(
        unit, values=unit_values(number, **changes), version=unit.team.version, actor=team.owner
    )


def add_person(team: Team, number: int = 1, **changes: str) -> Representative:
    team.refresh_from_db()
    person = services.add_representative(team, actor=team.owner, version=team.version)
    unit = team.units.order_by("position")[0]
    return services.save_representative(
        person,
        values=person_values(number, **{"unit": str(unit.pk), **changes}),
        version=person.team.version,
        actor=team.owner,
    )


def code_sent_to(person: Representative) -> str:
    """The code of the last SMS, read as the person would."""
    message = OutboxMessage.objects.filter(
        kind="registration.confirm", data__representative=person.pk
    ).first()
    assert message is not None
    found = re.search(r"验证码 (\d{6})", message.body)
    assert found is not None
    return found[1]


def confirm(person: Representative) -> Representative:
    sent = services.send_confirmation(person, actor=person.team.owner)
    return services.confirm(sent.token, code=code_sent_to(sent), consent=True)


def add_proofs(unit: Unit) -> None:
    for slot in terms_of(unit.team.edition).slots:
        services.add_proof(unit, slot=slot.key, upload=pdf(f"{slot.label}.pdf"), actor=unit.team.owner)


def started_team(owner: User, edition: Edition, *, topic: str = "1-1", name: str = "乘数先锋队") -> Team:
    """A team with names, topic and declarations; no unit, nobody on it."""
    team = services.start_team(owner, edition=edition)
    declarations = {f"declaration_{one.key}": "on" for one in terms_of(edition).declarations}
    values = {"name": name, "project_name": f"{name}煤矿安全数据平台", "topic": topic, **declarations}
    return services.save_team(team, values=values, version=team.version, actor=owner)


def complete_team(
    owner: User,
    edition: Edition,
    *,
    number: int = 1,
    topic: str = "1-1",
    name: str = "乘数先锋队",
    people: dict[int, dict[str, str]] | None = None,
) -> Team:
    """Everything is there, everybody confirmed; only submit is missing."""
    team = started_team(owner, edition, topic=topic, name=name)
    unit = add_unit(team, number)
    for person_number, changes in (people or {number: {}}).items():
        confirm(add_person(team, person_number, **changes))
    add_proofs(unit)
    team.refresh_from_db()
    return team


def submit(team: Team) -> Team:
    team.refresh_from_db()
    return services.submit(team, actor=team.owner, version=team.version)


def looked_up(team: Team, officer: User) -> Team:
    """All credit records looked up, nobody listed."""
    if lookups.due(team):
        evidence = lookups.add_evidence(team, officer=officer, upload=pdf("信用中国.pdf", team.reference))
        today = timezone.localtime(clock.now(team.edition)).date()
        lookups.record_clear(team, officer=officer, looked_on=today, evidence=evidence)
    return team


def approve(team: Team, officer: User) -> Team:
    looked_up(team, officer)
    return services.approve(team, officer=officer, version=team.version, note=OFFICER_NOTE)
