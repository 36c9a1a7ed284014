"""The benchmarks: ratios of one run, because machines are shared and noisy.

python tests/benchmarks/bench.py [--only throughput,latency,policies,scan,rank,footprint] [--runs 5]
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from jade_common.reports import write_report

sys.path.insert(0, str(Path(__file__).parent))
from commands import footprint, rank, scan
from judging import policies
from latency import latency
from results import Results
from throughput import throughput

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
