"""What a fetch has brought is handled, also when the next fetch of the batch ends in Python's TimeoutError."""

import asyncio

import pytest
from nats.js import JetStreamContext

from jade_common.bus import Bus
from jade_common.events import ScanFinding
from jade_common.publishing import Outbox, Outgoing

pytestmark = pytest.mark.integration


async def test_a_fetch_out_of_time_drops_nothing(connection, nats_settings, monkeypatch):
    fetch_n = JetStreamContext.PullSubscription._fetch_n
    brought = False

    async def fetched(self, *arguments, **options):
        nonlocal brought
        if brought:  # the fetch after the one that brought messages
            brought = False
            raise TimeoutError
        messages = await fetch_n(self, *arguments, **options)
        brought = bool(messages)
        return messages

    monkeypatch.setattr(JetStreamContext.PullSubscription, "_fetch_n", fetched)
    bus = Bus(nats_settings, service="test", redact=str)
    attempts: dict[str, int] = {}
    done = asyncio.Event()

    @bus.consume("ranker-scan-finding", ScanFinding)
    async def handle(received):
        attempts.update({one.event.rule_id: one.attempt for one in received})
        if len(attempts) == 3:
            done.set()
        return [[] for _ in received]

    findings = [Outgoing(ScanFinding(tool="test", rule_id=f"r{n}"), f"late-{n}", "test") for n in range(3)]
    async with bus.running():
        await asyncio.wait_for(bus._starting, 20)
        await Outbox(connection.jetstream(), timeout=5).publish(findings)
        await asyncio.wait_for(done.wait(), 10)  # far below the consumer's ack_wait of 30 s
    assert attempts == {"r0": 1, "r1": 1, "r2": 1}
