"""Asks questions of every system: the learned ranking in each of its forms, and what it is compared with."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from ranker_baselines import (
    Bm25System,
    CosineSystem,
    HeuristicSystem,
    Popularity,
    PopularitySystem,
    popularity_of,
)
from ranker_cases import Query, Questions
from ranker_libraries import Foreign
from ranker_systems import Answer, Features, LearnedSystem, PlacingSystem, System, Vectors

from jade_policy.library import Library
from jade_ranker.adapters.embedding import Embedder
from jade_ranker.adapters.vectors import meanings_of
from jade_ranker.domain.crosswalk import Crosswalk
from jade_ranker.domain.model import Model

EXTRA = "_semantic"
"""Ends the names of what compares meaning."""


class Asked(NamedTuple):
    """Questions with the answers of each system, by its name."""

    questions: Questions
    answers: Mapping[str, Sequence[Answer]]


class Bench:
    """One model, to be asked about our own library and about others."""

    def __init__(self, library: Library, model: Model, opa: Path, embedder: Embedder | None) -> None:
        """Ask ``model``; by meaning too where there is an ``embedder``."""
        self.library = library
        self._model = model
        self._opa = opa
        self._embedder = embedder if model.semantic is not None else None
        self._features = Features(library, opa, self._embedder)

    @cached_property
    def _popularity(self) -> Popularity:
        return popularity_of(self.library, self._opa)

    def ask(self, sets: Sequence[Questions], stranger: Foreign | None = None) -> list[Asked]:
        """The answers to questions about our library, or about a stranger's."""
        features = self._of(stranger)
        vectors = self._vectors([query for one in sets for query in one.queries])
        learned = self._learned(features, vectors, own=stranger is None)
        baselines = self._baselines(features, vectors, {} if stranger is None else stranger.names)
        return [
            Asked(
                one,
                {
                    name: [system.answer(query) for query in one.queries]
                    for name, system in (learned | baselines).items()
                    if one.known or "crosswalk" not in name  # no rule, nothing to know of it
                },
            )
            for one in sets
            if one.queries
        ]

    def ask_none(self, sets: Sequence[Questions]) -> list[Asked]:
        """The answers to whether any policy is meant."""
        vectors = self._vectors([query for one in sets for query in one.queries])
        systems = {
            **self._learned(self._features, vectors, own=False),
            "heuristic": HeuristicSystem(self.library),
            "bm25": self._bm25(self._features),
            "bm25_sum": self._bm25(self._features, relative=False),
        }
        return [
            Asked(
                one,
                {name: [system.answer(query) for query in one.queries] for name, system in systems.items()},
            )
            for one in sets
        ]

    def placing(self, stranger: Foreign | None = None) -> dict[str, PlacingSystem]:
        """Who ranks for a resource alone; of words, nothing is there to compare."""
        features = self._of(stranger)
        names = {} if stranger is None else stranger.names
        return {
            "learned": LearnedSystem(features, self._model, crosswalk=Crosswalk()),
            "heuristic": HeuristicSystem(features.library),
            "popularity": PopularitySystem(features.library, self._popularity, names),
        }

    def _of(self, stranger: Foreign | None) -> Features:
        return self._features if stranger is None else Features(stranger.library, self._opa, self._embedder)

    def _vectors(self, queries: Sequence[Query]) -> Vectors | None:
        return None if self._embedder is None else Vectors(queries, self._embedder)

    def _learned(self, features: Features, vectors: Vectors | None, *, own: bool) -> dict[str, System]:
        """The model in each of its forms; no crosswalk knows the ids of a foreign library."""
        found: dict[str, System] = {}
        for extra, known in (("", None), (EXTRA, vectors)):
            if extra and known is None:
                continue
            found[f"learned{extra}"] = LearnedSystem(features, self._model, known, tools_left_out=True)
            if own:
                found[f"learned_crosswalk{extra}"] = LearnedSystem(features, self._model, known)
                found[f"learned_no_crosswalk{extra}"] = LearnedSystem(
                    features, self._model, known, crosswalk=Crosswalk()
                )
        return found

    def _baselines(
        self, features: Features, vectors: Vectors | None, names: Mapping[str, str]
    ) -> dict[str, System]:
        library = features.library
        found: dict[str, System] = {
            "bm25": self._bm25(features),
            "heuristic": HeuristicSystem(library),
            "popularity": PopularitySystem(library, self._popularity, names),
        }
        if vectors is not None and self._embedder is not None:
            found["cosine"] = CosineSystem(library, meanings_of(library, self._embedder), vectors)
        return found

    @staticmethod
    def _bm25(features: Features, *, relative: bool = True) -> Bm25System:
        descriptions = features.under(Crosswalk()).descriptions
        return Bm25System(features.library, descriptions, relative=relative)
