"""The page on delivery lists every poison of the chaos run, with the reason that the run expects."""

import importlib.util
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_page_and_chaos_run_know_the_same_poison(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "benchmarks"))
    specification = importlib.util.spec_from_file_location(
        "chaos", ROOT / "tests" / "benchmarks" / "chaos.py"
    )
    chaos = importlib.util.module_from_spec(specification)
    monkeypatch.setitem(sys.modules, "chaos", chaos)
    specification.loader.exec_module(chaos)
    page = (ROOT / "docs" / "architecture" / "delivery.md").read_text()
    section = page.split("## Poison, and what it got")[1].split("\n## ")[0]
    rows = dict(re.findall(r"^\| ([^|]+?) \| (.+?) \|$", section, re.MULTILINE))
    expected = {name: dose[3] for name, dose in chaos.poison().items()}
    assert {name for name, reason in expected.items() if reason not in rows.get(name, "")} == set()
