"""OPA's own checks over the library's Rego, and the authors' tests with their coverage."""

import json
import shutil
import subprocess

import pytest

MIN_COVERAGE = 95.0  # percent of a policy's lines that its own tests reach


def run_opa(opa, *arguments):
    return subprocess.run(
        [opa, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("folder", ["gatekeeper", "conftest"])
def test_rego_compiles_strictly(opa, policies, folder):
    done = run_opa(opa, "check", "--strict", "--ignore", "*.yaml", policies / folder)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("folder", ["gatekeeper", "conftest/main.rego", "conftest/policies", "conftest/lib"])
def test_rego_is_formatted(opa, policies, folder):
    done = run_opa(opa, "fmt", "--diff", "--fail", policies / folder)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def tested(opa, policies):
    return run_opa(opa, "test", "--ignore", "*.yaml", "--format", "json", policies / "gatekeeper")


def test_rego_tests_pass(tested, sources):
    results = json.loads(tested.stdout)
    failed = [
        f"{result['package']}.{result['name']}"
        for result in results
        if result.get("fail") or result.get("error")
    ]
    assert tested.returncode == 0, failed
    packages = {result["package"] for result in results}
    assert {f"data.{source.package}_test" for source in sources} <= packages


def test_rego_tests_cover_each_policy_and_each_library(opa, policies, sources):
    done = run_opa(
        opa, "test", "--ignore", "*.yaml", "--coverage", "--format", "json", policies / "gatekeeper"
    )
    files = {
        path.rpartition("gatekeeper/")[2]: report["coverage"]
        for path, report in json.loads(done.stdout)["files"].items()
    }
    names = {f"{source.id}/policy.rego" for source in sources} | {
        f"lib/{library.name}.rego" for source in sources for library in source.libraries
    }
    assert {name: files.get(name, 0) for name in names if files.get(name, 0) < MIN_COVERAGE} == {}


def test_a_policy_that_is_broken_fails_its_tests(opa, policies, tmp_path):
    """Take one condition out of a copy of each policy: its tests notice."""
    shutil.copytree(
        policies / "gatekeeper", tmp_path / "gatekeeper", ignore=shutil.ignore_patterns("*.yaml", "*.md")
    )
    broken = []
    for path in sorted((tmp_path / "gatekeeper").glob("*/policy.rego")):
        lines = path.read_text().splitlines(keepends=True)
        at = next(number for number, line in enumerate(lines) if line.startswith("\tnot "))
        path.write_text("".join(lines[:at] + lines[at + 1 :]))
        broken.append(path.parent.name)
    results = json.loads(run_opa(opa, "test", "--format", "json", tmp_path / "gatekeeper").stdout)
    failed = {result["package"] for result in results if result.get("fail")}
    assert failed == {f"data.{name.replace('-', '_')}_test" for name in broken}
