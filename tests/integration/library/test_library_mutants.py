"""A sample of `make mutate`: the policies' own tests notice faults that are put into them."""

import json
import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[3]
SAMPLE = 60


def test_tests_of_policies_notice_faults(tmp_path):
    command = [sys.executable, str(REPO / "tests" / "evals" / "mutate.py"), "--sample", str(SAMPLE)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads((tmp_path / ".jade" / "reports" / "mutate-sample.json").read_text())
    assert figures["mutants"] >= SAMPLE / 2
    assert figures["mutation_score"] >= 0.8
