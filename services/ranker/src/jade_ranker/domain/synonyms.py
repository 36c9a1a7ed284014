"""Words that stand in for each other when people speak of machines and programs: "box" for "node"."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

from jade_ranker.domain.terms import terms

SHARE = 0.25
"""What a word that was not said counts beside the one that was."""


def widened(spoken: Sequence[str]) -> dict[str, float]:
    """The terms of a text with those that may stand in for them, as weights of a query.

    Args:
        spoken: Its terms, see :func:`jade_ranker.domain.terms.terms`.

    Returns:
        1 for each term that was said; less for one that was not, divided among the rings of its word.

    >>> widened(["asterisk"])
    {'asterisk': 1.0, 'star': 0.25, 'wildcard': 0.25, 'joker': 0.25}
    """
    weights = dict.fromkeys(spoken, 1.0)
    for term in tuple(weights):
        for other, share in stand_ins().get(term, {}).items():
            weights[other] = max(weights.get(other, 0.0), share)
    return weights


@cache
def stand_ins() -> Mapping[str, Mapping[str, float]]:
    """By term, those of its rings; a word of many rings means many things, and each the less."""
    return of_rings(rings())


@cache
def rings() -> tuple[tuple[str, ...], ...]:
    """What `synonyms.toml` says, as terms."""
    body = tomllib.loads((files("jade_ranker.domain") / "synonyms.toml").read_text(encoding="utf-8"))
    return tuple(tuple(dict.fromkeys(terms(ring))) for ring in body["rings"])


def of_rings(found: Iterable[Sequence[str]]) -> dict[str, dict[str, float]]:
    """The same by term, with the share of each."""
    by_term: dict[str, list[Sequence[str]]] = {}
    for ring in found:
        for term in ring:
            by_term.setdefault(term, []).append(ring)
    return {
        term: {other: SHARE / len(own) for ring in own for other in ring if other != term}
        for term, own in by_term.items()
    }
