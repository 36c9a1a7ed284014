"""One contract for every cache: in this process, a fake Redis, a real one. And what a broken Redis costs: a miss."""

import asyncio
import socket
import time

import pytest
from prometheus_client import CollectorRegistry

from jade_common.cache import MemoryCache, RedisCache, open_cache
from jade_common.settings import CacheSettings


@pytest.fixture(params=["memory", "fake", pytest.param("redis", marks=pytest.mark.integration)])
async def cache(request):
    if request.param == "memory":
        found = open_cache(CacheSettings(url="memory://"), CollectorRegistry())
    else:
        url = request.getfixturevalue("redis_url") if request.param == "redis" else "redis://fake"
        found = RedisCache(CacheSettings(url=url, timeout=1.0), CollectorRegistry())
        if request.param == "fake":
            from fakeredis import FakeAsyncRedis

            found._redis = FakeAsyncRedis()
        else:
            await found._redis.flushall()
    yield found
    await found.close()


async def test_values_come_back_in_the_order_of_the_keys(cache):
    await cache.set_many({"a": b"1", "b": b"\x00\xff"})
    assert await cache.get_many(["b", "missing", "a"]) == [b"\x00\xff", None, b"1"]
    await cache.set_many({"a": b"2"})
    assert await cache.get_many(["a"]) == [b"2"]


async def test_nothing_asked_nothing_done(cache):
    await cache.set_many({})
    assert await cache.get_many([]) == []


async def test_entries_expire(cache):
    cache._ttl = 1 if isinstance(cache, RedisCache) else -1
    await cache.set_many({"a": b"1"})
    async with asyncio.timeout(5):
        while await cache.get_many(["a"]) != [None]:
            await asyncio.sleep(0.05)


async def test_memory_forgets_the_least_recently_used():
    cache = MemoryCache(entries=2)
    await cache.set_many({"a": b"1", "b": b"2"})
    await cache.get_many(["a"])
    await cache.set_many({"c": b"3"})
    assert await cache.get_many(["a", "b", "c"]) == [b"1", None, b"3"]


@pytest.mark.parametrize("answers", [False, True], ids=["refused", "black hole"])
async def test_redis_that_does_not_answer_is_a_miss_and_then_left_alone(answers):
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    if answers:
        listener.listen()
    registry = CollectorRegistry()
    port = listener.getsockname()[1]
    cache = RedisCache(CacheSettings(url=f"redis://127.0.0.1:{port}", timeout=0.05), registry)
    started = time.perf_counter()
    assert await cache.get_many(["a"]) == [None]
    await cache.set_many({"a": b"1"})
    assert await cache.get_many(["a"]) == [None]
    assert registry.get_sample_value("jade_cache_failures_total") == 1
    assert time.perf_counter() - started < 1.0, "more than one time-out was paid"
    await cache.close()
    listener.close()
