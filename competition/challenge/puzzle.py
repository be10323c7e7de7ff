"""Making a puzzle and taking its solution, once. Real time, never an edition's."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from altcha import Payload, create_challenge, verify_solution
from django.conf import settings
from django.http import HttpRequest

from competition import clock, limits
from competition.crypto import keyed_hash
from competition.errors import Refusal, TooMany

#: Every browser does this one by itself: no WebAssembly, which our policy would refuse.
ALGORITHM: Final = "PBKDF2/SHA-256"
#: Rounds of one guess; the number of guesses is ``settings.CHALLENGE_GUESSES``.
ROUNDS: Final = 5000
HOLDS: Final = timedelta(minutes=10)
#: Remembers a solution for longer than its puzzle holds; forgotten with the other tries.
ONCE: Final = limits.Limit("challenge", 1, 2 * HOLDS, "安全验证已经用过")
#: Name of the form field.
FIELD: Final = "challenge"
#: A solution is some 600 characters long.
LONGEST: Final = 4000

MISSING: Final = (
    "还没有完成安全验证，请稍等片刻再提交。一直不能完成的，请换用较新的浏览器，并启用 JavaScript。"
)
EXPIRED: Final = "安全验证已过期，请再提交一次。"
WRONG: Final = "安全验证没有通过，请再提交一次。"
USED: Final = "这次安全验证已经用过，请再提交一次。"


class Unsolved(Refusal):
    """The form came without a solved puzzle of ours that holds and is new."""

    code = "unsolved"
    status = 422


def issue(at: datetime | None = None) -> dict[str, Any]:
    """A new puzzle as the browser's script reads it; it holds for ten minutes from ``at`` (now)."""
    guesses = settings.CHALLENGE_GUESSES
    # Nobody is unlucky: the answer is never farther away than half as much again.
    answer = guesses // 2 + secrets.randbelow(guesses)
    signature, key = _secrets()
    puzzle = create_challenge(
        ALGORITHM,
        ROUNDS,
        counter=answer,
        expires_at=(at or clock.real_now()) + HOLDS,
        hmac_secret=signature,
        hmac_key_secret=key,
    )
    found: dict[str, Any] = puzzle.to_dict()
    return found


def redeem(text: str) -> None:
    """Take a solution and use it up; raises Unsolved with the sentence why it does not count."""
    if not text:
        raise Unsolved(MISSING)
    if len(text) > LONGEST:
        raise Unsolved(WRONG)
    signature, answer = _secrets()
    result = verify_solution(text, signature, hmac_key_secret=answer)
    if not result.verified:
        raise Unsolved(EXPIRED if result.expired else WRONG)
    try:
        limits.take((ONCE, str(Payload.from_base64(text).challenge.signature)))
    except TooMany as refusal:
        raise Unsolved(USED) from refusal


def require_solved(request: HttpRequest) -> None:
    """For a view without a form: take the solution that was posted; raises Unsolved."""
    redeem(request.POST.get(FIELD, ""))


def _secrets() -> tuple[str, str]:
    """The keys that sign a puzzle and its answer."""
    return keyed_hash("challenge.signature", ALGORITHM), keyed_hash("challenge.answer", ALGORITHM)
