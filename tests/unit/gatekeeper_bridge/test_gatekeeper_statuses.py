"""What the status of constraints and templates comes to."""

from jade_gatekeeper_bridge.domain.entries import Aside, Made, Reject
from jade_gatekeeper_bridge.domain.lines import read_line
from jade_gatekeeper_bridge.domain.statuses import NOT_LISTED, known_templates, objects, read_object
from jade_gatekeeper_bridge.domain.templates import Template

VIOLATION = {
    "group": "",
    "version": "v1",
    "kind": "Pod",
    "name": "db",
    "namespace": "shop",
    "message": "no limits",
}
CONSTRAINT = {
    "apiVersion": "constraints.gatekeeper.sh/v1beta1",
    "kind": "K8sContainerLimits",
    "metadata": {"name": "must-have-limits"},
    "status": {
        "auditTimestamp": "2026-01-01T00:00:00Z",
        "totalViolations": 30,
        "violations": [VIOLATION],
        "byPod": [
            {
                "id": "audit-1",
                "errors": [{"code": "ingest_error", "message": "no matcher", "location": "x"}],
                "enforcementPointsStatus": [
                    {"enforcementPoint": "vap.k8s.io", "state": "error", "message": "no CEL"},
                    {"enforcementPoint": "webhook.gatekeeper.sh", "state": "active"},
                ],
            }
        ],
    },
}
TEMPLATE = {
    "apiVersion": "templates.gatekeeper.sh/v1",
    "kind": "ConstraintTemplate",
    "metadata": {
        "name": "k8scontainerlimits",
        "annotations": {"jade.dev/policy-id": "require-limits"},
        "uid": "1",
    },
    "spec": {
        "crd": {"spec": {"names": {"kind": "K8sContainerLimits"}}},
        "targets": [{"rego": "package a", "libs": ["package lib.b"]}],
    },
}


def entries(*found, templates=None):
    return [
        told.entry for index, obj in enumerate(found) for told in read_object(index, obj, templates or {})
    ]


def events(*found, **more):
    return [entry.event for entry in entries(*found, **more) if isinstance(entry, Made)]


def test_a_constraint_gives_its_violations_its_errors_and_what_it_leaves_out():
    finding, load, enforce = events(CONSTRAINT)
    assert (finding.rule_id, finding.resource_identity.name) == ("K8sContainerLimits", "db")
    assert (load.stage, load.code, load.error, load.constraint) == (
        "load",
        "ingest_error",
        "no matcher",
        "must-have-limits",
    )
    assert (enforce.stage, enforce.error) == ("enforce", "vap.k8s.io: no CEL")
    assert Aside(NOT_LISTED, 29) in entries(CONSTRAINT)


def test_the_status_and_the_log_tell_the_same_finding():
    line = (
        b'{"event_type": "violation_audited", "constraint_kind": "K8sContainerLimits", "msg": "no limits", '
        b'"constraint_name": "must-have-limits", "resource_api_version": "v1", "resource_kind": "Pod", '
        b'"resource_namespace": "shop", "resource_name": "db"}'
    )
    assert entries(CONSTRAINT)[0].id == next(read_line(line, {})).id


def test_a_template_says_the_id_the_digest_and_the_source():
    (kind, template), *_ = known_templates([TEMPLATE, CONSTRAINT]).items()
    assert (kind, template.policy_id) == ("K8sContainerLimits", "require-limits")
    assert template.source == "package lib.b\n\npackage a"
    moved = TEMPLATE | {"metadata": TEMPLATE["metadata"] | {"uid": "2", "resourceVersion": "7"}}
    assert known_templates([moved])["K8sContainerLimits"].digest == template.digest
    other = TEMPLATE | {"spec": TEMPLATE["spec"] | {"targets": [{"rego": "package a # changed"}]}}
    assert known_templates([other])["K8sContainerLimits"].digest != template.digest


def test_a_failed_constraint_carries_its_policy():
    failed = events(
        CONSTRAINT, templates={"K8sContainerLimits": Template("require-limits", "d" * 32, "package a")}
    )[1]
    assert (failed.policy_id, failed.digest, failed.policy) == ("require-limits", "d" * 32, "package a")


def test_what_is_neither_constraint_nor_template_is_named():
    (entry,) = entries({"apiVersion": "v1", "kind": "Pod"})
    assert isinstance(entry, Reject)
    assert "its apiVersion is v1" in entry.reason
    assert "a number" in entries(7)[0].reason


def test_lists_of_lists_are_taken_apart():
    inner = {"kind": "K8sContainerLimitsList", "items": [CONSTRAINT]}
    assert objects([inner, TEMPLATE]) == [CONSTRAINT, TEMPLATE]
    assert objects({"kind": "List", "items": None}) == []
