"""How good rankings, probabilities and abstentions are, and how sure that is."""

from collections.abc import Collection, Sequence
from math import comb, log2
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHOWN = 5
"""Policies that an answer shows."""

METRICS = ("hit_at_1", "hit_at_5", "ndcg_at_5", "mrr", "precision_at_3", "precision_at_5")
"""Of one ranking, in the order of `scored` and `by_chance`. Precision at 1 is hit@1."""

RESAMPLES = 1_000
SEED = 6  # any number; the same figures each time
INTERVAL = (2.5, 97.5)  # two-sided 95 %
BINS = 10


def scored(order: Sequence[str], gold: Collection[str]) -> tuple[float, ...]:
    """The METRICS of one ranking.

    Args:
        order: Ids of policies, the best first, each once.
        gold: Those that are right; at least one. What is not in `order` is never reached.
    """
    hits = [one in gold for one in order]
    first = hits.index(True) + 1 if True in hits else 0
    return (
        float(first == 1),
        float(0 < first <= SHOWN),
        gain(hits[:SHOWN]) / gain([True] * min(len(gold), SHOWN)),
        1 / first if first else 0.0,
        sum(hits[:3]) / 3,
        sum(hits[:SHOWN]) / SHOWN,
    )


def gain(hits: Sequence[bool]) -> float:
    """Discounted cumulative gain: what is right counts 1 / log2(place + 1).

    >>> gain([True, False, True])
    1.5
    """
    return sum(1 / log2(place + 1) for place, hit in enumerate(hits, 1) if hit)


def by_chance(candidates: int, gold: int) -> tuple[float, ...]:
    """The METRICS that are expected of `candidates` policies in any order, `gold` of which are right; not sampled.

    >>> by_chance(4, 1)[0], by_chance(4, 1)[1], round(by_chance(2, 1)[3], 2)
    (0.25, 1.0, 0.75)
    """
    every = comb(candidates, gold)
    # The first right one stands at `place` when the others stand behind it.
    reciprocal = sum(
        comb(candidates - place, gold - 1) / every / place for place in range(1, candidates - gold + 2)
    )
    share, shown = gold / candidates, min(SHOWN, candidates)
    return (
        share,
        1 - comb(candidates - gold, shown) / comb(candidates, shown),
        share * gain([True] * shown) / gain([True] * min(gold, SHOWN)),
        reciprocal,
        share * min(3, candidates) / 3,
        share * shown / SHOWN,
    )


def recalls(order: Sequence[str], violated: Collection[str]) -> tuple[float, float]:
    """The share of the violated policies among the first five, and among the first as many as are violated.

    >>> recalls(["a", "x", "b"], {"a", "b"})
    (1.0, 0.5)
    """
    at = [len({*order[:places]} & {*violated}) / len(violated) for places in (SHOWN, len(violated))]
    return at[0], at[1]


def higher(failing: Sequence[str], passing: Sequence[str], policy: str) -> float:
    """Whether a policy ranks higher in one order than in the other; a half where it has the same place.

    >>> higher(["a", "b"], ["b", "a"], "a"), higher(["a", "b"], ["a", "b"], "b")
    (1.0, 0.5)
    """
    one, other = failing.index(policy), passing.index(policy)
    return 0.5 if one == other else float(one < other)


class Interval(NamedTuple):
    """A mean with the ends of its interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """As tables have it."""
        return f"{self.value:.3f} [{self.low:.2f} {self.high:.2f}]"


def bootstrap(values: Floats, owners: Sequence[Collection[str]]) -> list[Interval]:
    """Means with intervals, resampled by policy: queries about one policy are no independent draws.

    Args:
        values: Of each query, shape (queries, metrics).
        owners: The right policies of each query; it counts in a resample as often as they are drawn on average.

    Returns:
        One for each metric.
    """
    policies = sorted({policy for one in owners for policy in one})
    column = {policy: number for number, policy in enumerate(policies)}
    share = np.zeros((len(owners), len(policies)))
    for row, one in enumerate(owners):
        for policy in one:
            share[row, column[policy]] = 1 / len(one)
    draws = np.random.default_rng(SEED).multinomial(
        len(policies), np.full(len(policies), 1 / len(policies)), RESAMPLES
    )
    weights = draws @ share.T
    total = weights.sum(axis=1, keepdims=True)
    kept = total[:, 0] > 0  # of a handful of policies, all may be missed
    means = (weights @ values)[kept] / total[kept]
    low, high = np.percentile(means, INTERVAL, axis=0)
    return [Interval(*map(float, one)) for one in zip(values.mean(axis=0), low, high, strict=True)]


class Bin(NamedTuple):
    """Probabilities near each other, and how often they were right."""

    said: float
    right: float
    size: int


def reliability(probabilities: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    """The reliability curve: ten bins of equal width, those that hold anything.

    >>> reliability([0.91, 0.95, 0.11], [True, False, False])
    [Bin(said=0.11, right=0.0, size=1), Bin(said=0.93, right=0.5, size=2)]
    """
    said, truly = np.array(probabilities), np.array(right)
    places = np.minimum((said * BINS).astype(int), BINS - 1)
    return [
        Bin(round(float(said[here].mean()), 6), float(truly[here].mean()), int(here.sum()))
        for number in range(BINS)
        if (here := places == number).any()
    ]


def ece(curve: Sequence[Bin]) -> float:
    """Expected calibration error: how far probabilities are from how often they are right, by how many they are.

    >>> round(ece([Bin(0.11, 0.0, 1), Bin(0.93, 0.5, 2)]), 4)
    0.3233
    """
    total = sum(one.size for one in curve)
    return sum(abs(one.said - one.right) * one.size for one in curve) / total if total else 0.0


class Abstention(NamedTuple):
    """How well "none applies" is said."""

    f1: float
    precision: float
    recall: float


def abstention(said: Sequence[bool], truly: Sequence[bool]) -> Abstention:
    """Of what was said: precision, recall and their harmonic mean; 0 where nothing was.

    >>> abstention([True, True, False], [True, False, True])
    Abstention(f1=0.5, precision=0.5, recall=0.5)
    """
    hits = sum(one and other for one, other in zip(said, truly, strict=True))
    precision = hits / sum(said) if any(said) else 0.0
    recall = hits / sum(truly) if any(truly) else 0.0
    both = precision + recall
    return Abstention(2 * precision * recall / both if both else 0.0, precision, recall)


def best_abstention(scores: Sequence[float], truly: Sequence[bool]) -> Abstention:
    """The best F1 that a threshold on `scores` (higher speaks for none) can get, the answers known.

    >>> best_abstention([0.9, 0.8, 0.3, 0.1], [True, False, True, False]).f1
    0.8
    """
    found = [abstention([score >= threshold for score in scores], truly) for threshold in sorted(set(scores))]
    return max(found, default=Abstention(0.0, 0.0, 0.0))
