"""Figures and tables of rankings: how often the right policy comes first, by whom, and how sure that is."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from ranker_asking import EXTRA, Asked
from ranker_cases import Query
from ranker_measures import METRICS, Floats, Interval, bootstrap, by_chance, scored
from ranker_systems import Answer

HEADINGS = ("hit@1", "hit@5", "nDCG@5", "MRR", "prec@3", "prec@5", "hit@1 where BM25 fails")
HARD = "hit_at_1_where_bm25_fails"
LEARNED = ("learned", f"learned{EXTRA}")
WIDTH = 19
"""Of a column: a value with its interval."""


class Part(NamedTuple):
    """A part of the report: rows for people, figures for programs."""

    title: str
    rows: Sequence[tuple[str, str]]
    figures: Mapping[str, float]


def ranking(title: str, asked: Sequence[Asked], policies: int) -> Part:
    """Who puts the right policy first.

    Args:
        title: Of the part.
        asked: Questions, all with gold, and their answers.
        policies: How many there are to choose from.
    """
    figures: dict[str, float] = {}
    rows: list[tuple[str, str]] = []
    for one in asked:
        found, lines = _ranked(one, policies)
        figures |= found
        rows += lines
    return Part(title, rows, figures)


def _ranked(asked: Asked, policies: int) -> tuple[dict[str, float], list[tuple[str, str]]]:
    name, queries = asked.questions.name, asked.questions.queries
    golds = [query.gold for query in queries]
    values = {system: table(answers, golds) for system, answers in asked.answers.items()}
    values["random"] = np.array([_by_chance(query, policies) for query in queries])
    wrong = values["bm25"][:, 0] == 0.0
    figures: dict[str, float] = {f"{name}_queries": len(queries), f"{name}_bm25_wrong": int(wrong.sum())}
    about = len({policy for gold in golds for policy in gold})
    headings = "".join(f"{heading:<{WIDTH}}" for heading in HEADINGS)
    rows = [(f"{asked.questions.title} ({len(queries)} about {about} policies)", headings)]
    for system, found in values.items():
        intervals = _intervals(found, golds, wrong)
        for metric, interval in zip((*METRICS, HARD), intervals, strict=True):
            if interval is not None:
                figures |= figures_of(f"{name}_{metric}", system, interval)
        rows.append((f"  {system.replace('_', ' ')}", cells(intervals)))
    if all(query.consistent is not None for query in queries):
        found_too, lines = _consistent(asked, wrong)
        figures |= found_too
        rows += lines
    return figures, rows + _by_tool(asked, values)


def table(answers: Sequence[Answer], golds: Sequence[Collection[str]]) -> Floats:
    """The METRICS of each answer, shape (queries, metrics)."""
    return np.array([scored(answer.order, gold) for answer, gold in zip(answers, golds, strict=True)])


def figures_of(name: str, system: str, interval: Interval) -> dict[str, float]:
    """A figure by its name; of the learned ranking with the ends of its interval."""
    suffix = f"_{system}".removeprefix("_learned")
    found = {f"{name}{suffix}": round(interval.value, 4)}
    if system in LEARNED:
        found |= {
            f"{name}{suffix}_low": round(interval.low, 4),
            f"{name}{suffix}_high": round(interval.high, 4),
        }
    return found


def cells(intervals: Sequence[Interval | None]) -> str:
    """Columns of a row."""
    return "".join(f"{'-' if one is None else one!s:<{WIDTH}}" for one in intervals)


def _intervals(found: Floats, golds: Sequence[Collection[str]], wrong: np.ndarray) -> list[Interval | None]:
    """Of each metric, then of hit@1 on the rows that BM25 gets wrong."""
    every: list[Interval | None] = [*bootstrap(found, golds)]
    if not wrong.any():
        return [*every, None]
    hard = [gold for gold, bad in zip(golds, wrong, strict=True) if bad]
    return [*every, *bootstrap(found[wrong][:, :1], hard)]


def _consistent(asked: Asked, wrong: np.ndarray) -> tuple[dict[str, float], list[tuple[str, str]]]:
    """The same answers, judged by the gold that is consistent."""
    kept = [number for number, query in enumerate(asked.questions.queries) if query.consistent]
    golds = [asked.questions.queries[number].consistent or frozenset() for number in kept]
    figures: dict[str, float] = {f"{asked.questions.name}_queries_consistent": len(kept)}
    rows = []
    for system in (*LEARNED, "bm25"):
        if system in asked.answers:
            found = table([asked.answers[system][number] for number in kept], golds)
            # The rows that BM25 gets wrong stay the same ones, so that the two columns compare.
            intervals = _intervals(found, golds, wrong[kept])
            for metric, interval in zip((*METRICS, HARD), intervals, strict=True):
                if interval is not None:
                    figures |= figures_of(f"{asked.questions.name}_{metric}_consistent", system, interval)
            label = f"  {system.replace('_', ' ')}, consistent gold ({len(kept)})"
            rows.append((label, cells(intervals)))
    return figures, rows


def _by_tool(asked: Asked, values: Mapping[str, Floats]) -> list[tuple[str, str]]:
    """One row for each tool, where there are several."""
    tools = [query.finding.tool if query.finding else "" for query in asked.questions.queries]
    counts = Counter(tools)
    if len(counts) == 1:
        return []
    rows = []
    for tool, count in sorted(counts.items()):
        of_tool = np.array([one == tool for one in tools])
        shares = [
            f"{system.replace('_', ' ')} {values[system][of_tool, 0].mean():.3f} {values[system][of_tool, 1].mean():.3f}"
            for system in (*LEARNED, "bm25")
            if system in values
        ]
        rows.append((f"  of {tool} ({count})", "hit@1 and hit@5: " + ", ".join(shares)))
    return rows


def _by_chance(query: Query, policies: int) -> tuple[float, ...]:
    """Of any order; among the violated where there is a resource."""
    return by_chance(policies if query.seen is None else len(query.seen.violated), len(query.gold))
