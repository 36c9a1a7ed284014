"""What the learned ranking is compared with: BM25, cosines, popularity, the heuristic."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ranker_cases import Query, Seen
from ranker_systems import Answer, Vectors, in_order

from jade_policy.generate.fixtures import read_fixtures
from jade_policy.inventory import inventory_of
from jade_policy.library import Library
from jade_policy.manifests import Manifest, read_manifests
from jade_policy.opa import Engine
from jade_policy.verdicts import Review
from jade_ranker.domain.asked import asked_of
from jade_ranker.domain.bm25 import Bm25
from jade_ranker.domain.descriptions import Description
from jade_ranker.domain.heuristic import Heuristic
from jade_ranker.domain.semantics import Meanings
from jade_ranker.domain.terms import terms

APPLICATIONS = Path(__file__).resolve().parents[2] / "data" / "fixtures"

Popularity = Mapping[str, Mapping[str, int]]
"""By kind, how many resources violate each policy; under the empty kind, how many of any."""


class Bm25System:
    """BM25 over names and descriptions; where there is a resource, what it violates comes first."""

    def __init__(
        self, library: Library, descriptions: Sequence[Description], *, relative: bool = True
    ) -> None:
        """Index a library, in the terms that the learned ranking has.

        Args:
            library: The policies.
            descriptions: Their words.
            relative: Whether what speaks for none is the best score's share of all that could be reached, which does
                not grow with the text, or the best score as it is.
        """
        self._ids = [policy.id for policy in library.policies]
        self._index = Bm25([terms(f"{one.name} {one.description}") for one in descriptions])
        self._relative = relative

    def answer(self, query: Query) -> Answer:
        """The answer to one question."""
        assert query.finding is not None
        asked = asked_of(query.finding, frozenset()).terms  # each word weighed as the learned ranking does it
        scores = self._index.scores(asked)
        possible = self._index.best_possible(asked) if self._relative else 1.0
        best = float(scores.max()) / possible if possible else 0.0
        return Answer(by_score(self._ids, scores, query.seen), none=-best)


class CosineSystem:
    """Cosines of sentence vectors alone."""

    def __init__(self, library: Library, meanings: Meanings, vectors: Vectors) -> None:
        """Compare with what the policies of a library mean."""
        self._ids = [policy.id for policy in library.policies]
        self._meanings = meanings
        self._vectors = vectors

    def answer(self, query: Query) -> Answer:
        """The answer to one question."""
        vector = self._vectors.of(query)
        assert vector is not None
        scores = self._meanings.similarities(vector, frozenset({"reasons"}))
        return Answer(by_score(self._ids, scores, query.seen), none=-float(scores.max()))


class HeuristicSystem:
    """The ranking that nothing was learned for."""

    def __init__(self, library: Library) -> None:
        """Rank a library."""
        self._ranker = Heuristic(library)

    def answer(self, query: Query) -> Answer:
        """The answer to one question."""
        seen = query.seen
        base = (
            self._ranker.unjudged() if seen is None else self._ranker.of_resource(seen.verdicts, seen.facts)
        )
        text = None if query.finding is None else self._ranker.of_text(query.finding)
        ranking = self._ranker.rank(base, text)
        return Answer(in_order(ranking), none_applies=ranking.none_applies)

    def places(self, seen: Seen) -> tuple[str, ...]:
        """All policies in the order of their scores for a resource, those that cannot apply included."""
        ranking = self._ranker.rank(self._ranker.of_resource(seen.verdicts, seen.facts), None)
        return tuple(dict.fromkeys(one.verdict.policy_id for one in ranking.policies))


class PopularitySystem:
    """What resources of the kind violate most; where there is a finding with a resource, what it violates comes first."""

    def __init__(
        self, library: Library, popularity: Popularity, names: Mapping[str, str] | None = None
    ) -> None:
        """Rank a library.

        Args:
            library: The policies.
            popularity: Of our own policies.
            names: The library's ids by ours, where it has others.
        """
        self._ids = [policy.id for policy in library.policies]
        names = names or {}
        self._counts = {
            kind: {names.get(policy, policy): count for policy, count in counts.items()}
            for kind, counts in popularity.items()
        }

    def answer(self, query: Query) -> Answer:
        """The answer to one question."""
        kind = "" if query.seen is None else query.seen.kind
        return Answer(by_score(self._ids, self._scores(kind), None if query.finding is None else query.seen))

    def places(self, seen: Seen) -> tuple[str, ...]:
        """All policies by popularity; verdicts are not looked at."""
        return by_score(self._ids, self._scores(seen.kind), None)

    def _scores(self, kind: str) -> NDArray[np.float64]:
        of_kind, of_all = self._counts.get(kind, {}), self._counts[""]
        most = 1 + max(of_all.values(), default=0)
        return np.array([of_kind.get(one, 0) + of_all.get(one, 0) / most for one in self._ids])


def by_score(ids: Sequence[str], scores: NDArray[Any], seen: Seen | None) -> tuple[str, ...]:
    """Ids by score, the violated ones before the others; of equal scores, in the library's order."""
    violated = frozenset() if seen is None else seen.violated
    places = sorted(range(len(ids)), key=lambda place: (ids[place] not in violated, -scores[place], place))
    return tuple(ids[place] for place in places)


def popularity_of(library: Library, opa: Path) -> Popularity:
    """How often each policy is violated, by kind, in the sample applications and in the policies' own fixtures."""
    reviews = [*_applications(), *_fixtures(library)]
    found: dict[str, Counter[str]] = defaultdict(Counter)
    with Engine(library, opa=opa) as engine:
        for review, verdicts in zip(reviews, engine.judge(reviews), strict=True):
            violated = {one.policy_id for one in verdicts if one.verdict == "violated"}
            for kind in ("", str((review.object or {}).get("kind"))):
                found[kind].update(violated)
    return found


def _applications() -> Iterator[Review]:
    for folder in sorted(path for path in APPLICATIONS.glob("*/*") if path.is_dir()):
        objects = [one for path in sorted(folder.rglob("*.yaml")) for one in _objects(path.read_bytes())]
        inventory = inventory_of(objects, None)
        yield from (Review(one, inventory=inventory) for one in objects)


def _fixtures(library: Library) -> Iterator[Review]:
    with as_file(files("jade_policy") / "policies_data") as root:
        for policy in library.policies:
            for fixture in read_fixtures(root / "gatekeeper" / policy.id / "fixtures"):
                beside = None if fixture.inventory is None else _objects(fixture.inventory.read_bytes())
                inventory = None if beside is None else inventory_of(beside, None)
                yield from (Review(one, inventory=inventory) for one in _objects(fixture.manifest.encode()))


def _objects(content: bytes) -> list[dict[str, Any]]:
    return [one.obj for one in read_manifests(content, "fixture.yaml") if isinstance(one, Manifest)]
