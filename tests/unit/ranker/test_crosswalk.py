"""The crosswalk: lines that are links and lines that are none, spellings, parts of it."""

import json

import pytest

from jade_policy.library import own_library
from jade_ranker.adapters.crosswalk import own_crosswalk
from jade_ranker.domain.crosswalk import Crosswalk, CrosswalkError

ROW = {
    "tool": "trivy",
    "rule_id": "KSV-0014",
    "policy": "require-read-only-root-filesystem",
    "how": ["co-violation"],
    "flips": 0,
    "pairs": 0,
    "agreement": 0.97,
    "failed": 23,
    "both": 23,
    "same_field": None,
    "words": 0.4,
    "confidence": 0.6,
}


def line(**changed):
    return json.dumps({**ROW, **changed}) + "\n"


THREE = Crosswalk.parse(
    line(confidence=0.3, policy="b")
    + line(confidence=0.6, policy="a")
    + line(tool="kube-score", rule_id="container-image-tag", policy="a")
    + "\n"
)


@pytest.mark.parametrize("rule", ["KSV-0014", "KSV014", "AVD-KSV-0014", "ksv14", "avd-ksv-0014"])
def test_spellings_of_a_rule_are_one_and_the_surest_policy_comes_first(rule):
    assert [link.policy for link in THREE.of("Trivy", rule)] == ["a", "b"]


def test_a_rule_is_found_by_its_title_where_that_is_its_id_in_words():
    assert [link.policy for link in THREE.of("KubeScore", "Container Image Tag")] == ["a"]


def test_another_rule_or_tool_has_no_links():
    assert THREE.of("trivy", "KSV-0140") == ()
    assert THREE.of("checkov", "KSV-0014") == ()


def test_an_alias_counts_where_the_rule_is_not_known():
    assert [link.policy for link in THREE.of("trivy", "read-only-root", "KSV014")] == ["a", "b"]


def test_without_a_tool_nothing_of_it_is_left():
    less = THREE.without("TRIVY")
    assert less.of("trivy", "KSV-0014") == ()
    assert [link.tool for link in less.links] == ["kube-score"]
    assert len(THREE.links) == 3


def test_only_some_policies_are_kept():
    assert [link.policy for link in THREE.only({"b"}).links] == ["b"]
    assert THREE.only(()).links == ()


def test_of_a_policy_come_its_rules():
    assert [link.rule_id for link in THREE.of_policy("a")] == ["container-image-tag", "KSV-0014"]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("{", "line 2"),
        ("[]", "not an object"),
        (line(more=1), "unknown: more"),
        (json.dumps({key: value for key, value in ROW.items() if key != "how"}), "missing: how"),
        (line(confidence=1.2), "confidence is 1.2"),
        (line(confidence=None), "confidence is None"),
        (line(confidence=float("nan")), "confidence is nan"),
        (line(agreement="0.9"), "agreement is '0.9'"),
        (line(flips=True), "flips is True"),
        (line(flips=2, pairs=1), "more flips than pairs"),
        (line(tool=""), "tool is ''"),
        (line(how="flip"), "how is 'flip'"),
        (line(rule_id="KSV014"), "twice"),
        ("[" * 100_000, "line 2"),
    ],
)
def test_what_is_no_link_is_named_with_its_line(bad, why):
    with pytest.raises(CrosswalkError, match=r"^line 2: ") as caught:
        Crosswalk.parse(line() + bad)
    assert why in str(caught.value)


def test_the_package_carries_links_of_policies_that_there_are():
    known = {policy.id for policy in own_library().policies}
    links = own_crosswalk().links
    assert len(links) > 200
    assert {link.policy for link in links} <= known
    assert own_crosswalk().of("trivy", "KSV014")[0].policy == "require-read-only-root-filesystem"
    assert own_crosswalk().of("checkov", "CKV_K8S_14")[0].policy == "deny-latest-tag"
