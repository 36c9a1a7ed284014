"""What a text speaks of beside what policies speak of."""

from dataclasses import replace

import numpy as np
import pytest

from jade_policy.library import Library
from jade_ranker.domain.concepts import Concepts
from jade_ranker.domain.descriptions import VIEWS, descriptions_of
from jade_ranker.domain.sayings import Sayings, phrases_of

IDS = ("deny-host-pid", "deny-node-ports", "k8sallowedusers", "require-image-tag")


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
    found = concepts.scores({concept: 1.0})
    assert best(found) == policy
    assert 0 < found.max() <= 1.0001
    assert concept in concepts.of_each[IDS.index(policy)]


def test_concepts_that_no_policy_knows_count_against_all(concepts):
    alone = concepts.scores({"processes": 1.0})
    beside = concepts.scores({"processes": 1.0, "coffee": 1.0})
    assert 0 < beside.max() < alone.max()
    assert best(beside) == "deny-host-pid"
    assert not concepts.scores({"coffee": 1.0}).any()


def test_a_text_without_concepts_is_near_nothing(concepts):
    assert concepts.scores({}).tolist() == [0] * len(IDS)
    assert concepts.beyond({}) == 0


def test_what_no_policy_is_about_is_told_from_what_one_is(concepts):
    assert concepts.beyond({"processes": 1.0}) == 0
    assert concepts.beyond({"processes": 1.0, "coffee": 0.5}) == 0.5
    lacking = np.array([one == "deny-host-pid" for one in IDS])
    assert concepts.beyond({"processes": 1.0}, lacking) == 1


def test_a_policy_is_about_what_it_is_called_more_than_about_what_its_reasons_mention(
    small_library, small_reads, small_thesaurus
):
    library = Library(
        tuple(
            replace(policy, custom={"rationale": "It is reachable from outside by a superuser account."})
            if policy.id == "deny-host-pid"
            else policy
            for policy in small_library.policies
        )
    )
    about = Concepts(small_thesaurus, descriptions_of(library, small_reads)).of_each[0]
    assert about["processes"] == 1
    assert 0 < about["exposure"] < 0.25
    assert 0 < about["root"] < 0.25


def test_hidden_views_are_not_looked_at(concepts):
    # Nothing but its fields says that of the policy.
    assert not concepts.scores({"exposure": 1.0}, frozenset({"fields"})).any()
    # Its name says it as well.
    assert best(concepts.scores({"processes": 1.0}, frozenset({"fields"}))) == "deny-host-pid"
    assert not concepts.scores({"processes": 1.0}, frozenset(VIEWS)).any()


def test_hiding_does_not_change_what_is_seen_afterwards(concepts):
    before = concepts.scores({"processes": 1.0})
    concepts.scores({"processes": 1.0}, frozenset({"fields", "name"}))
    after = concepts.scores({"processes": 1.0})
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
        phrases = phrases_of(small_thesaurus)
        return dict(zip(phrases, np.eye(len(phrases), dtype=np.float32), strict=True))

    def test_the_nearest_phrase_of_a_policy_counts(self, small_thesaurus, vectors):
        sayings = Sayings(small_thesaurus, [{"processes": 1.0, "root": 0.25}, {"root": 1.0}, {}], vectors)
        for phrase, wanted in {
            "host pid": [1, 0, 0],
            "sees every process": [1, 0, 0],
            "uid 0": [0.5, 1, 0],  # the first is less about it
            "out of beans": [0, 0, 0],
        }.items():
            assert sayings.near(vectors[phrase]).nearest.tolist() == wanted

    def test_what_a_policy_hardly_touches_does_not_count(self, small_thesaurus, vectors):
        sayings = Sayings(small_thesaurus, [{"processes": 1.0, "root": 0.09}], vectors)
        assert sayings.near(vectors["uid 0"]).nearest.tolist() == [0]

    def test_all_phrases_of_a_concept_count_together(self, small_thesaurus, vectors):
        sayings = Sayings(small_thesaurus, [{"processes": 1.0}, {"exposure": 1.0}], vectors)
        assert sayings.near(vectors["host pid"]).whole == pytest.approx([0.5**0.5, 0])
        between = (vectors["host pid"] + vectors["sees every process"]) / np.float32(2**0.5)
        assert sayings.near(between).whole == pytest.approx([1, 0])
        assert sayings.near(between).nearest == pytest.approx([0.5**0.5, 0])

    def test_what_no_policy_is_about_is_near_too(self, small_thesaurus, vectors):
        sayings = Sayings(small_thesaurus, [{"processes": 1.0}, {"root": 0.25}], vectors)
        assert sayings.near(vectors["out of beans"]).beyond == 1
        assert sayings.near(vectors["host pid"]).beyond == 0
        assert sayings.near(vectors["uid 0"]).beyond == 0.5
        assert sayings.near(vectors["host pid"], np.array([True, False])).beyond == 1

    def test_what_is_far_from_all_phrases_is_zero_and_not_below(self, small_thesaurus, vectors):
        sayings = Sayings(small_thesaurus, [{"processes": 1.0}], vectors)
        assert sayings.near(-vectors["host pid"]).nearest.tolist() == [0]

    def test_phrases_without_vectors_say_nothing(self, small_thesaurus, vectors):
        nothing = Sayings(small_thesaurus, [{"root": 1.0}], {}).near(vectors["uid 0"])
        assert (nothing.nearest.tolist(), nothing.whole.tolist(), nothing.beyond) == ([0], [0], 0)
        partly = Sayings(small_thesaurus, [{"root": 1.0}], {"uid 0": vectors["uid 0"]})
        assert partly.near(vectors["uid 0"]).nearest.tolist() == [1]
