"""What Prometheus sees of a worker: readiness, backlog, and counts from zero."""

import asyncio

import pytest
from starlette.requests import Request

from jade_common.bus import Bus
from jade_common.events import ScanFinding
from jade_common.http import probes
from jade_common.publishing import Outbox, Outgoing

pytestmark = pytest.mark.integration

CONSUMER = "ranker-scan-finding"


async def scrape(bus: Bus, *checks) -> bytes:
    (route,) = [route for route in probes(bus, checks) if route.path == "/metrics"]
    return (await route.endpoint(Request({"type": "http"}))).body


async def test_metrics_tell_readiness_and_backlog_as_they_are(connection, nats_settings):
    bus = Bus(nats_settings, service="test", redact=str)
    taken, go_on = asyncio.Event(), asyncio.Event()

    @bus.consume(CONSUMER, ScanFinding)
    async def handle(received):
        taken.set()
        await go_on.wait()
        return [[] for _ in received]

    def value(name, **labels):
        return bus.registry.get_sample_value(name, labels)

    # Zero is there before the first message: an alert on an increase needs it.
    for outcome in ("answered", "retried", "dead_lettered"):
        assert value("jade_messages_total", consumer=CONSUMER, outcome=outcome) == 0
    assert b"process_start_time_seconds" in await scrape(bus)
    assert value("jade_ready") == 0

    finding = ScanFinding(tool="test", rule_id="r")
    await Outbox(connection.jetstream(), timeout=5).publish(
        [Outgoing(finding, f"f{n}", "test") for n in range(3)]
    )
    async with bus.running():
        await asyncio.wait_for(taken.wait(), 20)
        await asyncio.wait_for(bus._starting, 20)
        await scrape(bus)
        assert value("jade_ready") == 1
        assert value("jade_consumer_waiting", consumer=CONSUMER) == 3

        async def broken():
            return ["the engine is gone"]

        await scrape(bus, broken)
        assert value("jade_ready") == 0
        go_on.set()
