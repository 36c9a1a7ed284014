"""Baselines of both forms, and what is none; where outputs go."""

import json
from pathlib import Path

import pytest

from jade_cli import outputs
from jade_cli.failures import Failure, WrongUsage
from jade_cli.scan.baseline import compared, read_baseline
from jade_cli.scan.destinations import Destination, destinations
from jade_cli.scan.findings import Finding, Suppressed
from jade_cli.scan.report import Report
from jade_cli.terminal import Paint
from jade_policy.resources import ResourceId

FINDING = Finding("p", None, "low", "m", ResourceId("v1", "Pod", "", "x"), "a.yaml", 1, fingerprint="1" * 32)
OTHER = FINDING._replace(fingerprint="2" * 32)
HELD = FINDING._replace(fingerprint="3" * 32, suppressed=Suppressed("annotation", "r", "2027-01-31"))


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_report_is_a_baseline_without_what_was_suppressed(tmp_path, form):
    held = HELD._replace(suppressed=None)
    text = outputs.render(form, Report("jade", [FINDING, OTHER]), Paint(colour=False))
    (tmp_path / "b").write_text(text)
    known = read_baseline(tmp_path / "b")
    assert known == {"1" * 32, "2" * 32}
    assert [one.new for one in compared([FINDING, held], known)] == [False, True]


def test_suppressed_results_of_a_sarif_log_are_no_baseline(tmp_path):
    result = {"partialFingerprints": {"jadeFingerprint/v1": "x"}}
    results = [
        result | {"suppressions": [{"kind": "external"}]},
        result | {"baselineState": "absent"},
        {"partialFingerprints": {"jadeFingerprint/v1": "y"}},
    ]
    (tmp_path / "b").write_text(json.dumps({"version": "2.1.0", "runs": [{"results": results}]}))
    assert read_baseline(tmp_path / "b") == {"y"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no JSON"),
        ("a: b", "is no JSON"),
        ("[]", "is no report of Jade"),
        ("{}", "is no report of Jade"),
        ('{"schema": "jade.scan/v9", "findings": []}', "has the schema 'jade.scan/v9'"),
        ('{"schema": "jade.scan/v1", "findings": [{}]}', "without a fingerprint of Jade"),
        ('{"schema": "jade.scan/v1"}', "without a fingerprint of Jade"),
        ('{"runs": [{"results": [{"ruleId": "x"}]}]}', "without a fingerprint of Jade"),
        ('{"runs": 1}', "without a fingerprint of Jade"),
        (None, "No such file"),
    ],
)
def test_what_is_no_baseline_is_named(tmp_path, text, said):
    if text is not None:
        (tmp_path / "b").write_text(text)
    with pytest.raises(Failure, match=said) as error:
        read_baseline(tmp_path / "b")
    assert str(tmp_path / "b") in str(error.value)
    assert "-o json=FILE" in str(error.value)


KNOWN = ("json", "sarif", "table")


@pytest.mark.parametrize(
    ("wanted", "file", "places"),
    [
        (["table"], None, [("table", None)]),
        (["table"], "x", [("table", "x")]),
        (["table", "sarif=a=b", "json=c"], None, [("table", None), ("sarif", "a=b"), ("json", "c")]),
        (["json=c"], None, [("json", "c")]),
        (["json=c", "table"], "x", [("json", "c"), ("table", "x")]),
    ],
)
def test_destinations(wanted, file, places):
    expected = [Destination(name, Path(place) if place else None) for name, place in places]
    assert destinations(wanted, Path(file) if file else None, KNOWN) == expected


@pytest.mark.parametrize(
    ("wanted", "file", "said"),
    [
        (["xml"], None, "known are json, sarif, table"),
        (["srif"], None, "did you mean sarif"),
        (["sarif="], None, "names no file"),
        (["sarif", "json"], None, "sarif and json would be mixed on stdout"),
        (["sarif=x", "json=x"], None, "would be mixed on x"),
        (["sarif=x", "json"], "x", "would be mixed on x"),
        (["sarif=x"], "y", "--output-file y has nothing to take"),
    ],
)
def test_destinations_that_cannot_be(wanted, file, said):
    with pytest.raises(WrongUsage, match=said):
        destinations(wanted, Path(file) if file else None, KNOWN)
