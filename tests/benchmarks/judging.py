"""What verdicts cost: all policies on one real workload in one call, each alone on a large pod, and in bulk."""

import statistics
import time
from pathlib import Path
from typing import Any

from results import Results
from rig import resource
from workloads import real_workloads

from jade_common.tools import find
from jade_policy.library import load_library, own_library
from jade_policy.opa import Engine
from jade_policy.verdicts import Review
from jade_ranker.domain.features import extract

JUDGED_WORKLOADS = 200
ALONE_TARGET_MILLISECONDS = 0.5
TRIVIAL = 'package trivial\n\ndeny contains "never" if input.kind == "Nothing"\n'


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
