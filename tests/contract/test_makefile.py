"""The Makefile explains itself, and what it and the hooks call exists."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([A-Za-z0-9_-]+):(?!=)", MAKEFILE, re.MULTILINE)


def make(*arguments):
    done = subprocess.run(
        ["make", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_help_explains_every_target():
    explained = dict(re.findall(r"^  make (\S+) +(.+)$", make("help"), re.MULTILINE))
    assert set(explained) == set(TARGETS)
    assert all(len(text) > 10 for text in explained.values())


def test_plain_make_helps_and_builds_nothing():
    assert make() == make("help")


def test_no_target_is_taken_for_a_file():
    phony = re.search(r"^\.PHONY:((?:.*\\\n)*.*)", MAKEFILE, re.MULTILINE)
    assert phony
    assert set(phony.group(1).replace("\\", " ").split()) == set(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_the_recipe_of_a_target_can_be_planned(target):
    make("--dry-run", target)


def test_test_sets_up_lints_checks_what_is_generated_and_runs_the_tests():
    plan = make("--dry-run", "test")
    order = [
        "infra/setup/install_uv.py",
        "sync --locked",
        "--group setup-dev",
        "ruff check",
        "ruff format --check",
        "mypy",
        "lint-imports",
        "jade_policy.generate check",
        "pytest",
    ]
    found = [plan.index(step) for step in order]
    assert found == sorted(found)


def test_ci_runs_make_test_and_does_not_let_redis_tests_skip():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", script], timeout=20, check=False).returncode == 0
    assert "JADE_REQUIRE_REDIS=1 make test" in script.read_text(encoding="utf-8")


def test_pre_commit_needs_no_network_and_calls_what_make_lint_calls():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repository["repo"] for repository in config["repos"]] == ["local"]
    entries = [hook["entry"] for hook in config["repos"][0]["hooks"]]
    for command in ("ruff check", "ruff format", "mypy", "lint-imports", "jade_policy.generate check"):
        assert any(command in entry for entry in entries), command
    assert all(hook["language"] == "system" for hook in config["repos"][0]["hooks"])
