"""What is said of a resource alone: its faults first, and each fault higher than where it was put right."""

from collections.abc import Mapping

import numpy as np
from ranker_cases import Query, Questions
from ranker_measures import SHOWN, Floats, bootstrap, higher, recalls
from ranker_systems import PlacingSystem
from ranker_tables import Part, cells, figures_of

MEASURES = ("recall_at_5", "recall_at_violated", "paired_order")


def resources(title: str, questions: Questions, systems: Mapping[str, PlacingSystem], policies: int) -> Part:
    """Recall of the violated set, and paired order.

    Args:
        title: Of the part.
        questions: Resources with twins.
        systems: By name.
        policies: How many there are to choose from.
    """
    queries = [query for query in questions.queries if query.seen is not None and query.twin is not None]
    pairs = [(query, policy) for query in queries for policy in sorted(query.gold)]
    figures: dict[str, float] = {
        f"{questions.name}_queries": len(queries),
        f"{questions.name}_pairs": len(pairs),
    }
    rows = [
        (
            f"{questions.title} ({len(queries)}, {len(pairs)} pairs)",
            f"{'recall@5':<19}{'recall@violated':<19}paired order",
        )
    ]
    measured = {name: (_recalls(system, queries), _orders(system, pairs)) for name, system in systems.items()}
    chance = np.array([(SHOWN / policies, len(_violated(query)) / policies) for query in queries])
    possible = np.array([(min(1.0, SHOWN / len(_violated(query))), 1.0) for query in queries])
    measured["best possible"] = possible, np.ones(len(pairs))
    measured["random"] = chance, np.full(len(pairs), 0.5)
    for name, (found, order) in measured.items():
        five, violated = bootstrap(found, [query.gold for query in queries])
        (paired,) = bootstrap(order[:, None], [{policy} for _, policy in pairs])
        for measure, interval in zip(MEASURES, (five, violated, paired), strict=True):
            figures |= figures_of(f"{questions.name}_{measure}", name.replace(" ", "_"), interval)
        rows.append((f"  {name}", cells((five, violated, paired))))
    return Part(title, rows, figures)


def _recalls(system: PlacingSystem, queries: list[Query]) -> Floats:
    return np.array([recalls(system.answer(query).order, _violated(query)) for query in queries])


def _orders(system: PlacingSystem, pairs: list[tuple[Query, str]]) -> Floats:
    return np.array(
        [
            higher(system.places(query.seen), system.places(query.twin), policy)
            for query, policy in pairs
            if query.seen is not None and query.twin is not None
        ]
    )


def _violated(query: Query) -> frozenset[str]:
    return frozenset() if query.seen is None else query.seen.violated
