"""A return names places for files: exactly those are open after the deadline, until the date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from competition import clock
from competition.errors import StageClosed
from competition.form_schema.fields import ROW_ID
from competition.models import User
from submissions import services
from submissions.models import Attachment, Entry, EntrySection, Receipt
from submissions.places import Place
from tests.submissions.conftest import pdf

ROW = "attachments.contracts.c1.proof"
OTHER_ROW = "attachments.contracts.c2.proof"
SLIDES = "attachments.slides"


@pytest.mark.parametrize(
    ("asked", "other", "covered"),
    [
        ("attachments/contracts.c1.proof", ROW, True),
        ("attachments/contracts.c1.proof", OTHER_ROW, False),
        ("attachments/contracts", ROW, True),
        ("attachments", ROW, True),
        ("attachments/slides", SLIDES, True),
        ("attachments/video", SLIDES, False),
        ("cases", ROW, False),
    ],
)
def test_place_covers_the_files_in_it(asked: str, other: str, covered: bool) -> None:
    place = Place.parse(asked)

    assert place is not None
    assert str(place) == asked
    assert place.covers(Place.of_slot(other)) is covered


def test_one_place_for_files_covers_no_text() -> None:
    place = Place.parse("attachments/contracts.c1.proof")

    assert place is not None
    assert not place.covers(Place("attachments", None, "contracts"))
    assert (place.slot, place.field) == (ROW, "contracts")


@pytest.fixture
def returned(filled: Entry, lihua: User, qianjin: User, close_stage: Callable[[str], Any]) -> Entry:
    """Submitted with two contracts and slides; returned after the deadline for one contract's file and the video."""
    row = EntrySection.objects.get(entry=filled, key="attachments")
    contracts = [{ROW_ID: one, "name": f"合同{one}"} for one in ("c1", "c2")]
    services.save_section(
        filled,
        key="attachments",
        answers={**row.answers, "contracts": contracts},
        version=row.version,
        actor=lihua,
    )
    for slot in (ROW, OTHER_ROW, SLIDES):
        services.attach(filled, slot=slot, upload=pdf(mark=slot), actor=lihua)
    revision = services.freeze(filled, actor=lihua)
    services.attach_scan(revision, upload=pdf("扫描.pdf", "scan"), actor=lihua)
    receipt = services.submit(revision, actor=lihua)
    close_stage("submission")
    services.return_for_correction(
        receipt,
        officer=qianjin,
        checklist={},
        reasons={"attachments/contracts.c1.proof": "扫描不清楚", "attachments/video": "请补视频"},
        until=clock.now(filled.edition) + timedelta(days=2),
    )
    return Entry.objects.select_related("edition", "team").get(pk=filled.pk)


@pytest.mark.rule("R76", "R77")
def test_named_slot_is_filled_and_others_are_not(returned: Entry, lihua: User) -> None:
    for slot in (OTHER_ROW, SLIDES):
        with pytest.raises(StageClosed) as refused:
            services.attach(returned, slot=slot, upload=pdf(mark="新"), actor=lihua)
        assert "只能修改形式审查意见要求补正的内容" in refused.value.sentence
        with pytest.raises(StageClosed):
            services.detach(Attachment.objects.get(entry=returned, slot=slot), actor=lihua)

    added = services.attach(returned, slot=ROW, upload=pdf("清晰.pdf", "清晰"), actor=lihua)

    assert added.slot == ROW


@pytest.mark.rule("R76")
def test_text_beside_a_named_slot_stays(returned: Entry, lihua: User) -> None:
    row = EntrySection.objects.get(entry=returned, key="attachments")
    contracts = [{**one, "name": "改名"} for one in row.answers["contracts"]]

    with pytest.raises(StageClosed):
        services.save_section(
            returned,
            key="attachments",
            answers={**row.answers, "contracts": contracts},
            version=row.version,
            actor=lihua,
        )


@pytest.mark.rule("R76", "R77")
def test_submitting_again_takes_exactly_the_named_slots(returned: Entry, lihua: User) -> None:
    before = Receipt.objects.get().revision.content
    services.detach(Attachment.objects.get(entry=returned, slot=ROW), actor=lihua)
    services.attach(returned, slot=ROW, upload=pdf("清晰.pdf", "清晰"), actor=lihua)
    # What nobody asked for does not come along, however it got into the draft.
    Attachment.objects.filter(entry=returned, slot=SLIDES).update(removed_at=clock.real_now())

    revision = services.freeze(returned, actor=lihua)

    now = {one["slot"]: one["name"] for one in revision.content["attachments"]}
    then = {one["slot"]: one["name"] for one in before["attachments"]}
    assert now == {**then, ROW: "清晰.pdf"}


@pytest.mark.rule("R77")
def test_named_slot_closes_at_the_date(returned: Entry, lihua: User) -> None:
    Entry.objects.filter(pk=returned.pk).update(
        correction_until=clock.now(returned.edition) - timedelta(seconds=1)
    )
    late = Entry.objects.get(pk=returned.pk)

    with pytest.raises(StageClosed):
        services.attach(late, slot=ROW, upload=pdf(mark="晚"), actor=lihua)
