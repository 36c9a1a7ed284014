"""Indexes side by side, against each of them alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jade_ranker.domain.bm25 import Bm25
from jade_ranker.domain.side_by_side import SideBySide

TERMS = st.sampled_from("abcdefgh")
DOCUMENT = st.lists(TERMS, max_size=8)
LIBRARIES = st.lists(st.tuples(DOCUMENT, DOCUMENT, DOCUMENT), max_size=8)
QUERIES = st.lists(TERMS, max_size=6) | st.dictionaries(TERMS, st.sampled_from([0.0, 0.25, 0.4, 1.0]))


@given(LIBRARIES, QUERIES)
def test_each_index_gives_what_it_gives_alone(library, query):
    indexes = [Bm25([views[number] for views in library]) for number in range(3)]
    found = SideBySide(indexes).shares(query)
    assert found.shape == (3, len(library))
    assert found.dtype == np.float32
    for index, shares in zip(indexes, found, strict=True):
        possible = np.float32(index.best_possible(query))
        assert np.array_equal(shares, index.scores(query) / possible if possible else index.scores(query))


def test_how_rare_a_term_is_differs_between_texts_of_the_same_documents():
    indexes = [Bm25([["host"], ["host", "path"]]), Bm25([["path"], ["path"]])]
    both = SideBySide(indexes)
    for number, index in enumerate(indexes):
        assert [both.idf(number, term) for term in ("host", "path", "tag")] == [
            index.idf(term) for term in ("host", "path", "tag")
        ]


@pytest.mark.parametrize("query", [[], {}, ["unknown"]])
def test_a_query_that_names_nothing_has_no_share_of_anything(query):
    assert not SideBySide([Bm25([["a"], []]), Bm25([["b"], ["a"]])]).shares(query).any()
