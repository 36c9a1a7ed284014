"""Every output is valid by the official schema of its format: when clean, failing, suppressed and incomplete."""

import itertools
import json
import re
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import xmlschema
import yaml

from jade_cli import outputs
from jade_cli.scan.findings import Edit, Finding, Fix, Rule, Suppressed, Unevaluated
from jade_cli.scan.fingerprints import numbered
from jade_cli.scan.report import Report
from jade_cli.scan.suppressions import Suppression, Use
from jade_cli.terminal import Paint
from jade_common.identity import derived_id
from jade_common.problems import Problem
from jade_policy.resources import ResourceId

HERE = Path(__file__).parent / "schemas"
DOCS = Path(__file__).parents[3] / "docs" / "schemas"
HOSTILE = "50 %: a,b <&\"'> \x1b[31m\x00\u2028 ümlaut\n::error::x ]]> | `@me` [a](b)"
UNTIL = date(2027, 1, 31)


def found(policy, severity, message, source, **more):
    resource = ResourceId("v1", "Pod", more.pop("namespace", "shop"), more.pop("name", "cart"))
    known_by = derived_id("test", policy, message, source)
    return Finding(policy, policy, severity, message, resource, source, 3, fingerprint=known_by, **more)


FINDINGS = numbered([
    found("deny-latest-tag", "high", HOSTILE, "/abs/a b.yaml", path="/spec/~1x", name=HOSTILE, namespace=HOSTILE),
    found("deny-latest-tag", "info", "plain", "rel/c,d:%e.yaml", new=True),
    found("deny-host-network", "critical", "", "rel/x.yaml", new=False, namespace=""),
    found("deny-host-network", "medium", "mended", "rel/x.yaml", new=False)._replace(
        fix=Fix("Set hostNetwork to false", (Edit("rel/x.yaml", 3, 3, "  hostNetwork: false\n"), Edit("y", 1, 0, "a\n")))
    ),
])  # fmt: skip
HELD = [
    found(f"p-{by}", "low", "held", "rel/x.yaml", suppressed=Suppressed(by, HOSTILE, UNTIL))
    for by in ("annotation", "jade.yaml")
]
OF_CHECKOV = [
    Finding(
        None,
        None,
        "medium",
        "x",
        ResourceId("", "Pod", "", "x"),
        "a.yaml",
        1,
        rule={"tool": "checkov", "rule_id": "CKV_1", "title": "One"},
        policies=[{"id": "p", "score": 1.0, "verdict": "passed"}],
        fingerprint=derived_id("checkov"),
    )
]
RULES = {"deny-latest-tag": Rule("deny-latest-tag", "Title", "Why", "medium"), "bare": Rule("bare")}
UNREAD = [Unevaluated("x.yaml", 3, HOSTILE), Unevaluated("gone", None, "does not exist")]
ON = ResourceId("v1", "Pod", "shop", "cart")
USES = [
    Use(Suppression("p-annotation", HOSTILE, UNTIL, "annotation", "rel/x.yaml", 7, ON), "active", 1),
    Use(
        Suppression("p-x", "r", UNTIL, "jade.yaml", "jade.yaml", resource="Pod *", paths=("a",)), "active", 1
    ),
    Use(Suppression("p-y", "r", UNTIL, "jade.yaml", "jade.yaml"), "expired", 0, "expired on 2027-01-31"),
    Use(
        Suppression(HOSTILE, "r", UNTIL, "annotation", "rel/x.yaml", 9, ON),
        "unneeded",
        0,
        "is no longer needed",
    ),
]
SEEN = [
    one._replace(
        problem=Problem(
            derived_id("problem"),
            "Namespace shop",
            "deny-latest-tag",
            "/spec",
            ("jade", HOSTILE),
            (f"{HOSTILE}:{HOSTILE}", "jade:deny-latest-tag"),
            2,
            (one.fingerprint, derived_id("another")),
        )
    )
    for one in (*FINDINGS[:1], *OF_CHECKOV)
]
BY_TOOL = {"checkov": 3, "jade": 2}
REPORTS = {
    "clean": Report("jade", files=["a.yaml"], documents=1, rules=RULES),
    "nothing at all": Report("jade"),
    "failing": Report("jade", FINDINGS, files=["/abs/a b.yaml"], rules=RULES),
    "against a baseline": Report("jade", FINDINGS, rules=RULES, gone=2, fail_on_new=True),
    "suppressed": Report("jade", suppressed=HELD, suppressions=USES, files=["rel/x.yaml"], rules=RULES),
    "incomplete": Report("jade", FINDINGS, UNREAD, HELD, USES, rules=RULES),
    "only unread": Report("jade", unread=UNREAD),
    "checkov": Report("checkov", OF_CHECKOV),
    "reports, clean": Report("jade", files=["a.yaml"], rules=RULES, seen={}),
    "reports, failing": Report("jade", SEEN, rules=RULES, seen=BY_TOOL, gone=1),
    "reports, incomplete": Report(
        "none",
        SEEN[:1],
        UNREAD,
        [one._replace(suppressed=Suppressed("jade.yaml", HOSTILE, UNTIL)) for one in SEEN],
        USES,
        seen=BY_TOOL,
    ),
}
every_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS.keys())


def rendered(name, report):
    return outputs.render(name, report, Paint(colour=False))


def schema(name):
    path = HERE / name if (HERE / name).exists() else DOCS / name
    read = json.loads(path.read_text("utf-8"))
    kind = jsonschema.validators.validator_for(read)
    kind.check_schema(read)
    return kind(read, format_checker=kind.FORMAT_CHECKER)


def closed(node):
    """The schema with no field beside those it names: an API server would drop them."""
    if isinstance(node, list):
        return [closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    node = {key: closed(value) for key, value in node.items()}
    if isinstance(node.get("properties"), dict) and "type" in node:
        node.setdefault("additionalProperties", False)
    return node


def resource_definitions():
    """The validator of each kind of report, by apiVersion and kind."""
    found = {}
    for path in HERE.glob("*.yaml"):
        spec = yaml.safe_load(path.read_text("utf-8"))["spec"]
        for version in spec["versions"]:
            read = closed(version["schema"]["openAPIV3Schema"])
            read["properties"]["metadata"] = {"type": "object"}
            name = f"{spec['group']}/{version['name']}", spec["names"]["kind"]
            found[name] = jsonschema.Draft202012Validator(read), spec["scope"] == "Namespaced"
    return found


SARIF = schema("sarif-2.1.0.schema.json")
GITLAB = schema("gitlab-code-quality.schema.json")
OWN = schema("jade.scan.v1.schema.json")
JUNIT = xmlschema.XMLSchema(HERE / "junit-10.xsd")
DEFINITIONS = resource_definitions()


@every_report
def test_sarif(report):
    log = json.loads(rendered("sarif", report))
    SARIF.validate(log)
    (run,) = log["runs"]
    assert len(run["results"]) == len(report.findings) + len(report.suppressed)
    counting = [result for result in run["results"] if "suppressions" not in result]
    assert len(counting) == len(report.findings)
    assert all(
        "startLine" in result["locations"][0]["physicalLocation"]["region"] for result in run["results"]
    )


def test_sarif_without_what_it_needs_is_refused():
    log = json.loads(rendered("sarif", REPORTS["failing"]))
    del log["runs"][0]["results"][0]["message"]
    with pytest.raises(jsonschema.ValidationError, match="message"):
        SARIF.validate(log)


def test_sarif_fixes_replace_whole_lines():
    log = json.loads(rendered("sarif", REPORTS["failing"]))
    ((fix,),) = [result["fixes"] for result in log["runs"][0]["results"] if "fixes" in result]
    assert fix["description"] == {"text": "Set hostNetwork to false"}
    assert [change["artifactLocation"]["uri"] for change in fix["artifactChanges"]] == ["rel/x.yaml", "y"]
    (replacement,) = fix["artifactChanges"][0]["replacements"]
    assert replacement["deletedRegion"] == {"startLine": 3, "startColumn": 1, "endLine": 4, "endColumn": 1}
    assert replacement["insertedContent"] == {"text": "  hostNetwork: false\n"}
    (inserted,) = fix["artifactChanges"][1]["replacements"]
    assert inserted["deletedRegion"] == {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1}


def test_sarif_says_what_is_new_and_where_a_suppression_stands():
    results = json.loads(rendered("sarif", REPORTS["against a baseline"]))["runs"][0]["results"]
    assert sorted(result.get("baselineState", "") for result in results) == [
        "",
        "new",
        "unchanged",
        "unchanged",
    ]
    results = json.loads(rendered("sarif", REPORTS["suppressed"]))["runs"][0]["results"]
    assert [result["suppressions"][0]["kind"] for result in results] == ["inSource", "external"]


@every_report
def test_junit(report):
    text = rendered("junit", report)
    JUNIT.validate(text)
    assert len(re.findall("<skipped ", text)) == len(report.suppressed)


def test_junit_without_what_it_needs_is_refused():
    text = rendered("junit", REPORTS["failing"]).replace(' errors="0"', "")
    with pytest.raises(xmlschema.XMLSchemaValidationError, match="errors"):
        JUNIT.validate(text)


@every_report
@pytest.mark.parametrize("name", ["openreports", "policyreport"])
def test_reports_of_kubernetes(name, report):
    documents = list(yaml.safe_load_all(rendered(name, report)))
    results = [result for document in documents for result in document["results"]]
    for document in documents:
        validator, namespaced = DEFINITIONS[document["apiVersion"], document["kind"]]
        validator.validate(document)
        namespace = document["metadata"].get("namespace")
        assert (namespace is not None) == namespaced
        assert namespace is None or re.fullmatch("[a-z0-9-]+", namespace)
        counted = [result["result"] for result in document["results"]]
        assert document["summary"] == {
            word: counted.count(word) for word in ("fail", "warn", "error", "skip")
        }
    verdicts = [result["result"] for result in results]
    assert verdicts.count("fail") == len(report.findings)
    assert verdicts.count("skip") == len(report.suppressed)
    assert verdicts.count("error") == len(report.unread)
    assert verdicts.count("warn") == len(report.stale)
    assert documents[0]["kind"].startswith("Cluster")


@pytest.mark.parametrize("name", ["openreports", "policyreport"])
def test_reports_of_kubernetes_without_what_they_need_are_refused(name):
    document = next(yaml.safe_load_all(rendered(name, REPORTS["incomplete"])))
    validator, _ = DEFINITIONS[document["apiVersion"], document["kind"]]
    for result, error in (({"result": "no"}, "'no' is not one of"), ({"polcy": "x"}, "polcy")):
        with pytest.raises(jsonschema.ValidationError, match=error):
            validator.validate(document | {"results": [{**document["results"][0], **result}]})


def test_no_report_of_kubernetes_is_larger_than_etcd_takes():
    many = [found("p", "low", "m" * 5_000, f"{number}.yaml") for number in range(2_500)]
    documents = list(yaml.safe_load_all(rendered("openreports", Report("jade", many))))
    shop = [one for one in documents if one["metadata"].get("namespace") == "shop"]
    assert [one["metadata"]["name"] for one in shop] == ["jade-scan", "jade-scan-2", "jade-scan-3"]
    assert sum(len(one["results"]) for one in shop) == 2_500
    assert max(len(json.dumps(one)) for one in documents) < 1.5 * 1024 * 1024


@every_report
def test_gitlab(report):
    issues = json.loads(rendered("gitlab", report))
    GITLAB.validate(issues)
    more = bool(report.suppressed or report.stale)
    assert len(issues) == len(report.findings) + len(report.unread) + more
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    said = " ".join(issue["description"] for issue in issues if issue["check_name"] == "jade-suppressions")
    assert (f"{len(report.suppressed)} findings suppressed" in said) == more


@every_report
def test_json_and_yaml(report):
    document = json.loads(rendered("json", report))
    OWN.validate(document)
    assert document["schema"] == "jade.scan/v1"
    assert document["summary"]["suppressed"] == len(document["suppressed"]) == len(report.suppressed)
    assert yaml.safe_load(rendered("yaml", report)) == document


def test_json_without_what_it_needs_is_refused():
    document = json.loads(rendered("json", REPORTS["incomplete"]))
    del document["suppressed"][0]["suppressed"]["reason"]
    with pytest.raises(jsonschema.ValidationError, match="reason"):
        OWN.validate(document)


COMMAND = re.compile(r"::(?P<level>error|warning|notice) (?P<properties>[^\n]*?)::(?P<message>[^\n\r]*)")


@every_report
def test_github(report):
    lines = rendered("github", report).split("\n")[:-1]
    read = [COMMAND.fullmatch(line) for line in lines]
    assert None not in read
    for line in read:
        properties = dict(one.split("=", 1) for one in line["properties"].split(","))
        assert set(properties) <= {"file", "line", "title"}
    more = bool(report.suppressed) + len(report.stale)
    assert len(lines) == len(report.findings) + len(report.unread) + more
    said = [line["message"] for line in read if "title=jade" in line["properties"].split(",")]
    assert said == ([f"{len(report.suppressed)} findings suppressed"] if report.suppressed else [])


@every_report
def test_markdown_counts_and_lets_nothing_through(report):
    page = rendered("markdown", report)
    assert page.startswith(f"## Jade {'passed' if report.verdict == 'passed' else ''}".rstrip())
    assert f"| {' | '.join(map(str, report.by_severity.values()))} | {len(report.suppressed)} |" in page
    assert "@" not in page
    bare = [re.sub(r"\\.", "", line) for line in page.splitlines()]
    assert not [line for line in bare if re.search(r"[\[\]`]|<(?!/?(?:details|summary)>)", line)]
    for line, after in itertools.pairwise(bare):
        assert not (line.startswith("|") and after.startswith("|")) or line.count("|") == after.count("|")


def test_markdown_fits_into_a_job_summary():
    many = [found(f"p-{number % 90}", "low", "|" * 5_000, f"{number}.yaml") for number in range(5_000)]
    page = rendered("markdown", Report("jade", many, unread=UNREAD * 500, suppressed=HELD * 1_000))
    assert len(page.encode()) < 1024 * 1024
    assert "the first 200 of 5000 findings" in page


def test_every_format_is_held_to_something():
    held = {"github", "gitlab", "json", "junit", "markdown", "openreports", "policyreport", "sarif", "yaml"}
    assert set(outputs.names()) == held | {"table"}


@pytest.mark.parametrize("name", outputs.names())
def test_every_output_says_who_saw_a_problem(name):
    text = rendered(name, REPORTS["reports, failing"])
    assert any(word in text for word in ("seen by", "seen_by", "seenBy"))
    assert any(word in text for word in ("jade (deny-latest-tag)", "jade:deny-latest-tag"))
