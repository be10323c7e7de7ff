"""Where judging and awards register what becomes of an entry sets off."""

from __future__ import annotations

from collections.abc import Callable

from competition.registries import Registry
from submissions.models import Entry

#: name -> function(entry): called in the transaction in which an entry passes the formal check.
entry_accepted: Registry[Callable[[Entry], object]] = Registry("entry accepted")
#: name -> function(entry, reason): called in the transaction in which an entry leaves the contest
#: (its team withdrew or was disqualified, or the owner took the entry back); safe to call again.
entry_left: Registry[Callable[[Entry, str], None]] = Registry("entry left")
