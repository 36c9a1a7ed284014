"""Where sentence vectors differ that matter: between the things that people speak of, not between ways to say one.

Linear discriminant analysis over the thesaurus: phrases of one concept say the same in other words, so the directions
in which they differ tell nothing, and those in which concepts differ tell them apart.
"""

from collections.abc import Mapping
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from jade_ranker.domain.thesaurus import Thesaurus

Floats = NDArray[np.float32]

DIMENSIONS = 128
"""Of 384; with 64 plain words are told apart worse, with 192 titles."""

SHRINKAGE = 2.0
"""How much all directions are taken to differ by chance, beside how much they do: there are 15 phrases of a concept."""


class Metric(NamedTuple):
    """Turns sentence vectors into such as are compared.

    Attributes:
        middle: of all phrases, shape (dimensions before,).
        turn: shape (dimensions before, dimensions after).
    """

    middle: Floats
    turn: Floats

    @classmethod
    def fitted(cls, thesaurus: Thesaurus, vectors: Mapping[str, Floats]) -> Self | None:
        """Learn from the phrases of ``thesaurus`` whose ``vectors`` are known; None where there are too few.

        Args:
            thesaurus: What people say, by concept.
            vectors: By phrase, shape (dimensions,), unit length.
        """
        groups = [
            np.stack(known).astype(np.float64)
            for concept in thesaurus.concepts.values()
            if len(known := [vectors[phrase] for phrase in concept.says if phrase in vectors]) > 1
        ]
        if len(groups) <= DIMENSIONS:
            return None
        middles = np.stack([group.mean(axis=0) for group in groups])
        everything = np.concatenate(groups)
        apart = np.concatenate([group - middle for group, middle in zip(groups, middles, strict=True)])
        within = apart.T @ apart / len(apart)
        within += SHRINKAGE * np.trace(within) / len(within) * np.eye(len(within))
        even = np.linalg.inv(np.linalg.cholesky(within)).T
        _, directions = np.linalg.eigh(even.T @ np.cov(middles.T) @ even)
        turn = even @ directions[:, -DIMENSIONS:]
        return cls(everything.mean(axis=0).astype(np.float32), turn.astype(np.float32))

    def of(self, vectors: Floats) -> Floats:
        """The vectors as they are compared, unit length, shape (..., dimensions after)."""
        turned = (vectors - self.middle) @ self.turn
        lengths = np.linalg.norm(turned, axis=-1, keepdims=True)
        found: Floats = np.divide(turned, lengths, out=np.zeros_like(turned), where=lengths > 0)
        return found
