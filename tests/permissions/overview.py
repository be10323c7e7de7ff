"""The secretariat's overview: the office, and the committee to read it."""

from __future__ import annotations

from tests.permissions.table import Row, only

SEES = ("officer", "chief", "committee")

ROWS = [
    Row("overview", only(*SEES)),
    Row("overview", only(*SEES), args=lambda w: {"edition_slug": w.edition.slug}),
    Row("overview_export", only(*SEES)),
]
