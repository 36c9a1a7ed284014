"""The commands a person runs: ``jade scan`` beside other tools, ``jade rank``, ``jade up``."""

import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
from results import Results, spread
from workloads import manifests, real_workloads

from jade_common.tools import ToolNotFoundError, find
from jade_policy.testing import write_foreign_library

RANKED_LINES = 1_500
RANKED_POLICIES = 50

JADE = str(Path(sys.executable).with_name("jade"))


def documents(folder: Path) -> dict[int, Path]:
    """Folders of 50 and of all documents, one a file: real manifests where there are, else the sample applications."""
    texts = [text for path in manifests() for text in path.read_text().split("\n---\n") if "kind:" in text]
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
    write_foreign_library(library, RANKED_POLICIES)
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


def workload_lines() -> Iterator[str]:
    """Lines of ``jade rank``: real workloads where there are, else the fixtures'; each has a name of its own."""
    for number, workload in zip(range(RANKED_LINES), itertools.cycle(real_workloads()), strict=False):
        metadata = {**workload.get("metadata", {}), "name": f"workload-{number}"}
        yield json.dumps({"id": number, "resource": {**workload, "metadata": metadata}}) + "\n"


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
