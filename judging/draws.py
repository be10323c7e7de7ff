"""Draws that anybody can repeat: order of presentation, panels, ties of places (decision record 115).

Before the draw the list and the hash of a secret are published. On the spot at least two people call out a number
each; then the secret is opened. With the published record everybody comes to the same order, with two commands
of any Linux machine if need be:

    printf '%s' 'SECRET' | sha256sum                          # is the commitment
    printf '%s' 'SECRET|LISTHASH|17,42' | sha256sum           # is the seed; numbers in the order called
    printf '%s' 'SEED|ITEM' | sha256sum                       # is the item's lot; the order is that of the lots

LISTHASH is the SHA-256 of the list as a UTF-8 file, one item a line, each line ended by a line feed.
All hashes are written in 64 lower-case hexadecimal digits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

#: Different people who call out a number.
LEAST_CALLERS: Final = 2
#: Numbers that can be called out: 0 to this.
MOST: Final = 999_999
_HEX: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class DrawRefused(ValueError):
    """A draw that cannot be held; its text is the sentence that the host reads."""


@dataclass(frozen=True, slots=True)
class Called:
    """A number called out on the spot, and by whom (a team's name or a witness)."""

    caller: str
    number: int


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw as it is published afterwards; `order` is the list in the order drawn."""

    items: tuple[str, ...]
    list_hash: str
    commitment: str
    secret: str
    called: tuple[Called, ...]
    seed: str
    order: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """The whole record as JSON-ready data."""
        return {
            "items": list(self.items),
            "list_hash": self.list_hash,
            "commitment": self.commitment,
            "secret": self.secret,
            "called": [{"caller": one.caller, "number": one.number} for one in self.called],
            "seed": self.seed,
            "lots": {item: lot(self.seed, item) for item in self.order},
            "order": list(self.order),
        }


def commitment_of(secret: str) -> str:
    """What is published before the draw: the secret's SHA-256 (R28).

    DrawRefused: the secret is not 64 lower-case hexadecimal digits (32 random bytes).
    """
    if not _HEX.fullmatch(secret):
        raise DrawRefused("密钥应为64位十六进制数字（小写）。")
    return _sha256(secret)


def list_hash_of(items: Sequence[str]) -> str:
    """The SHA-256 of the list that is drawn from, in its published order (R28).

    DrawRefused: fewer than two items, an empty or repeated one, or one with a line break.
    """
    if len(items) < 2:
        raise DrawRefused("抽签名单至少应有两项。")
    if len(set(items)) != len(items):
        raise DrawRefused("抽签名单中有重复的项目。")
    if any(not item.strip() or "\n" in item or "\r" in item for item in items):
        raise DrawRefused("抽签名单中有空白项目或换行。")
    return _sha256("".join(f"{item}\n" for item in items))


def seed_of(secret: str, list_hash: str, numbers: Sequence[int]) -> str:
    """The seed from the opened secret, the published list and the numbers in the order called (R28)."""
    return _sha256(f"{secret}|{list_hash}|{','.join(map(str, numbers))}")


def lot(seed: str, item: str) -> str:
    """An item's lot; the item with the smallest lot is drawn first (R28)."""
    return _sha256(f"{seed}|{item}")


def order_of(seed: str, items: Sequence[str]) -> tuple[str, ...]:
    """The items in the order of their lots; how the list was sorted has no influence but through the seed (R28)."""
    return tuple(sorted(items, key=lambda item: (lot(seed, item), item)))


def hold(items: Sequence[str], *, commitment: str, secret: str, called: Sequence[Called]) -> Draw:
    """Hold a draw over a published list (R28; R19 for ties of places).

    DrawRefused: the secret is not the one committed to, fewer than two people called, a number outside 0 to
    999999, or a list that cannot be drawn from.
    """
    if commitment_of(secret) != commitment:
        raise DrawRefused("密钥与事先公布的摘要不符，不能抽签。")
    callers = {one.caller.strip() for one in called} - {""}
    if len(callers) < LEAST_CALLERS or len(callers) != len(called):
        raise DrawRefused(f"应由至少{LEAST_CALLERS}名不同的参赛队或见证人各报一个数。")
    if any(not 0 <= one.number <= MOST for one in called):
        raise DrawRefused(f"所报的数应在0至{MOST}之间。")
    list_hash = list_hash_of(items)
    seed = seed_of(secret, list_hash, [one.number for one in called])
    return Draw(tuple(items), list_hash, commitment, secret, tuple(called), seed, order_of(seed, items))


def problems(draw: Draw) -> list[str]:
    """What does not agree in a published record, one sentence each; [] when the draw can be repeated (R28)."""
    try:
        again = hold(draw.items, commitment=draw.commitment, secret=draw.secret, called=draw.called)
    except DrawRefused as refused:
        return [str(refused)]
    found = []
    if again.list_hash != draw.list_hash:
        found.append("名单的摘要与公布的不一致。")
    if again.seed != draw.seed:
        found.append("种子与公布的不一致。")
    if again.order != draw.order:
        found.append("抽签顺序与按种子计算的不一致。")
    return found


def _sha256(text: str) -> str:
    return sha256(text.encode("utf-8")).hexdigest()
