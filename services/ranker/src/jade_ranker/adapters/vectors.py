"""Vectors of a library's policies: computed once for the texts and the model, and kept in Jade's cache folder."""

import contextlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import structlog
from numpy.typing import NDArray

from jade_common.identity import derived_id
from jade_common.tools.places import Places
from jade_policy.library import Library
from jade_ranker.adapters.embedding import Embedder
from jade_ranker.domain.semantics import Meanings, texts_of

log = structlog.get_logger("jade.ranker")

SCHEMA = "1"
"""Raised when the files change their form."""

DIGEST_BYTES = 32
"""Of the hexadecimal digest that a file begins with."""

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
    path = (folder or vectors_folder()) / f"{derived_id(SCHEMA, embedder.digest, *texts)}.f32"
    found = _read(path, len(texts))
    if found is None:
        found = embedder.vectors(texts)
        try:
            _write(path, found)
        except OSError as error:
            log.warning("vectors_not_kept", path=str(path), error=str(error.strerror))
    return found


def vectors_folder() -> Path:
    """Where vectors are kept: beside the tools, in the user's cache."""
    return Places.here().cache.parent / "vectors"


def _read(path: Path, rows: int) -> NDArray[np.float32] | None:
    try:
        content = path.read_bytes()
        with contextlib.suppress(OSError):  # somebody else's file may be read and not touched
            os.utime(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("vectors_not_read", path=str(path), error=str(error.strerror))
        return None
    digest, body = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
    if derived_id(body).encode() != digest:
        log.warning("vectors_damaged", path=str(path))
        return None
    return np.frombuffer(body, dtype="<f4").reshape(rows, -1)


def _write(path: Path, vectors: NDArray[np.float32]) -> None:
    """Write a file at once and whole, and remove the oldest ones."""
    body = vectors.astype("<f4").tobytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(prefix=".vectors-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(derived_id(body).encode() + body)
        Path(fresh).replace(path)
    except OSError:
        Path(fresh).unlink(missing_ok=True)
        raise
    for old in sorted(path.parent.glob("*.f32"), key=_used, reverse=True)[KEPT:]:
        old.unlink(missing_ok=True)


def _used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another process was removing as well
        return 0.0
