"""The chaos run: workers, broker, cache and engine are killed, starved and fed poison, and nothing is lost.

Everything is real: nats-server, Redis, OPA, and worker processes. What counts is the client's own record:
every finding whose publish was acknowledged must have exactly one answer in the end.

    python tests/benchmarks/chaos.py [--short] [--only kills,poison,…] [--seed 7]
"""

import argparse
import asyncio
import os
import random
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import psutil
from nats.errors import MaxPayloadError

from jade_common.errors import PayloadTooLargeError
from jade_common.events import ReportFile, ScanReport
from jade_common.objects import PayloadStore
from jade_common.reports import write_report

sys.path.insert(0, str(Path(__file__).parent))
from rig import Rig, Worker, body, count, finding, publish, read_all, until

WAITING = 3.0
"""Seconds at least for which a worker that has no broker is watched: it tries again every two."""


@dataclass
class Size:
    """How much of everything."""

    findings: int = 10_000
    worker_kills: int = 20
    broker_kills: int = 3
    outage: float = 300.0
    traffic: int = 2_000
    ack_wait: float = 30.0
    """Seconds after which what a killed worker held comes back."""
    cache_cases: tuple[str, ...] = ("none", "flushed", "gone", "black hole")


SHORT = Size(
    findings=1_000,
    worker_kills=2,
    broker_kills=1,
    outage=3.0,
    traffic=200,
    ack_wait=2.0,
    cache_cases=("none", "gone"),
)


@dataclass
class Results:
    """What the scenarios found: figures, and what must not be."""

    figures: dict[str, Any] = field(default_factory=dict)
    rows: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def expect(self, holds: bool, what: str) -> None:
        """Note what should hold and does not."""
        if not holds:
            self.wrong.append(what)


async def answers(client: Any) -> Counter[str]:
    """How often each finding was answered."""
    return Counter(body(message)["finding_id"] for message in await read_all(client, "JADE_OUT"))


def revive(rig: Rig, worker: Worker) -> None:
    """Kill a worker with -9 and start it again."""
    worker.kill()
    worker.start()


async def kills(size: Size, results: Results, chance: random.Random, folder: Path) -> None:
    """Kill workers and the broker with -9 while findings stream through."""
    with Rig(folder, ack_wait=size.ack_wait).running() as rig:
        client = await rig.connect()
        await rig.declare(client)
        workers = [rig.worker("ranker"), rig.worker("ranker")]
        for worker in workers:
            await worker.ready()
        started = time.monotonic()
        publishing = asyncio.create_task(
            publish(client, [finding(number, 500) for number in range(size.findings)])
        )
        events = ["worker"] * size.worker_kills + ["broker"] * size.broker_kills
        chance.shuffle(events)
        done = {"worker": 0, "broker": 0}
        for number, event in enumerate(events):
            threshold = size.findings * number // (len(events) + 1)
            await until(lambda least=threshold: progressed(client, least), limit=300)
            if event == "worker":
                victim = chance.choice(workers)
                await victim.ready()
                await asyncio.sleep(chance.uniform(0.0, 0.1))
                revive(rig, victim)
            else:
                rig.broker.kill()
                rig.broker.start()
            done[event] += 1
        acknowledged = await publishing
        killed_for = time.monotonic() - started
        drained = await until(
            lambda: has(client, "JADE_OUT", len(acknowledged)), limit=60 + 4 * size.ack_wait
        )
        found = await answers(client)
        lost = len(acknowledged - found.keys())
        doubled = sum(times - 1 for times in found.values())
        dead = await count(client, "JADE_DEAD")
        await client.close()
    results.figures |= {
        "findings": len(acknowledged),
        "worker_kills": done["worker"],
        "broker_kills": done["broker"],
        "lost": lost,
        "doubled": doubled,
        "dead_lettered": dead,
        "kills_seconds": round(killed_for, 1),
        "drained_seconds": round(drained, 1),
    }
    results.rows.append(
        (
            "kills",
            f"{len(acknowledged):,} findings, {done['worker']} worker and {done['broker']} broker kills: "
            f"lost {lost}, doubled {doubled}, dead-lettered {dead}; drained {drained:.1f} s after the last",
        )
    )
    results.expect(lost == 0, f"{lost} findings were lost")
    results.expect(doubled == 0, f"{doubled} answers were doubled")
    results.expect(dead == 0, f"{dead} good findings were dead-lettered")


async def progressed(client: Any, least: int) -> bool:
    """Whether so many answers are stored."""
    return await count(client, "JADE_OUT") >= least


async def has(client: Any, stream: str, exactly: int) -> bool:
    """Whether a stream holds so many messages, or more."""
    return await count(client, stream) >= exactly


BINARY = {"ce-specversion": "1.0", "ce-source": "chaos"}
FINDING = "dev.jade.scan.finding.v1"
LIMIT = 4 * 1024 * 1024
"""The largest payload of this run, so that one too large is quickly made."""

BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join(['*' + old] * 10)}]\n"
    for old, new in ["ab", "bc", "cd", "de", "ef", "fg", "gh"]
)


def poison() -> dict[str, tuple[str, dict[str, str], bytes, str]]:
    """Name → subject, headers, body, and a part of the reason that is expected."""
    deep: dict[str, Any] = {"apiVersion": "v1", "kind": "ConfigMap"}
    inner = deep
    for _ in range(100):
        inner["x"] = {}
        inner = inner["x"]
    good = {"tool": "chaos", "rule_id": "r"}
    bomb = ScanReport(files=(ReportFile(path="bomb.yaml", content=BOMB),)).model_dump_json().encode()
    identified = {"ce-id": "chaos-reference", "ce-type": FINDING}
    return {
        "truncated JSON": ("scan.finding", {}, b'{"tool": "chaos", "rule', "no JSON"),
        "empty body": ("scan.finding", {}, b"", "no JSON"),
        "wrong schema": ("scan.finding", {}, b'{"tool": 7}', "tool"),
        "wrong type": ("scan.finding", {**BINARY, "ce-id": "t", "ce-type": "x"}, orjson.dumps(good), "type is 'x'"),
        "depth 5,000": ("scan.finding", {}, b'{"tool":"a","rule_id":"b","resource":' + b"[" * 5_000 + b"]" * 5_000 + b"}", "no JSON"),
        "resource of depth 100": ("scan.finding", {}, orjson.dumps(good | {"resource": deep}), "levels deep"),
        "wrongly typed resource": ("scan.finding", {}, orjson.dumps(good | {"resource": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}, "spec": {"containers": 7}}}), "/spec/containers"),
        "invalid UTF-8": ("scan.finding", {}, b'{"tool": "\xff\xfe", "rule_id": "r"}', "no JSON"),
        "NaN": ("scan.finding", {}, b'{"tool": "a", "rule_id": "b", "resource": {"x": NaN}}', "no JSON"),
        "YAML bomb": ("scan.report", {}, bomb, "50,000 nodes"),
        "unknown format": ("scan.report", {}, b'{"format": "grype", "content": "{}"}', "known are"),
        "reference that is gone": ("scan.finding", {**BINARY, **identified, "ce-dataref": "nats-object:JADE_PAYLOADS/gone"}, b"", "not in the object store"),
        "reference too large": ("scan.finding", {**BINARY, **identified, "ce-id": "chaos-large", "ce-dataref": "nats-object:JADE_PAYLOADS/large"}, b"", "the limit is"),
        "reference elsewhere": ("scan.finding", {**BINARY, **identified, "ce-id": "chaos-else", "ce-type": FINDING, "ce-dataref": "file:///etc/passwd"}, b"", "understood"),
    }  # fmt: skip


async def poisoned(size: Size, results: Results, chance: random.Random, folder: Path) -> None:
    """Feed poison while good traffic flows: each is dead-lettered once with its reason, and the traffic is answered."""
    with Rig(folder, ack_wait=size.ack_wait).running() as rig:
        client = await rig.connect()
        await rig.declare(client)
        for name in ("ranker", "ingest"):
            rig.worker(name, JADE_NATS_MAX_OBJECT=str(LIMIT))
        for worker in rig.workers:
            await worker.ready()
        await PayloadStore(client.jetstream(timeout=30)).put("large", b"x" * (LIMIT + 1))
        publishing = asyncio.create_task(
            publish(client, [finding(number, 100) for number in range(size.traffic)])
        )
        doses = list(poison().items())
        chance.shuffle(doses)
        places: dict[str, tuple[str, int]] = {}
        for name, (subject, headers, data, _) in doses:
            stored = await client.jetstream(timeout=10).publish(subject, data, headers=headers or None)
            places[name] = (stored.stream, stored.seq)
        refused = {
            "a message over 1 MiB": await raises(
                MaxPayloadError, client.publish("scan.finding", b"x" * (1024 * 1024 + 1))
            ),
            "a payload over the limit": await raises(
                PayloadTooLargeError,
                PayloadStore(client.jetstream(), limit=LIMIT).put("x", b"x" * (LIMIT + 1)),
            ),
        }
        acknowledged = await publishing
        await until(lambda: has(client, "JADE_DEAD", len(doses)), limit=60)
        await until(lambda: has(client, "JADE_OUT", len(acknowledged)), limit=60)
        letters = [body(message) for message in await read_all(client, "JADE_DEAD")]
        found = await answers(client)
        await client.close()
    reasons = {
        name: [letter["reason"] for letter in letters if (letter["stream"], letter["sequence"]) == place]
        for name, place in places.items()
    }
    unexpected = {
        name: reasons[name] for name, dose in doses if not [r for r in reasons[name] if dose[3] in r]
    }
    repeated = {name: len(found) for name, found in reasons.items() if len(found) != 1}
    unanswered = len(acknowledged - found.keys())
    results.figures |= {
        "poison": len(doses),
        "poison_dead_lettered": len(letters),
        "poison_traffic_lost": unanswered,
        "refused_at_client": sum(refused.values()),
    }
    results.rows.append(
        (
            "poison",
            f"{len(doses)} messages, {len(letters)} dead letters, {unanswered} of {len(acknowledged):,} good findings lost",
        )
    )
    results.rows += [(f"  {name}", reasons[name][0][:100]) for name in poison() if reasons[name]]
    results.expect(
        len(letters) == len(doses), f"{len(letters)} dead letters for {len(doses)} poisonous messages"
    )
    results.expect(not repeated, f"not dead-lettered exactly once: {repeated}")
    results.expect(not unexpected, f"dead-lettered without its reason: {unexpected}")
    results.expect(all(letter["attempt"] == 1 for letter in letters), "poison was retried")
    results.expect(unanswered == 0, f"{unanswered} good findings were lost beside the poison")
    results.expect(all(refused.values()), f"not refused at the client: {refused}")


async def raises(kind: type[Exception], doing: Awaitable[Any]) -> bool:
    """Whether it fails as it should."""
    try:
        await doing
    except kind:
        return True
    return False


async def outage(size: Size, results: Results, chance: random.Random, folder: Path) -> None:
    """Take the broker away: workers wait quietly, obey SIGTERM, and recover by themselves."""
    with Rig(folder, ack_wait=size.ack_wait).running() as rig:
        client = await rig.connect()
        await rig.declare(client)
        stays, leaves = rig.worker("ranker"), rig.worker("ranker")
        for worker in rig.workers:
            await worker.ready()
        first = await publish(client, [finding(number, 100) for number in range(size.traffic // 2)])
        rig.broker.kill()
        process, began = psutil.Process(stays.pid), time.monotonic()
        leaves.signal(signal.SIGTERM)
        await until(lambda: ended(leaves), limit=60)
        obeyed = time.monotonic() - began
        # What was in hand when the broker went is done by now: from here on the other one only waits.
        used, waits = sum(process.cpu_times()[:2]), time.monotonic()
        await asyncio.sleep(max(WAITING, size.outage - obeyed))
        cpu = (sum(process.cpu_times()[:2]) - used) / (time.monotonic() - waits)
        not_ready = await stays.probe() == 503
        rig.broker.start()
        recovered = await stays.ready()
        second = await publish(
            client, [finding(number, 100) for number in range(size.traffic // 2, size.traffic)]
        )
        # What the two held when the broker went is delivered again after ack_wait.
        await until(lambda: has(client, "JADE_OUT", len(first | second)), limit=60 + 3 * size.ack_wait)
        found = await answers(client)
        await client.close()
    lost, doubled = len((first | second) - found.keys()), sum(times - 1 for times in found.values())
    results.figures |= {
        "outage_seconds": round(time.monotonic() - began, 1),
        "outage_cpu_percent": round(cpu * 100, 2),
        "outage_sigterm_seconds": round(obeyed, 1),
        "outage_recovered_seconds": round(recovered, 1),
        "outage_lost": lost,
        "outage_doubled": doubled,
    }
    results.rows.append(
        (
            "broker away",
            f"{size.outage:.0f} s: CPU {cpu:.1%}, SIGTERM obeyed in {obeyed:.1f} s, ready {recovered:.1f} s after it was back, "
            f"lost {lost}, doubled {doubled}",
        )
    )
    results.expect(not_ready, "a worker without a broker said it was ready")
    results.expect(cpu < 0.05, f"a worker without a broker took {cpu:.1%} of a core")
    results.expect(obeyed < 10, f"SIGTERM took {obeyed:.1f} s")
    results.expect((lost, doubled) == (0, 0), f"outage: lost {lost}, doubled {doubled}")


async def ended(worker: Worker) -> bool:
    """Whether the process has ended."""
    return worker.process is None or worker.process.poll() is not None


async def cache(size: Size, results: Results, chance: random.Random, folder: Path) -> None:
    """Take the cache away, black-hole it, flush it: the answers stay the same."""
    outcomes: dict[str, dict[str, Any]] = {}
    for case in size.cache_cases:
        with (
            Rig(folder / case.replace(" ", "-"), redis=case != "none").running() as rig,
            socket.socket() as hole,
        ):
            # Whether meaning is known in time differs from run to run, whatever the cache does.
            environment = {"JADE_RANKER_SEMANTIC": "false"}
            if case == "black hole":
                hole.bind(("127.0.0.1", 0))
                hole.listen(128)
                environment["JADE_CACHE_URL"] = f"redis://127.0.0.1:{hole.getsockname()[1]}"
            client = await rig.connect()
            await rig.declare(client)
            worker = rig.worker("ranker", **environment)
            await worker.ready()
            half = size.traffic // 2
            await publish(client, [finding(number, 200) for number in range(half)])
            if rig.redis and case == "flushed":
                flush(rig.redis.port)
            if rig.redis and case == "gone":
                rig.redis.kill()
            sent = await publish(client, [finding(number, 200) for number in range(half, 2 * half)])
            await until(lambda: has(client, "JADE_OUT", 2 * half), limit=120)
            outcomes[case] = {m.headers["ce-id"]: m.data for m in await read_all(client, "JADE_OUT")}
            results.expect(len(sent) == half, f"{case}: not all were acknowledged")
            await client.close()
    same = all(found == outcomes["none"] for found in outcomes.values())
    results.figures |= {"cache_cases": len(outcomes), "cache_same_answers": same}
    results.rows.append(
        ("cache", f"{', '.join(outcomes)}: {'the same answers' if same else 'ANSWERS DIFFER'}")
    )
    results.expect(same, "the answers depend on the cache")


def flush(port: int) -> None:
    """FLUSHALL."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"FLUSHALL\r\n")
        assert connection.recv(16).startswith(b"+OK")


INTERPRETED = """package privileged
deny contains "privileged" if {
	some container in input.spec.template.spec.containers with input.kind as "Deployment"
	container.securityContext.privileged
}
"""
"""Judged by OPA's server: `with` is not compiled."""


async def engine(size: Size, results: Results, chance: random.Random, folder: Path) -> None:
    """Kill OPA: what it would have judged is unknown, never compliant, and it is back within seconds."""
    library = folder / "library"
    library.mkdir(parents=True)
    (library / "privileged.rego").write_text(INTERPRETED)
    with Rig(folder, ack_wait=size.ack_wait).running() as rig:
        client = await rig.connect()
        await rig.declare(client)
        worker = rig.worker("ranker", JADE_RANKER_LIBRARY=str(library))
        await worker.ready()
        publishing = asyncio.create_task(
            publish(client, [finding(number, 10_000) for number in range(size.traffic)], window=20)
        )
        killed = 0
        for _ in range(3):
            await until(
                lambda least=(killed + 1) * size.traffic // 5: progressed(client, least),
                limit=120,
                every=0.01,
            )
            await until(lambda: opa_runs(worker), limit=30, every=0.02)
            for child in psutil.Process(worker.pid).children():
                if child.name() == "opa":
                    child.kill()
                    killed += 1
        last = time.monotonic()
        back = await until(lambda: opa_runs(worker), limit=30, every=0.02)
        acknowledged = await publishing
        await until(lambda: has(client, "JADE_OUT", len(acknowledged)), limit=120)
        verdicts: Counter[str] = Counter()
        wrong = 0
        for message in await read_all(client, "JADE_OUT"):
            ranked = body(message)
            number = int(ranked["finding_id"].removeprefix("finding-"))
            row = {one["id"]: one["verdict"] for one in ranked["policies"]}.get("privileged")
            if row is None:
                continue
            verdicts[row] += 1
            truth = "violated" if number % 3 == 0 else "passed"
            wrong += row not in {truth, "unknown"}
        await client.close()
    results.figures |= {
        "opa_kills": killed,
        "opa_back_seconds": round(back, 2),
        "opa_wrong_verdicts": wrong,
        "opa_unknown": verdicts["unknown"],
    }
    results.rows.append(
        (
            "OPA killed",
            f"{killed} times: back in {back:.2f} s ({time.monotonic() - last:.0f} s watched), verdicts {dict(verdicts)}, wrong {wrong}",
        )
    )
    results.expect(wrong == 0, f"{wrong} verdicts were wrong after OPA was killed")
    results.expect(killed >= 3, "OPA was not killed three times")


async def opa_runs(worker: Worker) -> bool:
    """Whether the worker has an OPA, and says that it is ready."""
    runs = any(child.name() == "opa" for child in psutil.Process(worker.pid).children())
    return runs and await worker.probe() == 200


async def stopped(size: Size, results: Results, chance: random.Random, folder: Path) -> None:
    """Stop a worker for twice ``ack_wait`` with a batch in hand, and let it go on."""
    seconds = 2 * size.ack_wait
    with Rig(folder, ack_wait=size.ack_wait).running() as rig:
        client = await rig.connect()
        await rig.declare(client)
        one = rig.worker("ranker")
        await one.ready()
        total = max(size.traffic, 1_000)
        publishing = asyncio.create_task(publish(client, [finding(number, 5_000) for number in range(total)]))
        await until(lambda: progressed(client, 100), limit=60, every=0.01)
        held = await stopped_with_a_batch(client, one)
        other = rig.worker("ranker")
        await other.ready()
        acknowledged = await publishing
        await asyncio.sleep(seconds)
        one.signal(signal.SIGCONT)
        await until(lambda: has(client, "JADE_OUT", len(acknowledged)), limit=60 + 3 * size.ack_wait)
        await one.ready()
        found = await answers(client)
        await client.close()
    lost, doubled = len(acknowledged - found.keys()), sum(times - 1 for times in found.values())
    results.figures |= {
        "stopped_seconds": seconds,
        "stopped_lost": lost,
        "stopped_doubled": doubled,
        "stopped_held": held,
    }
    results.rows.append(
        (
            "worker stopped",
            f"{seconds:.0f} s: lost {lost}, doubled {doubled}, with {held} findings in hand",
        )
    )
    results.expect(held > 0, "the stopped worker held nothing")
    results.expect((lost, doubled) == (0, 0), f"stopped worker: lost {lost}, doubled {doubled}")


async def stopped_with_a_batch(client: Any, worker: Worker) -> int:
    """Stop the only worker at a moment when it has findings in hand; gives how many."""
    for _ in range(200):
        worker.signal(signal.SIGSTOP)
        info = await client.jetstream().consumer_info("JADE_IN", "ranker-scan-finding")
        if info.num_ack_pending:
            return int(info.num_ack_pending)
        worker.signal(signal.SIGCONT)
        await asyncio.sleep(0.01)
    raise TimeoutError("the worker never had a finding in hand")


Scenario = Callable[[Size, Results, random.Random, Path], Awaitable[None]]
SCENARIOS: dict[str, Scenario] = {
    "kills": kills,
    "poison": poisoned,
    "outage": outage,
    "cache": cache,
    "engine": engine,
    "stopped": stopped,
}


async def run(size: Size, names: list[str], seed: int) -> Results:
    """Run the scenarios one after the other."""
    results = Results(figures={"seed": seed})
    with tempfile.TemporaryDirectory(prefix="jade-chaos-") as folder:
        for name in names:
            started = time.monotonic()
            await SCENARIOS[name](size, results, random.Random(f"{seed}-{name}"), Path(folder) / name)
            results.figures[f"{name}_took_seconds"] = round(time.monotonic() - started, 1)
    return results


def main() -> int:
    """Run, and fail when something is not as it must be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--short", action="store_true", help="the form that runs with the tests")
    parser.add_argument("--only", default=",".join(SCENARIOS), help="scenarios, separated by commas")
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(2)))
    options = parser.parse_args()
    results = asyncio.run(run(SHORT if options.short else Size(), options.only.split(","), options.seed))
    write_report("chaos-short" if options.short else "chaos", results.figures, results.rows)
    for what in results.wrong:
        sys.stderr.write(f"WRONG: {what}\n")
    return 1 if results.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
