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
        self._holders = {token: np.array(places, np.intp) for token, places in holders.items()}

    def __contains__(self, token: str) -> bool:
        """Whether some document has it."""
        return token in self._holders

    def share(self, asked: Collection[str]) -> Floats:
        """The share (0 to 1) of the weight of ``asked`` that each document has, shape (documents,).

        A token that no document has weighs nothing: it may be a container's name.

        >>> Tokens([{"hostPID"}, {"hostPID", "image"}, {"image"}]).share({"hostPID", "nginx"})
        array([1., 1., 0.], dtype=float32)
        """
        found = np.zeros(self._size, np.float32)
        total = 0.0
        for token in sorted(asked):
            places = self._holders.get(token)
            if places is not None:
                weight = log(1 + self._size / len(places))
                total += weight
                found[places] += weight
        return found / np.float32(total) if total else found


def relative(scores: Floats) -> Floats:
    """The scores as shares of the best one; zeros where nothing scores.

    >>> relative(np.array([2, 1, 0], np.float32))
    array([1. , 0.5, 0. ], dtype=float32)
    """
    best = scores.max(initial=0.0)
    return scores / best if best > 0 else np.zeros_like(scores)
