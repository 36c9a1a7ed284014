"""The real OPA, asked about many cases at once: a process a case would take minutes."""

import os
import random
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest
import yaml

import jade_policy
from jade_policy.generate.source import PolicySource, read_sources
from jade_policy.manifests import Manifest, read_manifests
from jade_policy.match import group_of

POLICIES = (Path(jade_policy.__file__).parent / "policies_data").resolve()
REPO = Path(__file__).resolve().parents[3]
REAL_MANIFESTS = (
    300  # about two of every kind and version; gator takes some seconds for them and all policies
)
# `with input as case.input` would be looked up in the input that it replaces, so all are bound first. One `with` for
# all policies of a case lets them share the rules of the libraries, as they do in a cluster.
_QUERY = """[answers |
    some case in input
    asked := case.input
    inventory := case.inventory
    names := case.packages
    answers := {name: violations |
        some name in names
        violations := data[name].violation
    } with input as asked with data.inventory as inventory
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
def chosen(request) -> tuple[str, ...]:
    """Give the policies of `--policy`; none means all."""
    return tuple(id_.strip() for id_ in request.config.getoption("--policy").split(",") if id_.strip())


@pytest.fixture
def whole_library(chosen):
    """Skip what is said of the library as a whole."""
    if chosen:
        pytest.skip("concerns the library as a whole; --policy names a part of it")


@pytest.fixture(scope="session")
def sources(opa: str, chosen: Sequence[str]) -> list[PolicySource]:
    return read_sources(POLICIES, opa, chosen)


@pytest.fixture(scope="session")
def modules(sources: Sequence[PolicySource]) -> list[Path]:
    """Give the Rego of the policies and of the libraries that they use."""
    libraries = {library.name for source in sources for library in source.libraries}
    return [
        *(POLICIES / "gatekeeper" / "lib" / f"{name}.rego" for name in sorted(libraries)),
        *(source.folder / "policy.rego" for source in sources),
    ]


@pytest.fixture(scope="session")
def case() -> type[Case]:
    return Case


@pytest.fixture(scope="session")
def matching(sources: Sequence[PolicySource]) -> Callable[[Any], list[str]]:
    """Give the policies that match an object's kind; the others are never asked about it."""
    by_kind: dict[tuple[str, str], list[str]] = {}
    for source in sources:
        for group in source.metadata.match:
            for kind in group.kinds:
                by_kind.setdefault((group.api_group, kind), []).append(source.id)

    def find(obj: Any) -> list[str]:
        return by_kind.get((group_of(obj["apiVersion"]), obj["kind"]), [])

    return find


@pytest.fixture(scope="session")
def judge(opa: str, modules: Sequence[Path]) -> Judge:
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
        command += [f"--data={module}" for module in modules]
        done = subprocess.run(
            [*command, _QUERY], input=orjson.dumps(asked), capture_output=True, timeout=120, check=False
        )
        assert done.returncode == 0, (done.stdout + done.stderr).decode()[-2000:]
        return [
            {
                package.replace("_", "-"): sorted(violation["details"]["path"] for violation in violations)
                for package, violations in answers.items()
            }
            for answers in orjson.loads(done.stdout)
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


@pytest.fixture(scope="session")
def fixture_objects(sources: Sequence[PolicySource], inventory_of) -> dict[Path, tuple[Any, dict[str, Any]]]:
    """Give the object of each fixture, and what the cluster holds beside it, by the fixture's path."""
    return {
        fixture.path: (
            yaml.load(fixture.manifest, yaml.CSafeLoader),
            inventory_of(
                [obj for obj in yaml.safe_load_all(fixture.inventory.read_text()) if obj is not None]
                if fixture.inventory
                else []
            ),
        )
        for source in sources
        for fixture in source.fixtures
    }


@pytest.fixture(scope="session")
def real_manifests() -> list[dict[str, Any]]:
    """Give some manifests of public repositories, of every kind that there is; none where a checkout lacks them.

    The same ones each time: from each kind in turn one that was not yet taken, until there are enough.
    """
    folder = REPO.parent / "shared" / "manifests"
    by_kind: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for path in sorted(folder.glob("*.yaml")):
        for manifest in read_manifests(path.read_bytes(), path.name):
            if isinstance(manifest, Manifest) and not group_of(manifest.obj["apiVersion"]).endswith(
                "gatekeeper.sh"
            ):
                by_kind.setdefault((manifest.obj["apiVersion"], manifest.obj["kind"]), []).append(
                    manifest.obj
                )
    for objects in by_kind.values():
        random.Random(0).shuffle(objects)
    taken = [obj for turn in zip_longest(*by_kind.values()) for obj in turn if obj is not None]
    return taken[:REAL_MANIFESTS]
