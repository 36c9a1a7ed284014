"""The cache: what can be computed again, shared by all workers.

It may be slow, lying or gone; the answers stay the same.

Every call is batched, has one short timeout, and never raises: a cache that does not answer is a miss.
After a failure the cache is left alone for a while, so that a broken one costs one timeout a second and
not one a batch.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any, Protocol

import structlog
from prometheus_client import CollectorRegistry, Counter
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from jade_common.settings import CacheSettings

log = structlog.get_logger("jade.cache")

REST_SECONDS = 1.0
"""How long a cache that failed is left alone."""

MEMORY_ENTRIES = 50_000
"""Entries of the in-process cache: verdicts of 50,000 resources, 3.6 kB each with twelve policies, take 180 MB."""

PREFIX = "jade:"


class Cache(Protocol):
    """What a cache can do. Values are bytes; keys are namespaced by their user."""

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """The values of ``keys``, in order; ``None`` for each that is not there."""

    async def set_many(self, values: Mapping[str, bytes]) -> None:
        """Keep ``values`` for the time the settings say."""

    async def close(self) -> None:
        """Release the connection."""


class MemoryCache:
    """A cache inside this process: the least recently used entries go first."""

    def __init__(self, *, entries: int = MEMORY_ENTRIES, ttl: float = 86_400) -> None:
        """Keep at most ``entries``, each for ``ttl`` seconds."""
        self._entries = entries
        self._ttl = ttl
        self._values: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """The values of ``keys``."""
        now = monotonic()
        found: list[bytes | None] = []
        for key in keys:
            entry = self._values.get(key)
            if entry is None or entry[0] < now:
                found.append(None)
                continue
            self._values.move_to_end(key)
            found.append(entry[1])
        return found

    async def set_many(self, values: Mapping[str, bytes]) -> None:
        """Keep ``values``."""
        until = monotonic() + self._ttl
        for key, value in values.items():
            self._values[key] = (until, value)
            self._values.move_to_end(key)
        while len(self._values) > self._entries:
            self._values.popitem(last=False)

    async def close(self) -> None:
        """Forget everything."""
        self._values.clear()


class RedisCache:
    """A cache in Redis, shared by all workers; fails open."""

    def __init__(self, settings: CacheSettings, registry: CollectorRegistry) -> None:
        """Talk to the Redis of ``settings``; nothing connects before the first call."""
        self._ttl = settings.ttl
        self._rest_until = 0.0
        self._failures = Counter(
            "jade_cache_failures", "Calls that the cache did not answer", registry=registry
        )
        self._redis = Redis.from_url(
            settings.url,
            socket_timeout=settings.timeout,
            socket_connect_timeout=settings.timeout,
            retry=Retry(NoBackoff(), 0),
            protocol=2,  # RESP3 adds a round trip at connect and nothing that is used here
        )

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """The values of ``keys``; all ``None`` when Redis does not answer in time."""
        if not keys or monotonic() < self._rest_until:
            return [None] * len(keys)
        try:
            found: Any = await self._redis.mget([PREFIX + key for key in keys])
        except (RedisError, OSError, TimeoutError) as error:
            self._failed(error)
            return [None] * len(keys)
        return list(found)

    async def set_many(self, values: Mapping[str, bytes]) -> None:
        """Keep ``values``; nothing happens when Redis does not answer in time."""
        if not values or monotonic() < self._rest_until:
            return
        try:
            async with self._redis.pipeline(transaction=False) as pipeline:
                for key, value in values.items():
                    pipeline.set(PREFIX + key, value, ex=self._ttl)
                await pipeline.execute()
        except (RedisError, OSError, TimeoutError) as error:
            self._failed(error)

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()

    def _failed(self, error: Exception) -> None:
        self._failures.inc()
        self._rest_until = monotonic() + REST_SECONDS
        log.warning("cache_failed", error=f"{type(error).__name__}: {error}"[:300])


def open_cache(settings: CacheSettings, registry: CollectorRegistry) -> Cache:
    """The cache that ``settings.url`` names."""
    if settings.url.startswith("memory://"):
        return MemoryCache(ttl=settings.ttl)
    return RedisCache(settings, registry)
