"""One contract for every embedder: the real one where its extra is installed, and the one that tests use."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from jade_ranker.adapters.embedding import (
    MAX_CHARACTERS,
    EmbeddingUnavailableError,
    MiniLMEmbedder,
    model_folder,
)
from jade_ranker.testing import HashedWords

TEXTS = ["a container runs as root", "", "the host's network", "word " * 300, "容器 🙂 naïve\x00\n", "root"]


@pytest.fixture(scope="module", params=["hashed", "minilm"])
def embedder(request):
    if request.param == "hashed":
        return HashedWords()
    try:
        return MiniLMEmbedder(model_folder())
    except EmbeddingUnavailableError as error:
        pytest.skip(str(error))


def test_each_text_has_one_vector_of_unit_length(embedder):
    found = embedder.vectors(TEXTS)
    assert found.shape == (len(TEXTS), 384)
    assert found.dtype == np.float32
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)


def test_no_text_has_no_vector(embedder):
    assert embedder.vectors([]).shape == (0, 384)


def test_the_same_texts_have_the_same_vectors_to_the_last_bit(embedder):
    assert np.array_equal(embedder.vectors(TEXTS), embedder.vectors(TEXTS))


def test_a_text_means_the_same_alone_and_in_company(embedder):
    alone = np.concatenate([embedder.vectors([text]) for text in TEXTS])
    assert np.abs(alone - embedder.vectors(TEXTS)).max() < 1e-5


def test_the_end_of_a_very_long_text_is_left_out(embedder):
    long = "root " * MAX_CHARACTERS
    one, other = embedder.vectors([long[:MAX_CHARACTERS], long + "network"])
    assert np.array_equal(one, other)


def test_texts_that_say_the_same_are_nearer_than_others(embedder):
    one, same, other = embedder.vectors(
        ["deny the root user", "the root user must be denied", "an ingress without TLS"]
    )
    assert one @ same > one @ other + 0.2


def test_threads_may_ask_at_once(embedder):
    expected = embedder.vectors(TEXTS[:3])
    with ThreadPoolExecutor(2) as pool:
        assert all(np.array_equal(one, expected) for one in pool.map(embedder.vectors, [TEXTS[:3]] * 4))


def test_it_names_what_its_vectors_depend_on(embedder):
    assert embedder.digest
