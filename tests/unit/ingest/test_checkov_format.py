"""Checkov's three shapes, and how a finding finds its resource."""

import json
from pathlib import Path

import pytest

from jade_common.errors import InvalidEventError
from jade_common.events import ReportFile, ScanReport
from jade_ingest.domain.findings import findings_of

SHARED = Path(__file__).parents[4] / "shared"

MANIFEST = """\
apiVersion: v1
kind: Secret
metadata: {name: other}
stringData: {password: hunter2hunter2}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}"}
spec:
  template:
    spec:
      containers:
      - name: cart
        image: shop/cart
        env:
        - {name: DB_PASSWORD, value: hunter2hunter2}
        securityContext:
          privileged: true
"""


def record(**fields) -> dict:
    return {
        "check_id": "CKV_K8S_16",
        "check_name": "Container should not be privileged",
        "check_result": {
            "result": "FAILED",
            "evaluated_keys": ["spec/template/spec/containers/[0]/securityContext/privileged"],
        },
        "file_path": "/shop/cart.yaml",
        "file_line_range": [6, 21],
        "resource": "Deployment.default.cart",
        "severity": None,
    } | fields


def report(*records: dict, check_type: str = "kubernetes", files: bool = True) -> ScanReport:
    content = {"check_type": check_type, "results": {"failed_checks": list(records)}, "summary": {}}
    attached = (ReportFile(path="apps/shop/cart.yaml", content=MANIFEST),) if files else ()
    return ScanReport(content=json.dumps(content), files=attached, team="shop")


def test_finding_carries_its_resource_its_field_and_its_line_redacted():
    ingested = findings_of(report(record()))
    ((_, finding),) = ingested.findings
    assert (finding.tool, finding.rule_id, finding.team) == ("checkov", "CKV_K8S_16", "shop")
    assert finding.path == "/spec/template/spec/containers/0/securityContext/privileged"
    assert finding.source.model_dump(exclude_none=True) == {"path": "apps/shop/cart.yaml", "line": 20}
    assert finding.resource["metadata"]["name"] == "cart"
    assert "hunter2" not in finding.model_dump_json()


def test_same_report_gives_the_same_ids_and_a_repeated_record_no_second_finding():
    once = findings_of(report(record()))
    twice = findings_of(report(record(), record()))
    assert [found.id for found in once.findings] == [found.id for found in twice.findings]
    assert twice.repeated == 1
    other = findings_of(report(record(check_id="CKV_K8S_17")))
    assert other.findings[0].id != once.findings[0].id


def test_without_files_the_finding_keeps_the_name_of_its_resource():
    ((_, finding),) = findings_of(report(record(), files=False)).findings
    assert finding.resource is None
    assert finding.resource_ref == "Deployment.default.cart"


def test_pod_of_a_workload_resolves_to_the_workload():
    ((_, finding),) = findings_of(report(record(resource="Pod.default.cart.app-cart"))).findings
    assert finding.resource["kind"] == "Deployment"


def test_name_in_another_namespace_is_not_taken_for_it():
    ((_, finding),) = findings_of(report(record(resource="Deployment.prod.cart"))).findings
    assert finding.resource is None


@pytest.mark.parametrize(
    ("content", "found", "rejected"),
    [
        (
            '{"passed": 0, "failed": 0, "skipped": 0, "parsing_errors": 0, "resource_count": 0, "checkov_version": "3"}',
            0,
            0,
        ),
        (
            json.dumps(
                [
                    json.loads(report(record()).content),
                    json.loads(report(record(), check_type="dockerfile").content),
                ]
            ),
            1,
            1,
        ),
        ('{"check_type": "kubernetes", "results": {"failed_checks": [7, {"check_id": 1}]}}', 0, 2),
        ('{"check_type": "kubernetes"}', 0, 1),
        ('{"check_type": "kubernetes", "results": {"failed_checks": "all"}}', 0, 1),
        (
            '{"check_type": "kubernetes", "results": {"parsing_errors": ["a.yaml"], "failed_checks": null}}',
            0,
            1,
        ),
    ],
)
def test_entries_are_findings_or_named_rejects(content, found, rejected):
    ingested = findings_of(ScanReport(content=content))
    assert (len(ingested.findings), len(ingested.rejects)) == (found, rejected)
    assert all(reject.where and reject.reason for reject in ingested.rejects)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"content": '{"matches": []}'}, "was not recognised: it is JSON: an object with matches"),
        ({"content": '"text"'}, "was not recognised"),
        ({"content": "{}", "format": "grype"}, "known are checkov, .*manifests"),
        ({"content": "{}", "format": "checkov"}, "not a Checkov report"),
    ],
)
def test_report_of_no_known_format_is_refused_by_name(fields, reason):
    with pytest.raises(InvalidEventError, match=reason):
        findings_of(ScanReport(**fields))


@pytest.mark.skipif(not SHARED.exists(), reason="the real reports are not beside the checkout")
def test_real_report_resolves_every_resource():
    names = [
        "BuoyantIO__emojivoto",
        "argoproj__argocd-example-apps",
        "dockersamples__example-voting-app",
        "flannel-io__flannel",
    ]
    files = tuple(
        ReportFile(path=f"manifests/{name}.yaml", content=(SHARED / f"manifests/{name}.yaml").read_text())
        for name in names
    )
    content = (SHARED / "reports/checkov/object-quiet-compact.json").read_text()
    ingested = findings_of(ScanReport(content=content, files=files))
    assert len(ingested.findings) + ingested.repeated == 606
    assert (ingested.rejects, [one for one in ingested.findings if one.finding.resource is None]) == ([], [])


def test_key_that_is_no_field_of_the_resource_is_no_path():
    result = {"evaluated_keys": ["resource_type"]}
    ((_, finding),) = findings_of(report(record(check_result=result))).findings
    assert finding.path is None
    assert finding.source.line == 6
