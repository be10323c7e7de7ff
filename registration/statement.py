"""What the responsibility statement says, its digest, and the code that ties a scan to it. No database.

The code is 32 hexadecimal digits: the registration's number (7), the unit's position (1), the beginning of
the digest (16), and a keyed check (8), so that nobody can print a code of statements that never were.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from competition import crypto, identity
from registration.facts import TeamFacts

#: The slot of proofs that the signed statement is uploaded to.
SLOT: Final = "responsibility"
#: Stored of a scan on which no code of ours was found.
NONE: Final = "-"
SAME, OLDER, UNREAD, UNFOUND = "same", "older", "unread", "none"
LENGTH: Final = 32
_CODE: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_IN_ADDRESS: Final = re.compile(r"/statement/([0-9a-f]{32})/?$", re.ASCII)


@dataclass(frozen=True)
class Code:
    """What a code says: registration, unit, and the beginning of the digest."""

    team_id: int
    position: int
    digest: str


def canonical(team: TeamFacts, texts: Iterable[str]) -> dict[str, Any]:
    """Everything that the statement prints about the registration; no document numbers, no phones."""
    positions = {unit.id: unit.position for unit in team.units}
    return {
        "reference": team.reference,
        "team": team.name.strip(),
        "project": team.project_name.strip(),
        "topic": [team.topic.code, team.topic.title] if team.topic else [],
        "units": [
            [
                unit.position,
                unit.is_lead,
                unit.name.strip(),
                identity.normalise_credit_code(unit.credit_code),
            ]
            for unit in team.units
        ],
        "people": [[person.name.strip(), positions.get(person.unit_id or 0, 0)] for person in team.people],
        "texts": list(texts),
    }


def digest_of(team: TeamFacts, texts: Iterable[str]) -> str:
    """SHA-256 (hex) of the canonical statement."""
    plain = json.dumps(canonical(team, texts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def lacking(team: TeamFacts) -> list[str]:
    """What the statement would leave blank, in words."""
    found = [] if team.name.strip() else ["团队名称"]
    found += [] if team.project_name.strip() else ["项目名称"]
    found += [] if team.topic else ["赛题"]
    for unit in team.units:
        if not unit.name.strip() or identity.credit_code_problem(unit.credit_code):
            found.append(f"{unit.label}的名称和统一社会信用代码")
    if not team.people or any(not person.name.strip() for person in team.people):
        found.append("参赛代表")
    return found


def make_code(team_id: int, position: int, digest: str) -> str:
    """The code of a unit's statement with this digest."""
    body = f"{team_id:07x}{position:x}{digest[:16]}"
    return body + _check(body)


def read_code(code: str) -> Code | None:
    """What a code says, or None when it is none of ours."""
    if not _CODE.fullmatch(code) or not hmac.compare_digest(_check(code[:24]), code[24:]):
        return None
    return Code(int(code[:7], 16), int(code[7], 16), code[8:24])


def code_in(texts: Iterable[str]) -> str:
    """The first code of ours among the texts of QR codes, '-' when there is none."""
    for text in texts:
        found = _IN_ADDRESS.search(text.strip())
        if found and read_code(found[1]):
            return found[1]
    return NONE


def grouped(code: str) -> str:
    """The code for people: groups of four."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4)).upper()


def state_of(reads: Iterable[str], code: str) -> str:
    """The state of the scans of a slot, newest first, by the codes read: same, older, unread or none."""
    reads = list(reads)
    if "" in reads[:1]:
        return UNREAD
    newest = next((one for one in reads if one not in {"", NONE}), "")
    if not newest:
        return UNFOUND if reads else ""
    return SAME if newest == code else OLDER


def _check(body: str) -> str:
    return crypto.keyed_hash("statement.code", body)[:8]
