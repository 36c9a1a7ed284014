"""The real OPA, asked about many cases at once: a process a case would take minutes."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import jade_policy
from jade_policy.generate.source import PolicySource, read_sources

POLICIES = (Path(jade_policy.__file__).parent / "policies_data").resolve()
REPO = Path(__file__).resolve().parents[3]
# `with input as case.input` would be looked up in the input that it replaces, so both are bound first.
_QUERY = """[answers |
    some case in input
    asked := case.input
    inventory := case.inventory
    answers := {name: violations |
        some name in case.packages
        violations := data[name].violation with input as asked with data.inventory as inventory
    }
]"""


class Case(NamedTuple):
    """An input of Gatekeeper's shape for some policies, with what the cluster holds."""

    policies: Sequence[str]
    obj: Any
    parameters: Any = {}  # noqa: RUF012 - never changed
    inventory: Mapping[str, Any] = {}


# Policy id -> the paths of its violations, sorted; one mapping a case.
Judge = Callable[[Sequence[Case]], list[dict[str, list[str]]]]


def find_tool(name: str) -> str | None:
    named = os.environ.get(f"JADE_{name.upper().replace('-', '_')}_BIN")
    return named or shutil.which(name) or shutil.which(name, path=str(REPO / ".tools" / "bin"))


def needed(name: str) -> str:
    found = find_tool(name)
    if found is None:
        pytest.skip(f"{name} is not installed (make setup-dev)")
    return found


@pytest.fixture(scope="session")
def opa() -> str:
    found = find_tool("opa")
    assert found is not None, "opa is not installed (make setup)"
    return found


@pytest.fixture(scope="session")
def gator() -> str:
    return needed("gator")


@pytest.fixture(scope="session")
def conftest_binary() -> str:
    return needed("conftest")


@pytest.fixture(scope="session")
def policies() -> Path:
    return POLICIES


@pytest.fixture(scope="session")
def applications() -> Path:
    return REPO / "data" / "fixtures"


@pytest.fixture(scope="session")
def sources(opa: str) -> list[PolicySource]:
    return read_sources(POLICIES, opa)


@pytest.fixture(scope="session")
def case() -> type[Case]:
    return Case


@pytest.fixture(scope="session")
def judge(opa: str) -> Judge:
    def ask(cases: Sequence[Case]) -> list[dict[str, list[str]]]:
        asked = [
            {
                "packages": [policy.replace("-", "_") for policy in case.policies],
                "input": {"review": {"object": case.obj}, "parameters": case.parameters},
                "inventory": case.inventory,
            }
            for case in cases
        ]
        command = [opa, "eval", "--strict-builtin-errors", "--stdin-input", "--format", "raw"]
        command += [
            "--data",
            str(POLICIES / "gatekeeper"),
            "--ignore",
            "*.yaml",
            "--ignore",
            "*_test.rego",
            _QUERY,
        ]
        done = subprocess.run(
            command, input=json.dumps(asked), capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return [
            {
                package.replace("_", "-"): sorted(violation["details"]["path"] for violation in violations)
                for package, violations in answers.items()
            }
            for answers in json.loads(done.stdout)
        ]

    return ask


@pytest.fixture(scope="session")
def inventory_of() -> Callable[[Sequence[Mapping[str, Any]]], dict[str, Any]]:
    """Give objects the shape of Gatekeeper's `data.inventory`."""

    def build(objects: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        inventory: dict[str, Any] = {"namespace": {}, "cluster": {}}
        for obj in objects:
            namespace = obj["metadata"].get("namespace")
            scope = inventory["namespace"].setdefault(namespace, {}) if namespace else inventory["cluster"]
            kinds = scope.setdefault(obj["apiVersion"], {}).setdefault(obj["kind"], {})
            kinds[obj["metadata"]["name"]] = obj
        return inventory

    return build
