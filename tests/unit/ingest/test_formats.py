"""Every format: told by its content, read whole and piece by piece alike, each finding placed, nothing left out."""

import json
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest

from jade_common.errors import InvalidEventError
from jade_common.events import ReportFile, ScanReport
from jade_ingest.domain import content
from jade_ingest.domain.findings import Identified, Reading, findings_of
from jade_ingest.domain.formats import formats
from jade_ingest.domain.rejects import Aside, Reject

HERE = Path(__file__).parent
REPORTS = HERE / "reports"
PAGES = Path(__file__).parents[3] / "docs" / "formats"
SHOP = (
    ReportFile(path="manifests/shop.yaml", content=(HERE / "manifests" / "shop.yaml").read_text("utf-8")),
)

PRIVILEGED = "/spec/template/spec/containers/0/securityContext/privileged"
CART, TILL = "Deployment shop/cart", "Deployment shop/till"

# file: format, its findings (rule, severity, resource, line, field), entries rejected, entries beside
EXPECTED = {
    "checkov.json": ("checkov", [("CKV_K8S_16", "high", CART, 26, PRIVILEGED)], 1, {"passed": 1}),
    "conftest.json": (
        "conftest",
        [
            ("main.deny", "high", CART, 26, PRIVILEGED),
            ("no-node-port", "low", "Service shop/cart", 36, None),
        ],
        1,
        {"passed": 6, "suppressed": 1},
    ),
    "gatekeeper-audit.log": (
        "gatekeeper-audit",
        [
            ("K8sPSPPrivilegedContainer", None, CART, 26, PRIVILEGED),
            ("K8sPSPPrivilegedContainer", None, "Pod shop/cart-1", None, None),
        ],
        1,
        {"audit_started": 1, "audit_finished": 1, "other lines": 2},
    ),
    "gatekeeper-constraint.json": (
        "gatekeeper-constraint",
        [("K8sPSPPrivilegedContainer", None, CART, 26, PRIVILEGED)],
        24,
        {},
    ),
    "gatekeeper-constraint.yaml": (
        "gatekeeper-constraint",
        [("K8sPSPPrivilegedContainer", None, CART, 21, "/spec/template/spec/containers/0")],
        0,
        {},
    ),
    "gatekeeper-export.jsonl": (
        "gatekeeper-export",
        [
            ("K8sPSPPrivilegedContainer", None, CART, 26, PRIVILEGED),
            ("K8sPSPPrivilegedContainer", None, TILL, None, None),
        ],
        2,
        {"frames of an audit": 2},
    ),
    "gator.json": ("gator", [("K8sPSPPrivilegedContainer", None, CART, 26, PRIVILEGED)], 1, {}),
    "gator-stats.json": ("gator", [("K8sPSPPrivilegedContainer", None, CART, 26, PRIVILEGED)], 0, {}),
    "kube-linter.json": ("kube-linter", [("privileged-container", None, CART, 26, PRIVILEGED)], 1, {}),
    "kube-linter-clean.json": ("kube-linter", [], 0, {}),
    "kube-score.json": (
        "kube-score",
        [
            ("container-security-context-privileged", "high", CART, 26, PRIVILEGED),
            ("container-image-tag", "high", CART, 22, "/spec/template/spec/containers/0/image"),
            ("deployment-replicas", "medium", CART, 13, "/spec/replicas"),
        ],
        1,
        {"passed": 1, "skipped": 1},
    ),
    "kubescape.json": (
        "kubescape",
        [
            ("C-0057", "high", CART, 26, PRIVILEGED),
            ("C-0211", "high", CART, 27, "/spec/template/spec/containers/1/securityContext/runAsNonRoot"),
            ("C-0035", "medium", "ClusterRole wide", None, "/rules/0/verbs/0"),
        ],
        1,
        {"passed": 1, "skipped": 1},
    ),
    "kyverno-apply.txt": (
        "kyverno",
        [
            ("disallow-privileged/privileged-containers", None, CART, 26, PRIVILEGED),
            ("disallow-privileged/second", None, CART, 7, None),
            ("no-node-port/no-node-port", None, "Service shop/cart", 30, None),
        ],
        1,
        {"passed": 3},
    ),
    "kyverno-test.json": (
        "kyverno",
        [("disallow-privileged/privileged-containers", None, CART, 7, None)],
        1,
        {"passed": 1},
    ),
    "nothing.json": ("nothing", [], 0, {}),
    "polaris.json": (
        "polaris",
        [
            ("deploymentMissingReplicas", "medium", CART, 13, "/spec/replicas"),
            ("runAsPrivileged", "high", CART, 26, PRIVILEGED),
        ],
        1,
        {"passed": 1},
    ),
    "policyreport.json": (
        "policyreport",
        [
            ("disallow-privileged/privileged-containers", "high", CART, 26, PRIVILEGED),
            ("disallow-privileged/no-node-port", "low", "Service shop/cart", 30, None),
        ],
        1,
        {"passed": 1, "skipped": 1},
    ),
    "policyreport-list.json": (
        "policyreport",
        [("disallow-privileged/privileged-containers", "high", CART, 26, PRIVILEGED)],
        0,
        {},
    ),
    "policyreport-kyverno.yaml": (
        "policyreport",
        [("disallow-privileged/privileged-containers", "high", CART, 7, None)],
        0,
        {"passed": 1},
    ),
    "sarif.sarif": (
        "sarif",
        [
            ("KSV-0017", "high", CART, 26, PRIVILEGED),
            ("KSV-0030", "low", CART, 27, "/spec/template/spec/containers/1/securityContext/seccompProfile"),
            ("privileged-container", "medium", CART, 26, PRIVILEGED),
        ],
        1,
        {"passed": 1, "suppressed": 1},
    ),
    "trivy-clean.json": ("trivy", [], 0, {}),
    "trivy-config.json": (
        "trivy",
        [
            ("KSV-0017", "high", CART, 26, PRIVILEGED),
            ("KSV-0030", "low", CART, 27, "/spec/template/spec/containers/1/securityContext/seccompProfile"),
            ("KSV-0999", "medium", "Service shop/cart", 31, None),
        ],
        2,
        {"passed": 1},
    ),
    "trivy-k8s-full.json": ("trivy", [("KSV-0017", "high", CART, 26, PRIVILEGED)], 1, {}),
    "trivy-k8s-old.json": ("trivy", [("KSV-0017", "high", CART, 26, PRIVILEGED)], 1, {}),
    "trivy-k8s-summary.json": ("trivy", [("KSV-0017", "high", CART, 26, PRIVILEGED)], 0, {}),
    "trivy-old-array.json": ("trivy", [("KSV-0017", "high", CART, 26, PRIVILEGED)], 0, {}),
    "trivy-operator.json": (
        "trivy-operator",
        [("KSV-0017", "high", CART, 26, PRIVILEGED)],
        2,
        {"passed": 1},
    ),
}


def entries(name: str, files=SHOP, format_=None):
    return list(Reading((REPORTS / name).read_bytes(), files, format=format_))


def said(entry: Identified):
    finding = entry.finding
    who = finding.resource_identity
    name = f"{who.kind} {who.namespace}/{who.name}" if who.namespace else f"{who.kind} {who.name}"
    line = finding.source.line if finding.source is not None else None
    return finding.rule_id, finding.severity, name, line, finding.path


def test_every_fixture_is_expected_and_every_format_has_one_and_a_page():
    assert {path.name for path in REPORTS.iterdir()} == set(EXPECTED)
    assert {one[0] for one in EXPECTED.values()} | {"manifests"} == set(formats())
    missing = [name for name in formats() if f"# {name}" not in (PAGES / f"{name}.md").read_text("utf-8")]
    assert missing == []
    index = (PAGES / "README.md").read_text("utf-8")
    assert [name for name in formats() if f"({name}.md)" not in index] == []


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_report_gives_its_findings_with_resource_line_and_field(name):
    format_, findings, rejected, beside = EXPECTED[name]
    assert format_ == Reading((REPORTS / name).read_bytes()).format.NAME
    found = entries(name)
    assert [said(one) for one in found if isinstance(one, Identified)] == findings
    rejects = [one for one in found if isinstance(one, Reject)]
    assert sum(one.count for one in rejects) == rejected
    assert all(one.where and one.reason for one in rejects)
    asides = Counter()
    for one in found:
        if isinstance(one, Aside):
            asides[one.kind] += one.count
    assert +asides == beside


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_large_report_is_read_piece_by_piece_and_says_the_same(name, monkeypatch):
    whole = entries(name)
    monkeypatch.setattr(content, "WHOLE", 0)
    assert entries(name) == whole


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_same_report_without_its_manifests_gives_the_same_rules_and_no_line_of_a_field(name):
    found = [one.finding for one in entries(name, ()) if isinstance(one, Identified)]
    assert [one.rule_id for one in found] == [one[0] for one in EXPECTED[name][1]]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_nothing_that_leaves_holds_a_secret_an_escape_or_who_asked(name):
    text = "".join(one.finding.model_dump_json() for one in entries(name) if isinstance(one, Identified))
    assert "hunter2" not in text
    assert "\\u001b" not in text
    assert "ann@example.com" not in text


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_on_the_bus_a_report_gives_what_it_gives_here(name):
    text = (REPORTS / name).read_text("utf-8")
    ingested = findings_of(ScanReport(content=text, files=SHOP, team="shop"))
    assert ingested.format == EXPECTED[name][0]
    assert len(ingested.findings) + ingested.repeated == len(EXPECTED[name][1])
    assert {one.finding.team for one in ingested.findings} <= {"shop"}


def test_spellings_of_trivys_rules_are_one_and_the_reports_own_stay():
    spellings = {
        name: next(one.finding for one in entries(name) if isinstance(one, Identified))
        for name in ("trivy-config.json", "trivy-k8s-full.json", "trivy-operator.json", "sarif.sarif")
    }
    assert {(one.tool, one.rule_id) for one in spellings.values()} == {("trivy", "KSV-0017")}
    assert spellings["trivy-config.json"].rule_aliases == ()
    assert spellings["trivy-k8s-full.json"].rule_aliases == ("KSV017", "AVD-KSV-0017")
    assert spellings["trivy-operator.json"].rule_aliases == ("KSV017",)


def test_kubescape_says_what_it_would_set_and_delete():
    first, second, _ = [one.finding for one in entries("kubescape.json") if isinstance(one, Identified)]
    assert [(fix.action, fix.path) for fix in first.fixes] == [("delete", PRIVILEGED)]
    assert [(fix.path, fix.value, fix.needs_value) for fix in second.fixes] == [
        ("/spec/template/spec/containers/1/securityContext/runAsNonRoot", "true", False),
        ("/spec/template/metadata/labels/app.kubernetes.io~1name", "YOUR_VALUE", True),
    ]


def test_sarif_keeps_the_fixes_of_a_tool():
    (fix,) = next(one.finding for one in entries("sarif.sarif") if isinstance(one, Identified)).fixes
    assert (fix.action, fix.source.line, fix.start_column, fix.text) == ("replace", 26, 23, "false")


REFUSED = {
    "trivy": ({"SchemaVersion": 3, "Results": []}, "SchemaVersion is 3; known is 2"),
    "polaris": (
        {"PolarisOutputVersion": "2.0", "Results": []},
        "PolarisOutputVersion is '2.0'; known is 1.0",
    ),
    "kubescape": (
        {"metadata": {"scanMetadata": {"formatVersion": "v3"}}, "summaryDetails": {}, "results": []},
        "formatVersion is 'v3'; known is v2",
    ),
    "kubescape v1": ([{"controlReports": [], "name": "NSA"}], "formatVersion is v1; known is v2"),
    "sarif": ({"version": "2.2.0", "runs": []}, "version is '2.2.0'; known is 2.1.0"),
    "policyreport": (
        {"apiVersion": "wgpolicyk8s.io/v1beta1", "kind": "PolicyReport", "results": []},
        "'wgpolicyk8s.io/v1beta1'; known are openreports.io/v1alpha1, wgpolicyk8s.io/v1alpha2",
    ),
    "trivy-operator": (
        {"apiVersion": "aquasecurity.github.io/v2", "kind": "ConfigAuditReport", "report": {}},
        "'aquasecurity.github.io/v2'; known is aquasecurity.github.io/v1alpha1",
    ),
    "gatekeeper-constraint": (
        {"apiVersion": "constraints.gatekeeper.sh/v2", "kind": "K8sX", "status": {}},
        "'constraints.gatekeeper.sh/v2'; known is",
    ),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_version_that_is_not_known_is_refused_by_name(name):
    report, message = REFUSED[name]
    with pytest.raises(InvalidEventError) as caught:
        list(Reading(json.dumps(report).encode()))
    assert message in str(caught.value)


@pytest.mark.parametrize("name", sorted(set(formats()) - {"manifests"}))
def test_report_of_another_format_is_refused_by_the_one_that_was_named(name):
    with pytest.raises(InvalidEventError, match=r"^not .*it is JSON: an object with matches"):
        list(Reading(b'{"matches": []}', format=name))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty: the tool wrote nothing"),
        (b" \n", "empty: the tool wrote nothing"),
        ("{}".encode("utf-16"), "UTF-16"),
        (b'{"SchemaVersion": 2, "Results": [', "broken or cut off"),
        (b'[{"filename": "a", "namespace": "main"}', "broken or cut off"),
        (b"Segmentation fault", "text that is neither JSON nor YAML"),
        (b'{"level": "info"}\n{"level": "warn"}', "JSON lines with level"),
        (b"a: 1", "YAML documents"),
        (b'[{"engine": "rego"}]', "an array of objects with engine"),
    ],
)
def test_what_is_no_report_is_refused_with_what_it_is(data, message, monkeypatch):
    for whole in (content.WHOLE, 0):
        monkeypatch.setattr(content, "WHOLE", whole)
        with pytest.raises(InvalidEventError) as caught:
            Reading(data)
        assert message in str(caught.value)


def test_byte_order_mark_is_no_part_of_the_report():
    data = b"\xef\xbb\xbf" + (REPORTS / "trivy-config.json").read_bytes()
    assert len(list(Reading(data, SHOP))) == len(entries("trivy-config.json"))


def test_broken_manifest_beside_a_report_is_named_and_is_none_of_its_entries():
    files = (*SHOP, ReportFile(path="broken.yaml", content="kind: ["))
    rejects = [one for one in entries("trivy-k8s-summary.json", files) if isinstance(one, Reject)]
    assert [(one.where, one.count) for one in rejects] == [("broken.yaml:1", 0)]


def test_report_may_be_a_file_that_is_read_again():
    reading = Reading(BytesIO((REPORTS / "kube-linter.json").read_bytes()), SHOP)
    assert list(reading) == list(reading)


def test_log_whose_first_event_comes_late_is_read_when_it_is_named():
    log = b'{"level": "info", "msg": "starting"}\n' * 2000 + (REPORTS / "gatekeeper-audit.log").read_bytes()
    with pytest.raises(InvalidEventError, match="JSON lines with level, msg"):
        Reading(log)
    found = list(Reading(log, SHOP, format="gatekeeper-audit"))
    assert sum(isinstance(one, Identified) for one in found) == 2


def test_lines_of_another_program_are_not_taken_for_gatekeepers_log():
    with pytest.raises(InvalidEventError, match="was not recognised"):
        Reading(b'{"event_type": "login", "user": "x"}\n{"event_type": "logout", "user": "x"}\n')


def test_documents_of_one_name_get_one_finding_each():
    twice = SHOP[0].content.split("---\n")[1].replace("replicas: 1", "replicas: 2")
    files = (ReportFile(path="manifests/shop.yaml", content=f"{SHOP[0].content}---\n{twice}"),)
    entry = json.loads((REPORTS / "kube-linter.json").read_text("utf-8"))
    entry["Reports"] = entry["Reports"][:1] * 2
    found = [one.finding for one in Reading(json.dumps(entry).encode(), files) if isinstance(one, Identified)]
    assert [one.resource["spec"]["replicas"] for one in found] == [1, 2]
    assert found[0].source.line < found[1].source.line


@pytest.mark.parametrize(
    "name", ["checkov", "conftest", "gator", "kube-score", "kyverno", "trivy", "nothing"]
)
@pytest.mark.parametrize("data", [b"null", b"[]\n"])
def test_tool_that_writes_an_array_has_found_nothing_where_that_is_empty(name, data):
    assert list(Reading(data, SHOP, format=name)) == []
    assert Reading(data).format.NAME == "nothing"


@pytest.mark.parametrize(
    "report",
    [
        {"SchemaVersion": 2, "Results": None},
        {"SchemaVersion": 2},
        {"ClusterName": "kind"},
        {"PolarisOutputVersion": "1.0", "Results": None},
        {"version": "2.1.0", "runs": None},
        {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": None}]},
        {"apiVersion": "wgpolicyk8s.io/v1alpha2", "kind": "PolicyReport", "results": None},
        {"apiVersion": "wgpolicyk8s.io/v1alpha2", "kind": "PolicyReportList", "items": []},
        {"apiVersion": "constraints.gatekeeper.sh/v1beta1", "kind": "K8sX", "status": {"totalViolations": 0}},
        {"results": None, "stats": []},
    ],
)
def test_empty_forms_are_clean_reports(report, monkeypatch):
    for whole in (content.WHOLE, 0):
        monkeypatch.setattr(content, "WHOLE", whole)
        assert list(Reading(json.dumps(report).encode(), SHOP)) == []
