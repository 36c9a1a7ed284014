"""The learned ranking: order, ties, none, and what a score is made of."""

import numpy as np
import pytest

from jade_policy.verdicts import Violation
from jade_ranker.domain.feature_names import ASKED, PATH, RESOURCE, TEXT
from jade_ranker.domain.learned import Learned
from jade_ranker.domain.model import CALIBRATED, Model, Weights
from jade_ranker.domain.questions import Finding
from jade_ranker.testing import HashedWords

PROCESSES, PORTS, USERS, TAGS = "deny-host-pid", "deny-node-ports", "k8sallowedusers", "require-image-tag"
SEES = Finding("x", "", "it sees every process")
COFFEE = Finding("x", "", "lukewarm coffee")
NAMES = {"text": TEXT, "resource": RESOURCE, "path": PATH, "asked": ASKED, "calibration": CALIBRATED}


def weights(**named):
    """Nothing counts but what is named: ``text={"concepts": 2}``."""
    return Weights(
        **{
            part: np.array([named.get(part, {}).get(name, 0.0) for name in names], np.float32)
            for part, names in NAMES.items()
        }
    )


def always(none):
    """That no policy is meant has the same score whatever is asked."""
    return weights(asked={"always": none}).asked


PLAIN = weights(
    text={"concepts": 4.0, "words of its name": 1.0},
    resource={"violated": 3.0, "severity": 0.5, "not applicable": -2.0},
    path={"the field that makes it fail is the one named": 2.0, "another field makes it fail": 1.0},
    asked={"always": 1.5, "a resource is given": 0.5},
    calibration={"evidence beside the other policies": 1.0},
)
MODEL = Model("abc", PLAIN, None)


@pytest.fixture(scope="module")
def learned(small_library, small_pairs):
    return Learned(small_library, small_pairs, MODEL)


def ids(ranking):
    return [one.verdict.policy_id for one in ranking.policies]


def test_the_policy_that_is_spoken_of_comes_first(learned):
    ranking = learned.rank(learned.unjudged(), learned.of_text(SEES))
    assert ids(ranking)[:2] == [PROCESSES, PROCESSES]
    assert not ranking.none_applies
    assert ranking.model == "learned-abc"
    scores = [one.score for one in ranking.policies]
    assert scores == sorted(scores, reverse=True)
    likely = [one.probability for one in ranking.policies]
    assert likely == sorted(likely, reverse=True)


def test_of_equal_scores_the_graver_comes_first_then_the_id_then_the_constraint(small_library, small_pairs):
    ranker = Learned(small_library, small_pairs, Model("abc", weights(), None))
    ranking = ranker.rank(ranker.unjudged(), None)
    assert {one.score for one in ranking.policies} == {0.0}
    assert ids(ranking) == [PROCESSES, PROCESSES, TAGS, PORTS, USERS]
    assert [one.verdict.constraint for one in ranking.policies[:2]] == ["everywhere", "shop"]


def test_scores_that_differ_by_less_than_is_shown_are_equal(small_library, small_pairs):
    tiny = weights(resource={"reliability": 4e-5})  # PORTS is reliable, TAGS is graver
    ranker = Learned(small_library, small_pairs, Model("abc", tiny, None))
    assert ids(ranker.rank(ranker.unjudged(), None)) == [PROCESSES, PROCESSES, TAGS, PORTS, USERS]


def test_what_is_violated_comes_first_and_the_first_of_it_is_named(learned, verdicts):
    found = verdicts(k8sallowedusers="violated", deny_node_ports="violated")
    ranking = learned.rank(learned.of_resource(found, frozenset()), None, top=1)
    assert ids(ranking) == [PORTS]  # of the two, by its id
    assert ranking.violated == ranking.policies[0].verdict
    assert learned.rank(learned.of_resource(verdicts(), frozenset()), None).violated is None


def test_beside_a_finding_no_violated_policy_is_named(learned, verdicts):
    found = learned.of_resource(verdicts(require_image_tag="violated"), frozenset())
    ranking = learned.rank(found, learned.of_text(SEES), top=1)
    assert ids(ranking) == [PROCESSES]
    assert ranking.violated is None  # what the finding means is told by its own words


@pytest.mark.parametrize(("none", "applies"), [(1.6, False), (1.8, True)])
def test_none_applies_where_it_is_likelier_than_the_best_policies_together(
    small_library, small_pairs, none, applies
):
    # Four policies have 0.25 to 0.375 each, which comes to 1.7; by constraint it would be 1.92.
    hardly = PLAIN._replace(text=weights(text={"words of its name": 1e-3}).text, asked=always(none))
    ranker = Learned(small_library, small_pairs, Model("abc", hardly, None))
    nothing, text = ranker.unjudged(), ranker.of_text(Finding("x", "", "image"))
    assert [ranker.rank(nothing, text, top=top).none_applies for top in (0, 1, 5)] == [applies] * 3


def test_a_policy_that_stands_out_is_likelier_than_none(learned, verdicts):
    assert not learned.rank(learned.unjudged(), learned.of_text(SEES)).none_applies
    beside = learned.of_resource(verdicts(require_image_tag="violated"), frozenset())
    assert not learned.rank(beside, learned.of_text(COFFEE)).none_applies  # 3.4 beats 2.0


def test_words_that_say_nothing_leave_the_resource_alone(small_library, small_pairs, verdicts):
    ranker = Learned(small_library, small_pairs, Model("abc", PLAIN._replace(asked=always(-9.0)), None))
    nothing = ranker.of_text(COFFEE)
    for_none = [verdict._replace(verdict="not_applicable") for verdict in verdicts()]
    assert ranker.rank(ranker.unjudged(), nothing).none_applies
    assert not ranker.rank(ranker.of_resource(verdicts(), frozenset()), nothing).none_applies
    assert ranker.rank(ranker.of_resource(for_none, frozenset()), nothing).none_applies


def test_policies_that_cannot_apply_are_not_likelier_than_none(learned, verdicts):
    cannot = learned.of_resource(verdicts(deny_host_pid="not_applicable"), frozenset())
    assert [learned.rank(cannot, learned.of_text(SEES), top=top).none_applies for top in (0, 5)] == [True] * 2


def test_none_applies_to_a_resource_where_no_policy_is_for_it(learned, verdicts):
    for_none = [verdict._replace(verdict="not_applicable") for verdict in verdicts()]
    assert learned.rank(learned.of_resource(for_none, frozenset()), None).none_applies
    assert not learned.rank(learned.of_resource(verdicts(), frozenset()), None).none_applies


def test_the_best_leave_out_what_cannot_apply_and_zero_gives_all(learned, verdicts):
    found = learned.of_resource(verdicts(deny_host_pid="not_applicable"), frozenset())
    text = learned.of_text(SEES)
    assert ids(learned.rank(found, text, top=2)) == [TAGS, PORTS]
    assert len(ids(learned.rank(found, text, top=50))) == 3
    everything = learned.rank(found, text)
    assert sorted(ids(everything)) == sorted([PROCESSES, PROCESSES, PORTS, USERS, TAGS])
    by_top = {one.verdict: one for one in learned.rank(found, text, top=2).policies}
    assert all(by_top[one.verdict] == one for one in everything.policies if one.verdict in by_top)


def test_what_is_explained_adds_up_to_the_score(learned, verdicts):
    field = "/spec/image"
    judged = [
        one._replace(verdict="violated", violations=(Violation("m", field),))
        if one.policy_id == TAGS
        else one
        for one in verdicts(deny_host_pid="violated")
    ]
    ranking = learned.rank(
        learned.of_resource(judged, frozenset({"image.tag=latest"})),
        learned.of_text(Finding("x", "", "superuser account of an image")),
        field,
        explained=True,
    )
    for one in ranking.policies:
        assert sum(part.added for part in one.features) == pytest.approx(one.score, abs=1e-3)
        assert all(part.value and part.weight for part in one.features)
    first = {part.feature: part.added for part in ranking.policies[0].features}
    assert first["the field that makes it fail is the one named"] == 2.0
    assert ranking.policies[0].verdict.policy_id == TAGS
    plain = learned.rank(learned.of_resource(judged, frozenset()), None)
    assert all(one.features == () for one in plain.policies)


def test_explaining_changes_nothing_else(learned, verdicts):
    found, text = learned.of_resource(verdicts(deny_host_pid="violated"), frozenset()), learned.of_text(SEES)
    explained = learned.rank(found, text, explained=True)
    silent = tuple(one._replace(features=()) for one in explained.policies)
    assert explained._replace(policies=silent) == learned.rank(found, text)


def test_another_field_speaks_against_a_policy(learned, verdicts):
    judged = [
        one._replace(verdict="violated", violations=(Violation("m", "/spec/containers/0/image"),))
        if one.policy_id == TAGS
        else one
        for one in verdicts()
    ]
    found, text = learned.of_resource(judged, frozenset()), learned.of_text(COFFEE)
    without, against = (
        next(one.score for one in learned.rank(found, text, path).policies if one.verdict.policy_id == TAGS)
        for path in (None, "/spec/containers/1/image")
    )
    assert against < without


def test_what_one_question_is_told_does_not_depend_on_those_before_it(small_library, small_pairs, verdicts):
    def ranker():
        return Learned(small_library, small_pairs, MODEL)

    first, other = ranker(), ranker()
    found = first.of_resource(verdicts(deny_host_pid="violated"), frozenset())
    for path in ("/spec/x", None, "/spec/hostPID"):
        for finding in (COFFEE, SEES, None):
            first.rank(found, finding and first.of_text(finding), path)
    fresh = other.of_resource(verdicts(deny_host_pid="violated"), frozenset())
    assert first.rank(found, first.of_text(SEES), "/spec/hostPID") == other.rank(
        fresh, other.of_text(SEES), "/spec/hostPID"
    )


class TestMeaning:
    """The weights for texts whose meaning is known."""

    SEMANTIC = weights(
        text={"meaning": 9.0, "words of its name": 1.0},
        resource={"violated": 1.0},
        asked={"always": 0.25},
        calibration={"evidence beside none": 1.0},
    )

    @pytest.fixture
    def deep(self, small_library, small_meaning):
        return Learned(small_library, small_meaning, Model("abc", PLAIN, self.SEMANTIC))

    VECTOR = HashedWords().vectors(["Require an image tag"])[0]

    def test_the_models_name_says_that_meaning_was_looked_at(self, deep):
        ranking = deep.rank(deep.unjudged(), deep.of_text(COFFEE, self.VECTOR))
        assert ranking.model == "learned-abc+semantic"
        assert ids(ranking)[0] == TAGS
        assert not ranking.none_applies

    def test_without_a_vector_words_alone_count(self, deep, learned):
        plain = deep.rank(deep.unjudged(), deep.of_text(SEES))
        assert plain == learned.rank(learned.unjudged(), learned.of_text(SEES))
        assert plain.model == "learned-abc"
        assert deep.rank(deep.unjudged(), None).model == "learned-abc"

    @pytest.mark.parametrize(
        "finding", [Finding("x", "", ""), Finding("x", "XX-999", ""), Finding("", "", "?!")]
    )
    def test_where_nothing_is_said_nothing_is_meant(self, deep, learned, finding):
        found = deep.rank(deep.unjudged(), deep.of_text(finding, self.VECTOR))
        assert found == learned.rank(learned.unjudged(), learned.of_text(finding))
        assert found.model == "learned-abc"

    def test_a_vector_is_of_no_use_without_weights_or_vectors_of_policies(
        self, small_library, small_meaning, learned
    ):
        shallow = Learned(small_library, small_meaning, MODEL)
        for ranker in (shallow, learned):
            found = ranker.rank(ranker.unjudged(), ranker.of_text(SEES, self.VECTOR))
            assert found == learned.rank(learned.unjudged(), learned.of_text(SEES))

    def test_a_resource_counts_by_the_weights_of_the_text_that_it_stands_beside(self, deep, verdicts):
        found = deep.of_resource(verdicts(deny_host_pid="violated"), frozenset())
        plain = deep.rank(found, deep.of_text(COFFEE))
        meant = deep.rank(found, deep.of_text(COFFEE, self.VECTOR))
        (of_plain, of_meant) = (
            next(one for one in ranking.policies if one.verdict.policy_id == PROCESSES)
            for ranking in (plain, meant)
        )
        assert "the resource violates it (+3.0)" in of_plain.reasons
        assert "the resource violates it (+1.0)" in of_meant.reasons
        assert deep.rank(found, deep.of_text(COFFEE)) == plain
