"""An embedder for tests, which needs no weights and can be held up or made to fail."""

import threading
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from jade_ranker.adapters.embedding import MAX_CHARACTERS
from jade_ranker.adapters.minilm import WIDTH


class HashedWords:
    """Vectors of hashed words: texts with words in common are near each other. Held to the real one's contract.

    Attributes:
        asked: the texts of each call.
        may_compute: cleared, calls wait until it is set.
        broken: a text for which a call fails.
    """

    digest = "hashed-words"

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.may_compute = threading.Event()
        self.may_compute.set()
        self.broken = ""

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of ``texts``: shape (n, 384), unit length.

        Raises:
            RuntimeError: one of them is the broken one.
        """
        self.asked.append(tuple(texts))
        self.may_compute.wait()
        if self.broken and self.broken in texts:
            raise RuntimeError("this text cannot be embedded")
        found = np.zeros((len(texts), WIDTH), dtype=np.float32)
        for row, text in zip(found, texts, strict=True):
            # The empty word stands for the text's ends: no vector is zero.
            for word in ("", *text[:MAX_CHARACTERS].lower().split()):
                row[int.from_bytes(blake2b(word.encode(), digest_size=4).digest(), "big") % WIDTH] += 1
        unit: NDArray[np.float32] = found / np.linalg.norm(found, axis=1, keepdims=True)
        return unit
