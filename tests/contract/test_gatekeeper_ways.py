"""Gatekeeper's violations come in two ways, as files of the bridge and as reports of ingest: both tell the same finding."""

import json

import pytest

from jade_common.events import ScanReport
from jade_gatekeeper_bridge.domain.lines import read_line
from jade_gatekeeper_bridge.domain.statuses import read_object
from jade_ingest.domain.findings import findings_of

EXPORTED = {
    "id": "2026-01-01T00:00:00Z",
    "details": {"path": "spec.template.spec.containers[0].image"},
    "eventType": "violation_audited",
    "kind": "K8sAllowedRepos",
    "name": "our-repos",
    "message": "container <db> has an invalid image repo <docker.io/db>",
    "resourceGroup": "apps",
    "resourceAPIVersion": "v1",
    "resourceKind": "Deployment",
    "resourceNamespace": "shop",
    "resourceName": "db",
}
LOGGED = {
    "level": "info",
    "msg": "container <db> has no password=hunter2hunter2",
    "event_type": "violation_audited",
    "constraint_kind": "K8sAllowedRepos",
    "constraint_name": "our-repos",
    "resource_api_version": "v1",
    "resource_kind": "Namespace",
    "resource_name": "shop",
}
REFUSED = {
    **LOGGED,
    "event_type": "violation",
    "msg": "denied admission: jane@example.com may not change <db>",
    "request_username": "jane@example.com",
}
CONSTRAINT = {
    "apiVersion": "constraints.gatekeeper.sh/v1beta1",
    "kind": "K8sAllowedRepos",
    "metadata": {"name": "our-repos"},
    "status": {"totalViolations": 1, "violations": [{"group": "apps", "version": "v1", "kind": "Deployment", "name": "db", "namespace": "shop", "message": "no"}]},
}  # fmt: skip


@pytest.mark.parametrize(
    "told", [EXPORTED, LOGGED, REFUSED, CONSTRAINT], ids=["export", "log", "webhook", "status"]
)
def test_bridge_and_ingest_tell_the_same_finding(told):
    text = json.dumps(told)
    if told is CONSTRAINT:
        (made,) = (one.entry for one in read_object(0, told, {}))
    else:
        (made,) = read_line(text.encode(), {})
    (identified,) = findings_of(ScanReport(content=text)).findings
    assert made.event == identified.finding
    assert made.id == identified.id
    assert "jane" not in identified.finding.model_dump_json()
    assert not identified.finding.message.startswith("denied admission")
