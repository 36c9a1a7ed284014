"""Rings of words: what stands in for a word counts less than the word."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from jade_ranker.domain.synonyms import SHARE, of_rings, rings, stand_ins, widened
from jade_ranker.domain.terms import spellings, terms


def test_what_was_said_counts_most():
    found = widened(terms("the box hangs"))
    assert found["box"] == found["hang"] == 1.0
    assert 0 < found["node"] <= SHARE
    assert 0 < found["freez"] <= SHARE


def test_a_word_that_was_said_is_no_stand_in():
    assert widened(["box", "node"])["node"] == 1.0


def test_a_word_of_two_rings_gives_each_half():
    found = of_rings([("a", "b"), ("a", "c"), ("d", "e")])
    assert found["a"] == {"b": SHARE / 2, "c": SHARE / 2}
    assert found["d"] == {"e": SHARE}


def test_what_nobody_listed_stays_alone():
    assert widened(["zzz"]) == {"zzz": 1.0}


@given(st.text())
def test_any_text_is_widened_to_weights_up_to_one(text):
    spoken = terms(text)
    found = widened(spoken)
    assert all(0 < weight <= 1 for weight in found.values())
    assert {term for term, weight in found.items() if weight == 1} == set(spoken)


def test_rings_are_sound():
    assert len(rings()) >= 100
    assert all(len(ring) > 1 for ring in rings())
    assert not [ring for ring, count in Counter(map(frozenset, rings())).items() if count > 1]
    assert not [term for term in stand_ins() if term in spellings().glue]
