"""BM25 over a library's texts: how far a query's terms name each document, the rare ones counting most.

Okapi's formula with the inverse document frequency that is never negative (as Lucene has it), over an inverted index
in numpy arrays: a library is a few thousand short texts, and a query touches the rows of its dozen terms only.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import log

import numpy as np
from numpy.typing import NDArray

K1, B = 1.2, 0.75
"""The textbook's saturation of repeated terms and discount of long documents; no gain was found in others."""

Query = Mapping[str, float] | Sequence[str]
"""Terms with weights; without, each distinct term weighs 1: a scanner's message that repeats itself says no more."""

Document = Mapping[str, float] | Sequence[str]
"""Terms, each as often as it stands there, or by weights in place of counts."""

Posting = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Documents by number, ascending, and what a term is worth in each."""


class Bm25:
    """Scores of documents.

    Attributes:
        documents: how many there are.
        rarest: how rare a term is that no document holds, in nats.
        saturated: how many times its rareness a term is worth, however often it is repeated; no document gets there.

    >>> index = Bm25([["host", "network"], ["host", "path", "volume"], ["image", "tag"]])
    >>> index.scores(["host", "network"]).argsort()[::-1].tolist()
    [0, 1, 2]
    """

    def __init__(self, documents: Sequence[Document], *, k1: float = K1, b: float = B) -> None:
        """Index ``documents``, each given as its terms.

        Args:
            documents: Terms of each, or weights ≥ 0 by term; may be empty.
            k1: How slowly a repeated term saturates, > 0 or 0 for presence alone.
            b: How far a document's length counts, in 0..1.
        """
        self.documents = len(documents)
        self.saturated = k1 + 1
        postings: dict[str, tuple[list[int], list[float]]] = {}
        lengths = np.zeros(len(documents), dtype=np.float64)
        for number, document in enumerate(documents):
            held = document if isinstance(document, Mapping) else Counter(document)
            lengths[number] = sum(held.values())
            for term, count in held.items():
                if count > 0:
                    posting = postings.get(term)
                    if posting is None:
                        posting = postings[term] = [], []
                    posting[0].append(number)
                    posting[1].append(count)
        mean = lengths.mean() if lengths.any() else 1.0
        damping = k1 * (1 - b + b * lengths / mean)
        sizes = [len(held) for held, _ in postings.values()]
        total = sum(sizes)
        rows = np.fromiter(chain.from_iterable(held for held, _ in postings.values()), np.int32, total)
        counts = np.fromiter(chain.from_iterable(often for _, often in postings.values()), np.float64, total)
        bounds = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64).tolist()
        self._idf = {term: self._inverse(size) for term, size in zip(postings, sizes, strict=True)}
        self.rarest = self._inverse(0)
        weights = np.repeat(np.array(list(self._idf.values()), dtype=np.float64), sizes)
        impacts = (weights * counts * self.saturated / (counts + damping[rows])).astype(np.float32)
        self._held = {
            term: (rows[begin : begin + size], impacts[begin : begin + size])
            for term, begin, size in zip(postings, bounds, sizes, strict=False)
        }

    def scores(self, query: Query) -> NDArray[np.float32]:
        """How far the query names each document, ≥ 0; shape (n_documents,)."""
        known = [(*held, weight) for term, weight in weighted(query) if (held := self._held.get(term))]
        if not known:
            return np.zeros(self.documents, dtype=np.float32)
        documents, impacts, weights = zip(*known, strict=True)
        added = np.concatenate(impacts) * np.repeat(np.array(weights), [len(one) for one in documents])
        return np.bincount(np.concatenate(documents), added, self.documents).astype(np.float32)

    def terms(self) -> Iterable[str]:
        """All terms of the documents."""
        return self._held

    def held(self, term: str) -> Posting | None:
        """Who holds a term, and what a query of that term alone scores there; None where nobody does."""
        return self._held.get(term)

    def __contains__(self, term: str) -> bool:
        """Whether some document holds the term."""
        return term in self._idf

    def idf(self, term: str) -> float:
        """How rare a term is, in nats; that of a term in no document is the highest."""
        return self._idf.get(term, self.rarest)

    def best_possible(self, query: Query, *, unknown: bool = True) -> float:
        """What no document can exceed: each term held so often that only its rareness counts.

        ``scores(query) / best_possible(query)`` lies in 0..1 and is comparable between libraries of any size.

        Args:
            query: As for :meth:`scores`.
            unknown: Whether terms that no document holds count; names of somebody's workloads are among them.
        """
        rareness = self._idf.get
        otherwise = self.rarest if unknown else 0.0
        return self.saturated * sum([weight * rareness(term, otherwise) for term, weight in weighted(query)])

    def _inverse(self, holders: int) -> float:
        return log(1 + (self.documents - holders + 0.5) / (holders + 0.5))


def weighted(query: Query) -> list[tuple[str, float]]:
    """The distinct terms with their weights, in the order of the query."""
    return (
        list(query.items()) if isinstance(query, Mapping) else [(term, 1.0) for term in dict.fromkeys(query)]
    )
