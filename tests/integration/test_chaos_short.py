"""The short form of the chaos run: every fault once, on real processes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.integration
def test_nothing_is_lost_doubled_or_wrong_whatever_is_killed():
    command = [sys.executable, str(ROOT / "tests/benchmarks/chaos.py"), "--short"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads((ROOT / ".jade/reports/chaos-short.json").read_text())
    assert (figures["lost"], figures["doubled"], figures["dead_lettered"]) == (0, 0, 0)
    assert (figures["worker_kills"], figures["broker_kills"], figures["opa_kills"]) == (2, 1, 3)
    assert figures["poison"] == figures["poison_dead_lettered"] > 10
