"""data/crosswalk.jsonl is what the fixtures and reports of other tools give, byte for byte, in any order of sets."""

import subprocess
import sys
from pathlib import Path

import pytest

from jade_common.tools import find

REPO = Path(__file__).resolve().parents[3]
SHARED = REPO.parent / "shared"

pytestmark = pytest.mark.integration


@pytest.mark.skipif(
    not (SHARED / "labelled").is_dir() or not (SHARED / "reports").is_dir(),
    reason="the fixtures and reports of other tools are not here",
)
def test_made_anew_it_is_the_same_file(monkeypatch):
    monkeypatch.setenv("PYTHONHASHSEED", "41")  # sets in another order than the test's own process has them
    monkeypatch.setenv("JADE_OPA_BIN", str(find("opa").path))
    command = [sys.executable, str(REPO / "tests" / "evals" / "make_crosswalk.py"), "--check"]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, timeout=90, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr[-2000:]
