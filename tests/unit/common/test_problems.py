"""Rankings folded into problems."""

from itertools import permutations

from jade_common.events import FindingRanked, SeenProblem
from jade_common.problems import Problem, problems


def ranked(finding: str, problem: str, tool: str, rule: str, policy: str | None = None) -> FindingRanked:
    seen = SeenProblem(
        tool=tool, rule_id=rule, rule_aliases=(f"{rule}-old",), subject="Pod x", policy=policy, path="/spec"
    )
    return FindingRanked(
        finding_id=finding, problem_id=problem, problem=seen, policies=(), none_applies=False, model="m"
    )


def test_each_problem_stands_once_with_who_saw_it():
    events = [
        ranked("f1", "p", "trivy", "K1", "memory"),
        ranked("f2", "p", "checkov", "C1", "memory"),
        ranked("f3", "p", "checkov", "C1", "limits"),
        ranked("f4", "q", "trivy", "K2"),
    ]
    expected = [
        Problem("p", "Pod x", "memory", "/spec", ("checkov", "trivy"),
                ("checkov:C1", "checkov:C1-old", "trivy:K1", "trivy:K1-old"), 3, ("f1", "f2", "f3")),
        Problem("q", "Pod x", None, "/spec", ("trivy",), ("trivy:K2", "trivy:K2-old"), 1, ("f4",)),
    ]  # fmt: skip
    for order in permutations(events):
        assert problems([*order, *order]) == expected


def test_event_of_an_older_ranker_is_still_a_problem():
    old = FindingRanked(finding_id="f", problem_id="p", policies=(), none_applies=True, model="m")
    assert problems([old]) == [Problem("p", None, None, None, (), (), 1, ("f",))]
