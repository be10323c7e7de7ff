"""How sensitive numbers are shown (decision 23): 140***********1234, 138****8000."""

from __future__ import annotations


def mask_document(number: str) -> str:
    """First 3 and last 4; short numbers show less, so that something stays hidden. Never raises."""
    head, tail = (3, 4) if len(number) >= 12 else (1, 2)
    if len(number) <= head + tail + 2:
        return "*" * len(number)
    return f"{number[:head]}{'*' * (len(number) - head - tail)}{number[-tail:]}"


def mask_phone(number: str) -> str:
    """138****8000; other numbers keep their last four at most. Never raises."""
    if len(number) == 11:
        return f"{number[:3]}****{number[-4:]}"
    return "*" * len(number) if len(number) < 8 else f"{'*' * (len(number) - 4)}{number[-4:]}"
