"""What lines of Gatekeeper's export and log come to."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jade_common.events import LatencyObserved, PolicyFailed, ScanFinding
from jade_gatekeeper_bridge.domain.entries import Aside, Made, Reject
from jade_gatekeeper_bridge.domain.lines import read_line
from jade_gatekeeper_bridge.domain.templates import Template

EXPORTED = {
    "id": "2026-01-01T00:00:00Z",
    "details": {"path": "spec.containers[0].resources", "secret": "hunter2"},
    "eventType": "violation_audited",
    "group": "constraints.gatekeeper.sh",
    "version": "v1beta1",
    "kind": "K8sContainerLimits",
    "name": "must-have-limits",
    "message": "container <db> has no limits",
    "enforcementAction": "deny",
    "constraintAnnotations": {"owner": "jane"},
    "resourceGroup": "apps",
    "resourceAPIVersion": "v1",
    "resourceKind": "Deployment",
    "resourceNamespace": "shop",
    "resourceName": "db",
    "resourceLabels": {"contact": "jane@example.com"},
}
LOGGED = {
    "level": "info",
    "ts": 1632889070.3,
    "msg": "container <db> has no limits",
    "process": "audit",
    "audit_id": "2026-01-01T00:01:00Z",
    "details": {"path": "spec.containers[0].resources"},
    "event_type": "violation_audited",
    "constraint_group": "constraints.gatekeeper.sh",
    "constraint_api_version": "v1beta1",
    "constraint_kind": "K8sContainerLimits",
    "constraint_name": "must-have-limits",
    "constraint_annotations": {"owner": "jane"},
    "resource_group": "apps",
    "resource_api_version": "v1",
    "resource_kind": "Deployment",
    "resource_namespace": "shop",
    "resource_name": "db",
}
ADMITTED = LOGGED | {
    "event_type": "violation",
    "process": "admission",
    "msg": "denied admission: container <db> has no limits",
    "request_username": "jane@example.com",
}
ASKED = EXPORTED | {
    "eventType": "violation_admission",
    "requestUsername": "jane@example.com",
    "requestUserUID": "8b2f-77",
    "requestUserGroups": ["system:authenticated", "payments-team"],
}


def read(record, templates=None):
    line = record if isinstance(record, bytes) else json.dumps(record).encode()
    return list(read_line(line, templates or {}))


def one(record, templates=None):
    (entry,) = read(record, templates)
    return entry


def test_an_exported_violation_is_a_finding_with_its_resource_and_field():
    finding = one(EXPORTED).event
    assert isinstance(finding, ScanFinding)
    assert (finding.tool, finding.rule_id) == ("gatekeeper", "K8sContainerLimits")
    assert finding.rule_aliases == ("K8sContainerLimits/must-have-limits",)
    assert finding.resource_identity.model_dump() == {
        "api_version": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "db",
    }  # fmt: skip
    assert finding.path == "/spec/containers/0/resources"
    assert one(EXPORTED).correlation_id == "2026-01-01T00:00:00Z"


def test_labels_annotations_and_details_stay_where_they_are():
    said = one(EXPORTED).event.model_dump_json()
    for secret in ("hunter2", "jane"):
        assert secret not in said


def test_however_gatekeeper_tells_a_violation_its_id_is_the_same():
    assert len({one(record).id for record in (EXPORTED, LOGGED, ADMITTED, ASKED)}) == 1
    assert one(EXPORTED | {"resourceName": "other"}).id != one(EXPORTED).id


@pytest.mark.parametrize(
    "message",
    [
        "jane@example.com may not do this",
        "uid 8b2f-77 may not do this",
        "members of payments-team may not do this",
        "system:serviceaccount:ci:deployer may not do this",
    ],
)
def test_who_asked_is_taken_out_of_the_message(message):
    said = one(ASKED | {"message": message}).event.message
    assert "REDACTED may not do this" in said
    for name in ("jane", "8b2f", "payments", "deployer"):
        assert name not in said


def test_secrets_in_a_message_are_redacted():
    finding = one(EXPORTED | {"message": "password=hunter2hunter2 in env"}).event
    assert "hunter2" not in finding.message


def test_a_template_that_did_not_load_is_a_failed_policy():
    line = {
        "level": "error",
        "process": "constraint_template_controller",
        "template_name": "k8sfoo",
        "msg": "m",
        "error": "e",
    }
    failed = one(line, {"K8sFoo": Template("deny-foo", "d" * 32, "package k8sfoo")}).event
    assert isinstance(failed, PolicyFailed)
    assert (failed.policy_id, failed.stage, failed.error) == ("deny-foo", "load", "m: e")
    assert (failed.digest, failed.policy) == ("d" * 32, "package k8sfoo")


def test_a_failed_policy_has_the_same_id_whenever_it_is_told():
    line = {"level": "error", "ts": 1, "constraint_kind": "K8sFoo", "msg": "broke"}
    assert one(line).id == one(line | {"ts": 2}).id


def test_an_error_that_names_no_policy_is_counted():
    assert one({"level": "error", "msg": "unable to list"}) == Aside("errors that name no policy")


def stats(*entries, **more):
    return {"level": "info", "event_type": "audit_stats", "execution_stats": list(entries), **more}


def cel(value):
    return {
        "scope": "constraint",
        "statsFor": "K8sFoo/no-foo",
        "stats": [{"name": "runTimeNS", "value": value}],
    }


def test_cel_tells_a_time_for_each_constraint():
    observed = one(stats(cel(1_500_000))).event
    assert isinstance(observed, LatencyObserved)
    assert (observed.policy_id, observed.constraint, observed.milliseconds) == ("k8sfoo", "no-foo", 1.5)
    assert (observed.process, observed.shape.constraints) == ("audit", 1)


def test_each_measurement_has_an_id_of_its_own_and_the_same_one_when_read_again():
    first, second = read(stats(cel(1), cel(1), ts=1))
    assert first.id != second.id
    assert first.id == read(stats(cel(1), cel(1), ts=1))[0].id
    assert first.id != read(stats(cel(1), cel(1), ts=2))[0].id


@pytest.mark.parametrize("value", ["fast", True, None, -1, 1e300])
def test_a_time_that_is_none_is_rejected(value):
    assert isinstance(one(stats(cel(value))), Reject)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b'{"id": "x", "message": "audit is started"}', "frames of an audit"),
        (b'{"level": "info", "msg": "starting"}', "other lines of the log"),
        (b"E1231 23:59:59.1 1 reflector.go:1] failed", "lines of the Kubernetes client"),
    ],
)
def test_what_is_beside_the_matter_is_counted(line, kind):
    assert one(line) == Aside(kind)


def test_an_empty_line_is_nothing():
    assert read(b"  ") == []


def test_what_a_container_runtime_puts_before_a_line_is_left_out():
    line = b"2026-01-01T00:00:00.1Z stdout F " + json.dumps(LOGGED).encode()
    assert one(line).id == one(LOGGED).id
    assert "split" in one(line.replace(b" F ", b" P ")).reason


@given(st.binary(max_size=200))
def test_no_bytes_break_it(line):
    assert all(isinstance(entry, Made | Reject | Aside) for entry in read(line))


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=8)  # fmt: skip


@given(
    st.sampled_from([EXPORTED, LOGGED, ADMITTED, stats(cel(1)), {"level": "error", "template_name": "a"}]),
    st.data(),
)
def test_no_value_in_any_field_breaks_it(record, data):
    field = data.draw(st.sampled_from(sorted(record)))
    entries = read(record | {field: data.draw(JSON)})
    assert entries
    for entry in entries:
        if isinstance(entry, Made):
            json.dumps(entry.event.model_dump(mode="json"))
