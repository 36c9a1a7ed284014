"""How long the ranking of one finding takes, without verdicts, in libraries of two sizes."""

import gc
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path
from time import perf_counter

import numpy as np
from ranker_libraries import copies
from ranker_measures import SEED
from ranker_tables import Part

from jade_policy.library import Library
from jade_ranker.adapters.composing import spoken
from jade_ranker.adapters.embedding import Embedder
from jade_ranker.adapters.reading import reads_of_library
from jade_ranker.domain.crosswalk import Crosswalk
from jade_ranker.domain.learned import Learned
from jade_ranker.domain.model import Model
from jade_ranker.domain.pairs import Floats, Pairs
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.semantics import Meanings, texts_of
from jade_ranker.domain.thesaurus import Thesaurus

MANY = 10_000
TOP = 5
WARM_UP = 20
"""Findings before the clock runs; the first ones fill numpy's and Python's own caches."""


def latencies(
    library: Library, model: Model, opa: Path, findings: Sequence[Finding], embedder: Embedder | None
) -> Part:
    """Milliseconds at the median and at the 99th percentile.

    Cold is a text that was never seen: taken apart, compared and ranked. Warm is a text that is remembered, as the
    worker remembers the last ones: ranked only. The vector of a finding, where meaning is compared, is at hand: a
    forward pass takes 12 ms, and no finding on the bus waits for it.

    Args:
        library: Ours; the large one is made of it.
        model: The weights.
        opa: Parses the policies.
        findings: Texts.
        embedder: None where meaning is not compared.
    """
    reads, large = reads_of_library(library, opa), copies(library, MANY)
    thesaurus = Thesaurus.load()
    phrases = None if embedder is None or model.semantic is None else spoken(thesaurus, embedder)
    sizes = (
        (library, reads, 1_000),
        (large.library, {name: reads[one] for name, one in large.originals.items()}, 200),
    )
    figures: dict[str, float] = {}
    for one, its_reads, rounds in sizes:
        size, meanings, vector = len(one.policies), None, None
        if phrases is not None:
            width = len(next(iter(phrases.values())))
            texts = texts_of(one)
            meanings, vector = Meanings(texts, _unit(len(texts), width)), _unit(1, width)[0]
        ranker = Learned(one, Pairs(one, its_reads, thesaurus, Crosswalk(), meanings, phrases), model)
        figures |= _timed(f"{size}", ranker, findings, None, rounds)
        if vector is not None:
            figures |= _timed(f"{size}_semantic", ranker, findings, vector, rounds)
    rows = [(f"  {name.replace('_', ' ')}", f"{value:.3f}") for name, value in figures.items()]
    return Part("Milliseconds a finding, without verdicts", rows, figures)


def _unit(count: int, width: int) -> Floats:
    """Vectors of unit length; which ones they are, no arithmetic takes longer for."""
    found = np.random.default_rng(SEED).standard_normal((count, width), dtype=np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def _timed(
    name: str, ranker: Learned, findings: Sequence[Finding], vector: Floats | None, rounds: int
) -> dict[str, float]:
    base = ranker.unjudged()
    # A number makes the text a new one, as names of workloads do.
    new = [
        one._replace(title=f"{one.title} {number}")
        for number, one in zip(range(rounds + WARM_UP), cycle(findings), strict=False)
    ]
    known = ranker.of_text(findings[0], vector)
    cold = _clocked(lambda one: ranker.rank(base, ranker.of_text(one, vector), top=TOP), new)
    warm = _clocked(lambda _: ranker.rank(base, known, top=TOP), new)
    return {
        f"latency_{what}_p{share}_{name}": round(float(np.percentile(times, share)), 3)
        for what, times in (("cold", cold), ("warm", warm))
        for share in (50, 99)
    }


def _clocked(rank: Callable[[Finding], object], findings: Sequence[Finding]) -> list[float]:
    """Milliseconds of each, after the first few; the collector waits, as it is no part of what is measured."""
    times = []
    gc.collect()
    gc.disable()
    try:
        for finding in findings:
            begin = perf_counter()
            rank(finding)
            times.append((perf_counter() - begin) * 1e3)
    finally:
        gc.enable()
    return times[WARM_UP:]
