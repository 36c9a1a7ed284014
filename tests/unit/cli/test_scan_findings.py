"""Fingerprints, thresholds and counts of a report."""

from dataclasses import replace

import pytest

from jade_cli.scan.findings import Finding, Report, Unevaluated, fingerprinted
from jade_policy.resources import ResourceId

FINDING = Finding(
    policy_id="deny-latest-tag",
    constraint="deny-latest-tag",
    severity="medium",
    message="no tag",
    resource=ResourceId("v1", "Pod", "shop", "cart"),
    source="shop/cart.yaml",
    line=7,
    path="/spec/containers/0/image",
)


def fingerprint(**changes):
    (finding,) = fingerprinted([replace(FINDING, **changes)])
    return finding.fingerprint


def test_fingerprint_survives_moved_lines_and_files():
    assert fingerprint(line=99, source="other.yaml", severity="high") == fingerprint()


@pytest.mark.parametrize(
    "change",
    [
        {"policy_id": "x"},
        {"constraint": "x"},
        {"constraint": None},
        {"message": "x"},
        {"path": "/spec/containers/1/image"},
        {"path": None},
        {"resource": ResourceId("v1", "Pod", "shop", "till")},
        {"resource": ResourceId("v1", "Pod", "other", "cart")},
        {"resource": ResourceId("v2", "Pod", "shop", "cart")},
        {"rule": {"tool": "checkov", "rule_id": "deny-latest-tag", "title": ""}},
    ],
)
def test_fingerprint_tells_problems_apart(change):
    assert fingerprint(**change) != fingerprint()


def test_the_same_resource_twice_has_two_fingerprints_whatever_the_order():
    one, other = FINDING, replace(FINDING, source="zzz.yaml")
    forward, backward = fingerprinted([one, other]), fingerprinted([other, one])
    assert forward == backward
    assert forward[0].fingerprint == fingerprint() != forward[1].fingerprint


@pytest.mark.parametrize(
    ("fail_on", "failing"),
    [("critical", 1), ("high", 2), ("medium", 3), ("low", 4), ("info", 5), ("none", 0)],
)
def test_threshold_counts_what_is_as_bad_or_worse(fail_on, failing):
    findings = [
        replace(FINDING, severity=severity) for severity in ("critical", "high", "medium", "low", "info")
    ]
    report = Report("jade", findings, fail_on=fail_on)
    assert report.failing == failing
    assert report.verdict == ("failed" if failing else "passed")
    assert replace(report, unread=[Unevaluated("a", None, "b")]).verdict == "incomplete"


def test_keys_of_a_finding():
    assert FINDING.as_dict() == {
        "fingerprint": "",
        "policy_id": "deny-latest-tag",
        "constraint": "deny-latest-tag",
        "severity": "medium",
        "message": "no tag",
        "resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "cart"},
        "source": {"path": "shop/cart.yaml", "line": 7},
        "path": "/spec/containers/0/image",
    }
    assert {"constraint", "path"}.isdisjoint(replace(FINDING, constraint=None, path=None).as_dict())
