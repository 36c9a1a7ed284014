"""How much of what is asked for each document has: exact tokens, such as fields and kinds, weighed by their rarity."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Tokens:
    """The tokens of documents, each either in a document or not."""

    def __init__(self, documents: Sequence[Collection[str]]) -> None:
        """Index ``documents``."""
        holders: dict[str, list[int]] = defaultdict(list)
        for place, document in enumerate(documents):
            for token in document:
                holders[token].append(place)
        self._size = len(documents)
        self._holders = {
            token: (np.array(holders[token], np.intp), np.float32(log(1 + self._size / len(holders[token]))))
            for token in sorted(holders)
        }
        self._weights = np.zeros(self._size, np.float32)
        for places, rareness in self._holders.values():
            self._weights[places] += rareness

    def __contains__(self, token: object) -> bool:
        """Whether some document has it."""
        return token in self._holders

    def covered(self, asked: Collection[str]) -> Floats:
        """The share (0 to 1) of each document's own weight that is asked for, shape (documents,).

        >>> Tokens([{"host", "pid"}, {"host"}]).covered({"host"})
        array([0.3868528, 1.       ], dtype=float32)
        """
        found = np.zeros(self._size, np.float32)
        for token in sorted(self._holders.keys() & asked):
            places, rareness = self._holders[token]
            found[places] += rareness
        return np.divide(found, self._weights, out=found, where=self._weights > 0)

    def share(self, asked: Collection[str]) -> Floats:
        """The share (0 to 1) of the weight of ``asked`` that each document has, shape (documents,).

        A token that no document has weighs nothing: it may be a container's name.

        >>> Tokens([{"hostPID"}, {"hostPID", "image"}, {"image"}]).share({"hostPID", "nginx"})
        array([1., 1., 0.], dtype=float32)
        """
        found = np.zeros(self._size, np.float32)
        total = np.float32(0)
        for token in sorted(self._holders.keys() & asked):
            places, rareness = self._holders[token]
            total += rareness
            found[places] += rareness
        return found / total if total else found
