"""What a resource, and the field that a finding names, say of policies."""

import numpy as np
import pytest

from jade_policy.verdicts import Verdict, Violation
from jade_ranker.domain.feature_names import ASKED, PATH, RESOURCE
from jade_ranker.domain.judged import Judged, asked_beside, fields_of, nothing_asked, of_path

FIELD = "/spec/containers/0/securityContext/privileged"


@pytest.fixture(scope="module")
def judged(small_library):
    return Judged(small_library)


def column(found, name):
    return found[:, RESOURCE.index(name)].tolist()


def test_each_verdict_has_a_column(judged, verdicts):
    found = judged.of_resource(
        verdicts(deny_host_pid="violated", deny_node_ports="not_applicable", k8sallowedusers="unknown"),
        frozenset(),
    )
    assert column(found, "violated") == [1, 1, 0, 0, 0]
    assert column(found, "not applicable") == [0, 0, 1, 0, 0]
    assert column(found, "unknown") == [0, 0, 0, 1, 0]
    assert column(found, "passed") == [0, 0, 0, 0, 1]


def test_one_of_few_violated_counts_more_than_one_of_many(judged, verdicts):
    few = judged.of_resource(verdicts(require_image_tag="violated"), frozenset())
    many = judged.of_resource(
        verdicts(require_image_tag="violated", deny_host_pid="violated", k8sallowedusers="violated"),
        frozenset(),
    )
    assert column(few, "one of few violated") == [0, 0, 0, 0, 1]
    share = column(many, "one of few violated")
    assert 0 < share[0] == share[3] == share[4] < 1
    assert share[2] == 0
    assert not any(column(judged.of_resource(verdicts(), frozenset()), "one of few violated"))


def test_features_that_a_policy_names_count_where_the_resource_has_them(judged, verdicts):
    one = judged.of_resource(verdicts(), frozenset({"image.tag=latest", "resource_kind=Service"}))
    two = judged.of_resource(verdicts(), frozenset({"image.tag=latest", "resource_kind=Pod"}))
    assert column(one, "features that it names")[:4] == [0, 0, 0, 0]
    assert 0 < column(one, "features that it names")[4] < column(two, "features that it names")[4] <= 1


def test_severity_and_reliability_are_the_policys_own_with_and_without_a_resource(judged, verdicts):
    for found in (judged.unjudged(), judged.of_resource(verdicts(), frozenset())):
        assert column(found, "severity") == [0.75, 0.75, 0.5, 0.5, 0.75]
        assert column(found, "reliability") == [1, 1, 0.5, 0, 0]


def test_without_a_resource_nothing_else_is_said_and_nobody_changes_it_for_others(judged):
    found = judged.unjudged()
    silent = [RESOURCE.index(name) for name in set(RESOURCE) - {"severity", "reliability"}]
    assert not found[:, silent].any()
    found[:] = 9
    assert judged.unjudged().max() <= 1


def violated(*paths):
    return Verdict("p", None, "violated", violations=tuple(Violation("m", path) for path in paths))


def test_the_field_that_makes_a_policy_fail_speaks_for_it_and_another_against_it():
    found = of_path(
        FIELD,
        fields_of(
            [
                violated(FIELD),
                violated("/spec/containers/1/securityContext/privileged"),
                violated(None),
                violated(None, "/spec/containers/1/image", FIELD),
                Verdict("p", None, "passed"),
            ]
        ),
        5,
    )
    same, another = (found[:, PATH.index(name)].tolist() for name in PATH)
    assert same == [1, 0, 0, 1, 0]
    assert another[1] < 0
    assert another[0] == another[2] == another[3] == another[4] == 0


def test_a_tool_that_is_less_exact_counts_in_part():
    found = of_path("/spec/containers/0/securityContext", fields_of([violated(FIELD)]), 1)
    assert 0 < found[0, 0] < 1
    assert found[0, 1] == 0


def test_what_speaks_for_none_without_a_finding_and_beside_a_resource():
    asked = nothing_asked()
    assert asked.tolist() == [1.0] + [0.0] * (len(ASKED) - 1)
    beside = asked_beside(asked, violated=True)
    assert beside[ASKED.index("a resource is given")] == beside[ASKED.index("something is violated")] == 1
    assert asked_beside(asked, violated=False)[ASKED.index("something is violated")] == 0
    assert np.array_equal(asked, nothing_asked())
