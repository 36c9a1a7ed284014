"""The engine keeps up with a folder of thousands of documents, and with a large library."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from jade_common.tools import find
from jade_policy.library import load_library, own_library
from jade_policy.manifests import Manifest, read_manifests
from jade_policy.opa import Engine
from jade_policy.verdicts import Review

pytestmark = pytest.mark.integration

CORPUS = Path(__file__).parents[4] / "shared" / "manifests"
POLICY = """package p{number}
import data.helpers
deny contains msg if {{
	some container in helpers.containers
	container.image == "image{number}"
	msg := sprintf("%s runs image {number}", [container.name])
}}
"""
HELPERS = """package helpers
spec := input.spec if input.kind == "Pod"
spec := input.spec.template.spec if input.kind != "Pod"
containers contains c if some c in spec.containers
containers contains c if some c in spec.initContainers
"""


def workload(number: int) -> dict[str, Any]:
    containers = [
        {"name": f"c{i}", "image": f"image{number + i}", "env": [{"name": "A", "value": "b"}] * 5}
        for i in range(3)
    ]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": f"d{number}", "namespace": "shop", "labels": {"app": "d"}},
        "spec": {"replicas": 3, "template": {"spec": {"containers": containers}}},
    }


TWELVE = frozenset({
    "deny-host-namespaces", "deny-host-ports", "deny-hostpath-volumes", "deny-latest-tag", "deny-privilege-escalation",
    "deny-privileged-pods", "deny-unsafe-sysctls", "require-network-policy", "require-resource-limits",
    "require-run-as-non-root", "require-seccomp-profile", "restrict-capabilities",
})  # fmt: skip
"""Those that the bound was measured with; `make bench` prints what the whole library takes."""


def cpu_seconds(
    engine: Engine, reviews: list[Review], rounds: int = 3, only: frozenset[str] | None = None
) -> float:
    """The CPU time of OPA and of this process; unlike the clock it says the same on a busy machine."""
    opa = psutil.Process(engine.pid)

    def spent() -> float:
        times = opa.cpu_times()
        return times.user + times.system + time.process_time()

    def once() -> float:
        before = spent()
        engine.judge(reviews, only=only)
        return spent() - before

    return min(once() for _ in range(rounds))


@pytest.fixture(scope="module")
def fifty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("fifty")
    (folder / "helpers.rego").write_text(HELPERS)
    for number in range(50):
        (folder / f"p{number}.rego").write_text(POLICY.format(number=number))
    with Engine(load_library(folder), opa=find("opa").path) as engine:
        assert engine.problems == ()
        yield engine


def test_fifty_policies(fifty: Engine) -> None:
    reviews = [Review(workload(number)) for number in range(300)]
    # 300 a second on one core; the two client threads and OPA use two
    assert cpu_seconds(fifty, reviews) <= len(reviews) / 300


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real manifests is not here")
def test_twelve_policies_on_a_folder() -> None:
    files = sorted(CORPUS.glob("*.yaml"))
    documents = [each for file in files for each in read_manifests(file.read_bytes(), file.name)]
    reviews = [Review(document.obj) for document in documents if isinstance(document, Manifest)]
    assert len(reviews) > 2_800
    with Engine(own_library(), opa=find("opa").path) as engine:
        assert cpu_seconds(engine, reviews, only=TWELVE) <= 1.5
