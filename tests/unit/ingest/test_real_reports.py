"""What real scanners wrote about real manifests: every entry is a finding or a named reject, and finds its resource."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from jade_common.events import ReportFile
from jade_ingest.domain.findings import Identified, Reading
from jade_ingest.domain.rejects import Reject
from jade_policy.manifests import Manifest, read_manifests
from jade_policy.resources import identity, pod_spec

SHARED = Path(__file__).parents[4] / "shared"
pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the real reports are not beside the checkout")

S1 = ("dockersamples__example-voting-app",)
S4 = ("BuoyantIO__emojivoto", "argoproj__argocd-example-apps", *S1, "flannel-io__flannel")
S8 = (
    *S4,
    "ContainerSolutions__kubernetes-examples",
    "kubernetes-csi__csi-driver-host-path",
    "kubernetes__examples",
    "microservices-demo__microservices-demo",
)

UNIQUE = ("unique-workloads",)

# report: its manifests, its format, entries that tell of a problem, rejects, findings whose resource is not found
REPORTS = {
    "checkov/array.json": (S1, "checkov", 109, 5, 0),
    "checkov/array-quiet-compact.json": (S1, "checkov", 109, 5, 0),
    "checkov/checkov.sarif": (S4, "sarif", 229, 0, 0),
    "checkov/clean.json": (S1, "checkov", 0, 0, 0),
    "checkov/nothing-applicable.json": (S1, "checkov", 0, 0, 0),
    "checkov/object.json": (S1, "checkov", 104, 0, 0),
    "checkov/object-quiet-compact.json": (S4, "checkov", 606, 0, 0),
    "conftest/clean.json": (S8, "conftest", 0, 0, 0),
    "conftest/conftest.json": (S8, "conftest", 105, 0, 0),
    "gator/clean.json": (S4, "nothing", 0, 0, 0),
    "gator/test.json": (S4, "gator", 464, 0, 0),
    "kube-linter/all-checks.json": (S4, "kube-linter", 566, 0, 0),
    "kube-linter/clean.json": (S8, "kube-linter", 0, 0, 0),
    "kube-linter/clean.sarif": (S8, "sarif", 0, 0, 0),
    "kube-linter/default.json": (S8, "kube-linter", 1362, 0, 0),
    "kube-linter/default.sarif": (S8, "sarif", 1362, 0, 0),
    "kube-score/clean.json": (S4, "nothing", 0, 0, 0),
    "kube-score/clean.sarif": (S4, "sarif", 0, 0, 0),
    "kube-score/kube-score.json": (S4, "kube-score", 428, 0, 0),
    "kube-score/kube-score.sarif": (S4, "sarif", 428, 0, 0),
    "kubescape/clean-v2.json": ((), "kubescape", 17, 0, 0),
    "kubescape/framework-nsa-v2.json": (S4, "kubescape", 253, 0, 0),
    "kubescape/scan-v2.json": (S4, "kubescape", 715, 0, 0),
    "kubescape/scan.sarif": ((), "sarif", 310, 0, 310),  # about files that only the README describes
    "kyverno/policyreport.json": (UNIQUE, "policyreport", 206, 0, 0),
    "kyverno/policyreport.yaml": (UNIQUE, "policyreport", 206, 0, 0),
    "polaris/audit.json": (S8, "polaris", 4120, 0, 0),
    "polaris/audit-failed-only.json": (S4, "polaris", 588, 0, 0),
    "polaris/clean.json": (S4, "polaris", 0, 0, 0),
    "regal/lint.sarif": ((), "sarif", 38, 0, 38),  # about Rego
    "trivy/clean.json": (S4, "trivy", 0, 0, 0),
    "trivy/config.json": (S4, "trivy", 656, 0, 0),
    "trivy/config.sarif": (S4, "sarif", 656, 0, 0),
}


@cache
def files(names: tuple[str, ...]) -> tuple[ReportFile, ...]:
    if names == UNIQUE:
        return (ReportFile(path="manifests/unique-workloads.yaml", content=unique_workloads()),)
    return tuple(
        ReportFile(
            path=f"manifests/{name}.yaml", content=(SHARED / f"manifests/{name}.yaml").read_text("utf-8")
        )
        for name in names
    )


def unique_workloads() -> str:
    """The first workload of each kind and name, as the README says."""
    found = {}
    for file in sorted(files(S8), key=lambda one: one.path):
        for one in read_manifests(file.content.encode(), file.path):
            if isinstance(one, Manifest) and pod_spec(one.obj) is not None:
                who = identity(one.obj)
                found.setdefault((who.kind, who.name), one.source.text.decode().removeprefix("---\n"))
    return "---\n".join(text if text.endswith("\n") else f"{text}\n" for text in found.values())


def read(name: str):
    names, *_ = REPORTS[name]
    with (SHARED / "reports" / name).open("rb") as stream:
        return list(Reading(stream, files(names)))


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_entries_in_are_findings_and_named_rejects(name):
    _, format_, entries, rejected, unplaced = REPORTS[name]
    assert format_ == Reading((SHARED / "reports" / name).read_bytes()).format.NAME
    found = read(name)
    rejects = [one for one in found if isinstance(one, Reject) and one.count]
    findings = [one.finding for one in found if isinstance(one, Identified)]
    assert (len(findings) + sum(one.count for one in rejects), len(rejects)) == (entries, rejected)
    assert sum(one.resource is None for one in findings) == unplaced
    if REPORTS[name][0]:
        assert [one.rule_id for one in findings if one.source is None or one.source.line is None] == []


def test_trivys_short_lines_are_put_right():
    """Each finding that names a container stands within it, though Trivy is up to thirty lines short."""
    texts = {file.path: file.content.splitlines() for file in files(S4)}
    wrong = Counter()
    for one in read("trivy/config.json"):
        finding = one.finding
        if finding.path is None or "/containers/" not in finding.path:
            continue
        pointer = finding.path.split("/")
        at = pointer.index("containers")
        assert pointer[at + 1].isdecimal()
        line = texts[finding.source.path][finding.source.line - 1]
        field = next((step for step in reversed(pointer[at + 2 :]) if f"{step}:" in line), None)
        begins = line.lstrip().startswith("- ")  # of a container that lacks the field
        wrong[finding.rule_id] += field is None and not begins
    assert +wrong == Counter()


def test_five_tools_point_at_the_same_field_on_the_same_line():
    rules = {
        "kube-linter/all-checks.json": "no-read-only-root-fs",
        "kube-score/kube-score.json": "container-security-context-readonlyrootfilesystem",
        "kubescape/scan-v2.json": "C-0017",
        "polaris/audit-failed-only.json": "notReadOnlyRootFilesystem",
        "trivy/config.json": "KSV-0014",
    }
    found = {
        name: {
            (one.finding.source.path, one.finding.source.line, one.finding.path)
            for one in read(name)
            if isinstance(one, Identified) and one.finding.rule_id == rule
        }
        for name, rule in rules.items()
    }
    assert all(len(places) > 20 for places in found.values())
    # Trivy leaves out one Job that has no name.
    assert {
        name: places for name, places in found.items() if len(places - found["trivy/config.json"]) > 1
    } == {}
