"""The heuristic: scores of the specification, words of a finding, and who comes first."""

import pytest

from jade_policy.library import own_library
from jade_policy.verdicts import Verdict, Violation
from jade_ranker.domain.features import extract
from jade_ranker.domain.heuristic import Heuristic
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.ranking import unjudged

LIBRARY = own_library()
HEURISTIC = Heuristic(LIBRARY)
ROWS = [verdict.policy_id for verdict in unjudged(LIBRARY)]
POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "x"},
    "spec": {"containers": [{"image": "a:1", "securityContext": {"privileged": True}}]},
}


def verdicts(**named: str) -> list[Verdict]:
    return [Verdict(row, "c", named.get(row.replace("-", "_"), "passed")) for row in ROWS]


def ranked(facts, found, overlaps, top=0):
    return HEURISTIC.rank(HEURISTIC.of_resource(found, facts), overlaps, top=top)


def score(ranking, policy: str) -> float:
    return next(one.score for one in ranking.policies if one.verdict.policy_id == policy)


def test_scores_are_those_of_the_specification():
    facts = extract(POD).facts()
    ranking = ranked(facts, verdicts(deny_hostpath_volumes="not_applicable"), None)
    reliability = {policy.id: {"high": 0.3, "medium": 0.1}[policy.reliability] for policy in LIBRARY.policies}
    assert score(ranking, "deny-privileged-pods") == pytest.approx(
        1.0 + 0.5 + reliability["deny-privileged-pods"]
    )
    assert score(ranking, "deny-latest-tag") == pytest.approx(1.0 + reliability["deny-latest-tag"])
    assert score(ranking, "deny-hostpath-volumes") == pytest.approx(reliability["deny-hostpath-volumes"])


def test_violated_comes_before_passed_of_the_same_score():
    names = [name for name in ROWS if name in {"deny-latest-tag", "deny-host-ports"}]
    for first in names:
        ranking = ranked(
            frozenset({"resource_kind=Pod"}), verdicts(**{first.replace("-", "_"): "violated"}), None
        )
        order = [one.verdict.policy_id for one in ranking.policies if one.verdict.policy_id in names]
        scores = {score(ranking, name) for name in names}
        assert len(scores) > 1 or order[0] == first


def test_finding_brings_the_policy_it_speaks_of_to_the_top():
    finding = Finding("checkov", "CKV_K8S_16", "Container should not be privileged")
    ranking = ranked(frozenset(), unjudged(LIBRARY), HEURISTIC.of_text(finding))
    assert ranking.policies[0].verdict.policy_id == "deny-privileged-pods"
    assert not ranking.none_applies
    assert "privileg" in ranking.policies[0].reasons[0]


def test_none_applies_is_about_the_finding():
    finding = Finding("x", "y", "The coffee machine is out of beans")
    ranking = ranked(
        extract(POD).facts(), verdicts(deny_privileged_pods="violated"), HEURISTIC.of_text(finding)
    )
    assert ranking.none_applies


def test_without_a_finding_none_applies_when_nothing_matches():
    assert ranked(frozenset({"x"}), [Verdict(row, "c", "not_applicable") for row in ROWS], None).none_applies
    assert not ranked(frozenset({"x"}), verdicts(), None).none_applies


def test_best_leaves_out_what_cannot_apply_and_zero_gives_all():
    found = verdicts(deny_latest_tag="not_applicable")
    best = {top: ranked(frozenset({"x"}), found, None, top=top).policies for top in (0, 5, 1000)}
    assert len(best[5]) == 5
    assert len(best[0]) == len(ROWS)
    assert "deny-latest-tag" not in {one.verdict.policy_id for one in best[1000]}


def test_ranking_does_not_depend_on_the_order_of_the_facts():
    facts = sorted(extract(POD).facts())
    once = ranked(frozenset(facts), verdicts(), None)
    assert once == ranked(frozenset(reversed(facts)), verdicts(), None)


def test_verdict_of_a_violation_names_message_and_path():
    from jade_ranker.domain.answers import line_of

    found = [
        Verdict(row, "c", "violated", "pod", (Violation("first", "/a"), Violation("second")))
        if row == ROWS[0]
        else one
        for row, one in zip(ROWS, verdicts(), strict=True)
    ]
    line = line_of("7", ranked(frozenset({"x"}), found, None))
    (row,) = [row for row in line["policies"] if row["verdict"] == "violated"]
    assert (row["message"], row["path"], row["via"]) == ("first", "/a", "pod")
    assert row["violations"] == [{"message": "first", "path": "/a"}, {"message": "second"}]
