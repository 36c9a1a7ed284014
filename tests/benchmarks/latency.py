"""How long a finding waits for its answer, alone and under half of the load that a worker can take."""

import asyncio
import statistics
import time
from pathlib import Path
from typing import Any

import psutil
from results import Results
from rig import Rig, finding, publish, until
from throughput import FINDINGS, RESOURCES, warmed

from jade_common.testing.subscriptions import subscribed
from jade_ranker.adapters.embedding import open_embedder

IDLE_SECONDS = 10.0


async def latency(results: Results, runs: int, folder: Path) -> None:
    """Time from a finding's publish to its answer, at half the rate that the ranker can take."""
    half = results.figures.get("ranker_per_second", 2_000.0) / 2
    with Rig(folder).running() as rig:
        client = await rig.connect()
        await rig.declare(client)
        worker = rig.worker("ranker")
        await worker.ready()
        first = await warmed(client, by_meaning=open_embedder() is not None)
        arrived: dict[str, float] = {}

        async def take(message: Any) -> None:
            arrived[message.headers["ce-causationid"]] = time.perf_counter()

        subscription = await client.subscribe("finding.ranked", cb=take)
        await subscribed(client)
        sent: dict[str, float] = {}
        total = min(int(half * 5), FINDINGS)
        started = time.perf_counter()
        size = max(1, int(half * 0.005))
        tasks = []
        for begin in range(0, total, size):
            due = started + begin / half
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            batch = [finding(first + number, RESOURCES) for number in range(begin, min(begin + size, total))]
            now = time.perf_counter()
            sent |= dict.fromkeys((one.id for one in batch), now)
            tasks.append(asyncio.create_task(publish(client, batch)))
        await asyncio.gather(*tasks)
        await until(lambda: done(arrived, total), limit=60, every=0.02)
        lone = [await one_alone(client, arrived, f"lone-{number}") for number in range(30)]
        process = psutil.Process(worker.pid)
        used = sum(process.cpu_times()[:2])
        await asyncio.sleep(IDLE_SECONDS)
        idle = (sum(process.cpu_times()[:2]) - used) / IDLE_SECONDS * 100
        await subscription.unsubscribe()
        await client.close()
    times = sorted((arrived[name] - sent[name]) * 1000 for name in sent)
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    results.add(
        "finding to ranked, half load",
        f"p50 {p50:.0f} ms, p99 {p99:.0f} ms at {half:,.0f} findings/s",
        latency_p50_milliseconds=p50,
        latency_p99_milliseconds=p99,
        latency_per_second=half,
    )
    results.add(
        "a lone finding to ranked",
        f"p50 {statistics.median(lone):.0f} ms, longest of 30 {max(lone):.0f} ms",
        lone_p50_milliseconds=statistics.median(lone),
    )
    results.add("an idle ranker", f"{idle:.1f} % of a core", idle_cpu_percent=idle)


async def one_alone(client: Any, arrived: dict[str, float], name: str) -> float:
    """Milliseconds from the publish of a finding, with nothing else on the way, to its answer."""
    await asyncio.sleep(0.1)
    started = time.perf_counter()
    await publish(client, [finding(0, RESOURCES)._replace(id=name)])
    await until(lambda: there(arrived, name), limit=30, every=0.001)
    return (arrived[name] - started) * 1000


async def there(arrived: dict[str, float], name: str) -> bool:
    """Whether one has arrived."""
    return name in arrived


async def done(arrived: dict[str, float], total: int) -> bool:
    """Whether all have arrived."""
    return len(arrived) >= total
