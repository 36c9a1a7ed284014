"""Every output is a valid document for a clean, a failing and an incomplete scan, whatever stands in the manifests."""

import json
from xml.etree.ElementTree import fromstring

import pytest
import yaml

from jade_cli import outputs
from jade_cli.commands.scan import FORMATS
from jade_cli.scan.findings import Finding, Rule, Unevaluated
from jade_cli.scan.fingerprints import numbered
from jade_cli.scan.report import Report
from jade_cli.terminal import Paint
from jade_policy.resources import ResourceId

HOSTILE = "50 %: a,b <&\"'> \x1b[31m\x00\u2028 ümlaut\n::error::x"
FINDINGS = numbered(
    Finding(
        policy_id="deny-latest-tag",
        constraint=None,
        severity=severity,
        message=message,
        resource=ResourceId("v1", "Pod", "shop", HOSTILE),
        source=source,
        line=3,
        path="/spec",
    )
    for severity, message, source in (
        ("high", HOSTILE, "/abs/a b.yaml"),
        ("info", "plain", "rel/c,d:%e.yaml"),
    )
)
CHECKOV = numbered(
    [
        Finding(
            policy_id=None,
            constraint=None,
            severity="medium",
            message="x",
            resource=ResourceId("", "Pod", "", "x"),
            source="a.yaml",
            line=1,
            rule={"tool": "checkov", "rule_id": "CKV_1", "title": "One"},
            policies=[{"id": "p", "score": 1.0, "verdict": "passed"}],
        )
    ]
)
RULES = {"deny-latest-tag": Rule("deny-latest-tag", "Title", "Why", "medium")}
REPORTS = {
    "clean": Report("jade", files=["a.yaml"], rules=RULES),
    "nothing at all": Report("jade"),
    "failing": Report("jade", FINDINGS, files=["/abs/a b.yaml"], rules=RULES),
    "incomplete": Report(
        "jade",
        FINDINGS,
        [Unevaluated("x.yaml", 3, HOSTILE), Unevaluated("gone", None, "does not exist")],
        rules=RULES,
    ),
    "checkov": Report("checkov", CHECKOV),
}
every_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS.keys())


def rendered(name, report, *, colour=False):
    return outputs.render(name, report, Paint(colour=colour))


def test_the_flag_offers_what_is_there():
    assert sorted(FORMATS.split(", ")) == outputs.names()


@every_report
def test_json_and_yaml_are_the_report(report):
    assert json.loads(rendered("json", report)) == json.loads(json.dumps(report.as_dict()))
    assert yaml.safe_load(rendered("yaml", report)) == json.loads(json.dumps(report.as_dict()))


@every_report
def test_sarif_is_valid_and_says_whether_all_was_read(report):
    log = json.loads(rendered("sarif", report))
    (run,) = log["runs"]
    assert run["invocations"][0]["executionSuccessful"] is not bool(report.unread)
    assert len(run["results"]) == len(report.findings)
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == len(report.unread)
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


@every_report
def test_junit_counts_what_it_holds(report):
    root = fromstring(rendered("junit", report))
    assert root.tag == "testsuites"
    for tag, attribute in (("testcase", "tests"), ("failure", "failures"), ("error", "errors")):
        assert len(list(root.iter(tag))) == int(root.get(attribute))
        for suite in root:
            assert len(list(suite.iter(tag))) == int(suite.get(attribute))
    assert len(list(root.iter("failure"))) == len(report.findings)
    assert len(list(root.iter("error"))) == len(report.unread)


@every_report
def test_github_has_a_command_a_line(report):
    lines = rendered("github", report).split("\n")[:-1]
    assert len(lines) == len(report.findings) + len(report.unread)
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)


def test_github_escapes_what_would_end_a_command():
    (line,) = [one for one in rendered("github", REPORTS["failing"]).splitlines() if "plain" in one]
    assert line.startswith("::notice file=rel/c%2Cd%3A%25e.yaml,line=3,title=deny-latest-tag::plain")


@every_report
@pytest.mark.parametrize("name", outputs.names())
def test_nothing_steers_a_terminal_and_lines_end(report, name):
    text = rendered(name, report)
    assert not set(text) & {chr(code) for code in range(32)} - {"\n"}
    assert text.endswith("\n") or not text


def test_table_shows_place_severity_policy_message_and_counts():
    text = rendered("table", REPORTS["incomplete"])
    assert "rel/c,d:%e.yaml\n      3  info      deny-latest-tag  plain" in text
    assert "gone: does not exist" in text
    assert "2 findings: 1 high, 1 info" in text


def test_table_is_coloured_only_when_asked():
    assert "\x1b[31mhigh" in rendered("table", REPORTS["failing"], colour=True)
    assert "\x1b" not in rendered("table", REPORTS["failing"])
