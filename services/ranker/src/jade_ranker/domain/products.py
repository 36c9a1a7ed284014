"""Products of many vectors with one, in the thread that asks.

BLAS spreads a large product over its pool of threads. These take 30 µs; to wake a pool and wait for the last of it
takes milliseconds where the cores have other work, and the last bits depend on how many there are. So they are asked
for in pieces that are too small for that.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

PIECE = 64
"""Rows of a piece, a multiple of what BLAS takes at a time: then each product has the bits that one thread gives."""


class Rows:
    """The rows of a matrix, to be multiplied by vectors."""

    def __init__(self, matrix: Floats) -> None:
        """Take ``matrix``, shape (rows, dimensions)."""
        self._matrix = np.ascontiguousarray(matrix)
        whole = len(matrix) // PIECE
        self._pieces = self._matrix[: whole * PIECE].reshape(whole, PIECE, matrix.shape[1])
        self._rest = self._matrix[whole * PIECE :]

    def __len__(self) -> int:
        return len(self._matrix)

    def times(self, vectors: Floats) -> Floats:
        """The product of each row with a vector, shape (rows,), or with each of several, (vectors, rows).

        >>> Rows(np.array([[1, 0], [1, 2]], np.float32)).times(np.array([3, 4], np.float32))
        array([ 3., 11.], dtype=float32)
        """
        if vectors.ndim > 1:
            several: Floats = vectors @ self._matrix.T
            return several
        return np.concatenate([np.matmul(self._pieces, vectors).reshape(-1), self._rest @ vectors])
