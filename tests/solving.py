"""What a browser does before it sends a public form: the puzzle, solved with the package itself.

``client.post(reverse("account_signup"), {**data, **solved(client)})``
"""

from __future__ import annotations

from typing import Any

from altcha import Challenge, Payload, solve_challenge
from django.test import Client
from django.urls import reverse

from competition.challenge import FIELD


def answer_to(puzzle: dict[str, Any]) -> str:
    """The solution of a puzzle as the widget would write it into the form."""
    challenge = Challenge.from_dict(puzzle)
    solution = solve_challenge(challenge)
    assert solution is not None
    return str(Payload(challenge, solution).to_base64())


def solved(client: Client | None = None) -> dict[str, str]:
    """The field that a public form needs; good for one form."""
    puzzle = (client or Client()).get(reverse("competition:challenge")).json()
    return {FIELD: answer_to(puzzle)}
