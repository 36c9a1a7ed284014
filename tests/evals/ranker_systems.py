"""Who answers: the learned ranking, with and without what it may know, from features of any library."""

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from ranker_cases import Query, Seen
from ranker_measures import SHOWN

from jade_policy.library import Library
from jade_ranker.adapters.composing import pairs_of
from jade_ranker.adapters.crosswalk import own_crosswalk
from jade_ranker.adapters.embedding import Embedder
from jade_ranker.adapters.vectors import vectors_of
from jade_ranker.domain.crosswalk import Crosswalk, tool_spelling
from jade_ranker.domain.judged import asked_beside
from jade_ranker.domain.learned import Learned, OfResource, OfText
from jade_ranker.domain.model import TOGETHER, Model
from jade_ranker.domain.pairs import Floats, Pairs
from jade_ranker.domain.ranking import Ranking
from jade_ranker.domain.semantics import text_of
from jade_ranker.domain.thesaurus import Thesaurus

ROUNDING = 1e-4
"""Sums of 32 bits in another order differ by less."""


class Answer(NamedTuple):
    """What is answered.

    Attributes:
        order: ids of all policies that could apply, the best first, then of those that cannot.
        shown: the policies that are shown, each with the probability that it is right; empty where none is given.
        none_applies: that no policy is meant.
        none: how much speaks for that; on a scale of its system's own.
    """

    order: tuple[str, ...]
    shown: tuple[tuple[str, float], ...] = ()
    none_applies: bool = False
    none: float = 0.0


class System(Protocol):
    """Who answers."""

    def answer(self, query: Query) -> Answer:
        """The answer to one question."""


class PlacingSystem(System, Protocol):
    """Who answers for a resource alone as well."""

    def places(self, seen: Seen) -> tuple[str, ...]:
        """All policies in the order of their scores for a resource, those that cannot apply included."""


class Vectors:
    """What findings mean, by their text."""

    def __init__(self, queries: Sequence[Query], embedder: Embedder) -> None:
        """Compute, or read, the vectors of all findings of ``queries``."""
        texts = sorted({text_of(one.finding) for one in queries if one.finding is not None})
        self._vectors: Mapping[str, Floats] = dict(zip(texts, vectors_of(texts, embedder), strict=True))

    def of(self, query: Query) -> Floats | None:
        """The vector of a question's finding."""
        return None if query.finding is None else self._vectors[text_of(query.finding)]


class Features:
    """The features of one library, under each crosswalk that is asked for; they take a second to put together."""

    def __init__(self, library: Library, opa: Path, embedder: Embedder | None) -> None:
        """Compute features of ``library``, of meaning too where there is an ``embedder``."""
        self.library = library
        self._opa = opa
        self._embedder = embedder
        self._thesaurus = Thesaurus.load()
        self._made: dict[Crosswalk, Pairs] = {}

    def under(self, crosswalk: Crosswalk) -> Pairs:
        """The features where ``crosswalk`` is what is known."""
        if crosswalk not in self._made:
            self._made[crosswalk] = pairs_of(
                self.library, self._opa, self._embedder, crosswalk=crosswalk, thesaurus=self._thesaurus
            )
        return self._made[crosswalk]


class LearnedSystem:
    """The learned ranking as it is served."""

    def __init__(
        self,
        features: Features,
        model: Model,
        vectors: Vectors | None = None,
        *,
        crosswalk: Crosswalk | None = None,
        tools_left_out: bool = False,
    ) -> None:
        """Rank with ``model``.

        Args:
            features: Of the library.
            model: The weights.
            vectors: What findings mean; without them, words alone are compared.
            crosswalk: What is known of rules; Jade's own without it.
            tools_left_out: Whether, of each question, nothing is known of the rules of its own tool.
        """
        self._features = features
        self._model = model
        self._vectors = vectors
        self._crosswalk = own_crosswalk() if crosswalk is None else crosswalk
        self._left_out = tools_left_out
        self._rankers: dict[str, Learned] = {}

    def answer(self, query: Query) -> Answer:
        """The answer to one question."""
        tool = query.finding.tool if query.finding is not None and self._left_out else ""
        ranker = self._ranker(tool_spelling(tool))
        seen = query.seen
        base = ranker.unjudged() if seen is None else ranker.of_resource(seen.verdicts, seen.facts)
        text = None
        if query.finding is not None:
            text = ranker.of_text(query.finding, None if self._vectors is None else self._vectors.of(query))
        ranking = ranker.rank(base, text, top=0)
        could_apply = (one for one in ranking.policies if one.verdict.verdict != "not_applicable")
        return Answer(
            in_order(ranking),
            tuple((one.verdict.policy_id, one.probability or 0.0) for one in islice(could_apply, SHOWN)),
            ranking.none_applies,
            0.0 if text is None else self._none(base, text, ranking),
        )

    def places(self, seen: Seen) -> tuple[str, ...]:
        """All policies in the order of their scores for a resource, those that cannot apply included."""
        ranker = self._ranker("")
        ranking = ranker.rank(ranker.of_resource(seen.verdicts, seen.facts), None, top=0)
        return tuple(dict.fromkeys(one.verdict.policy_id for one in ranking.policies))

    def _ranker(self, tool: str) -> Learned:
        if tool not in self._rankers:
            pairs = self._features.under(self._crosswalk.without(tool) if tool else self._crosswalk)
            self._rankers[tool] = Learned(self._features.library, pairs, self._model)
        return self._rankers[tool]

    def _none(self, base: OfResource, text: OfText, ranking: Ranking) -> float:
        """How far the score of none is above that of the best policies together, which a ranking keeps to itself."""
        weights = (
            self._model.semantic if text.meant and self._model.semantic is not None else self._model.plain
        )
        asked = asked_beside(text.said.asked, violated=base.violated) if base.given else text.said.asked
        scores = (base.semantic if text.meant else base.plain) + text.scores
        # The libraries of this evaluation have one constraint of each policy.
        best = np.sort(scores[base.order])[-TOGETHER:]
        above = float(asked @ weights.asked) - float(np.logaddexp.reduce(best, initial=-np.inf))
        if (above > 0) != ranking.none_applies and abs(above) > ROUNDING:
            raise AssertionError("the ranking decides in another way than this evaluation that none applies")
        return above


def in_order(ranking: Ranking) -> tuple[str, ...]:
    """Ids of policies, the best first; those that cannot apply come last, for they are never shown."""
    apply = [one for one in ranking.policies if one.verdict.verdict != "not_applicable"]
    others = [one for one in ranking.policies if one.verdict.verdict == "not_applicable"]
    return tuple(dict.fromkeys(one.verdict.policy_id for one in (*apply, *others)))
