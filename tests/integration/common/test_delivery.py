"""Delivery on a real server: every message of a batch has its own outcome."""

import asyncio
from collections.abc import Sequence

import orjson
import pytest

from jade_common.bus import Bus
from jade_common.delivery import Received
from jade_common.errors import PermanentError, TransientError
from jade_common.events import FindingRanked, ScanFinding
from jade_common.publishing import Outbox, Outgoing

pytestmark = pytest.mark.integration


def finding(name: str, **fields) -> ScanFinding:
    return ScanFinding(tool="test", rule_id=name, **fields)


def answer(received: Received[ScanFinding]) -> Outgoing:
    ranked = FindingRanked(
        finding_id=received.attributes.id, problem_id="p", policies=(), none_applies=True, model="test"
    )
    return Outgoing(ranked, f"ranked-{received.attributes.id}", "test", received.attributes.correlation_id)


async def letters(connection, count: int) -> list[dict]:
    subscription = await connection.jetstream().subscribe("dead.>", ordered_consumer=True)
    return [orjson.loads((await subscription.next_msg(timeout=10)).data) for _ in range(count)]


async def answers(connection, count: int) -> list[dict]:
    subscription = await connection.jetstream().subscribe("finding.ranked", ordered_consumer=True)
    return [orjson.loads((await subscription.next_msg(timeout=10)).data) for _ in range(count)]


async def test_every_message_of_a_batch_has_its_own_outcome(connection, nats_settings):
    bus = Bus(nats_settings, service="test", redact=lambda text: text.replace("hunter2", "REDACTED"))
    seen: list[str] = []

    @bus.consume("ranker-scan-finding", ScanFinding)
    async def handle(received: Sequence[Received[ScanFinding]]):
        outcomes = []
        for one in received:
            seen.append(one.event.rule_id)
            if one.event.rule_id == "never":
                outcomes.append(PermanentError("no such thing as hunter2"))
            elif one.event.rule_id == "later" and one.attempt == 1:
                outcomes.append(TransientError("not now"))
            else:
                outcomes.append([answer(one)])
        return outcomes

    outbox = Outbox(connection.jetstream(), timeout=5)
    await outbox.publish([Outgoing(finding(name), name, "test") for name in ("good", "never", "later")])
    await connection.publish("scan.finding", b'{"tool": "test"')
    await connection.publish("scan.finding", b'{"tool": "test"}')
    await connection.publish("scan.finding", b'{"tool": "plain", "rule_id": "plain hunter2"}')
    await connection.flush()
    async with bus.running():
        dead = await letters(connection, 3)
        ranked = await answers(connection, 3)
    by_kind = sorted((letter["kind"], letter["reason"]) for letter in dead)
    assert [kind for kind, _ in by_kind] == ["invalid", "invalid", "permanent"]
    assert "no JSON" in by_kind[0][1] or "no JSON" in by_kind[1][1]
    assert by_kind[2][1] == "no such thing as REDACTED"
    assert {one["finding_id"] for one in ranked} >= {"good", "later"}
    assert seen.count("later") == 2
    info = await connection.jetstream().consumer_info("JADE_IN", "ranker-scan-finding")
    assert (info.num_pending, info.num_ack_pending) == (0, 0)


async def test_a_defect_costs_only_its_own_message(connection, nats_settings):
    bus = Bus(nats_settings, service="test", redact=str)
    bus.deliver = lambda consumer, model, handler, original=bus.deliver: quick(
        original(consumer, model, handler)
    )

    @bus.consume("ranker-scan-finding", ScanFinding)
    async def handle(received: Sequence[Received[ScanFinding]]):
        return [[answer(one)] if one.event.rule_id != "defect" else 1 / 0 for one in received]

    outbox = Outbox(connection.jetstream(), timeout=5)
    await outbox.publish([Outgoing(finding(name), name, "test") for name in ("a", "defect", "b")])
    async with bus.running():
        assert {one["finding_id"] for one in await answers(connection, 2)} == {"a", "b"}
        (letter,) = await letters(connection, 1)
    assert letter["kind"] == "exhausted"
    assert letter["attempt"] == 2
    assert "ZeroDivisionError" in letter["reason"]


def quick(delivery):
    delivery._backoff = (0.05,)
    return delivery


async def test_large_payload_travels_through_the_object_store(connection, nats_settings):
    bus = Bus(nats_settings, service="test", redact=str)
    sizes: list[int] = []

    @bus.consume("ranker-scan-finding", ScanFinding)
    async def handle(received: Sequence[Received[ScanFinding]]):
        sizes.extend(len(str(one.event.resource)) for one in received)
        return [[answer(one)] for one in received]

    big = finding("big", resource={"data": "x" * 2_000_000})
    await Outbox(connection.jetstream(), timeout=5).publish_one(Outgoing(big, "big", "test"))
    headers = {
        "ce-specversion": "1.0",
        "ce-id": "gone",
        "ce-source": "t",
        "ce-type": "dev.jade.scan.finding.v1",
    }
    await connection.publish(
        "scan.finding", b"", headers=headers | {"ce-dataref": "nats-object:JADE_PAYLOADS/nothing"}
    )
    async with bus.running():
        assert (await answers(connection, 1))[0]["finding_id"] == "big"
        (letter,) = await letters(connection, 1)
    assert sizes[0] > 2_000_000
    assert "not in the object store" in letter["reason"]


async def test_same_event_twice_is_stored_once(connection):
    outbox = Outbox(connection.jetstream(), timeout=5)
    first = await outbox.publish_one(Outgoing(finding("a"), "same", "test"))
    second = await outbox.publish_one(Outgoing(finding("a"), "same", "test"))
    assert (first.duplicate, second.duplicate) == (None, True)
    assert (await connection.jetstream().stream_info("JADE_IN")).state.messages == 1


async def test_worker_waits_for_streams_that_come_later(own_nats, monkeypatch):
    import nats

    from jade_common.servers import url
    from jade_common.settings import NatsSettings
    from jade_common.topology import declare, topology

    monkeypatch.setattr("jade_common.bus.START_WAIT", 0.05)
    bus = Bus(NatsSettings(url=url(own_nats)), service="test", redact=str)
    tries = 0
    start = bus.broker.start

    async def counted():
        nonlocal tries
        tries += 1
        await start()

    monkeypatch.setattr(bus.broker, "start", counted)

    @bus.consume("ranker-scan-finding", ScanFinding)
    async def handle(received: Sequence[Received[ScanFinding]]):
        return [[answer(one)] for one in received]

    async with bus.running():
        assert await bus.problems()
        async with asyncio.timeout(10):
            while tries < 3:  # it has tried, failed and waited more than once
                await asyncio.sleep(0.02)
        client = await nats.connect(url(own_nats))
        await declare(client.jetstream(), topology())
        async with asyncio.timeout(10):
            while await bus.problems():
                await asyncio.sleep(0.05)
        for number in range(3):  # a second and third batch: the first may be brought by any kind of fetch
            one = Outgoing(finding(f"late-{number}"), f"late-{number}", "test")
            await Outbox(client.jetstream(), timeout=5).publish_one(one)
            await answers(client, number + 1)
        await client.jetstream().delete_consumer("JADE_IN", "ranker-scan-finding")
        assert await bus.problems() == ["consumer ranker-scan-finding: NotFoundError"]
        await client.close()


async def test_batch_that_could_not_be_settled_comes_back_later_and_not_at_once(
    connection, nats_settings, monkeypatch
):
    monkeypatch.setattr("jade_common.bus.ESCAPED_DELAY", 1.0)
    bus = Bus(nats_settings, service="test", redact=str)
    buried: list[float] = []
    letters_of = bus.dead_letters

    class Failing:
        async def bury(self, *_, **__):
            raise TransientError("the dead letter was not stored")

    def dead_letters():
        buried.append(asyncio.get_running_loop().time())
        return Failing() if len(buried) == 1 else letters_of()

    bus.dead_letters = dead_letters
    bus.consume("ranker-scan-finding", ScanFinding)(None)
    await connection.publish("scan.finding", b"{")
    await connection.flush()
    async with bus.running():
        (letter,) = await letters(connection, 1)
    assert letter["attempt"] == 2
    assert buried[1] - buried[0] > 0.9
