"""Redis as a cache that may vanish: pages go on, at most a quarter of a second slower once."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger("portal.cache")

#: Seconds during which a Redis that did not answer is not asked again.
PAUSE = 3.0


class _Breaker:
    """Remembers for this process until when Redis is taken for gone."""

    def __init__(self) -> None:
        self.closed_until = 0.0

    @property
    def open(self) -> bool:
        return time.monotonic() >= self.closed_until

    def trip(self, error: Exception) -> None:
        if self.open:
            logger.warning("Redis does not answer (%s); using memory for now", type(error).__name__)
        self.closed_until = time.monotonic() + PAUSE


breaker = _Breaker()


def redis_answers() -> bool:
    """Ask Redis, within half a second; a recent failure is believed without asking."""
    if not breaker.open:
        return False
    client = Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.25, socket_timeout=0.5)
    try:
        return bool(client.ping())
    except (RedisError, OSError) as error:
        breaker.trip(error)
        return False
    finally:
        client.close()


class ForgivingRedisCache(RedisCache):
    """Falls back to this process's memory, so that limits on attempts hold even then."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        without_options = {key: value for key, value in params.items() if key != "OPTIONS"}
        self._memory = LocMemCache("redis-is-gone", without_options)

    def _ask(self, verb: str, *args: Any, **kwargs: Any) -> Any:
        if breaker.open:
            try:
                method: Callable[..., Any] = getattr(super(), verb)
                return method(*args, **kwargs)
            except (RedisError, OSError) as error:
                breaker.trip(error)
        return getattr(self._memory, verb)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("incr", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete_many", *args, **kwargs)

    def clear(self) -> Any:
        """Forget this cache's keys; the queue in the same Redis stays."""
        if breaker.open:
            try:
                client = self._cache.get_client(None, write=True)
                for key in client.scan_iter(match=f"{self.key_prefix}:*", count=1000):
                    client.unlink(key)
            except (RedisError, OSError) as error:
                breaker.trip(error)
        return self._memory.clear()
