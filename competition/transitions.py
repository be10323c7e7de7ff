"""Moves between states: only those of the table, and only from the state that was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models

from competition.errors import WrongState

M = TypeVar("M", bound=models.Model)


def move(obj: M, to: str, table: Mapping[str, frozenset[str]], **changes: Any) -> M:
    """Move ``obj`` to status ``to`` and set ``changes``, if the row is still as it was read.

    Raises WrongState when the table does not admit the move or somebody moved the row meanwhile.
    """
    read = str(obj.status)  # type: ignore[attr-defined]
    labels = dict(type(obj)._meta.get_field("status").flatchoices)  # type: ignore[union-attr]
    if to not in table.get(read, frozenset()):
        raise WrongState(f"当前状态为“{labels.get(read, read)}”，不能变为“{labels.get(to, to)}”。")
    rows = type(obj)._default_manager.filter(pk=obj.pk, status=read).update(status=to, **changes)
    if rows != 1:
        raise WrongState("这条记录刚刚被他人处理，请刷新页面查看最新状态。")
    obj.refresh_from_db()
    return obj
