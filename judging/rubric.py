"""An edition's rubrics as values, read once."""

from __future__ import annotations

from typing import Any

from competition.declaration import Node, Problems
from competition.edition_schema import RoundData
from competition.edition_schema.rubrics import rounds_from
from competition.models import Edition
from judging.scoring import Policy
from submissions.form import schema_of

_KEPT: dict[str, dict[str, RoundData]] = {}


def round_of(edition: Edition, key: str) -> RoundData:
    """The rubric of a round ('preliminary' or 'final') of an edition (R18). KeyError: no such round."""
    found = _KEPT.get(edition.digest)
    if found is None:
        problems = Problems()
        rounds = rounds_from(Node(edition.rubrics, "rubrics", problems), schema_of(edition))
        problems.raise_if_any()
        found = {one.key: one for one in rounds}
        if len(_KEPT) > 8:
            _KEPT.clear()
        _KEPT[edition.digest] = found
    return found[key]


def policy_of(edition: Edition) -> Policy:
    """How an edition's sheets become a score."""
    scoring: dict[str, Any] = edition.data["scoring"]
    return Policy.from_settings(scoring)
