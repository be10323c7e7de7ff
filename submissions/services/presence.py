"""Who of a team is writing where, and what was saved there last: in the cache alone, for half a minute.

It is a courtesy, never a lock: without Redis hardly anybody is seen, and saving goes on as before.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache

from competition.models import User
from submissions.places import Place

#: Seconds after the last beat during which somebody counts as there (three beats).
HERE_FOR: Final = 30
_REMEMBERED_FOR: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Seen:
    """The others of the team, and the last save at a place: its version and who saved."""

    here: list[str]
    elsewhere: list[dict[str, str]]
    saved: dict[str, Any] | None


def beat(entry_id: int, user: User, place: Place, where: str) -> Seen:
    """Note that the person is at ``place`` (called ``where``) and answer who else is there; no database query.

    Every person has a key of the own, so that two beats at once do not lose each other.
    """
    now = time.time()
    mark = {"name": user.display_name, "place": str(place), "where": where, "at": now}
    cache.set(_person(entry_id, user.pk), mark, HERE_FOR)
    people = set(cache.get(_people(entry_id)) or ())
    if user.pk not in people:
        people.add(user.pk)
        cache.set(_people(entry_id), people, _REMEMBERED_FOR)
    wanted = [_person(entry_id, pk) for pk in sorted(people - {user.pk})]
    found = cache.get_many([*wanted, _saved(entry_id, place)])
    others = sorted((found[key] for key in wanted if key in found), key=lambda one: str(one["name"]))
    return Seen(
        here=[one["name"] for one in others if one["place"] == str(place)],
        elsewhere=[
            {"name": one["name"], "where": one["where"]} for one in others if one["place"] != str(place)
        ],
        saved=found.get(_saved(entry_id, place)),
    )


def note_saved(entry_id: int, place: Place, version: int, by: User) -> None:
    """Let the others' pages know that a section has a newer version."""
    cache.set(_saved(entry_id, place), {"version": version, "by": by.display_name}, _REMEMBERED_FOR)


def _people(entry_id: int) -> str:
    return f"present:{entry_id}"


def _person(entry_id: int, user_id: int) -> str:
    return f"present:{entry_id}:{user_id}"


def _saved(entry_id: int, place: Place) -> str:
    return f"saved:{entry_id}:{place}"
