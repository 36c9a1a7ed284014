"""How alike two texts are letter by letter: misspellings, concatenations and hyphens meet where terms do not.

Letters and digits of a text, in lower case and without anything between words, are cut into pieces of three to five;
a document is the weights of its pieces, the rare ones counting most (TF-IDF), and the score is the cosine.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jade_ranker.domain.terms import RULE_ID

SIZES = (3, 4, 5)
BUCKETS = 1 << 16
"""Of 40,000 different pieces in 10,000 names, half share a bucket, which costs nothing measurable; a power of two."""

MULTIPLIERS = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1], dtype=np.uint32)
"""Odd constants of xxHash, one for each place in a piece: Python's own hash differs between processes."""

BEGUN = np.array(SIZES, dtype=np.uint32)[:, None]
"""What the hash of a piece begins with: its size."""

FOLD = np.uint32(15)  # mixes the high bits, where products are best, into the low ones

COMMON = 0.5
"""Pieces in more than this share of a large library (`ion`, `ing`) tell nothing and cost the most."""
LARGE = 1000  # documents

_NO_SIGN = re.compile(r"[^a-z0-9]+")


class Ngrams:
    """Scores of short documents.

    >>> index = Ngrams(["PrivilegedContainers", "HostNetwork", "root filesystem"])
    >>> [int(index.scores(text).argmax()) for text in ("priviledged-container", "host_netwrok", "rootfs")]
    [0, 1, 2]
    """

    def __init__(self, documents: Sequence[str]) -> None:
        """Index ``documents``; may be empty."""
        self._n_documents = len(documents)
        found = [counted(document) for document in documents]
        buckets = np.concatenate([np.zeros(0, dtype=np.int64), *(one for one, _ in found)])
        counts = np.concatenate([np.zeros(0, dtype=np.float32), *(one for _, one in found)])
        rows = np.repeat(np.arange(len(found), dtype=np.int32), [len(one) for one, _ in found])
        holders = np.bincount(buckets, minlength=BUCKETS)
        self._starts = np.concatenate([[0], np.cumsum(holders)])[:-1]
        self._idf = (np.log((1 + len(found)) / (1 + holders)) + 1).astype(np.float32)
        if len(found) > LARGE:
            self._idf[holders > COMMON * len(found)] = 0
            holders[self._idf == 0] = 0
        self._looked_at = holders
        weights = counts * self._idf[buckets]
        norms = np.sqrt(np.bincount(rows, weights=weights**2, minlength=len(found)))
        weights /= np.where(norms > 0, norms, 1)[rows]
        order = np.argsort(buckets, kind="stable")
        self._rows = rows[order]
        self._weights = weights[order].astype(np.float32)

    def scores(self, text: str) -> NDArray[np.float32]:
        """The cosine of ``text`` and each document, in 0..1; shape (n_documents,)."""
        buckets, counts = counted(text)
        weights = counts * self._idf[buckets]
        norm = float(np.sqrt(weights @ weights))
        if not norm:
            return np.zeros(self._n_documents, dtype=np.float32)
        held = self._looked_at[buckets].nonzero()[0]
        buckets, weights = buckets[held], weights[held] / norm
        sizes = self._looked_at[buckets]
        ends = sizes.cumsum()
        places = (self._starts[buckets] - ends + sizes).repeat(sizes)
        places += np.arange(len(places))
        shares = weights.repeat(sizes) * self._weights[places]
        return np.bincount(self._rows[places], weights=shares, minlength=self._n_documents).astype(np.float32)


def counted(text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The buckets of a text's pieces, ascending, and the damped count of each (1 + the logarithm)."""
    letters = np.frombuffer(plain(text).encode("ascii"), dtype=np.uint8).astype(np.uint32)
    if len(letters) < SIZES[0]:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    ordered = hashed(letters)
    ordered.sort()
    # What numpy.unique gives, which takes as long as all of this.
    ends = np.empty(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=ends[:-1])
    ends[-1] = True
    last = ends.nonzero()[0]
    counts = last.astype(np.float32)
    counts[0] += 1
    counts[1:] -= last[:-1]
    return ordered[last].astype(np.int64), 1 + np.log(counts)


def hashed(letters: NDArray[np.uint32]) -> NDArray[np.uint16]:
    """The bucket of each piece of each size, of at least as many ``letters`` as the shortest has."""
    shortest, *longer = SIZES
    pieces = len(letters) - shortest + 1  # of the shortest; of the others, the last ones run over the end
    padded = np.append(letters, np.zeros(len(longer), np.uint32))
    hashes = np.empty((len(SIZES), pieces), np.uint32)
    hashes[:] = BEGUN
    for place, multiplier in enumerate(MULTIPLIERS):
        mixed = hashes[max(place - shortest + 1, 0) :]
        mixed ^= padded[place : place + pieces]
        mixed *= multiplier  # wraps around, as hashes do
        mixed ^= mixed >> FOLD
    whole = [row[: pieces - over] for over, row in enumerate(hashes) if pieces > over]
    return np.concatenate(whole).astype(np.uint16)


def plain(text: str) -> str:
    """What is compared of a text: its letters and digits, without the numbers of rules.

    >>> plain("KSV-0017: Privileged-Container"), plain("privilegedContainer")
    ('privilegedcontainer', 'privilegedcontainer')
    """
    return _NO_SIGN.sub("", RULE_ID.sub(" ", text).lower())
