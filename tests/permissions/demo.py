"""The demonstration's pages do not exist where DEMO is off, for nobody."""

from __future__ import annotations

from tests.permissions.table import Row, everybody

ROWS = [
    Row("demo", everybody(404)),
    Row("demo_login", everybody(404), args=lambda w: {"key": "qianjin"}, method="post"),
    Row("demo_advance", everybody(404), method="post"),
    Row("demo_progress", everybody(404)),
    Row("demo_outbox", everybody(404)),
    Row("demo_components", everybody(404)),
]
