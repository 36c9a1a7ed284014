"""BM25 against its formula, written down once more without arrays."""

from collections import Counter
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jade_ranker.domain.bm25 import Bm25

TERMS = st.sampled_from("abcdefgh")
LIBRARIES = st.lists(st.lists(TERMS, max_size=12), max_size=12)
QUERIES = st.lists(TERMS, max_size=6)


def reference(documents, query, k1, b):
    total = sum(map(len, documents))
    mean = total / len(documents) if total else 1
    scores = []
    for document in documents:
        score = 0.0
        for term, weight in query.items():
            holders = sum(term in each for each in documents)
            count = document.count(term)
            idf = log(1 + (len(documents) - holders + 0.5) / (holders + 0.5))
            if count:
                score += weight * idf * count * (k1 + 1) / (count + k1 * (1 - b + b * len(document) / mean))
        scores.append(score)
    return scores


@given(LIBRARIES, st.dictionaries(TERMS, st.floats(0, 5)), st.floats(0, 3), st.floats(0, 1))
def test_scores_are_those_of_the_formula(documents, query, k1, b):
    scores = Bm25(documents, k1=k1, b=b).scores(query)
    assert scores.shape == (len(documents),)
    assert scores.dtype == np.float32
    assert scores == pytest.approx(reference(documents, query, k1, b), rel=1e-4, abs=1e-5)


@given(LIBRARIES, QUERIES)
def test_weights_stand_in_for_counts(documents, query):
    counted = Bm25([dict(Counter(document)) for document in documents])
    assert np.array_equal(counted.scores(query), Bm25(documents).scores(query))


def test_a_weight_of_half_counts_less_than_one():
    scores = Bm25([{"a": 1.0, "b": 1.0}, {"a": 0.5, "b": 1.5}, {"a": 0.0, "b": 2.0}]).scores(["a"])
    assert scores[0] > scores[1] > scores[2] == 0


@given(LIBRARIES, QUERIES)
def test_no_document_exceeds_the_best_possible(documents, query):
    index = Bm25(documents)
    known = index.best_possible(query, unknown=False)
    assert np.all(index.scores(query) <= known * (1 + 1e-5) + 1e-6)
    assert known <= index.best_possible(query) + 1e-9


@given(LIBRARIES, QUERIES)
def test_a_repeated_term_of_the_query_counts_once(documents, query):
    index = Bm25(documents)
    assert np.array_equal(index.scores(query), index.scores(query + query))
    assert np.array_equal(index.scores(query), index.scores(dict.fromkeys(query, 1.0)))


def test_what_nobody_holds_is_the_rarest():
    index = Bm25([["a", "b"], ["a"], ["a", "c"]])
    assert index.idf("z") > index.idf("b") == index.idf("c") > index.idf("a") > 0
    assert (
        index.best_possible(["b", "z"])
        > index.best_possible(["b", "z"], unknown=False)
        == index.best_possible(["b"])
    )


def test_an_empty_library_has_no_scores():
    assert Bm25([]).scores(["a"]).shape == (0,)
    assert Bm25([[], []]).scores(["a"]).tolist() == [0, 0]
