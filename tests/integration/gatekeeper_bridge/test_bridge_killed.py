"""A bridge that is killed (-9) again and again while Gatekeeper writes: nothing is lost, nothing is there twice."""

import asyncio
import json
import random
from collections import Counter

import nats
import orjson
import pytest

from jade_common.servers import url
from jade_common.topology import declare, topology

pytestmark = pytest.mark.integration

AUDITS = 4
LINES = 200
SEED = 7


def line(audit, number):
    return json.dumps({
        "id": f"2026-01-01T00:0{audit}:00Z",
        "eventType": "violation_audited",
        "kind": "K8sContainerLimits",
        "name": "must-have-limits",
        "message": f"container <c{number}> has no limits",
        "resourceAPIVersion": "v1",
        "resourceKind": "Pod",
        "resourceNamespace": "shop",
        "resourceName": f"pod-{audit}-{number}",
    })  # fmt: skip


class Victim:
    """The bridge's process, started again after each kill."""

    def __init__(self, process, server, log):
        self.process, self.server, self.log = process, server, log
        self.running = None
        self.kills = 0

    async def start(self):
        self.running = await self.process(url(self.server))

    async def kill(self):
        self.running.kill()
        await self.running.wait()
        self.kills += 1

    async def kill_while_it_waits_for_the_broker(self):
        """A process that has read what nobody can store must not have noted it as read."""
        self.server.kill()
        with self.log.open("wb") as log:
            self.running = await self.process(url(self.server), log=log)
        async with asyncio.timeout(30):
            while "publish_retried" not in self.log.read_text():
                await asyncio.sleep(0.01)
        await self.kill()
        self.server.start()

    async def stop(self):
        self.running.terminate()
        await asyncio.wait_for(self.running.wait(), 10)


async def stored(client):
    """Messages that the server holds; none while it is away."""
    try:
        return (await client.jetstream().stream_info("JADE_IN")).state.messages
    except (nats.errors.Error, TimeoutError):
        return 0


async def more_than(wanted, client):
    async with asyncio.timeout(60):
        while await stored(client) < wanted:
            await asyncio.sleep(0.005)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(text)


async def test_kill_9_at_any_point_loses_nothing_and_doubles_nothing(tmp_path, settings, process, own_nats):
    client = await nats.connect(url(own_nats), max_reconnect_attempts=-1, reconnect_time_wait=0.1)
    await declare(client.jetstream(), topology())
    dice = random.Random(SEED)
    bridge = Victim(process, own_nats, tmp_path / "bridge.log")
    folder = settings.spool / "audit-channel"
    await bridge.start()
    for audit in range(AUDITS):
        path, before = folder / f"audit-{audit}.txt", audit * LINES
        texts = [line(audit, number) + "\n" for number in range(LINES)]
        cut = dice.randrange(len(texts[LINES // 2]))
        write(path, "".join(texts[: LINES // 2]) + texts[LINES // 2][:cut])
        await more_than(before + dice.randrange(LINES // 2), client)
        await bridge.kill()
        if audit == AUDITS // 2:
            write(path, texts[LINES // 2][cut:])
            await bridge.kill_while_it_waits_for_the_broker()
            cut = len(texts[LINES // 2])
        await bridge.start()
        write(path, texts[LINES // 2][cut:] + "".join(texts[LINES // 2 + 1 :]))
        path.rename(path.with_suffix(".log"))
        await more_than(before + dice.randrange(LINES), client)
        await bridge.kill()
        await bridge.start()
        if audit >= 2:  # as Gatekeeper does, once what it removes was read
            await more_than((audit - 1) * LINES, client)
            (folder / f"audit-{audit - 2}.log").unlink()
    await more_than(AUDITS * LINES, client)
    await bridge.stop()
    last = (await client.jetstream().stream_info("JADE_IN")).state.last_seq
    messages = [await client.jetstream().get_msg("JADE_IN", number) for number in range(1, last + 1)]
    await client.close()
    found = Counter(orjson.loads(message.data)["resource_identity"]["name"] for message in messages)
    assert bridge.kills == 2 * AUDITS + 1
    assert set(found) == {f"pod-{audit}-{number}" for audit in range(AUDITS) for number in range(LINES)}, (
        "lost"
    )
    assert max(found.values()) == 1, "doubled"
