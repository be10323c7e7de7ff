"""The demonstration: a rehearsed contest to look at and play with, only with DEMO=1.

``serve`` calls ``prepare()`` before the web answers and prints what ``welcome()`` says afterwards.
"""

from __future__ import annotations

from competition.config.demo.prepare import prepare
from competition.config.demo.welcome import welcome

__all__ = ["prepare", "welcome"]
