"""Phrases in a text: their terms in order with small gaps, or close together in any order."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

GAP = 2  # terms between two of a phrase: "host's own network namespace" is the host's namespace

NEAR_BY = 0.8
"""How far a phrase in another order fits: "limits on memory" for "memory limits"."""
SCATTERED = 0.5
"""How far three terms or more fit that stand all over the text; two of them may meet by chance."""


class Phrase(NamedTuple):
    """Terms that mean something together.

    Attributes:
        terms: in the order in which they are mostly said, none twice.
        all: the same.
        concepts: what they mean, and how sure that is.
    """

    terms: tuple[str, ...]
    all: frozenset[str]
    concepts: Mapping[str, float]


class Match(NamedTuple):
    """A phrase that a text holds.

    Attributes:
        phrase: which.
        places: of its terms in the text.
        fit: 1 in its own order, less otherwise.
    """

    phrase: Phrase
    places: frozenset[int]
    fit: float


def found_in(spoken: Sequence[str], phrases: Mapping[str, Sequence[Phrase]]) -> list[Match]:
    """The phrases that a text holds, without those that lie inside a longer one.

    One that is not in order gives way to a longer one that is, where they share a term.

    Args:
        spoken: The terms of the text.
        phrases: By one of their terms, each once.
    """
    places: dict[str, list[int]] = {}
    for place, term in enumerate(spoken):
        places.setdefault(term, []).append(place)
    present = frozenset(places)
    matches = [
        match
        for term in places
        for phrase in phrases.get(term, ())
        if phrase.all <= present and (match := matched(phrase, places))
    ]
    exact = [one.places for one in matches if one.fit == 1 and len(one.places) > 1]
    whole = [one.places for one in matches if one.fit > SCATTERED and len(one.places) > 1]
    return [
        one
        for one in matches
        if not any(one.places < other for other in whole)
        and (one.fit == 1 or not any(one.places & other and len(one.places) <= len(other) for other in exact))
    ]


def matched(phrase: Phrase, places: Mapping[str, Sequence[int]]) -> Match | None:
    """Where a phrase stands in a text that has all of its terms, at its best."""
    if len(phrase.terms) == 1:
        return Match(phrase, frozenset(places[phrase.terms[0]]), 1.0)
    for first in places[phrase.terms[0]]:
        if run := in_order(first, phrase.terms, places):
            return Match(phrase, frozenset(run), 1.0)
    width = len(phrase.terms) + GAP
    for anchor in sorted(place for term in phrase.terms for place in places[term]):
        chosen = {
            next((at for at in places[term] if anchor <= at < anchor + width), -1) for term in phrase.terms
        }
        if -1 not in chosen:
            return Match(phrase, frozenset(chosen), NEAR_BY)
    if len(phrase.terms) > 2:  # noqa: PLR2004 - two may meet by chance
        return Match(phrase, frozenset(places[term][0] for term in phrase.terms), SCATTERED)
    return None


def in_order(first: int, order: Sequence[str], places: Mapping[str, Iterable[int]]) -> list[int]:
    """The places of terms after ``first`` with no more than the gap between two; none where they do not follow."""
    run = [first]
    for _, term in pairwise(order):
        last = run[-1]
        follows = next((at for at in places[term] if last < at <= last + GAP + 1), None)
        if follows is None:
            return []
        run.append(follows)
    return run
