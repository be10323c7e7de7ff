"""With Redis gone, pages go on: the cache works from memory, doorbells are dropped, nothing waits."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from pytest_django import Settings

from competition.config.cache import ForgivingRedisCache, breaker, redis_answers
from competition.tasks import reconcile


@pytest.fixture(autouse=True)
def fresh_breaker() -> Iterator[None]:
    breaker.closed_until = 0.0
    yield
    breaker.closed_until = 0.0


@pytest.fixture
def silent_server() -> Iterator[str]:
    """A server that takes connections and never answers: worse than one that is gone."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(16)
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def cache_on(address: str) -> ForgivingRedisCache:
    return ForgivingRedisCache(address, {"OPTIONS": {"socket_connect_timeout": 0.25, "socket_timeout": 0.5}})


def test_cache_uses_the_real_redis() -> None:
    cache = caches["default"]

    cache.set("house", {"a": 1}, 30)

    assert cache.get("house") == {"a": 1}
    assert redis_answers() is True


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "silent"])
def test_cache_falls_back_to_memory_and_does_not_wait_twice(address: str, silent_server: str) -> None:
    cache = cache_on(silent_server if address == "silent" else address)
    began = time.monotonic()

    cache.set("tries", 1)
    for _ in range(50):
        cache.incr("tries")
    found = (cache.get("tries"), cache.add("tries", 9), cache.get_many(["tries", "none"]))

    assert found == (51, False, {"tries": 51})
    assert time.monotonic() - began < 1.5


def test_doorbell_without_redis_is_dropped_at_once(settings: Settings, silent_server: str) -> None:
    settings.REDIS_URL = silent_server
    began = time.monotonic()

    rung = [reconcile.delay() for _ in range(5)]

    assert rung == [None] * 5
    assert time.monotonic() - began < 1.5
