"""A model of sentences that is not one, and vectors of texts made by it."""

import pytest

from jade_ranker.adapters.query_vectors import QueryVectors
from jade_ranker.testing import HashedWords


@pytest.fixture
def embedder():
    return HashedWords()


@pytest.fixture
def vectors(embedder):
    with QueryVectors(embedder) as found:
        yield found
        embedder.may_compute.set()
