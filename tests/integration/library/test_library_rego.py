"""OPA's own checks over the library's Rego, and the authors' tests with their coverage."""

import json
import re
import shutil
import subprocess

import pytest

MIN_COVERAGE = 95.0  # percent of a policy's lines that its own tests reach


def run_opa(opa, *arguments):
    return subprocess.run(
        [opa, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture(scope="module")
def rego(policies, sources, chosen):
    """Give what OPA is to read: the whole folder, or the chosen policies and the libraries that they use."""
    if not chosen:
        return [policies / "gatekeeper"]
    libraries = {library.name for source in sources for library in source.libraries}
    return [
        *(policies / "gatekeeper" / "lib" / f"{name}.rego" for name in sorted(libraries)),
        policies / "gatekeeper" / "lib" / "testing_test.rego",
        *(source.folder for source in sources),
    ]


def test_rego_compiles_strictly(opa, rego):
    done = run_opa(opa, "check", "--strict", "--ignore", "*.yaml", *rego)
    assert done.returncode == 0, done.stderr


def test_rego_is_formatted(opa, rego):
    done = run_opa(opa, "fmt", "--diff", "--fail", *rego)
    assert done.returncode == 0, done.stdout


@pytest.mark.usefixtures("whole_library")
def test_the_conftest_pack_compiles_strictly(opa, policies):
    done = run_opa(opa, "check", "--strict", policies / "conftest")
    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("whole_library")
@pytest.mark.parametrize("part", ["main.rego", "policies", "lib"])
def test_the_conftest_pack_is_formatted(opa, policies, part):
    done = run_opa(opa, "fmt", "--diff", "--fail", policies / "conftest" / part)
    assert done.returncode == 0, done.stdout


def test_rego_tests_pass_and_cover_each_policy_and_each_library(opa, rego, sources, chosen):
    done = run_opa(opa, "test", "--ignore", "*.yaml", "--coverage", "--format", "json", *rego)
    if done.returncode != 0:  # with --coverage it does not say which
        pytest.fail(run_opa(opa, "test", "--ignore", "*.yaml", *rego).stdout)
    files = {
        path.rpartition("gatekeeper/")[2]: report["coverage"]
        for path, report in json.loads(done.stdout)["files"].items()
    }
    names = {f"{source.id}/policy.rego" for source in sources}
    if not chosen:
        names |= {f"lib/{library.name}.rego" for source in sources for library in source.libraries}
    assert {name: files.get(name, 0) for name in names if files.get(name, 0) < MIN_COVERAGE} == {}


def test_a_policy_that_finds_nothing_fails_its_tests(opa, policies, sources, tmp_path):
    """Let a copy of each policy find no violation: its tests notice. `make mutate` tries finer changes."""
    for source in sources:
        (tmp_path / source.id).mkdir()
        silent = re.sub(r"^violation contains", "unheard contains", source.code, flags=re.MULTILINE)
        never = '\nviolation contains {"msg": "never"} if 1 == 2\n'
        (tmp_path / source.id / "policy.rego").write_text(silent + never)
        shutil.copyfile(source.folder / "policy_test.rego", tmp_path / source.id / "policy_test.rego")
    done = run_opa(
        opa, "test", "--ignore", "*.yaml", "--format", "json", tmp_path, policies / "gatekeeper" / "lib"
    )
    failed = {result["package"] for result in json.loads(done.stdout) if result.get("fail")}
    assert failed == {f"data.{source.package}_test" for source in sources}
