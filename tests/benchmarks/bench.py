"""The benchmarks: ratios of one run, because machines are shared and noisy.

python tests/benchmarks/bench.py [--only throughput,latency,policies,scan,rank,footprint] [--runs 5]
"""

import argparse
import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
import yaml

from jade_common.reports import write_report
from jade_common.testing.subscriptions import subscribed
from jade_common.tools import ToolNotFoundError, find
from jade_policy.library import load_library, own_library
from jade_policy.manifests import Manifest, read_manifests
from jade_policy.opa import Engine
from jade_policy.resources import pod_spec
from jade_policy.verdicts import Review
from jade_ranker.domain.features import extract

sys.path.insert(0, str(Path(__file__).parent))
from rig import ROOT, Rig, Worker, count, finding, publish, resource, until

FINDINGS = 10_000
RESOURCES = 200
"""Distinct resources among the findings: a scanner finds about fifty things about one."""

IDLE_SECONDS = 10.0

NOOP = (sys.executable, str(Path(__file__).with_name("noop_worker.py")))
JUDGED_WORKLOADS = 200
ALONE_TARGET_MILLISECONDS = 0.5
TRIVIAL = 'package trivial\n\ndeny contains "never" if input.kind == "Nothing"\n'
RANKED_LINES = 1_500
RANKED_POLICIES = 50

MANIFESTS = ROOT.parent / "shared" / "manifests"
JADE = str(Path(sys.executable).with_name("jade"))


@dataclass
class Results:
    """Figures, and the rows of the table."""

    figures: dict[str, Any] = field(default_factory=dict)
    rows: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, text: str, **figures: float) -> None:
        """Add a row and its figures."""
        self.rows.append((name, text))
        self.figures |= {key: round(value, 4) for key, value in figures.items()}


def spread(values: Sequence[float]) -> str:
    """Median, and the range.

    >>> spread([1.0, 2.0, 4.0])
    '2.00 (1.00-4.00)'
    """
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


@dataclass
class Rate:
    """What one run of one kind of worker gave."""

    per_second: float
    cpu_micros: float
    megabytes: float


async def rate(folder: Path, command: Sequence[str], replicas: int) -> Rate:
    """Findings a second through ``replicas`` workers, from first to last stored answer; verdicts are cached."""
    with Rig(folder).running() as rig:
        client = await rig.connect()
        await rig.declare(client)
        if not command:
            warm = rig.worker("ranker")
            await warm.ready()
            await publish(client, [finding(number, RESOURCES) for number in range(RESOURCES)])
            await until(lambda: holds(client, "JADE_OUT", RESOURCES), limit=60)
            warm.stop()
            for stream in ("JADE_IN", "JADE_OUT"):
                await client.jetstream().purge_stream(stream)
        await publish(
            client, [finding(number, RESOURCES) for number in range(RESOURCES, RESOURCES + FINDINGS)]
        )
        workers = []
        for number in range(replicas):
            worker = Worker("ranker", rig.environment, rig.folder / f"measured-{number}.log", command)
            rig.workers.append(worker)
            workers.append(worker)
        for worker in workers:
            worker.start()
        await until(lambda: holds(client, "JADE_OUT", FINDINGS), limit=120)
        processes = [psutil.Process(worker.pid) for worker in workers]
        cpu = sum(sum(process.cpu_times()[:2]) for process in processes)
        memory = max(process.memory_info().rss for process in processes)
        state = (await client.jetstream().stream_info("JADE_OUT")).state
        first, last = [
            await stored_at(client, "JADE_OUT", number) for number in (state.first_seq, state.last_seq)
        ]
        await client.close()
    return Rate((FINDINGS - 1) / (last - first).total_seconds(), cpu / FINDINGS * 1e6, memory / 1e6)


async def stored_at(client: Any, stream: str, sequence: int) -> datetime:
    """When the server stored a message."""
    message = await client.jetstream().get_msg(stream, sequence)
    assert message.time is not None
    return message.time


async def holds(client: Any, stream: str, least: int) -> bool:
    """Whether a stream holds so many messages."""
    return await count(client, stream) >= least


async def throughput(results: Results, runs: int, folder: Path) -> None:
    """The ranker against the no-op worker, pair by pair, and two replicas against one."""
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
            f"{statistics.median(rates):,.0f} findings/s ({min(rates):,.0f}-{max(rates):,.0f}), {statistics.median(cpu):.0f} µs CPU each with start-up",
            **{f"{name}_per_second": statistics.median(rates), f"{name}_cpu_micros": statistics.median(cpu)},
        )
    results.add("ranker / no-op", spread(ratios), ranker_to_noop=statistics.median(ratios))
    results.add("two replicas / one", spread(twos), two_to_one=statistics.median(twos))
    broker = [
        two.per_second / one.per_second for two, one in zip(found["noop_two"], found["noop"], strict=True)
    ]
    results.add("  the same of the no-op worker", spread(broker), noop_two_to_one=statistics.median(broker))
    results.figures["cores"] = os.cpu_count()


async def latency(results: Results, runs: int, folder: Path) -> None:
    """Time from a finding's publish to its answer, at half the rate that the ranker can take."""
    half = results.figures.get("ranker_per_second", 2_000.0) / 2
    with Rig(folder).running() as rig:
        client = await rig.connect()
        await rig.declare(client)
        worker = rig.worker("ranker")
        await worker.ready()
        await publish(client, [finding(number, RESOURCES) for number in range(RESOURCES)])
        await until(lambda: holds(client, "JADE_OUT", RESOURCES), limit=60)
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
        for first in range(RESOURCES, RESOURCES + total, size):
            due = started + (first - RESOURCES) / half
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            batch = [
                finding(number, RESOURCES) for number in range(first, min(first + size, RESOURCES + total))
            ]
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


async def policies(results: Results, runs: int, folder: Path) -> None:
    """All policies on one real workload in one call, each alone on a large pod, and in bulk."""
    some = [resource(number) for number in range(1_000)]
    started = time.process_time()
    for one in some:
        extract(one).facts()
    features = (time.process_time() - started) / len(some) * 1e6
    results.add("features of a resource", f"{features:.0f} µs", features_micros=features)
    folder.mkdir(parents=True)
    (folder / "trivial.rego").write_text(TRIVIAL)
    with (
        Engine(own_library(), opa=find("opa").path) as engine,
        Engine(load_library(folder), opa=find("opa").path) as trivial,
    ):
        number = len(engine.library.policies)
        whole_cluster: dict[str, Any] = {"cluster": {}, "namespace": {}}  # so that none is left out
        workloads = [Review(obj, inventory=whole_cluster) for obj in real_workloads()][:JUDGED_WORKLOADS]
        times: dict[str, list[float]] = {"all": [], "trivial": []}
        for _ in range(runs):
            for review in workloads:
                times["all"].append(milliseconds(engine, review))
                times["trivial"].append(milliseconds(trivial, review))
        p50, least = statistics.median(times["all"]), statistics.median(times["trivial"])
        p99 = sorted(times["all"])[int(len(times["all"]) * 0.99)]
        results.add(
            f"{number} policies on one real workload",
            f"p50 {p50:.2f} ms, p99 {p99:.2f} ms; one trivial policy {least:.2f} ms",
            policies=number,
            policies_p50_milliseconds=p50,
            policies_p99_milliseconds=p99,
            policies_to_trivial=p50 / least,
        )
        alone(results, engine, trivial, runs)
        reviews = [Review(resource(number)) for number in range(2_000)]
        started = time.perf_counter()
        engine.judge(reviews)
        bulk = (time.perf_counter() - started) * 1000 / len(reviews)
        results.add(
            f"{number} policies in bulk", f"{bulk:.2f} ms a resource", policies_bulk_milliseconds=bulk
        )


def alone(results: Results, engine: Engine, trivial: Engine, runs: int) -> None:
    """Each policy alone on a pod of twenty containers, half of which violate nearly everything."""
    review = Review(large_pod(), inventory={"cluster": {}, "namespace": {}})
    costs = {}
    least = []
    for policy in engine.library.policies:
        only = frozenset({policy.id})
        milliseconds(engine, review, only)  # it plans what it was not asked before
        costs[policy.id] = statistics.median(milliseconds(engine, review, only) for _ in range(5 * runs))
        least += [milliseconds(trivial, review) for _ in range(runs)]
    base = statistics.median(least)
    worst = sorted(costs, key=costs.__getitem__, reverse=True)
    above = sum(cost - base > ALONE_TARGET_MILLISECONDS for cost in costs.values())
    results.add(
        "the worst policies alone, 20 containers",
        ", ".join(f"{name} {costs[name] - base:.2f} ms" for name in worst[:3])
        + f" beyond the {base:.2f} ms of a trivial one; {above} above {ALONE_TARGET_MILLISECONDS} ms",
        policy_alone_worst_milliseconds=costs[worst[0]] - base,
        policy_alone_median_milliseconds=statistics.median(costs.values()) - base,
        policy_alone_trivial_milliseconds=base,
        policies_alone_above_target=above,
    )
    results.figures["policy_alone_worst"] = worst[0]


def milliseconds(engine: Engine, review: Review, only: frozenset[str] | None = None) -> float:
    """How long one resource takes."""
    started = time.perf_counter()
    engine.judge([review], only=only)
    return (time.perf_counter() - started) * 1000


def large_pod() -> dict[str, Any]:
    """Seventeen containers and three init containers; every other one says nothing but its image."""
    sound = {
        "imagePullPolicy": "Always",
        "livenessProbe": {"httpGet": {"path": "/live", "port": 8080}},
        "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}},
        "resources": {
            "limits": {"cpu": "1", "memory": "1Gi", "ephemeral-storage": "1Gi"},
            "requests": {"cpu": "500m", "memory": "1Gi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
            "runAsGroup": 20000,
            "runAsNonRoot": True,
            "runAsUser": 20000,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }
    containers = [
        {
            "name": f"c{number}",
            "image": f"registry.example.com/shop/c{number}:1.0",
            "env": [{"name": "REGION", "value": "eu"}, {"name": "LEVEL", "value": "info"}],
            "ports": [{"containerPort": 8080 + number}],
            "volumeMounts": [{"name": "scratch", "mountPath": "/tmp"}],
            **(sound if number % 2 else {}),
        }
        for number in range(20)
    ]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "cart", "namespace": "shop"},
        "spec": {
            "containers": containers[:17],
            "initContainers": containers[17:],
            "volumes": [{"name": "scratch", "emptyDir": {}}],
        },
    }


def documents(folder: Path) -> dict[int, Path]:
    """Folders of 50 and of all documents, one a file: real manifests where there are, else the sample applications."""
    source = sorted(MANIFESTS.glob("*.yaml")) or sorted((ROOT / "data" / "fixtures").rglob("*.yaml"))
    texts = [text for path in source for text in path.read_text().split("\n---\n") if "kind:" in text]
    chosen = {50: texts[:: max(1, len(texts) // 50)][:50], len(texts): texts}
    found = {}
    for size, some in chosen.items():
        found[size] = folder / f"documents-{size}"
        found[size].mkdir(parents=True)
        for number, text in enumerate(some):
            (found[size] / f"{number:04}.yaml").write_text(text)
    return found


async def scan(results: Results, runs: int, folder: Path) -> None:
    """``jade scan`` beside Checkov and kube-score, on the same folders."""
    for size, path in documents(folder).items():
        tools: dict[str, Callable[[], list[str]]] = {
            "jade": lambda path=path: [JADE, "scan", str(path), "-o", "json", "--fail-on", "none"],
            "kube_score": lambda path=path: [str(find("kube-score").path), "score", "-o", "json", *map(str, sorted(path.glob("*.yaml")))],
            "checkov": lambda path=path: [str(find("checkov").path), "-d", str(path), "--framework", "kubernetes", "-o", "json", "--quiet", "--compact", "--skip-download"],
        }  # fmt: skip
        seconds: dict[str, list[float]] = {}
        for _ in range(max(1, runs // 2) if size > 50 else runs):
            for name, command in tools.items():
                try:
                    seconds.setdefault(name, []).append(timed(command()))
                except ToolNotFoundError as error:
                    results.rows.append((f"scan of {size:,} with {name}", f"skipped: {error}"[:120]))
        mine = statistics.median(seconds["jade"])
        results.add(f"jade scan, {size:,} documents", f"{mine:.2f} s", **{f"scan_{size}_jade_seconds": mine})
        for name in ("kube_score", "checkov"):
            if found := seconds.get(name):
                ratio = [one / other for one, other in zip(seconds["jade"], found, strict=True)]
                results.add(
                    f"  jade / {name}, {size:,} documents",
                    f"{spread(ratio)}; it took {statistics.median(found):.2f} s",
                    **{
                        f"scan_{size}_jade_to_{name}": statistics.median(ratio),
                        f"scan_{size}_{name}_seconds": statistics.median(found),
                    },
                )


async def rank(results: Results, runs: int, folder: Path) -> None:
    """``jade rank`` on workloads, each another one, with a library that is not Jade's; its start counts."""
    library = folder / "library"
    library.mkdir(parents=True)
    generate_library(library)
    lines = folder / "lines.jsonl"
    lines.write_text("".join(workload_lines()))
    answers = folder / "answers.jsonl"
    command = [JADE, "rank", "--library", str(library), "--input", str(lines)]
    rates = []
    for _ in range(runs):
        with answers.open("wb") as output:
            started = time.perf_counter()
            subprocess.run(command, stdout=output, check=True)
            rates.append(RANKED_LINES / (time.perf_counter() - started))
        judged = [json.loads(line)["policies"] for line in answers.read_text().splitlines()]
        assert len(judged) == RANKED_LINES
        assert all(policy["verdict"] != "unknown" for line in judged for policy in line)
    results.add(
        f"jade rank, {RANKED_POLICIES} policies",
        f"{statistics.median(rates):,.0f} lines/s ({min(rates):,.0f}-{max(rates):,.0f})",
        rank_lines_per_second=statistics.median(rates),
        rank_policies=RANKED_POLICIES,
    )


def generate_library(folder: Path) -> None:
    """Jade's templates again and again, each under a name and with parameters of its own, so that none is shared."""
    sources = sorted((ROOT / "data" / "policies" / "gatekeeper").glob("*/template.yaml"))
    for number in range(RANKED_POLICIES):
        source = sources[number % len(sources)]
        template = yaml.safe_load(source.read_text())
        constraint = yaml.safe_load(source.with_name("constraint.yaml").read_text())
        kind = f"{constraint['kind']}V{number}"
        template["metadata"] = {"name": kind.lower()}
        template["spec"]["crd"]["spec"]["names"]["kind"] = constraint["kind"] = kind
        constraint["metadata"] = {"name": f"c{number}"}
        constraint["spec"].setdefault("parameters", {})["exemptImages"] = [f"r{number}.example.com/*"]
        (folder / f"{number:02}.yaml").write_text(yaml.safe_dump_all([template, constraint]))


def workload_lines() -> Iterator[str]:
    """Lines of ``jade rank``: real workloads where there are, else the fixtures'; each has a name of its own."""
    for number, workload in zip(range(RANKED_LINES), itertools.cycle(real_workloads()), strict=False):
        metadata = {**workload.get("metadata", {}), "name": f"workload-{number}"}
        yield json.dumps({"id": number, "resource": {**workload, "metadata": metadata}}) + "\n"


def real_workloads() -> list[dict[str, Any]]:
    """Those of real manifests where there are, else the fixtures'."""
    paths = sorted(MANIFESTS.glob("*.yaml")) or sorted((ROOT / "data" / "fixtures").rglob("*.yaml"))
    read = [one for path in paths for one in read_manifests(path.read_bytes(), path.name)]
    return [one.obj for one in read if isinstance(one, Manifest) and pod_spec(one.obj)]


def timed(command: Sequence[str]) -> float:
    """Seconds that a command takes, findings or not."""
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started


async def footprint(results: Results, runs: int, folder: Path) -> None:
    """Start-up of the stack, and memory of each worker when idle."""
    folder.mkdir(parents=True)
    environment = {**os.environ, "JADE_STATE_DIR": str(folder / ".jade")}
    started = time.perf_counter()
    subprocess.run([JADE, "up"], env=environment, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - started
    try:
        shown = subprocess.run(
            [JADE, "status", "-o", "json"], env=environment, capture_output=True, check=True
        )
        status = json.loads(shown.stdout)
        memory = {
            one["name"]: psutil.Process(one["pid"]).memory_info().rss / 1e6 for one in status["workers"]
        }
    finally:
        subprocess.run([JADE, "down"], env=environment, check=True, stdout=subprocess.DEVNULL)
    results.add("jade up", f"{seconds:.1f} s until all are ready", stack_up_seconds=seconds)
    for name, megabytes in memory.items():
        results.add(f"memory of {name}", f"{megabytes:.0f} MB", **{f"{name}_megabytes": megabytes})


BENCHMARKS = {
    "throughput": throughput,
    "latency": latency,
    "policies": policies,
    "scan": scan,
    "rank": rank,
    "footprint": footprint,
}


async def run(names: Sequence[str], runs: int) -> Results:
    """Run the benchmarks one after the other."""
    results = Results()
    with tempfile.TemporaryDirectory(prefix="jade-bench-") as folder:
        for name in names:
            await BENCHMARKS[name](results, runs, Path(folder) / name)
    return results


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", default=",".join(BENCHMARKS), help="benchmarks, separated by commas")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    results = asyncio.run(run(options.only.split(","), options.runs))
    write_report("bench", results.figures, results.rows)


if __name__ == "__main__":
    main()
