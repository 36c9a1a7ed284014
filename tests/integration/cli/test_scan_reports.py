"""`jade scan --report`: what several scanners say of the same files, each problem once, with all who saw it."""

import json
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
import yaml

from jade_cli import outputs

pytestmark = pytest.mark.integration

FIXTURES = Path(__file__).parents[2] / "unit" / "ingest"
SHOP = FIXTURES / "manifests" / "shop.yaml"
PRIVILEGED = "deny-privileged-pods"
CART = "Deployment shop/cart"
FIELD = "/spec/template/spec/containers/0/securityContext/privileged"
WHO = {
    "checkov.json": ("checkov", "CKV_K8S_16"),
    "kube-linter.json": ("kube-linter", "privileged-container"),
    "trivy-config.json": ("trivy", "KSV-0017"),
    "gator.json": ("gatekeeper", "K8sPSPPrivilegedContainer"),
    "kubescape.json": ("kubescape", "C-0057"),
}


@pytest.fixture
def manifests(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "manifests"
    folder.mkdir()
    (folder / "shop.yaml").write_bytes(SHOP.read_bytes())
    for name in WHO:
        (tmp_path / name).write_bytes((FIXTURES / "reports" / name).read_bytes())
    return folder


def flags(names=tuple(WHO)):
    return [word for name in names for word in ("--report", name)]


def report(done):
    return json.loads(done.out)


def privileged(found):
    (one,) = [
        one
        for one in found
        if one["policy_id"] == PRIVILEGED and (one["resource"]["name"], one.get("path")) == ("cart", FIELD)
    ]
    return one


def test_a_problem_is_shown_once_with_all_who_saw_it(jade, manifests):
    done = jade("scan", manifests, *flags(), "-o", "json")
    found = report(done)
    one = privileged(found["findings"])
    assert one["seen_by"] == sorted({"jade", *(tool for tool, _ in WHO.values())})
    assert {f"{tool}:{rule}" for tool, rule in WHO.values()} <= set(one["aliases"])
    assert f"jade:{PRIVILEGED}" in one["aliases"]
    assert one["count"] == len(one["fingerprints"]) == 1 + len(WHO)
    assert one["message"].startswith("Container")  # ours
    assert sum(found["summary"]["seen"].values()) == sum(one["count"] for one in found["findings"])
    assert len({one["problem_id"] for one in found["findings"]}) == len(found["findings"])
    assert " findings by checkov (1), " in done.err.splitlines()[-1]


def test_neither_order_nor_repetition_changes_anything(jade, manifests):
    forward = jade("scan", manifests, *flags(), "-o", "json").out
    names = list(WHO)
    assert jade("scan", manifests, *flags(names[::-1]), "-o", "json").out == forward
    assert jade("scan", manifests, *flags([*names, *names]), "-o", "json").out == forward


@pytest.mark.parametrize("form", outputs.names())
def test_every_output_shows_it_once_and_says_who(jade, manifests, form):
    text = jade("scan", manifests, *flags(), "-o", form).out
    for tool, rule in WHO.values():
        assert tool in text, form
        assert rule.replace("_", "\\_" if form == "markdown" else "_") in text, form


def test_machines_see_it_once(jade, manifests):
    (run,) = json.loads(jade("scan", manifests, *flags(), "-o", "sarif").out)["runs"]
    of_cart = [
        one
        for one in run["results"]
        if one["ruleId"] == PRIVILEGED
        and one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == CART
    ]
    assert [one["occurrenceCount"] for one in of_cart] == [1 + len(WHO)]
    assert set(of_cart[0]["properties"]["seen_by"]) >= {"jade", "trivy"}
    names = {rule for _, rule in WHO.values()}
    assert not names & {
        one["ruleId"] for one in run["results"] if one["message"]["text"].startswith("Privileged")
    }

    root = fromstring(jade("scan", manifests, *flags(), "-o", "junit").out)
    (case,) = [
        one for one in root.iter("testcase") if one.get("classname") == PRIVILEGED and CART in one.get("name")
    ]
    assert "seen by checkov (BC_K8S_15, CKV_K8S_16), gatekeeper" in case.find("failure").text

    (line,) = [
        one
        for one in jade("scan", manifests, *flags(), "-o", "github").out.splitlines()
        if f"title={PRIVILEGED}" in one and f"[{CART}]" in one
    ]
    assert "(seen by checkov (BC_K8S_15, CKV_K8S_16), gatekeeper" in line


def test_reports_alone(jade, manifests):
    found = report(jade("scan", manifests, *flags(), "--scanner", "none", "-o", "json"))
    one = privileged(found["findings"])
    assert one["seen_by"] == sorted({tool for tool, _ in WHO.values()})
    assert "jade" not in found["summary"]["seen"]
    assert one["finding"]["tool"] in one["seen_by"]


def test_nobody_looks_at_nothing(jade, manifests):
    assert jade("scan", manifests, "--scanner", "none").code == 2
    assert jade("scan", manifests, *flags(), "--via-bus").code == 2
    for once in (("-", "--report", "-"), (manifests, "--report", "-", "--report", "-")):
        assert jade("scan", *once).code == 2


def test_a_baseline_knows_a_problem_by_whoever_saw_it(jade, manifests):
    jade("scan", manifests, "--report", "checkov.json", "-o", "json=before.json", "-o", "sarif=before.sarif")
    for baseline in ("before.json", "before.sarif"):
        gate = ("--baseline", baseline, "--fail-on-new", "-o", "json")
        same = report(jade("scan", manifests, "--report", "checkov.json", *gate))
        assert (same["summary"]["baseline"]["new"], same["summary"]["baseline"]["gone"]) == (0, 0)
        more = report(jade("scan", manifests, *flags(), *gate))
        assert privileged(more["findings"])["new"] is False
        assert more["summary"]["baseline"]["new"]
    plain = report(jade("scan", manifests, "--baseline", "before.json", "-o", "json"))
    assert plain["summary"]["baseline"]["new"] == 0


@pytest.mark.parametrize("rule", [PRIVILEGED, "CKV_K8S_16", "KSV-0017"])
def test_a_suppression_by_any_name_holds_the_whole_problem_back(jade, manifests, tmp_path, rule):
    entry = {"policy": rule, "reason": "it is the agent", "until": "2999-01-31", "resource": CART}
    (tmp_path / "jade.yaml").write_text(yaml.safe_dump({"scan": {"suppressions": [entry]}}))
    found = report(jade("scan", manifests, *flags(), "-o", "json"))
    assert privileged(found["suppressed"])["count"] == 1 + len(WHO)
    assert not any(
        one["policy_id"] == PRIVILEGED and one["resource"]["name"] == "cart" for one in found["findings"]
    )
    (use,) = found["suppressions"]
    assert use["state"] == "active"


def test_a_report_that_cannot_be_read_costs_only_itself(jade, manifests, tmp_path):
    (tmp_path / "cut.json").write_bytes((tmp_path / "checkov.json").read_bytes()[:-40])
    (tmp_path / "odd.txt").write_text("no report at all")
    done = jade(
        "scan", manifests, *flags(["trivy-config.json", "cut.json", "odd.txt", "gone.json"]), "-o", "json"
    )
    assert done.code == 3
    found = report(done)
    named = {one["path"]: one["reason"] for one in found["unread"]}
    assert {"cut.json", "odd.txt", "gone.json"} <= set(named)
    assert "not recognised" in named["odd.txt"]
    assert privileged(found["findings"])["seen_by"] == ["jade", "trivy"]


def test_manifests_are_no_report(jade, manifests):
    done = jade("scan", manifests, "--report", str(manifests / "shop.yaml"))
    assert done.code == 2
    assert "give it as PATH" in done.err


def test_findings_about_files_that_are_not_scanned_stay(jade, manifests, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: y}\n")
    found = report(jade("scan", other, *flags(), "--scanner", "none", "-o", "json"))
    assert sum(found["summary"]["seen"].values()) == sum(one["count"] for one in found["findings"])
    assert all(one["source"]["path"] for one in found["findings"])
