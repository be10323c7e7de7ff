"""Freezing for stamping, scans, submitting."""

from __future__ import annotations

from submissions.models import Receipt


def test_submit_gives_a_receipt(submitted: Receipt) -> None:
    assert submitted.number == f"HZ-{submitted.revision.entry.reference}-01"
