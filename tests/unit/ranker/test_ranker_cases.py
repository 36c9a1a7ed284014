"""The questions of the ranker's evaluation: what is taken for gold, and the libraries that stand in for others."""

from dataclasses import replace

import pytest
from labelled import Case
from ranker_cases import Query, Questions, Seen, consistent, translated
from ranker_libraries import copies, foreign

from jade_policy.library import own_library
from jade_policy.verdicts import Verdict
from jade_ranker.domain.questions import Finding

LIBRARY = own_library()


def case(rule, gold):
    pod = {"kind": "Pod"}
    return Case("tool", rule, "title", "", "", pod, pod, {}, {}, frozenset(gold), frozenset(gold), (), ())


def test_consistent_gold_flips_in_half_of_the_fixtures_of_a_rule():
    cases = [
        case("r", {"right", "odd"}),
        case("r", {"right"}),
        case("r", {"right", "half"}),
        case("r", {"half"}),
    ]
    assert consistent(cases) == [{"right"}, {"right"}, {"right", "half"}, {"half"}]


def test_of_a_single_fixture_all_gold_is_consistent():
    assert consistent([case("once", {"a", "b"})]) == [{"a", "b"}]


@pytest.mark.parametrize("titled", [False, True])
def test_a_foreign_library_says_nothing_of_itself_but_in_its_rego(titled):
    stranger = foreign(LIBRARY, titled=titled)
    assert len(set(stranger.names.values())) == len(LIBRARY.policies)
    reworded = sum(one != stranger.names[one] for one in stranger.names)
    assert reworded > 0.9 * len(stranger.names)
    for own, other in zip(LIBRARY.policies, stranger.library.policies, strict=True):
        assert other.id == stranger.names[own.id]
        assert bool(other.title) == titled
        assert (other.description, other.features, other.tags, other.remediation, dict(other.custom)) == (
            "", (), (), (), {},
        )  # fmt: skip
        assert "METADATA" in own.module.text
        assert "METADATA" not in other.module.text
        assert [one.match for one in stranger.library.constraints_of(other.id)] == [
            one.match for one in LIBRARY.constraints_of(own.id)
        ]


def test_questions_are_asked_of_a_foreign_library_under_its_names():
    seen = Seen("Pod", (Verdict("own", None, "violated"), Verdict("other", None, "passed")), frozenset())
    query = Query(Finding("", "", "x"), seen, frozenset({"own"}), twin=seen)
    (found,) = translated(Questions("n", "t", (query,)), {"own": "strange", "other": "too"}).queries
    assert found.gold == {"strange"}
    assert found.seen is not None
    assert found.seen.violated == {"strange"}
    assert found.twin == found.seen


def test_copies_have_names_of_their_own_and_their_constraints():
    small = replace(LIBRARY, policies=LIBRARY.policies[:3])
    large = copies(small, 10)
    assert len({policy.id for policy in large.library.policies}) == 10
    last = large.library.policies[9]
    assert large.originals[last.id] == LIBRARY.policies[0].id
    assert [one.match for one in large.library.constraints_of(last.id)] == [
        one.match for one in LIBRARY.constraints_of(LIBRARY.policies[0].id)
    ]
