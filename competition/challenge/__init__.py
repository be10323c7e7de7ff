"""Proof of work on public forms: a robot pays for each try, a person notices nothing (decision 138).

A form takes the mixin ``Solved``; a view without a form calls ``require_solved(request)`` and its template
says ``{% load challenge %}{% challenge %}``.
"""

from competition.challenge.fields import Solved
from competition.challenge.puzzle import FIELD, Unsolved, issue, redeem, require_solved

__all__ = ["FIELD", "Solved", "Unsolved", "issue", "redeem", "require_solved"]
