"""Freezing for stamping, scanning, submitting: versions, hashes, receipts, the deadline."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from competition import clock
from competition.errors import Invalid, NotAllowed, Refusal, StageClosed, WrongState
from competition.models import OutboxMessage, User
from registration.models import Team
from submissions import services
from submissions.models import Entry, EntrySection, Receipt, Revision
from submissions.workflow import EntryStatus
from tests.submissions.conftest import pdf


def change(entry: Entry, actor: User, key: str, **answers: Any) -> None:
    """Change some answers of a section and save."""
    row = EntrySection.objects.get(entry=entry, key=key, unit=None)
    services.save_section(
        entry, key=key, answers={**row.answers, **answers}, version=row.version, actor=actor
    )


def refused_at(entry: Entry, actor: User) -> list[str]:
    """The places at which freezing is refused."""
    with pytest.raises(Invalid) as refused:
        services.freeze(entry, actor=actor)
    assert not Revision.objects.filter(entry=entry).exists()
    return sorted(refused.value.problems)


@pytest.mark.rule("R79", "R81")
def test_empty_form_cannot_be_frozen(entry: Entry, lihua: User) -> None:
    places = refused_at(entry, lihua)

    assert {"overview/background", "attachments/project_qualification", "cases/cases"} <= set(places)
    unit = entry.team.units.get(is_lead=True)
    assert f"units@{unit.pk}/intro" in places


def test_complete_form_is_frozen_as_version_one(frozen: Revision, lihua: User) -> None:
    content = frozen.content

    assert frozen.number == 1
    assert [one["key"] for one in content["sections"]] == [
        "project", "market", "application", "cases", "results", "team", "units",
        "overview", "solution", "effects", "business", "attachments",
    ]  # fmt: skip
    assert content["registration"]["project"]["name"] == frozen.entry.team.project_name
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert frozen.sha256 == hashlib.sha256(canonical).hexdigest()


def test_stored_content_gives_the_same_hash(frozen: Revision) -> None:
    stored = Revision.objects.get(pk=frozen.pk)

    canonical = json.dumps(stored.content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert hashlib.sha256(canonical).hexdigest() == stored.sha256


def test_document_numbers_are_nowhere_readable(frozen: Revision, approved_team: Team) -> None:
    person = approved_team.representatives.get(position=1)

    readable = json.dumps(frozen.content, ensure_ascii=False)

    assert person.document_number not in readable
    assert person.mobile not in readable
    assert person.document_hash in readable
    assert json.loads(frozen.private)["members"]["1"]["document_number"] == person.document_number


def test_attachments_are_sealed_with_their_hashes(filled: Entry, lihua: User) -> None:
    attachment = services.attach(filled, slot="attachments.slides", upload=pdf("介绍.pdf"), actor=lihua)

    frozen = services.freeze(filled, actor=lihua)

    assert frozen.content["attachments"] == [
        {
            "slot": "attachments.slides",
            "key": str(attachment.key),
            "name": "介绍.pdf",
            "size": attachment.size,
            "sha256": attachment.sha256,
            "type": "application/pdf",
        }
    ]


def test_freezing_unchanged_material_gives_the_same_version(frozen: Revision, lihua: User) -> None:
    assert services.freeze(frozen.entry, actor=lihua) == frozen


def test_later_edit_makes_the_next_version(frozen: Revision, lihua: User) -> None:
    change(frozen.entry, lihua, "overview", background="新的背景")

    second = services.freeze(frozen.entry, actor=lihua)

    assert (second.number, second.sha256 == frozen.sha256) == (2, False)


@pytest.mark.rule("R104")
@pytest.mark.parametrize(
    ("key", "answers", "place"),
    [
        ("overview", {"background": "字" * 501}, "overview/background"),
        ("overview", {"advantage": "字" * 1001}, "overview/advantage"),
        ("solution", {"security": "字" * 3001}, "solution/security"),
        (
            "solution",
            {"route": {"architecture": "字" * 3998, "functions": "字字", "performance": "字"}},
            "solution/route",
        ),
        ("effects", {"needs": "字" * 4000, "quality": "字" * 1000, "benefit": "字"}, "effects/needs"),
        ("business", {"promotion": "字" * 5000, "sustainability": "字"}, "business/promotion"),
    ],
)
def test_text_over_its_cap_is_kept_but_not_frozen(
    filled: Entry, lihua: User, key: str, answers: dict[str, Any], place: str
) -> None:
    change(filled, lihua, key, **answers)

    assert refused_at(filled, lihua) == [place]
    assert (
        EntrySection.objects.get(entry=filled, key=key).answers | answers
        == EntrySection.objects.get(entry=filled, key=key).answers
    )


@pytest.mark.rule("R104")
def test_text_at_its_cap_is_frozen(filled: Entry, lihua: User) -> None:
    change(filled, lihua, "overview", background="字 \n" * 500)

    assert services.freeze(filled, actor=lihua).number == 1


@pytest.mark.parametrize(
    ("key", "answers", "place"),
    [
        pytest.param("cases", {"cases": []}, "cases/cases", marks=pytest.mark.rule("R65", "R102")),
        pytest.param(
            "results", {"effects": {"growth": {"orders": "5"}}}, "results/effects",
            marks=pytest.mark.rule("R66", "R103"),
        ),
        pytest.param("application", {"industries": ["999"]}, "application/industries", marks=pytest.mark.rule("R101")),
        pytest.param("market", {"value_goals": ["perception", "diagnosis", "discovery", "decision"]}, "market/value_goals"),
        pytest.param("market", {"bandwidth": {"amount": "1", "none": "1"}}, "market/bandwidth"),
    ],
)  # fmt: skip
def test_incomplete_form_is_refused_at_the_place(
    filled: Entry, lihua: User, key: str, answers: dict[str, Any], place: str
) -> None:
    change(filled, lihua, key, **answers)

    assert refused_at(filled, lihua) == [place]


@pytest.mark.rule("R12", "R77")
def test_submit_gives_a_receipt(submitted: Receipt, lihua: User) -> None:
    revision, entry = submitted.revision, submitted.revision.entry
    entry.refresh_from_db()

    assert submitted.number == f"HZ-{entry.reference}-01"
    assert submitted.scan_sha256 == submitted.scan.sha256
    joined = f"{revision.sha256}{submitted.scan_sha256}".encode()
    assert submitted.sha256 == hashlib.sha256(joined).hexdigest()
    assert (entry.status, entry.submitted_at) == (EntryStatus.SUBMITTED, submitted.submitted_at)
    told = OutboxMessage.objects.filter(kind="entry.submitted")
    assert [(one.recipient, submitted.number in one.body) for one in told] == [(lihua.email, True)]


def test_submit_needs_the_scan_of_that_version(frozen: Revision, lihua: User) -> None:
    with pytest.raises(Refusal) as refused:
        services.submit(frozen, actor=lihua)

    assert refused.value.sentence == "请先上传第1版的盖章扫描件。"


def test_submitting_twice_is_refused(submitted: Receipt, lihua: User) -> None:
    with pytest.raises(WrongState):
        services.submit(submitted.revision, actor=lihua)

    assert Receipt.objects.count() == 1


def test_stranger_cannot_freeze_scan_or_submit(filled: Entry, lihua: User, zhaolei: User) -> None:
    with pytest.raises(NotAllowed):
        services.freeze(filled, actor=zhaolei)
    revision = services.freeze(filled, actor=lihua)
    with pytest.raises(NotAllowed):
        services.attach_scan(revision, upload=pdf(), actor=zhaolei)
    services.attach_scan(revision, upload=pdf(), actor=lihua)
    with pytest.raises(NotAllowed):
        services.submit(revision, actor=zhaolei)


def test_last_sealed_version_counts_until_a_newer_one_is_sealed(submitted: Receipt, lihua: User) -> None:
    entry = submitted.revision.entry
    change(entry, lihua, "overview", background="新的背景")
    second = services.freeze(entry, actor=lihua)
    assert services.last_receipt(entry) == submitted

    services.attach_scan(second, upload=pdf(mark="second"), actor=lihua)
    newer = services.submit(second, actor=lihua)

    assert services.last_receipt(entry) == newer
    with pytest.raises(WrongState):
        services.attach_scan(submitted.revision, upload=pdf(mark="old"), actor=lihua)


def test_older_version_cannot_be_submitted_after_a_newer_freeze(frozen: Revision, lihua: User) -> None:
    scan = services.attach_scan(frozen, upload=pdf(), actor=lihua)
    change(frozen.entry, lihua, "overview", background="新的背景")
    second = services.freeze(frozen.entry, actor=lihua)

    with pytest.raises(WrongState):
        services.submit(frozen, scan=scan, actor=lihua)
    with pytest.raises(Refusal):
        services.submit(second, scan=scan, actor=lihua)


def test_submission_before_the_stage_opens_is_refused(frozen: Revision, lihua: User) -> None:
    services.attach_scan(frozen, upload=pdf(), actor=lihua)
    stage = frozen.entry.edition.stages.get(key="submission")
    stage.opens_at = clock.now(frozen.entry.edition) + timedelta(days=1)
    stage.save()

    with pytest.raises(StageClosed) as refused:
        services.submit(frozen, actor=lihua)

    assert "尚未开始" in refused.value.sentence


@pytest.fixture
def scanned(frozen: Revision, lihua: User) -> Revision:
    services.attach_scan(frozen, upload=pdf(), actor=lihua)
    return frozen


def closed_for(revision: Revision, seconds: float) -> Any:
    """Let the submission deadline be that many seconds in the past; returns the instant."""
    stage = revision.entry.edition.stages.get(key="submission")
    stage.closes_at = clock.now(revision.entry.edition) - timedelta(seconds=seconds)
    stage.save()
    return stage.closes_at


@pytest.mark.rule("R12", "R77")
def test_arrival_one_microsecond_before_the_deadline_is_honoured(scanned: Revision, lihua: User) -> None:
    deadline = closed_for(scanned, 60)

    receipt = services.submit(scanned, actor=lihua, at=deadline - timedelta(microseconds=1))

    assert receipt.arrived_at == deadline - timedelta(microseconds=1)
    assert receipt.submitted_at > deadline


@pytest.mark.rule("R12", "R77")
def test_arrival_at_the_deadline_is_late(scanned: Revision, lihua: User) -> None:
    deadline = closed_for(scanned, 60)

    with pytest.raises(StageClosed) as refused:
        services.submit(scanned, actor=lihua, at=deadline)

    assert "已于" in refused.value.sentence
    assert not Receipt.objects.exists()
    scanned.entry.refresh_from_db()
    assert scanned.entry.status == EntryStatus.DRAFT


@pytest.mark.rule("R12", "R77")
def test_request_that_waited_120_seconds_is_late(scanned: Revision, lihua: User) -> None:
    deadline = closed_for(scanned, 121)

    with pytest.raises(StageClosed):
        services.submit(scanned, actor=lihua, at=deadline - timedelta(seconds=1))


def test_freezing_after_the_deadline_is_refused(
    filled: Entry, lihua: User, close_stage: Callable[[str], Any]
) -> None:
    close_stage("submission")

    with pytest.raises(StageClosed):
        services.freeze(filled, actor=lihua)


def test_withdrawn_entry_cannot_be_submitted(scanned: Revision, lihua: User) -> None:
    services.withdraw(scanned.entry, actor=lihua)

    with pytest.raises(WrongState):
        services.submit(scanned, actor=lihua)
