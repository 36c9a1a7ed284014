"""What a text speaks of beside what policies speak of."""

import pytest

from jade_ranker.domain.concepts import Concepts
from jade_ranker.domain.descriptions import VIEWS, descriptions_of
from jade_ranker.domain.sayings import Sayings, phrases_of

IDS = ("deny-host-pid", "deny-node-ports", "k8sallowedusers", "require-image-tag")
NONE = frozenset()


@pytest.fixture(scope="module")
def concepts(small_library, small_reads, small_thesaurus):
    return Concepts(small_thesaurus, descriptions_of(small_library, small_reads))


def best(scores):
    return IDS[int(scores.argmax())]


@pytest.mark.parametrize(
    ("concept", "policy"),
    [("processes", "deny-host-pid"), ("exposure", "deny-node-ports"), ("root", "k8sallowedusers")],
)
def test_the_policy_that_is_about_a_concept_is_nearest(concepts, concept, policy):
    everything, fields = concepts.scores({concept: 1.0}, NONE)
    assert best(everything) == best(fields) == policy
    assert 0 < everything.max() <= 1.0001
    assert concept in concepts.of_each[IDS.index(policy)]


def test_concepts_that_no_policy_knows_count_against_all(concepts):
    alone, _ = concepts.scores({"processes": 1.0}, NONE)
    beside, fields = concepts.scores({"processes": 1.0, "coffee": 1.0}, NONE)
    assert 0 < beside.max() < alone.max()
    assert best(fields) == "deny-host-pid"
    unknown, fields = concepts.scores({"coffee": 1.0}, NONE)
    assert not unknown.any()
    assert not fields.any()


def test_a_text_without_concepts_is_near_nothing(concepts):
    for scores in concepts.scores({}, NONE):
        assert scores.tolist() == [0] * len(IDS)


def test_hidden_views_are_not_looked_at(concepts):
    _, fields = concepts.scores({"exposure": 1.0}, frozenset({"fields"}))
    assert not fields.any()
    everything, _ = concepts.scores({"exposure": 1.0}, frozenset({"fields"}))
    assert not everything.any()  # nothing but its fields says that of the policy
    named, _ = concepts.scores({"processes": 1.0}, frozenset({"fields"}))
    assert best(named) == "deny-host-pid"  # its name says it as well
    nothing, _ = concepts.scores({"processes": 1.0}, frozenset(VIEWS))
    assert not nothing.any()


def test_hiding_does_not_change_what_is_seen_afterwards(concepts):
    before, _ = concepts.scores({"processes": 1.0}, NONE)
    concepts.scores({"processes": 1.0}, frozenset({"fields", "name"}))
    after, _ = concepts.scores({"processes": 1.0}, NONE)
    assert before.tolist() == after.tolist()


def test_sayings_are_phrases_of_more_than_a_word_each_once(small_thesaurus):
    assert phrases_of(small_thesaurus) == (
        "sees every process",
        "host pid",
        "superuser account",
        "uid 0",
        "reachable from outside",
        "out of beans",
    )


class TestSayings:
    """The phrases of what a policy is about, by meaning."""

    @pytest.fixture
    def vectors(self, small_thesaurus):
        import numpy as np

        phrases = phrases_of(small_thesaurus)
        return dict(zip(phrases, np.eye(len(phrases), dtype=np.float32), strict=True))

    def test_the_nearest_phrase_of_a_policy_counts(self, small_thesaurus, vectors):
        sayings = Sayings(small_thesaurus, [{"processes": 0.5, "root": 0.49}, {"root": 1.0}, {}], vectors)
        for phrase, wanted in {
            "host pid": [1, 0, 0],
            "sees every process": [1, 0, 0],
            "uid 0": [0, 1, 0],  # the first is not sure enough to be about it
            "out of beans": [0, 0, 0],
        }.items():
            assert sayings.similarities(vectors[phrase]).tolist() == wanted

    def test_what_is_far_from_all_phrases_is_zero_and_not_below(self, small_thesaurus, vectors):
        sayings = Sayings(small_thesaurus, [{"processes": 1.0}], vectors)
        assert sayings.similarities(-vectors["host pid"]).tolist() == [0]

    def test_phrases_without_vectors_say_nothing(self, small_thesaurus, vectors):
        assert Sayings(small_thesaurus, [{"root": 1.0}], {}).similarities(vectors["uid 0"]).tolist() == [0]
        partly = Sayings(small_thesaurus, [{"root": 1.0}], {"uid 0": vectors["uid 0"]})
        assert partly.similarities(vectors["uid 0"]).tolist() == [1]
