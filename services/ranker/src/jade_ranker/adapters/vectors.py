"""Vectors of a library's policies: computed once for the texts and the model, and kept in Jade's cache folder."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jade_common.identity import derived_id
from jade_policy.library import Library
from jade_ranker.adapters.embedding import Embedder
from jade_ranker.adapters.kept import Kept, jade_cache
from jade_ranker.domain.semantics import Meanings, texts_of

SCHEMA = "2"
"""Raised when the files change their form."""

KEPT = 16
"""Files that stay, the last used ones: of 113 policies 0.7 MB each, of 10,000 policies 60 MB."""


def meanings_of(library: Library, embedder: Embedder, folder: Path | None = None) -> Meanings:
    """What the policies of a library mean.

    Args:
        library: The policies; 113 of them take 3 s the first time, and then 2 ms.
        embedder: Computes what is not there yet.
        folder: Where the vectors are kept; in Jade's cache without it.
    """
    texts = texts_of(library)
    return Meanings(texts, vectors_of([one.text for one in texts], embedder, folder))


def vectors_of(texts: Sequence[str], embedder: Embedder, folder: Path | None = None) -> NDArray[np.float32]:
    """The vectors of ``texts``, shape (n, dimensions), from the file that belongs to them, else computed and kept.

    The file is named by the texts and the model, so that none is ever stale. One that is damaged is made again; where
    none can be written, the vectors are computed each time.
    """
    if not texts:
        return embedder.vectors(texts)
    kept, key = place_of(texts, embedder, folder)
    content = kept.get(key)
    if content is not None:
        return np.frombuffer(content, dtype="<f4").reshape(len(texts), -1)
    found = embedder.vectors(texts)
    kept.put(key, found.astype("<f4").tobytes())
    return found


def are_kept(texts: Sequence[str], embedder: Embedder, folder: Path | None = None) -> bool:
    """Whether :func:`vectors_of` the same has only to read a file, as far as that can be told without reading it."""
    kept, key = place_of(texts, embedder, folder)
    return not texts or kept.has(key)


def place_of(texts: Sequence[str], embedder: Embedder, folder: Path | None) -> tuple[Kept, str]:
    """Where the vectors of ``texts`` are kept, and under which key."""
    return Kept(folder or vectors_folder(), ".f32", files=KEPT), derived_id(SCHEMA, embedder.digest, *texts)


def vectors_folder() -> Path:
    """Where vectors are kept: beside the tools, in the user's cache."""
    return jade_cache() / "vectors"
