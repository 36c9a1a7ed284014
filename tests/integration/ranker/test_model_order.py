"""What the model that Jade carries says of bare resources: what they violate first, and of that the gravest."""

import pytest

from jade_common.tools import find
from jade_policy.library import own_library
from jade_policy.opa import Engine
from jade_policy.verdicts import Review
from jade_ranker.adapters.artefact import read_model
from jade_ranker.adapters.composing import pairs_of
from jade_ranker.adapters.model_source import packaged_model
from jade_ranker.adapters.verdicts import facts_of
from jade_ranker.domain.learned import SEVERITY_ORDER, Learned
from jade_ranker.train.resources import failing_resources

pytestmark = pytest.mark.integration

LIBRARY = own_library()
SEVERITY = {policy.id: SEVERITY_ORDER[policy.severity] for policy in LIBRARY.policies}
PRIVILEGED = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "x", "namespace": "shop"},
    "spec": {"containers": [{"name": "c", "image": "a", "securityContext": {"privileged": True}}]},
}


@pytest.fixture(scope="module")
def opa():
    return find("opa").path


@pytest.fixture(scope="module")
def engine(opa):
    with Engine(LIBRARY, opa=opa, limit_seconds=20) as started:
        yield started


@pytest.fixture(scope="module", params=["plain", "semantic"])
def learned(request, opa):
    """By each of the weights: a resource may stand beside a text whose meaning is known."""
    model = read_model(packaged_model(), "packaged")
    weights = getattr(model, request.param)
    return Learned(LIBRARY, pairs_of(LIBRARY, opa), model._replace(plain=weights))


def test_what_a_resource_violates_comes_first_and_the_gravest_of_it(learned, engine):
    seen = 0
    for failing in failing_resources(LIBRARY, engine).values():
        for one in failing:
            ranking = learned.rank(learned.of_resource(one.verdicts, one.facts), None)
            violated = [each.verdict.verdict == "violated" for each in ranking.policies]
            assert violated == sorted(violated, reverse=True), one.review.object
            count = sum(violated)
            gravity = [SEVERITY[each.verdict.policy_id] for each in ranking.policies[:count]]
            assert gravity == sorted(gravity), one.review.object
            assert not ranking.none_applies
            seen += 1
    assert seen > len(LIBRARY.policies)


def test_the_gravest_policy_is_among_the_best_five_of_a_pod_that_violates_many(learned, engine):
    review = Review(PRIVILEGED)
    (verdicts,) = engine.judge([review])
    ranking = learned.rank(learned.of_resource(verdicts, facts_of(review)), None, top=5)
    assert sum(one.verdict == "violated" for one in verdicts) > 5
    assert ranking.policies[0].verdict.policy_id == "deny-privileged-pods"
    assert ranking.violated == ranking.policies[0].verdict
