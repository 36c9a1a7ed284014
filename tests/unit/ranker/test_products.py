"""Products that no pool of threads takes part in."""

import numpy as np
import pytest

from jade_ranker.domain.products import PIECE, Rows

RANDOM = np.random.default_rng(7)


@pytest.mark.parametrize("rows", [0, 1, PIECE - 1, PIECE, PIECE + 1, 5 * PIECE + 3])
def test_a_product_is_that_of_the_whole_matrix(rows):
    matrix = RANDOM.normal(size=(rows, 128)).astype(np.float32)
    vector = RANDOM.normal(size=128).astype(np.float32)
    found = Rows(matrix).times(vector)
    assert len(Rows(matrix)) == rows
    assert found.dtype == np.float32
    assert np.allclose(found, matrix.astype(float) @ vector, atol=1e-4)


def test_several_vectors_give_what_each_gives():
    matrix = RANDOM.normal(size=(PIECE + 7, 128)).astype(np.float32)
    vectors = RANDOM.normal(size=(3, 128)).astype(np.float32)
    rows = Rows(matrix)
    assert np.allclose(rows.times(vectors), [rows.times(one) for one in vectors], atol=1e-4)


def test_a_row_s_product_does_not_depend_on_how_many_others_there_are():
    """As it would where BLAS divides them among as many threads as there are cores."""
    matrix = RANDOM.normal(size=(200 * PIECE, 128)).astype(np.float32)
    vector = RANDOM.normal(size=128).astype(np.float32)
    alone = [Rows(matrix[begin : begin + PIECE]).times(vector) for begin in range(0, len(matrix), PIECE)]
    assert np.array_equal(Rows(matrix).times(vector), np.concatenate(alone))
