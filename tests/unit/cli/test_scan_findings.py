"""Fingerprints, thresholds and counts of a report."""

from dataclasses import replace

import pytest

from jade_cli.scan.findings import Finding, Unevaluated
from jade_cli.scan.fingerprints import Fingerprints, named, numbered
from jade_cli.scan.judging import findings_of
from jade_cli.scan.report import Report
from jade_policy.manifests import read_manifests
from jade_policy.resources import ResourceId
from jade_policy.verdicts import Verdict, Violation

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop}
spec:
  containers:
    - name: web
      image: cart
    - name: log
      image: log
"""
FINDING = Finding(
    policy_id="deny-latest-tag",
    constraint="deny-latest-tag",
    severity="medium",
    message="no tag",
    resource=ResourceId("v1", "Pod", "shop", "cart"),
    source="shop/cart.yaml",
    line=7,
    path="/spec/containers/0/image",
    fingerprint="f" * 32,
)


def of(text, *violations, path="cart.yaml", policy="deny-latest-tag", constraint="tags"):
    (manifest,) = read_manifests(text.encode(), path)
    said = tuple(Violation("no tag", where) for where in violations)
    return findings_of(manifest, [Verdict(policy, constraint, "violated", None, said)], {})


def fingerprints(*arguments, **options):
    return [finding.fingerprint for finding in of(*arguments, **options)]


IMAGE = "/spec/containers/0/image"


def test_a_finding_has_its_line_and_field():
    first, second = of(POD, IMAGE, None)
    assert (first.line, first.path, first.source, str(first.resource)) == (
        7,
        IMAGE,
        "cart.yaml",
        "Pod shop/cart",
    )
    assert (second.line, second.path) == (1, None)
    assert first.fingerprint != second.fingerprint


def test_fingerprint_survives_moved_lines_and_files():
    assert fingerprints(f"# moved\n\n{POD}", IMAGE, path="other.yaml") == fingerprints(POD, IMAGE)


def test_fingerprint_survives_a_container_more_and_another_order():
    more = POD.replace("    - name: web", "    - name: init\n      image: x\n    - name: web")
    assert fingerprints(more, "/spec/containers/1/image") == fingerprints(POD, IMAGE)
    assert fingerprints(POD, "/spec/containers/1/image") != fingerprints(POD, IMAGE)


@pytest.mark.parametrize(
    ("pointer", "name"),
    [
        ("", ""),
        ("/spec", "/spec"),
        ("/spec/containers/1/image", "/spec/containers/[log]/image"),
        ("/spec/containers/2/image", "/spec/containers/2/image"),
        ("/spec/containers/x1/image", "/spec/containers/x1/image"),
        ("/metadata/annotations/a~1b1", "/metadata/annotations/a~1b1"),
        ("/gone/0/1", "/gone/0/1"),
        ("no pointer", "no pointer"),
        ("/0" * 5_000, "/0" * 5_000),
        ("/spec/containers/" + "9" * 5_000, "/spec/containers/" + "9" * 5_000),
    ],
)
def test_field_name(pointer, name):
    (manifest,) = read_manifests(POD.encode(), "")
    assert named(manifest.obj, pointer) == name


WHAT = (FINDING.resource, "jade", "p", "c", "/spec", "no")


def known_by(resource, *what):
    return Fingerprints(resource, {}).of(*what)


@pytest.mark.parametrize(
    ("place", "other"),
    [
        (1, "checkov"),
        (2, "x"),
        (3, "x"),
        (3, None),
        (0, ResourceId("v1", "Pod", "shop", "till")),
        (0, ResourceId("v1", "Pod", "other", "cart")),
        (0, ResourceId("v2", "Pod", "shop", "cart")),
        (4, "/spec/x"),
        (4, None),
        (5, "x"),
    ],
)
def test_fingerprint_tells_problems_apart(place, other):
    assert known_by(*WHAT[:place], other, *WHAT[place + 1 :]) != known_by(*WHAT)


def test_text_that_moves_from_one_part_to_the_next_changes_the_fingerprint():
    assert known_by(FINDING.resource, "jade", "pc", "", None, "m") != known_by(
        FINDING.resource, "jade", "p", "c", None, "m"
    )


def test_the_same_resource_twice_has_two_fingerprints_whatever_the_order():
    one, other = FINDING, FINDING._replace(source="zzz.yaml")
    forward, backward = numbered([one, other]), numbered([other, one])
    assert forward == backward
    assert forward[0].fingerprint == FINDING.fingerprint != forward[1].fingerprint


@pytest.mark.parametrize(
    ("fail_on", "failing"),
    [("critical", 1), ("high", 2), ("medium", 3), ("low", 4), ("info", 5), ("none", 0)],
)
def test_threshold_counts_what_is_as_bad_or_worse(fail_on, failing):
    findings = [
        FINDING._replace(severity=severity) for severity in ("critical", "high", "medium", "low", "info")
    ]
    report = Report("jade", findings, fail_on=fail_on)
    assert report.failing == failing
    assert report.verdict == ("failed" if failing else "passed")
    assert replace(report, unread=[Unevaluated("a", None, "b")]).verdict == "incomplete"


def test_only_what_is_new_fails_where_only_that_matters():
    findings = [
        FINDING._replace(new=new, severity=severity) for new in (True, False) for severity in ("high", "low")
    ]
    report = Report("jade", findings, gone=0, fail_on="high")
    assert (report.failing, report.new) == (2, 2)
    assert replace(report, fail_on_new=True).failing == 1
    assert replace(report, fail_on_new=True, findings=findings[2:]).verdict == "passed"
    assert report.summary()["baseline"] == {"new": 2, "known": 2, "gone": 0}
    assert "baseline" not in Report("jade").summary()


def test_keys_of_a_finding():
    assert FINDING.as_dict() == {
        "fingerprint": "f" * 32,
        "policy_id": "deny-latest-tag",
        "constraint": "deny-latest-tag",
        "severity": "medium",
        "message": "no tag",
        "resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "cart"},
        "source": {"path": "shop/cart.yaml", "line": 7},
        "path": "/spec/containers/0/image",
    }
    assert {"constraint", "path"}.isdisjoint(FINDING._replace(constraint=None, path=None).as_dict())
