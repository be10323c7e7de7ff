"""What a version binds, and hashes that anybody can compute again: canonical JSON and SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from submissions.places import Place


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces and no escapes, as UTF-8: the same bytes for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256 (hex) of a revision's content."""
    return hashlib.sha256(canonical(content)).hexdigest()


def same_material(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two contents differ at most in whether files, named with the same hash, had arrived yet."""

    def known(content: Mapping[str, Any]) -> dict[str, Any]:
        files = [{key: file[key] for key in file if key != "pending"} for file in content["attachments"]]
        return {**content, "attachments": files}

    return canonical(known(one)) == canonical(known(other))


def receipt_hash(content_sha256: str, scan_sha256: str) -> str:
    """SHA-256 (hex) over the two hex digests, one after the other: content, then scan."""
    return hashlib.sha256(f"{content_sha256}{scan_sha256}".encode()).hexdigest()


def only_asked(draft: Mapping[str, Any], sealed: Mapping[str, Any], asked: Iterable[Place]) -> dict[str, Any]:
    """The sealed content with the draft's answers and files at the asked places alone."""
    places = tuple(asked)

    def open_at(section: str, unit: int | None, name: str) -> bool:
        return any(place.covers(Place(section, unit, name)) for place in places)

    before = {(one["key"], one["unit"]): one["answers"] for one in sealed["sections"]}
    sections = []
    for one in draft["sections"]:
        key, unit, old = one["key"], one["unit"], before.get((one["key"], one["unit"]), {})
        kept = {name: value for name, value in old.items() if not open_at(key, unit, name)}
        mended = {name: value for name, value in one["answers"].items() if open_at(key, unit, name)}
        sections.append({**one, "answers": {**kept, **mended}})

    def file_open(file: Mapping[str, Any]) -> bool:
        return any(place.covers(Place.of_slot(file["slot"])) for place in places)

    files = [file for file in sealed["attachments"] if not file_open(file)]
    files += [file for file in draft["attachments"] if file_open(file)]
    return {**draft, "sections": sections, "attachments": sorted(files, key=lambda file: file["slot"])}
