"""Where apps on the right register what apps on the left must set off.

The left app owns a registry and calls it; the right app adds a named function in ``AppConfig.ready()``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from competition.models import Edition

F = TypeVar("F", bound=Callable[..., Any])


class Registry(Generic[F]):
    """Functions by name, called in the order of registration; a name is registered once."""

    def __init__(self, purpose: str) -> None:
        self.purpose = purpose
        self._functions: dict[str, F] = {}

    def register(self, name: str, function: F) -> None:
        """Add ``function`` under ``name``; the same pair again is harmless, another one an error."""
        if self._functions.setdefault(name, function) is not function:
            raise ValueError(f"{self.purpose}: {name!r} is registered already")

    def __getitem__(self, name: str) -> F:
        return self._functions[name]

    def __contains__(self, name: str) -> bool:
        return name in self._functions

    def __iter__(self) -> Iterator[tuple[str, F]]:
        return iter(self._functions.items())


#: channel -> send(message): delivers an outbox message or raises.
outbox_senders: Registry[Callable[[Any], None]] = Registry("outbox senders")
#: name -> work(): finds what has become due and does it, any number of times; returns how many.
due_work: Registry[Callable[[], int]] = Registry("due work")
#: name -> cards(edition, user): dashboard cards.
dashboard_cards: Registry[Callable[..., list[Any]]] = Registry("dashboard cards")
#: name -> pages(edition, user): pages of the work desk that concern a person of the staff.
desk_pages: Registry[Callable[..., list[Any]]] = Registry("desk pages")
#: name -> offer(edition): documents for the download page.
downloads: Registry[Callable[..., list[Any]]] = Registry("downloads")
#: name -> links(): what other apps show in the site's navigation, as (words, name of a page of an edition).
navigation: Registry[Callable[[], list[tuple[str, str]]]] = Registry("navigation")
#: name -> follow(edition, kind): a list was brought in or undone; called in the same transaction.
list_changed: Registry[Callable[[Edition, str], None]] = Registry("list changed")
#: name -> offer(edition, user, request): the Export of a queue with the request's filters, None for who may not.
exports: Registry[Callable[..., Any]] = Registry("exports")
