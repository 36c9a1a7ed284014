"""Rules in other words: the same for the same chance, and never without a word."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jade_ranker.domain.rewording import OPENINGS, OTHERS, as_scanners_say, swapped, thinned

TITLE = "Deny privileged containers on the host"


def test_the_same_chance_says_the_same():
    for seed in range(20):
        assert as_scanners_say(TITLE, Random(seed)) == as_scanners_say(TITLE, Random(seed))
    assert len({as_scanners_say(TITLE, Random(seed)) for seed in range(50)}) > 20


def test_every_word_that_has_another_form_is_swapped_if_all_are():
    words = swapped(TITLE, Random(1), 1.0).lower().split()
    assert {"deny", "containers", "host"}.isdisjoint(words)
    assert {"privileged", "on", "the"} <= set(words)
    assert swapped(TITLE, Random(1), 1.0)[0].isupper()
    assert swapped(TITLE, Random(1), 0.0) == TITLE


@given(st.text(max_size=60), st.integers(), st.floats(0, 1))
def test_texts_of_any_kind_are_taken(text, seed, share):
    assert swapped(text, Random(seed), 0.0) == text
    found = thinned(text, Random(seed), share)
    assert bool(found) == bool(text.split())
    assert set(found.split()) <= set(text.split())


def test_a_share_of_the_words_is_dropped():
    text = " ".join(f"w{number}" for number in range(1_000))
    assert len(thinned(text, Random(3), 0.3).split()) == pytest.approx(700, abs=50)
    assert thinned(text, Random(3), 0.0) == text


def test_openings_leave_the_text_whole_and_no_word_stands_for_itself():
    assert all(opening.count("{}") == 1 for opening in OPENINGS)
    assert [word for word, others in OTHERS.items() if word in others or word != word.lower()] == []
