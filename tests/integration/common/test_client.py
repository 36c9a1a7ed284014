"""The client on a real broker: what is published is stored once, positions outlive broker and process."""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime, timedelta

import nats
import pytest

from jade_common.client import Client, RankLine, ScanFinding, ScanReport, TransientError
from jade_common.errors import PermanentError
from jade_common.events import FindingRanked
from jade_common.publishing import Outbox, Outgoing
from jade_common.servers import url
from jade_common.settings import NatsSettings
from jade_common.subjects import Stream
from jade_common.testing.subscriptions import subscribed
from jade_common.topology import declare, topology

pytestmark = pytest.mark.integration

EARLY = datetime(2020, 1, 1, tzinfo=UTC)


async def send(connection, *numbers):
    """Rankings, each with an id of its own."""
    ranked = [
        FindingRanked(finding_id=f"f{number}", problem_id="p", policies=(), none_applies=True, model="m")
        for number in numbers
    ]
    acks = await Outbox(connection.jetstream(), timeout=10).publish(
        [Outgoing(event, f"id-{number}", "test") for number, event in zip(numbers, ranked, strict=True)]
    )
    assert all(ack.seq for ack in acks)


async def take(subscription, count):
    async with asyncio.timeout(20):
        return [(await anext(subscription)).event.finding_id for _ in range(count)]


async def test_ids_follow_from_what_is_said(connection, nats_settings):
    finding = ScanFinding(tool="acme", rule_id="A-1", title="t")
    async with Client(nats_settings, source="acme/scanner") as client:
        first = await client.publish([finding, ScanFinding(tool="acme", rule_id="A-2")])
        again = await client.publish([finding], correlation_id="x")
    assert [one.duplicate for one in first] == [False, False]
    assert (again[0].id, again[0].duplicate) == (first[0].id, True)
    stored = await connection.jetstream().get_msg(Stream.IN, first[0].sequence)
    assert (stored.headers["ce-source"], stored.headers["ce-id"]) == ("acme/scanner", first[0].id)
    assert (await connection.jetstream().stream_info(Stream.IN)).state.messages == 2


async def test_a_large_report_goes_through_the_object_store(connection, nats_settings):
    report = ScanReport(format="manifests", content="# " + "x" * 700_000)
    async with Client(nats_settings) as client:
        (done,) = await client.publish([report])
    stored = await connection.jetstream().get_msg(Stream.IN, done.sequence)
    assert stored.headers["ce-dataref"].endswith(done.id)
    assert not stored.data


async def test_what_was_not_stored_is_said_and_safe_to_send_again(connection, nats_settings):
    await connection.jetstream().delete_stream(Stream.IN)
    settings = nats_settings.model_copy(update={"publish_timeout": 0.2})
    async with Client(settings) as client:
        with pytest.raises(TransientError, match=r"1 of 1 events were not stored.*again is safe"):
            await client.publish([ScanFinding(tool="acme", rule_id="A-1")])


async def test_nobody_there_says_what_to_do_without_the_password():
    with pytest.raises(TransientError, match="jade up") as caught:
        async with Client(NatsSettings(url="nats://jade:hunter2@127.0.0.1:9")):
            pass
    assert "hunter2" not in str(caught.value)


async def test_an_unanswered_question_says_what_to_do(connection, nats_settings):
    settings = nats_settings.model_copy(update={"ask_timeout": 0.1})
    async with Client(settings) as client:
        with pytest.raises(TransientError, match=r"nobody listens on rank\.ask.*jade status"):
            await client.rank([RankLine(resource={})])
        await connection.subscribe("rank.ask", cb=silent)
        await subscribed(connection)
        with pytest.raises(
            TransientError, match=r"no answer to rank\.ask within 0\.1 s.*JADE_NATS_ASK_TIMEOUT"
        ):
            await client.rank([RankLine(resource={})])


async def silent(_):
    """Takes the question and never answers."""


async def test_answers_are_typed_and_in_order_however_many(connection, nats_settings):
    async def answer(message):
        import orjson

        lines = orjson.loads(message.data)["lines"]
        assert len(lines) <= 100
        rows = [{"id": one["id"], "policies": [], "none_applies": True} for one in lines]
        rows[0] = {"id": lines[0]["id"], "error": "why"}
        await message.respond(orjson.dumps(rows))

    await connection.subscribe("rank.ask", cb=answer)
    await subscribed(connection)
    async with Client(nats_settings) as client:
        answers = await client.rank([RankLine(resource={"kind": "Pod"}) for _ in range(250)])
    assert [one.id for one in answers] == [str(number) for number in range(250)]
    assert (answers[0].error, answers[1].none_applies) == ("why", True)


async def test_a_name_goes_on_where_it_was(connection, nats_settings):
    await send(connection, 1, 2, 3)
    async with Client(nats_settings) as client:
        async with client.recommendations("fixer", since=EARLY) as coming:
            assert await take(coming, 2) == ["f1", "f2"]
        await send(connection, 4)
    async with Client(nats_settings) as client, client.recommendations("fixer") as coming:
        assert await take(coming, 2) == ["f3", "f4"]
        async with client.recommendations("other") as new:
            await send(connection, 5)
            assert await take(new, 1) == ["f5"]


async def test_what_was_not_handled_comes_again(connection, nats_settings):
    await send(connection, 1, 2)
    async with Client(nats_settings) as client:
        with pytest.raises(RuntimeError):
            await fail(client.recommendations("fixer", since=EARLY))
        async with client.recommendations("fixer") as coming:
            again = [await anext(coming), await anext(coming)]
    assert {one.event.finding_id for one in again} == {"f1", "f2"}
    assert max(one.attempt for one in again) == 2


async def fail(subscription):
    async with subscription as coming:
        raise RuntimeError(await anext(coming))


async def test_the_same_event_again_is_left_out(connection, nats_settings):
    await send(connection, 1)
    jetstream = connection.jetstream()
    stored = await jetstream.get_msg(Stream.OUT, 1)
    headers = {name: value for name, value in stored.headers.items() if name != "Nats-Msg-Id"}
    await jetstream.publish(stored.subject, stored.data, headers=headers)
    await jetstream.publish(stored.subject, b"{broken")
    await send(connection, 2)
    told = []
    async with Client(nats_settings) as client:
        async with client.recommendations("fixer", since=EARLY, lost=told.append) as coming:
            assert await take(coming, 2) == ["f1", "f2"]
        watching = client.watch(EARLY, told.append)
        assert await take(watching, 2) == ["f1", "f2"]
        await watching.aclose()
    assert len(told) == 2
    assert all("left out message 3 of JADE_OUT" in text for text in told)
    info = await jetstream.consumer_info(Stream.OUT, "client-fixer")
    assert (info.num_pending, info.num_ack_pending) == (0, 0)


@pytest.mark.parametrize("named", [True, False])
async def test_it_goes_on_after_the_broker_was_killed(own_nats, tmp_path, named):
    async def sent(*numbers):
        connection = await nats.connect(url(own_nats))
        await declare(connection.jetstream(), topology())
        await send(connection, *numbers)
        await connection.close()

    await sent(1)
    told = []
    async with Client(NatsSettings(url=url(own_nats))) as client:
        if named:
            async with client.recommendations("fixer", since=EARLY, lost=told.append) as coming:
                await broken(coming, own_nats, sent)
        else:
            coming = client.watch(datetime.now(UTC) - timedelta(hours=1), told.append)
            await broken(coming, own_nats, sent)
            await coming.aclose()
    assert told or named  # a consumer that is kept on disk is there again by itself


async def broken(coming, server, sent):
    """Kill the broker while one is held and the next is waited for."""
    assert await take(coming, 1) == ["f1"]
    waiting = asyncio.create_task(take(coming, 2))
    await asyncio.sleep(0)
    server.kill()
    server.start()
    await sent(2, 3)
    assert await waiting == ["f2", "f3"]


async def test_a_broker_that_lost_its_disk_is_read_from_its_first(connection, nats_settings):
    await send(connection, 1, 2, 3)
    async with Client(nats_settings) as client, client.recommendations("fixer", since=EARLY) as coming:
        assert await take(coming, 3) == ["f1", "f2", "f3"]
        await connection.jetstream().delete_stream(Stream.OUT)
        await declare(connection.jetstream(), topology())
        await send(connection, 9)
        assert await take(coming, 1) == ["f9"]


async def test_a_name_shares_the_work_and_keeps_what_it_holds(connection, nats_settings):
    await send(connection, *range(1, 14))
    async with (
        Client(nats_settings) as client,
        client.recommendations("fixer", since=EARLY, ack_wait=0.3) as one,
        client.recommendations("fixer", ack_wait=0.3) as other,
    ):
        first = await take(one, 1)
        rest = await take(other, 3)
        more = asyncio.create_task(anext(other))
        await asyncio.wait(
            [more], timeout=1.0
        )  # three times as long as what a dead process held stays its own
        assert not more.done()
        first += await take(one, 9)
        more.cancel()
    assert sorted([*first, *rest]) == sorted(f"f{number}" for number in range(1, 14))


KILLED = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from jade_common.client import Client, NatsSettings

async def main():
    async with Client(NatsSettings(url=sys.argv[1])) as client:
        async with client.recommendations("fixer", since=datetime(2020, 1, 1, tzinfo=UTC), ack_wait=1.0) as coming:
            async for one in coming:
                print(one.id, flush=True)
                if one.id == "id-3":
                    await client.connection.flush()
                    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_a_killed_process_loses_nothing(connection, nats_settings):
    await send(connection, *range(1, 6))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, nats_settings.url, stdout=asyncio.subprocess.PIPE, env=dict(os.environ)
    )
    out, _ = await process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert out.split() == [b"id-1", b"id-2", b"id-3"]
    async with Client(nats_settings) as client, client.recommendations("fixer") as coming:
        assert await take(coming, 3) == ["f3", "f4", "f5"]


async def test_a_client_says_how_it_is_used(connection, nats_settings):
    with pytest.raises(PermanentError, match="async with"):
        await Client(nats_settings).publish([ScanFinding(tool="t", rule_id="r")])
    async with Client(nats_settings) as client:
        with pytest.raises(PermanentError, match="no name"):
            client.recommendations("No Name")
        await connection.jetstream().delete_stream(Stream.OUT)
        with pytest.raises(TransientError, match="no stream JADE_OUT"):
            async with client.recommendations("fixer"):
                pass
