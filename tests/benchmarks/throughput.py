"""The ranker against a worker that does nothing, both warm: what a finding costs beside what any worker would.

Warm is a worker that has answered findings of all the resources and, where the extra ``semantic`` is installed, compares
by meaning. The findings are there before it may take them, so nothing but the workers and the broker is at work.
"""

import os
import statistics
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import psutil
from nats.aio.client import Client
from results import Results, spread
from rig import Rig, Worker, count, finding, publish, until

from jade_common.topology import topology
from jade_ranker.adapters.embedding import open_embedder
from jade_ranker.domain.learned import BY_MEANING

FINDINGS = 10_000
RESOURCES = 200
"""Distinct resources among the findings: a scanner finds about fifty things about one."""

NOOP = (sys.executable, str(Path(__file__).with_name("noop_worker.py")))

WARM_ROUNDS = 100
"""Rounds of findings before a worker counts as one that never gets warm; the first vectors take half a minute."""


@dataclass
class Rate:
    """What one run of one kind of worker gave; CPU is that of the workers, for each finding."""

    per_second: float
    cpu_micros: float
    megabytes: float


async def rate(folder: Path, command: Sequence[str], replicas: int) -> Rate:
    """Findings a second through ``replicas`` warm workers, from first to last stored answer."""
    with Rig(folder).running() as rig:
        client = await rig.connect()
        await rig.declare(client)
        workers = [
            Worker("ranker", rig.environment, rig.folder / f"measured-{number}.log", command)
            for number in range(replicas)
        ]
        rig.workers += workers
        for worker in workers:
            worker.start()
            if not command:
                await worker.ready()
        sent = await warmed(client, by_meaning=not command and open_embedder() is not None)
        processes = [psutil.Process(worker.pid) for worker in workers]
        async with held_back(client):
            await publish(client, [finding(sent + number, RESOURCES) for number in range(FINDINGS)])
            before = sum(map(cpu_seconds, processes))
        await until(lambda: holds(client, "JADE_OUT", sent + FINDINGS), limit=120)
        cpu = sum(map(cpu_seconds, processes)) - before
        memory = max(process.memory_info().rss for process in processes)
        first, last = [await stored_at(client, "JADE_OUT", number) for number in (sent + 1, sent + FINDINGS)]
        await client.close()
    return Rate((FINDINGS - 1) / (last - first).total_seconds(), cpu / FINDINGS * 1e6, memory / 1e6)


async def warmed(client: Client, *, by_meaning: bool) -> int:
    """Send findings until workers know all resources and compare by meaning, if they will; gives how many that took.

    Raises:
        TimeoutError: They never did.
    """
    for done in range(1, WARM_ROUNDS + 1):
        sent = done * RESOURCES
        await publish(client, [finding(number, RESOURCES) for number in range(sent - RESOURCES, sent)])
        await until(lambda sent=sent: holds(client, "JADE_OUT", sent), limit=60)
        last = [await client.jetstream().get_msg("JADE_OUT", sent - number) for number in range(RESOURCES)]
        models = {orjson.loads(one.data or b"").get("model", "") for one in last}
        if done > 1 and (not by_meaning or all(one.endswith(BY_MEANING) for one in models)):
            return sent
    raise TimeoutError("the workers do not compare by meaning")


@asynccontextmanager
async def held_back(client: Client) -> AsyncIterator[None]:
    """Let the workers' consumer deliver nothing meanwhile."""
    consumer = topology().consumer("ranker-scan-finding")
    subject = f"$JS.API.CONSUMER.PAUSE.{consumer.stream}.{consumer.name}"

    async def pause(until_: datetime | None) -> None:
        request = {} if until_ is None else {"pause_until": until_.isoformat()}
        answer = orjson.loads((await client.request(subject, orjson.dumps(request), timeout=5)).data)
        if "error" in answer:
            raise RuntimeError(answer["error"]["description"])

    await pause(datetime.now(UTC) + timedelta(minutes=10))
    yield
    await pause(None)


def cpu_seconds(process: psutil.Process) -> float:
    """What a process has used."""
    return sum(process.cpu_times()[:2])


async def stored_at(client: Any, stream: str, sequence: int) -> datetime:
    """When the server stored a message."""
    message = await client.jetstream().get_msg(stream, sequence)
    assert message.time is not None
    return message.time


async def holds(client: Any, stream: str, least: int) -> bool:
    """Whether a stream holds so many messages."""
    return await count(client, stream) >= least


async def throughput(results: Results, runs: int, folder: Path) -> None:
    """The ranker against the no-op worker, pair by pair, and two replicas against one; by the clock and by CPU."""
    found: dict[str, list[Rate]] = {"noop": [], "ranker": [], "two": [], "noop_two": []}
    for run in range(runs):
        for name, command, replicas in (
            ("noop", NOOP, 1),
            ("ranker", (), 1),
            ("two", (), 2),
            ("noop_two", NOOP, 2),
        ):
            found[name].append(await rate(folder / f"{name}-{run}", command, replicas))
    ratios = [
        mine.per_second / theirs.per_second
        for mine, theirs in zip(found["ranker"], found["noop"], strict=True)
    ]
    twos = [two.per_second / one.per_second for two, one in zip(found["two"], found["ranker"], strict=True)]
    for name, text in (("noop", "no-op batch worker"), ("ranker", "ranker, verdicts cached")):
        rates = [one.per_second for one in found[name]]
        cpu = [one.cpu_micros for one in found[name]]
        results.add(
            text,
            f"{statistics.median(rates):,.0f} findings/s ({min(rates):,.0f}-{max(rates):,.0f}), {statistics.median(cpu):.0f} µs CPU each",
            **{f"{name}_per_second": statistics.median(rates), f"{name}_cpu_micros": statistics.median(cpu)},
        )
    results.add("ranker / no-op", spread(ratios), ranker_to_noop=statistics.median(ratios))
    by_cpu = [
        theirs.cpu_micros / mine.cpu_micros
        for mine, theirs in zip(found["ranker"], found["noop"], strict=True)
    ]
    results.add("  the same by CPU", spread(by_cpu), ranker_to_noop_by_cpu=statistics.median(by_cpu))
    results.add("two replicas / one", spread(twos), two_to_one=statistics.median(twos))
    broker = [
        two.per_second / one.per_second for two, one in zip(found["noop_two"], found["noop"], strict=True)
    ]
    results.add("  the same of the no-op worker", spread(broker), noop_two_to_one=statistics.median(broker))
    results.figures["cores"] = os.cpu_count()
