"""`jade rank` and `jade policies` with the real engine, on Jade's library and on someone else's."""

import json
import re
from pathlib import Path

import pytest

from jade_cli.scan import offline
from jade_policy.testing import write_foreign_library

pytestmark = pytest.mark.integration

OURS = Path(__file__).parents[3] / "data" / "policies" / "gatekeeper"
SHARED = Path(__file__).parents[4] / "shared" / "manifests"
POLICIES = 50
POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "cart", "namespace": "shop"},
    "spec": {"containers": [{"name": "c", "image": "cart:1", "securityContext": {"privileged": True}}]},
}


@pytest.fixture(scope="module")
def foreign(tmp_path_factory):
    """Fifty policies under other names, with parameters of their own, as a stranger's library would hold them."""
    folder = tmp_path_factory.mktemp("library")
    write_foreign_library(folder, POLICIES, first=["deny-privileged-pods"])
    return folder


@pytest.fixture
def ranked(jade, tmp_path):
    def command(lines, *flags):
        file = tmp_path / "lines.jsonl"
        file.write_bytes(
            b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
        )
        done = jade("rank", "--input", file, *flags)
        return done, [json.loads(line) for line in done.out.splitlines()]

    return command


def test_lines_are_answered_in_order_each_for_itself(ranked):
    lines = [
        {"id": "pod", "resource": POD},
        b"no json",
        {"id": "bad", "resource": {"kind": 3}},
        {"resource": POD},
        {
            "id": 5,
            "finding": {
                "tool": "checkov",
                "rule_id": "CKV_K8S_16",
                "title": "Container should not be privileged",
            },
        },
        {
            "id": "none",
            "finding": {"tool": "x", "rule_id": "y", "title": "The coffee machine is out of beans"},
        },
    ]
    done, answers = ranked(lines)
    assert [answer["id"] for answer in answers] == ["pod", None, "bad", None, 5, "none"]
    assert [index for index, answer in enumerate(answers) if "error" in answer] == [1, 2, 3]
    assert len(answers[0]["policies"]) == 5
    assert answers[4]["policies"][0]["id"] == "deny-privileged-pods"
    assert answers[5]["none_applies"] is True
    assert done.code == 0
    assert "3 of 6 lines could not be answered" in done.err


def test_top_zero_gives_every_policy_of_a_foreign_library(ranked, foreign):
    lines = [{"id": number, "resource": POD | {"metadata": {"name": f"p{number}"}}} for number in range(250)]
    done, answers = ranked(lines, "--library", foreign, "--top", "0")
    assert done.code == 0
    assert [answer["id"] for answer in answers] == list(range(250))
    assert {len(answer["policies"]) for answer in answers} == {POLICIES}
    policies = {policy["id"]: policy for policy in answers[7]["policies"]}
    assert policies["jadedenyprivilegedpodsv0"]["verdict"] == "violated"
    assert policies["jadedenyprivilegedpodsv0"]["constraint"] == "c0"


def test_input_that_is_not_there(jade):
    done = jade("rank", "--input", "nope")
    assert (done.code, done.out) == (3, "")
    assert "nope" in done.err


def test_library_without_a_policy(jade, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "lines").write_text("{}\n")
    done = jade("rank", "--input", tmp_path / "lines", "--library", tmp_path / "empty")
    assert (done.code, done.out) == (3, "")
    assert "policies check" in done.err


def test_policies_of_jade(jade):
    done = jade("policies", "list", "-o", "json")
    ids = [policy["id"] for policy in json.loads(done.out)["policies"]]
    assert done.code == 0
    assert ids == [policy.id for policy in offline.load(None).policies]
    shown = jade("policies", "show", "deny-privileged-pods", "-o", "json")
    assert json.loads(shown.out)["severity"] == "critical"
    assert "remediation" in jade("policies", "show", "deny-privileged-pods").out
    wrong = jade("policies", "show", "deny-privileged-pod")
    assert wrong.code == 2
    assert "deny-privileged-pods" in wrong.err


def test_check_names_file_and_line_of_what_cannot_be_used(jade, tmp_path):
    (tmp_path / "good.rego").write_text('package good\n\nviolation contains {"msg": "no"} if input.review\n')
    (tmp_path / "bad.rego").write_text("package bad\n\nviolation contains x if nothing\n")
    done = jade("policies", "check", tmp_path)
    assert done.code == 3
    assert done.out.startswith("bad.rego:3: ")
    assert json.loads(jade("policies", "check", tmp_path, "-o", "json").out)["policies"] == ["good"]
    assert jade("policies", "check", OURS).code == 0


@pytest.mark.skipif(not SHARED.is_dir(), reason="there is no folder of real manifests beside the clone")
def test_real_manifests(jade):
    done = jade("scan", SHARED, "-o", "json")
    report = json.loads(done.out)
    assert report["summary"]["documents"] + report["summary"]["unread"] == 2_911
    assert report["summary"]["unread"] <= 5
    assert done.code == 3
    assert len({one["fingerprint"] for one in report["findings"]}) == len(report["findings"]) > 5_000


PRIVILEGED = {"tool": "checkov", "rule_id": "CKV_K8S_16", "title": "Container should not be privileged"}
FIELD = "/spec/containers/0/securityContext/privileged"


def test_a_finding_is_answered_with_its_problem_and_a_bare_resource_is_not(ranked):
    other = {"tool": "kube-linter", "rule_id": "privileged-container", "path": FIELD}
    lines = [
        {"id": 1, "resource": POD, "finding": PRIVILEGED | {"rule_aliases": ["BC_K8S_15", 7]}},
        {"id": 2, "resource": POD, "finding": other},
        {"id": 3, "resource": POD},
        {"id": "4", "finding": PRIVILEGED},
        {"id": 5, "finding": PRIVILEGED},
        {
            "id": 6,
            "resource": POD,
            "finding": {"message": "the fans are loud", "rule_aliases": "x", "path": 3},
        },
        {"id": 7, "finding": {"tool": 7}},
    ]
    _, rows = ranked(lines)
    assert rows[0]["problem_id"] == rows[1]["problem_id"]
    problem = {"subject": "Pod shop/cart", "policy": "deny-privileged-pods", "path": FIELD}
    assert rows[0]["problem"] == problem | {
        "tool": "checkov",
        "rule_id": "CKV_K8S_16",
        "rule_aliases": ["BC_K8S_15"],
    }
    assert rows[1]["problem"] == problem | {key: other[key] for key in ("tool", "rule_id")}
    assert rows[2].keys().isdisjoint({"problem_id", "problem"})
    assert rows[3]["problem"] == {"tool": "checkov", "rule_id": "CKV_K8S_16"}
    assert len({row["problem_id"] for row in (rows[0], *rows[3:6])}) == 4
    assert rows[5]["problem"] == {"subject": "Pod shop/cart"}
    assert "`tool` must be a text" in rows[6]["error"]


def test_explained_scores_add_up(jade, tmp_path):
    file = tmp_path / "lines.jsonl"
    lines = [{"id": "one\x1b[31m", "resource": POD, "finding": PRIVILEGED | {"path": FIELD}}, {"id": "two"}]
    file.write_text("\n".join(map(json.dumps, lines)))
    done = jade("rank", "--input", file, "--explain", "--top", "3")
    assert done.code == 0
    assert "\x1b" not in done.out
    policies = re.findall(r"^ +(\d)\. (\S+): (\w+), score (\S+), probability (\S+)$", done.out, re.MULTILINE)
    assert [place for place, *_ in policies] == ["1", "2", "3"]
    assert policies[0][1:3] == ("deny-privileged-pods", "violated")
    tables = re.split(r"^ +\d\. ", done.out, flags=re.MULTILINE)[1:]
    for (*_, score, probability), table in zip(policies, tables, strict=True):
        rows = re.findall(r"^ +(-?[\d.]+) +(-?[\d.]+) +([+-][\d.]+)  (.+)$", table, re.MULTILINE)
        added = [float(row[2]) for row in rows]
        assert sum(added) == pytest.approx(float(score), abs=0.005 * len(rows) + 0.005)
        assert added == sorted(added, key=lambda one: -abs(one))
        assert 0 <= float(probability) <= 1
    assert "the field that makes it fail is the one named" in tables[0]
    assert done.out.rstrip().endswith("two: give a `resource`, a `review` or a `finding`")


def test_the_heuristic_is_explained_by_its_reasons(jade, tmp_path, monkeypatch):
    monkeypatch.setenv("JADE_RANKER_MODEL", "heuristic")
    file = tmp_path / "lines.jsonl"
    file.write_text(json.dumps({"id": 1, "finding": PRIVILEGED}))
    done = jade("rank", "--input", file, "--explain", "--top", "1")
    first, policy, *reasons = done.out.splitlines()
    assert first == "1: ranked by heuristic-1"
    assert policy.startswith("  1. deny-privileged-pods: unknown, score ")
    assert "probability" not in policy
    assert reasons[0].startswith("       shares the finding's words privileg")


def test_a_model_that_cannot_be_used_is_named_and_another_serves(jade, tmp_path, monkeypatch):
    monkeypatch.setenv("JADE_RANKER_MODEL", str(tmp_path / "nothing"))
    file = tmp_path / "lines.jsonl"
    file.write_text(json.dumps({"id": 1, "finding": PRIVILEGED}))
    done = jade("rank", "--input", file)
    assert done.code == 0
    assert str(tmp_path / "nothing") in done.err
    served = json.loads(done.out)["model"].removeprefix("learned-")
    assert f"serving {served}, origin packaged" in done.err


def test_stdout_holds_answers_alone_where_meaning_cannot_be_compared(jade, tmp_path, monkeypatch):
    monkeypatch.setenv("JADE_RANKER_SEMANTIC", "true")
    monkeypatch.setattr("jade_ranker.adapters.embedding.PACKAGE", "not_installed_anywhere")
    file = tmp_path / "lines.jsonl"
    file.write_text(json.dumps({"id": 1, "finding": PRIVILEGED}))
    done = jade("rank", "--input", file)
    assert json.loads(done.out)["id"] == 1
    assert done.err == ""


REPORTS = Path(__file__).parents[2] / "unit" / "ingest"


def test_what_ingest_writes_is_ranked_as_the_findings_that_they_are(jade, ranked):
    tools = {"trivy-config.json": "KSV-0017", "checkov.json": "CKV_K8S_16", "kubescape.json": "C-0057"}
    events = []
    for name, rule in tools.items():
        written = jade(
            "ingest", REPORTS / "reports" / name, "--manifests", REPORTS / "manifests", "-o", "jsonl"
        )
        found = [json.loads(line) for line in written.out.splitlines()]
        events += [one for one in found if one.get("rule_id") == rule]
    assert len(events) == len(tools)
    about = {"tool": "jade", "rule_id": "resource", "id": "r", "resource": POD}
    _, rows = ranked([*events, about, {"reject": {"reason": "x"}}])
    assert [row["id"] for row in rows] == [*(one["id"] for one in events), "r", None]
    best = [{policy["id"] for policy in row["policies"][:2]} for row in rows[:-1]]
    assert all("deny-privileged-pods" in found for found in best)
    of_cart = rows[: len(tools)]
    assert len({row["problem_id"] for row in of_cart}) == 1
    assert [row["problem"]["tool"] for row in of_cart] == ["trivy", "checkov", "kubescape"]
    assert {row["problem"]["policy"] for row in of_cart} == {"deny-privileged-pods"}
    aliases = next(event for event in events if event.get("rule_aliases"))
    assert rows[events.index(aliases)]["problem"]["rule_aliases"] == aliases["rule_aliases"]
    assert (
        rows[-2]["problem"]["policy"] == "deny-privileged-pods"
    )  # of a resource, the first that it violates
    assert "error" in rows[-1]
