"""Files in the page: for the team and the office."""

from __future__ import annotations

from typing import Any

from tests.permissions.submissions import readers
from tests.permissions.table import Row


def scan(world: Any) -> dict[str, Any]:
    return {"key": world.scan.key}


ROWS = [
    Row("submissions:viewed", readers(), args=scan),
    Row("submissions:viewed_page", readers(), args=lambda world: {**scan(world), "number": 1}),
]
