"""What was found is not lost: graver findings stand, namesakes hide nobody, nobody waits for another's twin."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from competition.models import Attempt, Edition, ListEntry, ListImport, OutboxMessage, User
from registration import services
from registration.eligibility import findings
from registration.facts import OrganisationFacts, PersonFacts, SlotFacts, TeamFacts, TopicFacts, UnitFacts
from registration.matches import Listed
from registration.models import Team
from registration.services import findings as finding_services
from registration.services.editing import lock_team
from registration.terms import terms_of
from tests import factories
from tests.factories import credit_code
from tests.registration.test_eligibility import TERMS

#: Besides the two that begin and end a savepoint.
MOST_QUERIES = 12


def bring_in(edition: Edition, actor: User, kind: str, *rows: dict[str, Any]) -> None:
    """Rows of a list as an import leaves them."""
    batch = ListImport.objects.create(
        edition=edition, kind=kind, file_name="名单.xlsx", sha256="1" * 64, count=len(rows), actor=actor
    )
    ListEntry.objects.bulk_create(
        ListEntry(batch=batch, edition=edition, kind=kind, row=number, **row)
        for number, row in enumerate(rows, start=2)
    )


def second_team(owner: User, edition: Edition, like: Team, **person: str) -> Team:
    """Another team with other people and another unit, its project named as that of ``like``."""
    team = factories.complete_team(owner, edition, number=5, name="数海远航队", people={5: person})
    return services.save_team(
        team, values={"project_name": like.project_name}, version=team.version, actor=owner
    )


@pytest.mark.rule("R49", "R53")
def test_the_graver_of_two_findings_about_one_subject_stands(edition: Edition) -> None:
    unit = UnitFacts(1, 1, is_lead=True, name="山西晋数所分中心", credit_code=credit_code(1))
    team = TeamFacts("T000001", "乘数队", "煤矿安全数据平台", TopicFacts("1-1", "能源", False), units=(unit,))
    listed = [
        Listed("judgment_debtor", "失信被执行人", "R49", name=unit.name),
        Listed("judgment_debtor", "失信被执行人", "R49", name=unit.name, credit_code=credit_code(1)),
        Listed("exclusions", "排除", "R53", name=unit.name, detail={"relation": "组织单位"}),
    ]

    rows = findings(
        team,
        terms_of(edition),
        organisations=[OrganisationFacts("undertaker", "山西数据交易中心", ("晋数所",))],
        listed=listed,
    )

    found = {(one.rule, one.subject): one.severity for one in rows}
    assert (found["R49", "单位1"], found["R53", "单位1"]) == ("block", "block")


@pytest.mark.rule("R53")
def test_organiser_is_found_behind_a_parent_that_is_harmless(edition: Edition) -> None:
    investor = OrganisationFacts("sponsor", "山西省人民政府国有资产监督管理委员会", ("",))
    exchange = OrganisationFacts("undertaker", "山西数据交易中心")
    owned = UnitFacts(1, 1, is_lead=True, name=exchange.name, parent_name=investor.name)
    other = UnitFacts(2, 2, name="太原乘数有限公司")
    team = TeamFacts("T000001", "乘数队", "煤矿安全数据平台", units=(owned, other))

    rows = findings(team, terms_of(edition), organisations=[investor, exchange])

    assert [(one.severity, one.subject) for one in rows if one.rule == "R53"] == [("block", "单位1")]


@pytest.mark.rule("R49")
def test_namesakes_do_not_crowd_out_who_is_listed_by_number(submitted_team: Team, sunli: User) -> None:
    person = submitted_team.representatives.get(position=1)
    namesakes: list[dict[str, Any]] = [{"name": person.name, "name_key": person.name} for _ in range(150)]
    herself = {"name": person.name, "name_key": person.name, "document_hash": person.document_hash}
    bring_in(submitted_team.edition, sunli, "judgment_debtor", *namesakes, herself)

    services.refresh_findings(submitted_team)

    assert submitted_team.findings.get(rule="R49").severity == "block"


@pytest.mark.rule("R52d")
def test_team_that_came_first_learns_of_a_phone_given_twice(
    submitted_team: Team, zhaolei: User, edition: Edition
) -> None:
    person = submitted_team.representatives.get(position=1)
    Attempt.objects.all().delete()  # a code was sent to this phone just now
    other = factories.complete_team(
        zhaolei, edition, number=5, name="数海远航队", people={5: {"mobile": person.mobile}}
    )

    other = factories.submit(other)

    found = submitted_team.findings.get(rule="R52d")
    assert (found.severity, found.evidence["teams"]) == ("staff", [other.reference])
    assert person.mobile not in found.message
    services.withdraw(other, actor=zhaolei)
    assert not submitted_team.findings.filter(rule="R52d").exists()


def test_finding_anew_takes_the_same_few_queries_whatever_there_is(
    submitted_team: Team, zhaolei: User, sunli: User, edition: Edition
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            services.refresh_findings(submitted_team)
        assert len(seen) - 2 <= MOST_QUERIES, "\n".join(one["sql"][:160] for one in seen)
        return len(seen)

    queries()
    before = queries()
    factories.submit(second_team(zhaolei, edition, submitted_team))
    rows = [{"name": f"某{number}", "name_key": f"某{number}"} for number in range(50)]
    bring_in(edition, sunli, "judgment_debtor", *rows)
    factories.looked_up(submitted_team, sunli)
    queries()

    assert queries() == before


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_like_registration_that_somebody_else_has_in_hand(
    submitted_team: Team, zhaolei: User, edition: Edition
) -> None:
    ready = second_team(zhaolei, edition, submitted_team)

    def submit() -> str:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '3s'")
                return factories.submit(Team.objects.get(pk=ready.pk)).status
        finally:
            connections.close_all()

    with transaction.atomic():
        lock_team(submitted_team.pk)
        with ThreadPoolExecutor(1) as pool:
            status = pool.submit(submit).result()
    for message in OutboxMessage.objects.filter(channel=finding_services.CHANNEL):
        finding_services.send_job(message)

    assert status == "submitted"
    assert [one.subject for one in submitted_team.findings.filter(rule="R52f")] == [ready.reference]


@pytest.mark.django_db
def test_a_changed_list_is_worked_off_in_batches(
    submitted_team: Team, zhaolei: User, sunli: User, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding_services, "BATCH", 1)
    last = factories.submit(factories.complete_team(zhaolei, edition, number=5, name="数海远航队"))
    for number in (1, 5):
        bring_in(
            edition, sunli, ("judgment_debtor", "tax_violation")[number // 5],
            {"name": "某", "name_key": "某", "credit_key": credit_code(number)},
        )  # fmt: skip
    finding_services.refresh_after_list(edition, "judgment_debtor")

    jobs = OutboxMessage.objects.filter(channel=finding_services.CHANNEL, sent_at=None).order_by("id")
    done = 0
    while done < jobs.count():
        finding_services.send_job(jobs[done])
        done += 1

    assert done == 3
    assert submitted_team.findings.filter(rule="R49", severity="block").exists()
    assert last.findings.filter(rule="R50", severity="block").exists()


anything = st.text(max_size=120)


@given(name=anything, code=anything, phone=anything, document=anything, project=anything, data=st.data())
def test_no_registration_however_odd_makes_the_rules_stumble(
    name: str, code: str, phone: str, document: str, project: str, data: st.DataObject
) -> None:
    number = st.integers(0, 9)
    units = tuple(
        UnitFacts(
            id=place, position=place, is_lead=data.draw(st.booleans()), name=name, credit_code=code,
            nature=data.draw(st.sampled_from(["", "government", "institution", "other", name])),
            parent_name=project, contact_way=phone, consent=data.draw(st.sampled_from(["", "waiting", "refused"])),
            proofs={name[:9]: SlotFacts(data.draw(number), document)},
        )
        for place in range(data.draw(number))
    )  # fmt: skip
    people = tuple(
        PersonFacts(
            place, place, name=name, document_number=document, document_hash=document[:3], mobile=phone
        )
        for place in range(data.draw(number))
    )
    topic = data.draw(st.sampled_from([None, TopicFacts(code, name, True), TopicFacts("", "", False)]))
    team = TeamFacts(name, name, project, topic, phone, units=units, people=people)
    lists = [
        Listed(kind, kind, "R49", name=name, credit_code=code, document_hash=document[:3], project=project)
        for kind in ("judgment_debtor", "exclusions", "winners")
    ]

    rows = findings(
        team, TERMS, organisations=[OrganisationFacts("sponsor", name, (project, ""), code)], listed=lists
    )

    assert len({(one.rule, one.subject) for one in rows}) == len(rows)
    assert all(one.message and one.rule.startswith("R") for one in rows)
