"""Fetches: an idle worker asks seldom, a lone message waits hardly, and nothing that was fetched is dropped."""

import asyncio
import time

import pytest
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js import JetStreamContext

from jade_common.bus import Bus
from jade_common.events import ScanFinding
from jade_common.fetching import IDLE_WAIT, Fetch
from jade_common.publishing import Outbox, Outgoing

pytestmark = pytest.mark.integration


def some(count: int) -> list[Outgoing]:
    return [Outgoing(ScanFinding(tool="test", rule_id=f"r{n}"), f"late-{n}", "test") for n in range(count)]


@pytest.fixture
async def taking(connection, nats_settings):
    """A bus that takes findings, the attempts of each, and an event that three of them set."""
    bus = Bus(nats_settings, service="test", redact=str)
    attempts: dict[str, int] = {}
    done = asyncio.Event()

    @bus.consume("ranker-scan-finding", ScanFinding)
    async def handle(received):
        attempts.update({one.event.rule_id: one.attempt for one in received})
        if len(attempts) == 3:
            done.set()
        return [[] for _ in received]

    async with bus.running():
        await asyncio.wait_for(bus._starting, 20)
        yield attempts, done


async def test_a_fetch_out_of_time_drops_nothing(taking, connection, monkeypatch):
    async def out_of_time(self, *arguments, **options):
        raise TimeoutError  # Python's own, for the rest of every batch

    monkeypatch.setattr(JetStreamContext.PullSubscription, "_fetch_n", out_of_time)
    attempts, done = taking
    await Outbox(connection.jetstream(), timeout=5).publish(some(3))
    await asyncio.wait_for(done.wait(), 10)  # far below the consumer's ack_wait of 30 s
    assert attempts == {"r0": 1, "r1": 1, "r2": 1}


async def test_a_lone_message_does_not_wait_for_the_batch_to_fill(taking, connection):
    attempts, done = taking
    started = time.monotonic()
    await Outbox(connection.jetstream(), timeout=5).publish(some(3))
    await asyncio.wait_for(done.wait(), 10)
    assert time.monotonic() - started < IDLE_WAIT
    assert attempts == {"r0": 1, "r1": 1, "r2": 1}


async def test_the_rest_of_a_batch_is_not_waited_for_twice():
    asked = []

    async def fetch(batch, timeout):
        asked.append((batch, timeout))
        if batch > 1:
            raise TimeoutError  # Python's own
        return ["message"]

    settled = Fetch(fetch)
    assert await settled(100, 2.0) == ["message"]
    with pytest.raises(NatsTimeoutError):
        await settled(99, 1.9)
    assert [batch for batch, _ in asked] == [1, 99]


async def test_nothing_in_time_is_the_time_out_that_ends_a_batch():
    async def fetch(batch, timeout):
        raise TimeoutError

    with pytest.raises(NatsTimeoutError):
        await Fetch(fetch)(100, 0.1)
