"""Examples to learn from: the same in every run, and none can be answered by reading the text that it was made of."""

import os
import subprocess
import sys
from dataclasses import replace
from random import Random

import pytest

from jade_policy.verdicts import Review, Verdict, Violation
from jade_ranker.domain.descriptions import VIEWS, descriptions_of
from jade_ranker.domain.terms import terms
from jade_ranker.train import examples as module
from jade_ranker.train.examples import (
    FEWEST_WORDS,
    examples_of,
    off_topic,
    plainly,
    questions,
    without,
    words_of,
)
from jade_ranker.train.halves import OWN, SHARED_BY, Saying, beyond, halves, sayings
from jade_ranker.train.resources import Failing

MADE_OF = {"name", "description", "reasons", "messages", "fix"}


def failing(policy, library, *also):
    verdicts = tuple(
        Verdict(
            one.id,
            None,
            "violated" if one.id in {policy.id, *also} else "passed",
            violations=(Violation(f"{one.title or one.id} is wrong here", "/spec/x"),),
        )
        for one in library.policies
    )
    return Failing(Review({"kind": "Pod"}), verdicts, frozenset(), frozenset({policy.id, *also}))


@pytest.fixture(scope="module")
def parts(small_library, small_reads):
    described = descriptions_of(small_library, small_reads)
    resources = {
        one.id: [failing(one, small_library), failing(one, small_library, "require-image-tag")]
        for one in small_library.policies
    }
    sayings = [
        {
            "deny-host-pid": [
                Saying(("sees every process", "shared process ids"), frozenset({"require-image-tag"}))
            ],
            "k8sallowedusers": [Saying(("uid zero",), frozenset())],
        },
        {"deny-host-pid": [Saying(("what others run is visible",), frozenset())]},
    ]
    beyond = [[("out of beans", "lukewarm")], [("nothing to drink",)]]
    return small_library, described, resources, [0.5, 0.9], sayings, beyond


@pytest.fixture(scope="module")
def examples(parts):
    return list(examples_of(*parts))


def test_the_examples_are_the_same_in_every_run(parts, examples):
    assert list(examples_of(*parts)) == examples
    assert len(examples) > 50


def test_no_hash_of_this_process_decides_what_is_learned():
    code = (
        "from hashlib import sha256\n"
        "from jade_policy.library import own_library\n"
        "from jade_policy.verdicts import Review, Verdict\n"
        "from jade_ranker.domain.descriptions import descriptions_of\n"
        "from jade_ranker.train.examples import examples_of\n"
        "from jade_ranker.train.halves import Saying\n"
        "from jade_ranker.train.resources import Failing\n"
        "library = own_library()\n"
        "ids = [one.id for one in library.policies]\n"
        "verdicts = tuple(Verdict(one, None, 'violated') for one in ids)\n"
        "all_of = Failing(Review({'kind': 'Pod'}), verdicts, frozenset(), frozenset(ids[:3]))\n"
        "resources = {one: [all_of, all_of._replace(gold=frozenset({one}))] for one in ids}\n"
        "said = [{one: [Saying(('some phrase', 'another one'), frozenset(ids[:2]))] for one in ids}] * 2\n"
        "beyond = [[('x y', 'z')], [('v w',)]]\n"
        "text = ''\n"
        "for one in examples_of(library, descriptions_of(library, {}), resources, [0.5, 1.0], said, beyond):\n"
        "    text += repr((one.policy, one.finding, sorted(one.hidden), one.path, sorted(one.gold)))\n"
        "    text += repr((sorted(one.absent), sorted(one.links.items()), one.half))\n"
        "print(sha256(text.encode()).hexdigest())\n"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            timeout=120,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(told) == 1


@pytest.fixture
def watched(parts, monkeypatch):
    """The side that each example was made of, the example, and how it was asked for."""
    made = []
    plain = module._example

    def watching(policy, side, *rest, **named):
        made.append((side, plain(policy, side, *rest, **named), named))
        return made[-1][1]

    monkeypatch.setattr(module, "_example", watching)
    list(examples_of(*parts))
    return made


def test_a_side_that_a_question_was_made_of_is_hidden(watched):
    assert {side for side, *_ in watched} == {*MADE_OF, ""}
    for side, one, _ in watched:
        assert side in {*one.hidden, ""}


def test_what_a_question_of_a_side_says_stands_on_that_side(small_library, small_reads):
    described = descriptions_of(small_library, small_reads)[0]
    policy = small_library.policies[0]
    found = list(questions(policy, described, failing(policy, small_library), Random(1)))
    assert {side for side, _ in found} == {*MADE_OF, ""}
    reasons = [finding.title for side, finding in found if side == "reasons"]
    assert reasons == [policy.custom["rationale"].strip(" .")]
    kinds = [finding.rule_id for side, finding in found if finding.rule_id]
    assert kinds == [policy.kind]


def test_without_leaves_no_word_of_the_policy(small_library, small_reads):
    for one in descriptions_of(small_library, small_reads):
        own = words_of(one, VIEWS)
        text = (
            "every night our hostPID processes show secrets to other images, containers and strange visitors"
        )
        left = without(text, own)
        assert own.isdisjoint(terms(left))
        assert set(left.split()) <= set(text.split())
        assert len([word for word in left.split() if terms(word)]) >= FEWEST_WORDS


def test_what_too_little_is_left_of_is_no_question(small_library, small_reads):
    own = words_of(descriptions_of(small_library, small_reads)[0], VIEWS)
    assert without("deny shared process namespaces of strangers", own) == ""
    assert without("", own) == ""


def test_questions_without_a_policys_words_share_no_term_with_what_it_shows(parts, watched):
    library, described, *_ = parts
    by_id = dict(zip([policy.id for policy in library.policies], described, strict=True))
    blind = [one for _, one, named in watched if named.get("hidden") is not None]
    assert len(blind) >= 3
    for one in blind:
        shown = words_of(by_id[one.policy], [view for view in VIEWS if view not in one.hidden])
        assert shown.isdisjoint(terms(one.finding.title))


def test_gold_is_never_among_what_the_library_lacks(examples):
    assert any(one.absent for one in examples)
    for one in examples:
        assert one.gold.isdisjoint(one.absent)
        if one.absent:
            assert one.links == {}, "what is not there is not known either"
        if one.failing is None:
            assert one.path is None


def test_what_no_policy_is_about_has_no_answer(parts, examples):
    beside = [one for one in examples if one.policy.startswith("~")]
    assert beside
    for one in beside:
        assert (one.gold, one.absent, one.links, one.hidden) == (frozenset(), frozenset(), {}, frozenset())
    _, _, resources, *_ = parts
    everything = [one for found in resources.values() for one in found]
    some = [
        one for seed in range(20) for one in off_topic(("a b", "c"), ("d e",), everything, Random(seed), 1)
    ]
    assert {one.failing is None for one in some} == {True, False}
    assert {one.half for one in some} == {1}


def test_what_no_policy_is_about_is_named_by_its_name_and_in_other_words(parts):
    found = list(examples_of(*parts))
    for half, known, strange in ((0, "beans", "drink"), (1, "drink", "beans")):
        texts = [one.finding.title for one in found if one.policy.startswith("~") and one.half == half]
        assert len(texts) == 3
        assert any(known in text for text in texts)
        assert not any(strange in text for text in texts[:2])
        assert not any(known in text for text in texts[2:])


def test_whoever_is_as_much_about_a_thing_is_as_right(examples):
    said = [
        one for one in examples if "sees every process" in one.finding.title and not one.hidden >= {"name"}
    ]
    assert said
    for one in said:
        assert "require-image-tag" in one.gold | one.absent


def test_a_question_of_one_half_is_asked_in_the_words_of_the_other(parts):
    library, described, resources, confidences, _, _ = parts
    marked = [{"deny-host-pid": [Saying((word,), frozenset())]} for word in ("zebra zero", "quokka one")]
    found = list(examples_of(library, described, resources, confidences, marked, [[], []]))
    asked = {word: {one.half for one in found if word in one.finding.title} for word in ("zebra", "quokka")}
    assert asked == {"zebra": {1}, "quokka": {0}}


def test_plain_sentences_hold_a_phrase_and_noise():
    for seed in range(30):
        said = plainly(("first phrase", "second phrase"), Random(seed))
        assert "first phrase" in said or "second phrase" in said
    assert len({plainly(("only",), Random(seed)) for seed in range(30)}) > 10


def test_each_half_says_of_a_policy_what_it_is_about(small_library, small_thesaurus):
    ids = [policy.id for policy in small_library.policies]
    about = [{"processes": 1.0, "root": 0.4}, {"exposure": 0.75}, {"root": 1.0, "exposure": OWN}, {}]
    first, second = (sayings(small_library, part, about) for part in halves(small_thesaurus))
    assert first[ids[0]] == [Saying(("sees every process",), frozenset({ids[0]}))]
    assert second[ids[0]] == [Saying(("host pid",), frozenset({ids[0]}))]
    assert Saying(("reachable from outside",), frozenset({ids[1], ids[2]})) in first[ids[2]]
    assert first[ids[1]] == [Saying(("reachable from outside",), frozenset({ids[1]}))]
    assert first[ids[3]] == second[ids[1]] == []


def test_what_many_policies_are_about_tells_none_of_them_apart(small_library, small_thesaurus):
    many = replace(
        small_library,
        policies=tuple(
            replace(small_library.policies[0], id=f"policy-{number}") for number in range(SHARED_BY + 1)
        ),
        constraints=(),
    )
    found = sayings(many, small_thesaurus, [{"processes": 1.0}] * (SHARED_BY + 1))
    assert not any(found.values())


def test_beyond_is_what_no_policy_is_about_and_both_halves_know(small_thesaurus):
    parts = halves(small_thesaurus)
    assert beyond(parts, [{"root": 1.0}, {"processes": 0.2}]) == [
        [("sees every process",)],
        [("host pid",)],
    ]
