"""Why a policy stands where it stands, as a person reads it."""

import re

import numpy as np
import pytest

from jade_policy.verdicts import Verdict, Violation
from jade_ranker.domain.feature_names import ASKED, PATH, RESOURCE, TEXT
from jade_ranker.domain.learned import Learned
from jade_ranker.domain.model import CALIBRATED, Model, Weights
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.reasons import LEAST, NEAR, SHOWN, SILENT, Reasons
from jade_ranker.domain.terms import terms

PROCESSES, TAGS = "deny-host-pid", "require-image-tag"
VIOLATED = "the resource violates it"


def reasons_for(
    library, pairs, policy, finding, *, only=None, verdict="unknown", path=None, facts=frozenset(), by=1.0
):
    """The reasons of a policy where ``only`` some features count, or all."""

    def counted(names):
        return np.array([by if only is None or name in only else 0.0 for name in names], np.float32)

    weights = Weights(
        counted(TEXT), counted(RESOURCE), counted(PATH), counted(ASKED), np.ones(len(CALIBRATED), np.float32)
    )
    ranker = Learned(library, pairs, Model("abc", weights, None))
    violations = () if verdict != "violated" else (Violation("m", path),)
    verdicts = [
        Verdict(one.id, constraint.name, verdict if one.id == policy else "passed", violations=violations)
        if one.id == policy
        else Verdict(one.id, constraint.name, "passed")
        for one in library.policies
        for constraint in library.constraints_of(one.id)
    ]
    ranking = ranker.rank(ranker.of_resource(verdicts, facts), finding and ranker.of_text(finding), path)
    return next(one.reasons for one in ranking.policies if one.verdict.policy_id == policy)


@pytest.fixture
def why(small_library, small_pairs):
    def of(policy, *words, **how):
        return reasons_for(small_library, small_pairs, policy, Finding(*words) if words else None, **how)

    return of


def test_words_are_those_of_the_finding_as_it_spells_them(why):
    (reason,) = why(TAGS, "x", "", "Images must be TAGGED, Requiring sense", only={"words of its name"})
    assert re.fullmatch(r"shares the words [a-z, ]+ \(\+\d\.\d\)", reason)
    words = reason.removeprefix("shares the words ").split(" (")[0].split(", ")
    assert set(words) == {"images", "tagged", "requiring"}


def test_at_most_four_words_are_named_the_rarest_first(why, small_pairs):
    text = "processes of a pod on a node: shared namespaces, every machine, must not see any"
    (reason,) = why(PROCESSES, "x", "", text, only={"words of its name", "words of its messages"})
    words = reason.removeprefix("shares the words ").split(" (")[0].split(", ")
    assert len(words) == 4
    rare = [max(small_pairs.rareness(term) for term in terms(word)) for word in words]
    assert rare == sorted(rare, reverse=True)


def test_concepts_are_called_by_their_names(why):
    only = {"concepts"}
    (reason,) = why(PROCESSES, "x", "", "it sees every process", only=only)
    assert re.fullmatch(r"both speak of host process namespace \(\+1\.0\)", reason)


@pytest.mark.parametrize(
    ("feature", "words", "said"),
    [
        ("spelling of its name", ("x", "", "imagetag"), "its name is spelt alike"),
        ("a field that it reads is named", ("x", "", "`image`"), "the finding names a field that it reads"),
    ],
)
def test_each_feature_has_its_words(why, feature, words, said):
    (reason,) = why(TAGS, *words, only={feature})
    assert reason.startswith(f"{said} (+")


def test_numbers_kinds_and_verdicts_have_their_words(why):
    number = "the same number of the benchmark"
    assert why(PROCESSES, "x", "", "CIS 5.2.3", only={number}) == (
        "both have the same number of the CIS benchmark (+1.0)",
    )
    kind = "the kind that it is for is named"
    assert why(PROCESSES, "x", "", "a Pod", only={kind}) == (
        "the finding names the kind that it is for (+1.0)",
    )
    assert why(PROCESSES, verdict="violated", only={"violated"}) == (f"{VIOLATED} (+1.0)",)
    assert why(TAGS, only={"features that it names"}, facts=frozenset({"image.tag=latest"})) == (
        "the resource has features that it names (+0.3)",
    )


def test_the_field_that_makes_it_fail_is_named(why):
    path = "/spec/image"
    only = {"the field that makes it fail is the one named"}
    assert why(TAGS, "x", "", "coffee", verdict="violated", path=path, only=only) == (
        "fails by the field that is named: /spec/image (+1.0)",
    )


def test_features_that_say_one_thing_are_one_reason(why):
    both = {"violated", "one of few violated"}
    (reason,) = why(TAGS, verdict="violated", only=both)
    assert reason == f"{VIOLATED} (+2.0)"


def test_at_most_four_reasons_the_heaviest_first(why):
    path = "/spec/image"
    found = why(
        TAGS,
        "x",
        "",
        "require an image tag of a Pod: `image`",
        verdict="violated",
        path=path,
        facts=frozenset({"image.tag=latest", "resource_kind=Pod"}),
    )
    assert len(found) == SHOWN == 4
    added = [float(re.search(r"\(\+(\d+\.\d)\)$", reason)[1]) for reason in found]
    assert added == sorted(added, reverse=True)


def test_nobody_is_told_of_what_every_policy_has_some_of(why):
    assert why(PROCESSES, only=SILENT) == ()


def test_what_adds_next_to_nothing_is_no_reason(why):
    assert why(PROCESSES, verdict="violated", only={"violated"}, by=LEAST * 0.9) == ()
    assert why(PROCESSES, verdict="violated", only={"violated"}, by=LEAST * 1.1)


def test_what_speaks_against_a_policy_is_no_reason_for_it(why):
    assert why(TAGS, only={"passed"}, verdict="passed", by=-1.0) == ()


def test_a_finding_without_a_shared_word_is_not_said_to_share_any(why):
    found = why(TAGS, "x", "", "lukewarm coffee")
    assert not [reason for reason in found if "words" in reason or "speak of" in reason]


def test_a_known_rule_is_named(small_library, small_reads, small_thesaurus):
    from jade_ranker.domain.crosswalk import Crosswalk
    from jade_ranker.domain.pairs import Pairs

    link = (
        '{"tool": "checkov", "rule_id": "CKV_K8S_17", "policy": "deny-host-pid", "how": ["flip"], "flips": 3, '
        '"pairs": 4, "agreement": null, "failed": 0, "both": 0, "same_field": null, "words": 0.0, '
        '"confidence": 0.75}'
    )
    pairs = Pairs(small_library, small_reads, small_thesaurus, Crosswalk.parse(link))
    finding = Finding("checkov", "CKV_K8S_17", "coffee")
    assert reasons_for(small_library, pairs, PROCESSES, finding, only={"known rule"}) == (
        "checkov CKV_K8S_17 is known to be about it (+0.8)",
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (NEAR, f"means much the same (+{NEAR})"),
        (NEAR / 2, "means something a little like it (+0.8)"),  # as any two sentences do
    ],
)
def test_how_near_a_meaning_is_is_said_as_it_is(small_pairs, value, said):
    spoken = Reasons.spoken(Finding("x", "y", "My apple pie needs more sugar"), {})
    values = [value * (name == "meaning") for name in TEXT]
    assert [one.shown for one in Reasons(small_pairs).of_text(0, spoken, values, [1.0] * len(TEXT))] == [said]
