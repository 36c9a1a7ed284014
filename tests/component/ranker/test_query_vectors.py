"""Vectors of findings' texts: nobody waits longer than he says, nothing is computed twice, nothing is left behind."""

import asyncio
import threading
import time

from jade_ranker.adapters.query_vectors import QueryVectors

LONG = 30.0
"""Seconds that no test waits: one that does hangs for a reason."""


def threads():
    return [one for one in threading.enumerate() if one.name == "jade-embedding"]


async def until(condition):
    async with asyncio.timeout(LONG):
        while not condition():
            await asyncio.sleep(0.001)


async def test_what_is_there_in_time_is_answered_and_known_afterwards(vectors, embedder):
    assert vectors.ready(["a", "b"]) == {}
    found = await vectors.request(["a", "b", "a"], LONG)
    assert set(found) == {"a", "b"}
    assert found["a"].shape == (384,)
    assert set(vectors.ready(["a", "b", "c"])) == {"a", "b"}
    await vectors.request(["a", "b"], LONG)
    assert sorted(text for call in embedder.asked for text in call) == ["a", "b"]


async def test_what_is_late_is_not_waited_for_and_there_the_next_time(vectors, embedder):
    await vectors.request(["known"], LONG)
    embedder.may_compute.clear()
    started = time.perf_counter()
    found = await vectors.request(["known", "late"])
    assert set(found) == {"known"}
    assert time.perf_counter() - started < 1.0, "the limit is 20 ms"
    embedder.may_compute.set()
    assert set(await vectors.request(["late"], LONG)) == {"late"}
    assert embedder.asked.count(("late",)) == 1


async def test_those_who_wait_for_one_text_wait_for_one_computation(vectors, embedder):
    embedder.may_compute.clear()
    waiting = [asyncio.create_task(vectors.request(["a"], LONG)) for _ in range(5)]
    await until(lambda: embedder.asked)
    embedder.may_compute.set()
    assert all(set(found) == {"a"} for found in await asyncio.gather(*waiting))
    assert embedder.asked == [("a",)]


async def test_who_gives_up_takes_nothing_from_the_others(vectors, embedder):
    embedder.may_compute.clear()
    stays, leaves = [asyncio.create_task(vectors.request(["a"], LONG)) for _ in range(2)]
    await until(lambda: embedder.asked)
    leaves.cancel()
    await asyncio.wait([leaves])
    embedder.may_compute.set()
    assert set(await stays) == {"a"}


async def test_texts_are_computed_a_few_at_a_time_so_that_the_first_are_there_soon(embedder):
    with QueryVectors(embedder, together=2) as vectors:
        await vectors.request(list("abcde"), LONG)
    assert embedder.asked == [("a", "b"), ("c", "d"), ("e",)]


async def test_a_full_queue_takes_no_more_and_the_next_finding_asks_again(embedder):
    embedder.may_compute.clear()
    with QueryVectors(embedder, queued=2, together=1) as vectors:
        await vectors.request(["under way"], 0)
        await until(lambda: embedder.asked)
        assert await vectors.request(["a", "b", "dropped"], 0) == {}
        embedder.may_compute.set()
        assert set(await vectors.request(["under way", "a", "b"], LONG)) == {"under way", "a", "b"}
        assert vectors.ready(["dropped"]) == {}
        assert set(await vectors.request(["dropped"], LONG)) == {"dropped"}


async def test_a_text_that_fails_is_missing_and_the_others_go_on(embedder, capsys):
    embedder.broken = "broken"
    with QueryVectors(embedder, together=1) as vectors:
        assert set(await vectors.request(["broken", "a"], LONG)) == {"a"}
        embedder.broken = ""
        assert set(await vectors.request(["broken"], LONG)) == {"broken"}
    said = capsys.readouterr()
    assert "embedding_failed" in said.out + said.err


async def test_the_least_recently_asked_text_is_forgotten(embedder):
    with QueryVectors(embedder, entries=2) as vectors:
        for text in ("a", "b", "a", "c"):
            await vectors.request([text], LONG)
        assert set(vectors.ready(["a", "b", "c"])) == {"a", "c"}


async def test_who_has_the_time_gets_all_without_a_thread(vectors, embedder):
    assert set(vectors.of(["a", "b"])) == {"a", "b"}
    assert set(await vectors.request(["b", "c"], None)) == {"b", "c"}
    assert embedder.asked == [("a", "b"), ("c",)]
    assert threads() == []


async def test_texts_with_one_beginning_are_one_text(vectors, embedder):
    long = "x" * 3_000
    found = await vectors.request([long, long + "y"], LONG)
    assert set(found) == {long, long + "y"}
    assert len(embedder.asked) == 1


async def test_closing_ends_the_thread_and_lets_go_of_those_who_wait(embedder):
    embedder.may_compute.clear()
    vectors = QueryVectors(embedder, together=1)
    waiting = asyncio.create_task(vectors.request(["under way", "queued"], LONG))
    await until(lambda: embedder.asked)
    closing = asyncio.create_task(asyncio.to_thread(vectors.close))
    assert await asyncio.wait_for(waiting, LONG) == {}
    embedder.may_compute.set()
    await closing
    assert threads() == []
    assert embedder.asked == [("under way",)]
    assert await vectors.request(["new"], LONG) == {}
    assert threads() == []


def test_a_loop_that_is_gone_disturbs_nobody(embedder):
    embedder.may_compute.clear()
    with QueryVectors(embedder) as vectors:
        assert asyncio.run(vectors.request(["a"], 0)) == {}
        embedder.may_compute.set()
        assert set(asyncio.run(vectors.request(["a"], LONG))) == {"a"}
    assert threads() == []
