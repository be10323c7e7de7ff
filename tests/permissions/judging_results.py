"""Results and the final, in an edition of their own: the preliminary is confirmed, the final presented and proposed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from competition import clock
from competition.edition_schema import read_edition
from competition.services.editions import store_edition
from judging.models import Draw, Presentation, Replacement, Result
from judging.services import draws, final, results
from judging.workflow import Round
from tests.fixtures import EDITION_FOLDER, make_user
from tests.judging import ranked
from tests.permissions.table import LOGIN, ROLES, Row, everybody, only

SLUG = "walk-results"
OFFICE = ("officer", "chief")
RUNNERS = ("officer", "chief", "host")
WATCHERS = (*RUNNERS, "supervisor")


def prepare(world: Any) -> None:
    """A whole small contest up to the proposed result of the final; one of its draws is not held."""
    edition = ranked.small(store_edition(replace(read_edition(EDITION_FOLDER), slug=SLUG)))
    owner = make_user("results-owner", "陶然")
    officer = make_user("results-officer", "严明", role="officer")
    chief = make_user("results-chief", "方正", role="chief")
    panel = ranked.judges(edition)
    entries = ranked.field_of(edition, owner, panel)
    made = ranked.preliminary(edition, officer, chief)
    numbers = [str(number) for number in range(1, 10)]
    world.seat_draw = draws.publish(
        edition, kind=Draw.Kind.FINALIST_SEATS, items=numbers, labels=numbers, actor=officer
    )
    ranked.listed_final(edition, officer, panel)
    final.draw(edition, called=ranked.CALLED, actor=officer, witness=chief)
    for one in Presentation.objects.filter(session__edition=edition):
        for act in (final.check_in, final.begin, final.end):
            act(one, actor=officer)
        world.presentation = one
    for number, percent in ((0, 90), (1, 80), (4, 70)):
        ranked.score(panel, entries[number], percent, round=Round.FINAL)
    world.final_result = results.propose(edition, round=Round.FINAL, actor=officer)
    world.result = Result.objects.create(
        edition=edition, round=Round.PRELIMINARY, content=made.content, sha256=made.sha256,
        proposed_by=officer, proposed_at=made.proposed_at,
    )  # fmt: skip
    world.replacement = Replacement.objects.create(
        result=made, track=edition.tracks.get(number=1), pool="finalists", reason="名额空缺",
        proposed_by=officer, proposed_at=clock.now(edition),
    )  # fmt: skip


def of(name: str = "", **more: Any) -> Callable[[Any], dict[str, Any]]:
    """The address's arguments: the edition, and the id of a thing of the world."""
    return lambda world: {
        "edition_slug": SLUG,
        **more,
        **({"pk": getattr(world, name).pk} if name else {}),
    }


def get(name: str, *roles: str, thing: str = "", **more: Any) -> Row:
    return Row(f"judging:{name}", only(*roles), args=of(thing, **more))


def post(
    name: str,
    expect: dict[str, int],
    thing: str = "",
    data: dict[str, str] | None = None,
    **more: Any,
) -> Row:
    given = {**dict.fromkeys(ROLES, 404), "anonymous": LOGIN, **expect}
    return Row(f"judging:{name}", given, args=of(thing, **more), method="post", data=lambda world: data or {})


def each(roles: tuple[str, ...], status: int, **others: int) -> dict[str, int]:
    return {**dict.fromkeys(roles, status), **others}


WHEN = {"starts_at": "2025-08-09T09:00", "place": "一层大厅", "minutes_each": "15"}
RUNS_TOO_LATE = each(RUNNERS, 409, supervisor=403)

ROWS = [
    get("results_home", *OFFICE),
    get("results_seats", *OFFICE),
    get("results_track", *OFFICE, number=1),
    get("results_lists", *OFFICE),
    get("results_case", *OFFICE, thing="result"),
    get("results_snapshot", *OFFICE, thing="result"),
    Row("judging:results_public_seats", everybody(), args=of()),
    Row("judging:results_public_draw", everybody(), args=of(kind="finalist_seats")),
    Row("judging:results_public_draw", everybody(404), args=of(kind="excellence_seats")),
    Row("judging:results_public_seats", everybody(404)),
    post("results_propose", each(OFFICE, 409)),
    post("results_vote", each(OFFICE, 422), number=1),
    post("results_draw_publish", each(OFFICE, 302), kind="excellence_seats"),
    post("results_draw_publish", {}, kind="presentation"),
    post("results_draw_hold", each(OFFICE, 422), "seat_draw"),
    post("results_replace", each(OFFICE, 422), number=1),
    post("results_replace_confirm", {"officer": 403, "chief": 409}, "replacement"),
    post("results_replace_refuse", {"officer": 403, "chief": 302}, "replacement"),
    # Another was confirmed already.
    post("results_confirm", {"officer": 403, "chief": 409}, "result"),
    post("results_refuse", {"officer": 403, "chief": 302}, "result", {"note": "请核对"}),
    post("results_refuse", each(OFFICE, 422), "result"),
    get("final_console", *WATCHERS),
    get("final_lock", *WATCHERS),
    get("final_screen", *WATCHERS),
    get("final_screen_data", *WATCHERS),
    Row("judging:final_draw", everybody(), args=of()),
    Row("judging:final_draw", everybody(404)),
    post("final_prepare", RUNS_TOO_LATE, data=WHEN),
    post("final_prepare", each(RUNNERS, 422, supervisor=403)),
    post("final_publish", RUNS_TOO_LATE),
    post("final_take_back", RUNS_TOO_LATE),
    post("final_hold", each(RUNNERS, 422, supervisor=403)),
    post("final_check_in", RUNS_TOO_LATE, "presentation"),
    post("final_begin", RUNS_TOO_LATE, "presentation"),
    post("final_end", RUNS_TOO_LATE, "presentation"),
    post("final_vote", each(WATCHERS, 422)),
    post("final_propose", RUNS_TOO_LATE),
    post("final_confirm", {"officer": 403, "host": 403, "chief": 302, "supervisor": 302}, "final_result"),
    post("final_refuse", {"officer": 403, "host": 403, "chief": 302, "supervisor": 302}, "final_result",
         {"note": "请核对"}),
]  # fmt: skip
