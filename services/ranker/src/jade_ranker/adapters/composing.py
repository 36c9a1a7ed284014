"""Puts the features of a library together, from what is read, looked up and computed once."""

from collections.abc import Mapping
from pathlib import Path

from jade_policy.library import Library
from jade_ranker.adapters.crosswalk import own_crosswalk
from jade_ranker.adapters.embedding import Embedder
from jade_ranker.adapters.reading import reads_of_library
from jade_ranker.adapters.vectors import are_kept, meanings_of, vectors_of
from jade_ranker.domain.crosswalk import Crosswalk
from jade_ranker.domain.pairs import Floats, Pairs
from jade_ranker.domain.sayings import phrases_of
from jade_ranker.domain.semantics import texts_of
from jade_ranker.domain.thesaurus import Thesaurus


def pairs_of(
    library: Library,
    opa: Path,
    embedder: Embedder | None = None,
    *,
    crosswalk: Crosswalk | None = None,
    thesaurus: Thesaurus | None = None,
) -> Pairs:
    """What computes the features of a library's policies; blocks for seconds where nothing of it is kept yet.

    Args:
        library: The policies.
        opa: Parses their Rego.
        embedder: Computes vectors; without it nothing is compared by meaning.
        crosswalk: Which rule is known to be which policy; Jade's own without it.
        thesaurus: What people call things; Jade's own without it.
    """
    words = thesaurus or Thesaurus.load()
    return Pairs(
        library,
        reads_of_library(library, opa),
        words,
        own_crosswalk() if crosswalk is None else crosswalk,
        None if embedder is None else meanings_of(library, embedder),
        None if embedder is None else spoken(Thesaurus.load(), embedder),
    )


def is_meaning_kept(library: Library, embedder: Embedder) -> bool:
    """Whether :func:`pairs_of` finds all vectors computed: then it takes no longer with ``embedder`` than without."""
    texts = [one.text for one in texts_of(library)]
    return are_kept(texts, embedder) and are_kept(phrases_of(Thesaurus.load()), embedder)


def spoken(thesaurus: Thesaurus, embedder: Embedder) -> Mapping[str, Floats]:
    """The vectors of a thesaurus's phrases, by phrase; 3,700 take 20 s the first time."""
    phrases = phrases_of(thesaurus)
    return dict(zip(phrases, vectors_of(phrases, embedder), strict=True))
