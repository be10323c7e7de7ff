"""Writing the form: opened on approval, saved as typed, never over somebody else's text, never late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from competition import clock
from competition.errors import NotAllowed, Refusal, StageClosed, StaleVersion, WrongState
from competition.models import AuditEvent, User
from registration import services as registration
from registration.models import Team
from submissions import services
from submissions.models import Attachment, Entry, EntrySection
from submissions.workflow import EntryStatus
from tests.submissions.conftest import pdf


def save(entry: Entry, actor: User, **answers: Any) -> services.SavedSection:
    """Save the overview as a diligent page does: with the version that is there."""
    row = EntrySection.objects.filter(entry=entry, key="overview").first()
    return services.save_section(
        entry, key="overview", answers=answers, version=row.version if row else 0, actor=actor
    )


@pytest.mark.rule("R52b", "R75")
def test_approval_opens_one_entry(approved_team: Team) -> None:
    entry = Entry.objects.get(team=approved_team)

    again = services.open_entry(approved_team)

    assert (again.pk, again.status, again.edition) == (entry.pk, EntryStatus.DRAFT, approved_team.edition)
    assert AuditEvent.objects.filter(verb="entry.opened").count() == 1


def test_section_is_saved_as_typed_even_when_wrong(entry: Entry, lihua: User) -> None:
    saved = services.save_section(
        entry,
        key="market",
        answers={"cross_volume": "很多", "data_sources": ["public"]},
        version=0,
        actor=lihua,
    )

    assert saved.section.version == 1
    assert saved.section.answers == {"cross_volume": "很多", "data_sources": ["public"]}
    assert [(one.path, one.kind) for one in saved.problems] == [("cross_volume", "invalid")]
    entry.refresh_from_db()
    assert entry.version == 2


def test_member_may_write(entry: Entry, wangfang: User) -> None:
    saved = save(entry, wangfang, background="背景")

    assert saved.section.updated_by == wangfang


def test_saving_the_same_again_changes_nothing(entry: Entry, lihua: User) -> None:
    save(entry, lihua, background="背景")
    entry.refresh_from_db()
    before = entry.version

    saved = save(entry, lihua, background="背景")

    entry.refresh_from_db()
    assert (saved.section.version, entry.version) == (1, before)


def test_stale_version_is_refused_and_overwrites_nothing(entry: Entry, lihua: User, wangfang: User) -> None:
    save(entry, wangfang, background="王芳写的")

    with pytest.raises(StaleVersion) as refused:
        services.save_section(
            entry, key="overview", answers={"background": "李华写的"}, version=0, actor=lihua
        )

    assert "没有丢失" in refused.value.sentence
    assert EntrySection.objects.get(entry=entry, key="overview").answers == {"background": "王芳写的"}


def test_stranger_and_officer_may_not_write(entry: Entry, zhaolei: User, qianjin: User) -> None:
    for person in (zhaolei, qianjin):
        with pytest.raises(NotAllowed):
            save(entry, person, background="x")


def test_unknown_keys_and_sections_are_refused(entry: Entry, lihua: User) -> None:
    with pytest.raises(Refusal):
        save(entry, lihua, nothing_of_the_form="x")
    with pytest.raises(Refusal):
        services.save_section(entry, key="nowhere", answers={}, version=0, actor=lihua)
    with pytest.raises(Refusal):
        services.save_section(entry, key="units", answers={}, version=0, actor=lihua)

    assert not EntrySection.objects.filter(entry=entry).exists()


def test_units_of_another_team_are_refused(entry: Entry, other_entry: Entry, lihua: User) -> None:
    foreign = other_entry.team.units.get(is_lead=True)

    with pytest.raises(Refusal):
        services.save_section(entry, key="units", unit_id=foreign.pk, answers={}, version=0, actor=lihua)


@pytest.mark.rule("R76")
def test_registration_facts_cannot_be_written(entry: Entry, lihua: User) -> None:
    saved = services.save_section(
        entry,
        key="project",
        answers={"project_name": "另一个名称", "summary": "简述"},
        version=0,
        actor=lihua,
    )

    assert saved.section.answers == {"summary": "简述"}


@pytest.mark.rule("R77")
def test_drafts_end_at_the_deadline(entry: Entry, lihua: User, close_stage: Callable[[str], Any]) -> None:
    save(entry, lihua, background="及时")
    close_stage("submission")

    with pytest.raises(StageClosed):
        save(entry, lihua, background="太晚")

    assert EntrySection.objects.get(entry=entry, key="overview").answers == {"background": "及时"}


def test_drafts_are_free_before_the_stage_opens(entry: Entry, lihua: User) -> None:
    stage = entry.edition.stages.get(key="submission")
    stage.opens_at = clock.now(entry.edition) + timedelta(days=1)
    stage.save()

    assert save(entry, lihua, background="先写").section.version == 1


def test_files_of_a_removed_row_go_with_it(entry: Entry, lihua: User) -> None:
    row = {"_id": "r1", "org_name": "甲单位"}
    services.save_section(entry, key="cases", answers={"cases": [row]}, version=0, actor=lihua)
    attachment = services.attach(entry, slot="cases.cases.r1.contract", upload=pdf(), actor=lihua)

    services.save_section(entry, key="cases", answers={}, version=1, actor=lihua)

    attachment.refresh_from_db()
    assert attachment.removed_at is not None
    services.save_section(entry, key="cases", answers={"cases": [row]}, version=2, actor=lihua)
    assert services.current_attachments(entry) == {}


def test_withdrawn_team_closes_its_entry(approved_team: Team, entry: Entry, lihua: User) -> None:
    registration.withdraw(approved_team, actor=lihua)

    entry.refresh_from_db()
    assert entry.status == EntryStatus.WITHDRAWN
    with pytest.raises(WrongState):
        save(entry, lihua, background="x")


@pytest.mark.rule("R57", "R60")
def test_disqualified_team_closes_its_accepted_entry(accepted: Entry, qianjin: User) -> None:
    registration.disqualify(accepted.team, officer=qianjin, reason="虚假信息")

    accepted.refresh_from_db()
    assert accepted.status == EntryStatus.WITHDRAWN


def test_owner_withdraws_and_a_member_may_not(entry: Entry, lihua: User, wangfang: User) -> None:
    with pytest.raises(NotAllowed):
        services.withdraw(entry, actor=wangfang)

    services.withdraw(entry, actor=lihua)

    entry.refresh_from_db()
    assert entry.status == EntryStatus.WITHDRAWN
    assert Attachment.objects.filter(entry=entry).count() == 0
