"""Several BM25 indexes of the same documents, asked the same question at once: what differs are the texts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jade_ranker.domain.bm25 import Bm25, Query, weighted


class SideBySide:
    """Gives what each of some indexes gives, bit for bit, in the time of one of them."""

    def __init__(self, indexes: Sequence[Bm25]) -> None:
        """Join ``indexes``, one or more, of the same documents in the same order."""
        self._shape = len(indexes), indexes[0].documents
        self._rareness = {
            term: np.array([index.idf(term) for index in indexes])
            for term in dict.fromkeys(term for index in indexes for term in index.terms())
        }
        self._rarest = np.array([index.rarest for index in indexes])
        self._saturated = np.array([index.saturated for index in indexes])
        self._held = {term: self._joined(term, indexes) for term in self._rareness}

    def idf(self, index: int, term: str) -> float:
        """How rare a term is in one of the indexes, in nats."""
        return float(self._rareness.get(term, self._rarest)[index])

    def shares(self, query: Query) -> NDArray[np.float32]:
        """The scores as shares of what is possible, so that they do not depend on a query's length.

        Args:
            query: As for :meth:`Bm25.scores`.

        Returns:
            0 to 1, shape (indexes, documents).
        """
        terms = [(term, weight) for term, weight in weighted(query) if weight]
        known = [(held, weight) for term, weight in terms if (held := self._held.get(term))]
        if not known:
            return np.zeros(self._shape, np.float32)
        added = np.concatenate([impacts for (_, impacts), _ in known])
        if any(weight != 1.0 for _, weight in known):
            added = added * np.repeat([weight for _, weight in known], [len(rows) for (rows, _), _ in known])
        places = np.concatenate([rows for (rows, _), _ in known])
        scores = np.bincount(places, added, self._shape[0] * self._shape[1]).astype(np.float32)
        rareness = [weight * self._rareness.get(term, self._rarest) for term, weight in terms]
        possible = self._saturated * np.add.reduce(rareness, axis=0)
        found: NDArray[np.float32] = scores.reshape(self._shape) / possible.astype(np.float32)[:, None]
        return found

    def _joined(self, term: str, indexes: Sequence[Bm25]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        held = [(number, *found) for number, index in enumerate(indexes) if (found := index.held(term))]
        places = [number * self._shape[1] + documents.astype(np.intp) for number, documents, _ in held]
        return np.concatenate(places), np.concatenate([impacts for _, _, impacts in held])
