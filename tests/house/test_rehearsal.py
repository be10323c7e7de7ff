"""A whole rehearsal on the real edition, once through and once broken off: the same result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from competition import outbox
from competition.config.rehearsal import breaches, house
from competition.config.rehearsal.report import not_caught
from competition.config.rehearsal.script import LAST, SUBMISSION_OPEN, steps_of
from competition.errors import Refusal
from competition.models import Edition, OutboxMessage
from registration.models import Team
from submissions.models import Entry, Receipt
from tests.fixtures import EDITION_FOLDER

TEAMS, SEED = 16, "3"


@dataclass(frozen=True)
class Played:
    """Reports of the same rehearsal, and what was in the database after the first."""

    once: dict[str, Any]
    resumed: dict[str, Any]
    unread: int
    entries_per_team: list[int]
    receipts: int


@pytest.fixture(scope="module")
def played(django_db_setup: None, django_db_blocker: Any) -> Iterator[Played]:
    with django_db_blocker.unblock(), transaction.atomic():
        first = house.open_rehearsal(EDITION_FOLDER, slug="first", teams=TEAMS, seed=SEED)
        once = house.result(first, house.play(first))
        mine = OutboxMessage.objects.filter(edition=first.edition)
        teams = Team.objects.filter(edition=first.edition)
        result = Played(
            once,
            _resumed(),
            mine.filter(sent_at=None).count(),
            [Entry.objects.filter(team=team).count() for team in teams],
            Receipt.objects.filter(revision__entry__edition=first.edition).count(),
        )
        yield result
        transaction.set_rollback(True)


def _resumed() -> dict[str, Any]:
    """The same teams on another slug, broken off in the middle of a step and taken up again."""
    theatre = house.open_rehearsal(EDITION_FOLDER, slug="second", teams=TEAMS, seed=SEED)

    def break_off(line: str) -> None:
        if line.endswith("review-again"):
            raise InterruptedError

    with pytest.raises(InterruptedError):
        house.play(theatre, say=break_off)
    again = house.take_up(Edition.objects.get(slug="second"))
    return house.result(again, house.play(again))


@pytest.mark.slow
def test_rehearsal_of_the_same_seed_gives_the_same_but_for_times(played: Played) -> None:
    once, resumed = (
        {key: value for key, value in one.items() if key != "seconds"}
        for one in (played.once, played.resumed)
    )

    assert once == resumed
    assert set(played.once["seconds"]) == set(played.resumed["seconds"])


@pytest.mark.slow
def test_rehearsal_catches_every_planted_breach(played: Played) -> None:
    rules = sorted({one["rule"] for one in played.once["planted"]})

    assert rules == sorted({breach.rule for breach in breaches.ALL})
    assert len(played.once["planted"]) == len(breaches.ALL)
    assert played.once["planted"] == played.once["caught"]
    assert not_caught(played.once) == []


@pytest.mark.slow
def test_rehearsal_counts_what_is_there(played: Played) -> None:
    report = played.once

    assert report["teams"] == TEAMS
    assert 0 < report["accepted"] <= report["submitted"] <= report["approved"] < TEAMS
    assert report["submitted"] <= played.receipts
    for name, tracks in report["per_track"].items():
        assert list(tracks) == [str(number) for number in range(1, 10)]
        assert sum(tracks.values()) == report[name]


@pytest.mark.slow
@pytest.mark.rule("R52b")
def test_rehearsal_leaves_each_team_at_most_one_entry(played: Played) -> None:
    assert set(played.entries_per_team) <= {0, 1}


@pytest.mark.slow
@pytest.mark.rule("R19", "R21", "R22", "R31", "R37")
def test_rehearsal_gives_the_prizes_but_for_those_that_were_lost(played: Played) -> None:
    report = played.once
    seats = {name: sum(tracks.values()) for name, tracks in report["seats"].items()}
    lost = Counter(one["from"] for one in report["voided"] if not one["replaced"])
    amounts = {"first": 5_000_000, "second": 3_000_000, "third": 2_000_000, "excellence": 500_000}

    judged = report["recommended"]
    assert seats["finalist"] == min(18, judged)
    assert seats["excellence"] == min(18, judged - seats["finalist"])
    assert sum(report["awards"].values()) == sum(seats.values()) - lost.total()
    assert report["total_fen"] == sum(amounts[tier] * count for tier, count in report["awards"].items())
    assert report["certificates"] == sum(report["awards"].values())


@pytest.mark.slow
def test_rehearsal_plants_cases_and_says_what_became_of_them(played: Played) -> None:
    became = {one["case"]: one["became"] for one in played.once["cases"]}

    assert (
        became.items()
        >= {
            "blind_text_names_the_team": "masked",
            "blind_page_names_the_team": "withheld",
            "conflicted_expert": "refused",
            "disqualified_in_judging": "out",
            "failed_verification_finalist": "void",
            "dismissed_report": "held, then confirmed",
        }.items()
    )


@pytest.mark.slow
def test_rehearsal_sends_nothing_out(played: Played) -> None:
    assert played.once["mails"] > 0
    assert played.unread == 0


def test_report_names_what_was_not_caught() -> None:
    breach = {"team": "001 甲队", "rule": "R12"}

    assert not_caught({"planted": [breach, breach], "caught": [breach]}) == [breach]


def test_message_of_a_rehearsal_stays_and_one_of_a_real_edition_waits(edition: Edition) -> None:
    rehearsal = Edition.objects.create(slug="r", name="演练", short_name="演练", theme="", is_rehearsal=True)

    for each in (rehearsal, edition):
        outbox.post("test", each.slug, "1", channel=outbox.SMS, recipient="+8617400000000", edition=each)

    waiting = OutboxMessage.objects.filter(sent_at=None).values_list("subject", flat=True)
    assert list(waiting) == [edition.slug]


def test_rehearse_refuses_a_slug_that_is_taken(edition: Edition) -> None:
    with pytest.raises(CommandError, match="已经存在"):
        call_command("rehearse", edition=edition.slug, teams=14, seed="1")

    assert not Team.objects.exists()


def test_rehearsal_refuses_too_few_teams(db: None) -> None:
    with pytest.raises(Refusal, match="团队数"):
        house.open_rehearsal(EDITION_FOLDER, slug="small", teams=3, seed="1")

    assert not Edition.objects.exists()


def test_real_edition_cannot_be_taken_up_as_a_rehearsal(edition: Edition) -> None:
    with pytest.raises(Refusal, match="不是一场演练"):
        house.take_up(edition)


def test_free_slug_counts_on(edition: Edition) -> None:
    assert house.free_slug("rehearsal-7") == "rehearsal-7"
    assert house.free_slug(edition.slug) == f"{edition.slug}-2"


def test_steps_follow_the_edition_s_own_order(edition: Edition, open_stage: Any, close_stage: Any) -> None:
    apart = [step.key for step in steps_of(edition)]
    open_stage("registration", days=9)
    open_stage("submission", days=20)

    overlapping = [step.key for step in steps_of(edition)]

    assert apart.index("registration-closed") < apart.index(SUBMISSION_OPEN)
    assert overlapping.index("registration-closed") > overlapping.index(SUBMISSION_OPEN)
    assert apart[-1] == overlapping[-1] == LAST


def test_steps_never_move_the_clock_backwards(edition: Edition) -> None:
    scenes = [scene for step in steps_of(edition) for scene in step.scenes]

    assert all(scene.opens <= scene.closes for scene in scenes)
    assert all(one.closes <= other.opens for one, other in pairwise(scenes))
