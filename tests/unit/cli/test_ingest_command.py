"""`jade ingest`: the same findings in three outputs, counted, whatever the report is and however it comes."""

import io
import json
import sys
from pathlib import Path

import pytest

from jade_cli.exits import CLEAN, INCOMPLETE, USAGE
from jade_cli.main import run
from jade_cli.onbus.reports import report_of
from jade_ingest.domain.findings import findings_of

FIXTURES = Path(__file__).parents[1] / "ingest"
PRIVILEGED = "/spec/template/spec/containers/0/securityContext/privileged"


@pytest.fixture
def jade(capfdbinary):
    def command(*arguments):
        code = run(["ingest", *map(str, arguments)])
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return command


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a report, and the manifests that it names below it."""
    (tmp_path / "manifests").mkdir()
    for name in ("trivy-config.json", "kube-linter.json", "trivy-clean.json", "trivy-k8s-summary.json"):
        (tmp_path / name).write_bytes((FIXTURES / "reports" / name).read_bytes())
    (tmp_path / "manifests" / "shop.yaml").write_bytes((FIXTURES / "manifests" / "shop.yaml").read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_json_holds_findings_rejects_and_counts(jade, folder):
    code, out, err = jade("trivy-config.json", "-o", "json")
    document = json.loads(out)
    assert document["schema"] == "jade.ingest/v1"
    assert [one["rule_id"] for one in document["findings"]] == ["KSV-0017", "KSV-0030", "KSV-0999"]
    assert [one["where"] for one in document["rejects"]] == [
        "shop.yaml Misconfigurations[4]",
        "image Vulnerabilities[0] CVE-2026-1",
    ]
    counts = document["summary"]
    assert counts["in"] == counts["findings"] + counts["rejects"] == 5
    assert counts["reports"][0]["beside"] == {"passed": 1}
    assert "trivy: 5 in = 3 findings + 2 rejects; beside them 1 passed" in err
    assert "rejected: image Vulnerabilities[0] CVE-2026-1: a vulnerability" in err
    assert code == INCOMPLETE


def test_manifests_that_the_report_names_give_resource_field_and_line(jade, folder):
    first = json.loads(jade("trivy-config.json", "-o", "json")[1])["findings"][0]
    assert (first["path"], first["source"]["line"]) == (PRIVILEGED, 26)
    assert first["resource"]["metadata"]["name"] == "cart"
    assert first["resource_identity"] == {
        "api_version": "apps/v1",
        "kind": "Deployment",
        "namespace": "shop",
        "name": "cart",
    }


def test_manifests_that_it_does_not_name_are_given(jade, folder):
    code, out, err = jade("trivy-k8s-summary.json", "-o", "jsonl")
    assert (code, "resource" in json.loads(out)) == (CLEAN, False)
    assert "--manifests DIR" in err
    (line,) = jade("trivy-k8s-summary.json", "--manifests", "manifests", "-o", "jsonl")[1].splitlines()
    assert json.loads(line)["source"] == {"path": "manifests/shop.yaml", "line": 26}


def test_lines_are_the_same_findings_and_rejects_are_lines_too(jade, folder):
    findings = json.loads(jade("trivy-config.json", "-o", "json")[1])["findings"]
    lines = [json.loads(line) for line in jade("trivy-config.json", "-o", "jsonl")[1].splitlines()]
    assert [line for line in lines if "reject" not in line] == findings
    assert [line["reject"]["reason"].split(":")[0] for line in lines if "reject" in line] == [
        "not a misconfiguration",
        "a vulnerability, which is no misconfiguration of a resource",
    ]


def test_table_says_what_where_and_why(jade, folder):
    out = jade("kube-linter.json")[1]
    assert "kube-linter privileged-container  Deployment shop/cart  manifests/shop.yaml:26" in out
    assert f'{PRIVILEGED} container "cart" is privileged' in out


def test_clean_report_exits_with_0_and_an_empty_document(jade, folder):
    code, out, err = jade("trivy-clean.json", "-o", "json")
    assert (code, json.loads(out)["findings"]) == (CLEAN, [])
    assert "0 in = 0 findings + 0 rejects" in err


def test_stdin_is_read_like_a_file(jade, folder, monkeypatch):
    text = (folder / "kube-linter.json").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert (
        json.loads(jade("-", "-o", "json")[1])["findings"]
        == json.loads(jade("kube-linter.json", "-o", "json")[1])["findings"]
    )


def test_manifests_and_folders_of_them_are_read_as_such(jade, folder):
    one = json.loads(jade("manifests/shop.yaml", "-o", "json")[1])["findings"]
    assert one == json.loads(jade("manifests", "-o", "json")[1])["findings"]
    assert [finding["resource_ref"] for finding in one] == [
        "Namespace.default.shop",
        "Deployment.shop.cart",
        "Service.shop.cart",
    ]
    assert "hunter2" not in json.dumps(one)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"SchemaVersion": 3}', "SchemaVersion is 3; known is 2"),
        ('{"a": 1}', "was not recognised: it is JSON: an object with a; known are checkov, conftest"),
        ("", "empty: the tool wrote nothing"),
    ],
)
def test_report_that_cannot_be_read_is_3_and_the_others_are_read(jade, folder, content, message):
    (folder / "other.json").write_text(content)
    code, out, err = jade("other.json", "missing.json", "kube-linter.json", "-o", "json")
    document = json.loads(out)
    assert code == INCOMPLETE
    assert message in err
    assert "missing.json: cannot be read: No such file" in err
    assert [bool(one.get("error")) for one in document["summary"]["reports"]] == [True, True, False]
    assert len(document["findings"]) == 1


@pytest.mark.parametrize("flags", [("--format", "grype"), ("--manifests", "nowhere")])
def test_wrong_usage_is_2(jade, folder, flags):
    code, _, err = jade("kube-linter.json", *flags)
    assert code == USAGE
    assert "known are checkov" in err or "nowhere does not exist" in err


@pytest.mark.parametrize("name", ["trivy-config.json", "kube-linter.json"])
def test_publish_sends_the_same(jade, folder, name):
    sent = findings_of(report_of(name)).findings
    shown = [json.loads(line) for line in jade(name, "-o", "jsonl")[1].splitlines() if '"reject"' not in line]
    assert [one.id for one in sent] == [one["id"] for one in shown]
