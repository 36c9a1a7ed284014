"""`jade policies crosswalk`: both ways, three outputs, and what is said of names that nobody knows."""

import json

import pytest

from jade_cli.exits import CLEAN, USAGE
from jade_cli.main import run


@pytest.fixture
def jade(capfdbinary):
    def command(*arguments):
        code = run(["policies", "crosswalk", *arguments])
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return command


@pytest.mark.parametrize("rule", ["KSV-0013", "KSV013", "AVD-KSV-0013"])
def test_a_rule_in_any_spelling_gives_its_policies(jade, rule):
    code, out, _ = jade("trivy", rule)
    assert code == CLEAN
    assert out.splitlines()[1].split()[1:4] == ["trivy", "KSV-0013", "deny-latest-tag"]


def test_json_and_jsonl_hold_the_same_links(jade):
    document = json.loads(jade("kube-linter", "-o", "json")[1])
    lines = [json.loads(line) for line in jade("kube-linter", "-o", "jsonl")[1].splitlines()]
    assert document["schema"] == "jade.policies.crosswalk/v1"
    assert document["links"] == lines
    assert len(lines) > 20
    assert {link["tool"] for link in lines} == {"kube-linter"}


def test_a_policy_gives_its_rules_the_surest_first(jade):
    code, out, _ = jade("--policy", "deny-latest-tag", "-o", "jsonl")
    links = [json.loads(line) for line in out.splitlines()]
    assert code == CLEAN
    assert {("trivy", "KSV-0013"), ("checkov", "CKV_K8S_14")} <= {
        (one["tool"], one["rule_id"]) for one in links
    }
    assert {one["policy"] for one in links} == {"deny-latest-tag"}
    sure = [one["confidence"] for one in links]
    assert sure == sorted(sure, reverse=True)


def test_policy_and_tool_together_give_what_both_allow(jade):
    _, out, _ = jade("trivy", "--policy", "deny-latest-tag", "-o", "jsonl")
    assert {json.loads(line)["tool"] for line in out.splitlines()} == {"trivy"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("trivvy",), "did you mean trivy?"),
        (("zzz",), "known are checkov, "),
        (("checkov", "CKV_K8S_144"), "did you mean CKV_K8S_14"),
        (("checkov", "zzz"), "`jade policies crosswalk checkov` lists what is known"),
        (("--policy", "deny-latest-tags"), "did you mean deny-latest-tag"),
    ],
)
def test_names_that_nobody_knows_end_with_the_nearest_known(jade, arguments, said):
    code, out, err = jade(*arguments)
    assert (code, out) == (USAGE, "")
    assert said in err
