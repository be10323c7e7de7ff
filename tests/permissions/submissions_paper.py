"""The draft on paper is the team's alone; versions are compared by the team and the office."""

from __future__ import annotations

from tests.permissions.submissions import entry, readers, team
from tests.permissions.table import Row

ROWS = [
    Row("submissions:draft_pdf", team(), args=entry),
    Row("submissions:compare", readers(), args=entry),
]
