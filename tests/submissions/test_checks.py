"""The formal check: accept, return with reasons, reject; corrections after the deadline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from competition import clock
from competition.errors import Invalid, NotAllowed, StageClosed, StaleVersion, WrongState
from competition.models import AuditEvent, OutboxMessage, User
from submissions import services
from submissions.models import Entry, EntrySection, FormalCheck, Receipt
from submissions.workflow import EntryStatus, FormalVerdict
from tests.submissions.conftest import pdf, settled


def entry_of(receipt: Receipt) -> Entry:
    return Entry.objects.select_related("team__owner", "edition").get(pk=receipt.revision.entry_id)


def checklist(receipt: Receipt, **changes: str) -> dict[str, str]:
    return settled(receipt.revision.entry.edition) | changes


def resubmit(entry: Entry, actor: User, at: Any = None, **answers: str) -> Receipt:
    """Change the overview, freeze, scan, submit."""
    row = EntrySection.objects.get(entry=entry, key="overview")
    services.save_section(
        entry, key="overview", answers={**row.answers, **answers}, version=row.version, actor=actor, at=at
    )
    revision = services.freeze(entry, actor=actor, at=at)
    services.attach_scan(revision, upload=pdf(mark=str(answers)), actor=actor, at=at)
    return services.submit(revision, actor=actor, at=at)


@pytest.mark.rule("R61", "R65", "R70", "R80", "R81", "R82")
def test_acceptance_needs_every_item_and_tells_the_team(
    submitted: Receipt, qianjin: User, lihua: User
) -> None:
    with pytest.raises(Invalid) as refused:
        services.accept(submitted, officer=qianjin, checklist=checklist(submitted, topic="no") | {"name": ""})
    assert sorted(refused.value.problems) == ["item_name", "item_topic"]

    services.accept(submitted, officer=qianjin, checklist=checklist(submitted, property="na"))

    assert entry_of(submitted).status == EntryStatus.ACCEPTED
    told = OutboxMessage.objects.get(kind="formal_check.accept")
    assert (told.recipient, told.title) == (lihua.email, "作品已通过形式审查")
    assert AuditEvent.objects.filter(verb="formal_check.accept", actor=qianjin).count() == 1


def test_accepted_material_is_closed(submitted: Receipt, qianjin: User, lihua: User) -> None:
    services.accept(submitted, officer=qianjin, checklist=checklist(submitted))

    with pytest.raises(WrongState) as refused:
        resubmit(entry_of(submitted), lihua, background="改")

    assert "已通过形式审查" in refused.value.sentence


def test_return_needs_a_place_and_puts_reasons_there(submitted: Receipt, qianjin: User) -> None:
    for reasons in ({}, {"overview/background": " "}, {"../etc": "x"}):
        with pytest.raises(Invalid):
            services.return_for_correction(submitted, officer=qianjin, checklist={}, reasons=reasons)

    check = services.return_for_correction(
        submitted, officer=qianjin, checklist={}, reasons={"overview/background": "请写清行业背景"}
    )

    assert check.reasons == {"overview/background": "请写清行业背景"}
    assert entry_of(submitted).status == EntryStatus.RETURNED


def test_returned_entry_is_submitted_again(submitted: Receipt, qianjin: User, lihua: User) -> None:
    services.return_for_correction(
        submitted, officer=qianjin, checklist={}, reasons={"overview/background": "请写清"}
    )

    newer = resubmit(entry_of(submitted), lihua, background="已写清")

    assert (newer.revision.number, entry_of(submitted).status) == (2, EntryStatus.SUBMITTED)


def test_rejection_needs_a_reason_and_is_final(submitted: Receipt, qianjin: User, lihua: User) -> None:
    with pytest.raises(Invalid):
        services.reject(submitted, officer=qianjin, checklist={}, note=" ")

    services.reject(submitted, officer=qianjin, checklist={}, note="不符合赛题方向")

    assert entry_of(submitted).status == EntryStatus.REJECTED
    with pytest.raises(WrongState):
        services.accept(submitted, officer=qianjin, checklist=checklist(submitted))
    with pytest.raises(WrongState):
        resubmit(entry_of(submitted), lihua, background="改")


def test_officer_who_looked_at_an_older_version_is_told(
    submitted: Receipt, qianjin: User, lihua: User
) -> None:
    resubmit(entry_of(submitted), lihua, background="新的")

    with pytest.raises(StaleVersion) as refused:
        services.accept(submitted, officer=qianjin, checklist=checklist(submitted))

    assert "第2版" in refused.value.sentence
    assert not FormalCheck.objects.exists()


def test_team_and_strangers_cannot_check(submitted: Receipt, lihua: User, zhaolei: User) -> None:
    for person in (lihua, zhaolei):
        with pytest.raises(NotAllowed):
            services.accept(submitted, officer=person, checklist=checklist(submitted))


def test_nobody_checks_the_own_team(submitted: Receipt, lihua: User) -> None:
    from django.contrib.auth.models import Group

    lihua.groups.add(Group.objects.get_or_create(name="officer")[0])
    officer = User.objects.get(pk=lihua.pk)

    with pytest.raises(NotAllowed):
        services.accept(submitted, officer=officer, checklist=checklist(submitted))


@pytest.fixture
def returned_late(submitted: Receipt, qianjin: User, close_stage: Callable[[str], Any]) -> Receipt:
    """Returned after the deadline, with two days for the background."""
    close_stage("submission")
    with pytest.raises(Invalid):
        services.return_for_correction(
            submitted, officer=qianjin, checklist={}, reasons={"overview/background": "请写清"}
        )
    services.return_for_correction(
        submitted,
        officer=qianjin,
        checklist={},
        reasons={"overview/background": "请写清"},
        until=clock.now(submitted.revision.entry.edition) + timedelta(days=2),
    )
    return submitted


def test_after_the_deadline_only_what_was_asked_for_is_open(returned_late: Receipt, lihua: User) -> None:
    entry = entry_of(returned_late)
    with pytest.raises(StageClosed) as refused:
        resubmit(entry, lihua, scene="没有要求改的内容")
    assert "只能修改形式审查意见要求补正的内容" in refused.value.sentence
    with pytest.raises(StageClosed):
        services.attach(entry, slot="attachments.slides", upload=pdf(), actor=lihua)

    newer = resubmit(entry, lihua, background="已写清")

    assert newer.revision.number == 2
    assert entry_of(returned_late).correction_until is None


def test_time_for_corrections_ends(returned_late: Receipt, lihua: User) -> None:
    entry = entry_of(returned_late)
    Entry.objects.filter(pk=entry.pk).update(correction_until=clock.now(entry.edition) - timedelta(seconds=1))

    with pytest.raises(StageClosed):
        resubmit(entry, lihua, background="太晚")


def test_check_remembers_verdict_checklist_and_officer(submitted: Receipt, qianjin: User) -> None:
    check = services.return_for_correction(
        submitted,
        officer=qianjin,
        checklist={"topic": "yes", "nonsense": "yes", "name": "perhaps"},
        reasons={"overview": "整个部分请重写"},
        note="请按意见修改",
    )

    assert (check.verdict, check.checklist, check.note, check.officer) == (
        FormalVerdict.RETURN,
        {"topic": "yes"},
        "请按意见修改",
        qianjin,
    )
