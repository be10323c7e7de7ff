"""The page of figures says what was measured, and says so when two runs of a seed differ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from competition.config.trials import Soaked, write_soak


def _result(**changes: Any) -> dict[str, Any]:
    return {
        "teams": 14,
        "approved": 9,
        "submitted": 8,
        "accepted": 7,
        "planted": [{"team": "001", "rule": "R47"}],
        "caught": [{"team": "001", "rule": "R47"}],
        "awards": {"first": 3, "second": 4},
        "total_fen": 27_000_000,
        "certificates": 7,
        "mails": 90,
        "seconds": {"registration-open": 1.5},
        **changes,
    }


def test_write_soak_tells_figures_and_differences(tmp_path: Path) -> None:
    page = tmp_path / "soak.md"
    same = Soaked("7", (_result(), _result(seconds={"registration-open": 1.7})), [], 120)
    other = Soaked("8", (_result(), _result(mails=91)), ["mails"], 130)

    write_soak([same, other], page)

    lines = page.read_text("utf-8").splitlines()
    assert "| 7 | 14 | 9 | 8 | 7 | 7 | 270000 | 7 | 1 | 1 | 90 | yes | 120 |" in lines
    assert "| 8 | 14 | 9 | 8 | 7 | 7 | 270000 | 7 | 1 | 1 | 90 | no: mails | 130 |" in lines
    assert "| 7 | registration-open | 1.5 | 1.7 |" in lines
