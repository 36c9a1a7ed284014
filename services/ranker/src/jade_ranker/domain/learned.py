"""The learned ranking of one library's policies."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jade_policy.library import Library
from jade_policy.verdicts import Verdict
from jade_ranker.domain.feature_names import PATH, RESOURCE, TEXT
from jade_ranker.domain.judged import Judged, asked_beside, nothing_asked, of_path
from jade_ranker.domain.model import Model, Weights, probabilities
from jade_ranker.domain.pairs import Floats, Pairs, Said
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.ranking import Contribution, Ranked, Ranking, unjudged
from jade_ranker.domain.reasons import Reasons

BY_MEANING = "+semantic"
"""Ends the name of a model that looked at what a finding means, not at its words alone."""

DECIMALS = 4
"""Of scores and probabilities: what lies behind is another machine's arithmetic."""

VIOLATED = RESOURCE.index("violated")

SEVERITY_ORDER = {"critical": 0, "high": 1, "medium": 2, "low": 3, "info": 4}


class OfResource(NamedTuple):
    """What a resource says: features of each row, and what they come to under both weights."""

    verdicts: tuple[Verdict, ...]
    given: bool
    pairs: Floats
    plain: Floats
    semantic: Floats


class OfText(NamedTuple):
    """What a text says: features of each row and of itself, and what they come to."""

    finding: Finding
    said: Said
    meant: bool
    scores: Floats


class Learned:
    """Ranks by weights that were learned."""

    def __init__(self, library: Library, pairs: Pairs, model: Model) -> None:
        """Rank ``library``, whose features ``pairs`` computes, with ``model``."""
        self._pairs = pairs
        self._judged = Judged(library)
        self._model = model
        self._verdicts = unjudged(library)
        self._reasons = Reasons(library, pairs)
        severities = {policy.id: SEVERITY_ORDER.get(policy.severity, 2) for policy in library.policies}
        order = sorted(
            range(len(self._verdicts)),
            key=lambda row: (severities[self._verdicts[row].policy_id], self._verdicts[row].policy_id, row),
        )
        self._order = np.array(order, np.intp)  # of equal scores, the graver policy comes first

    def unjudged(self) -> OfResource:
        """What is said of each policy where there is no resource."""
        return self._of_resource(self._verdicts, self._judged.unjudged(), given=False)

    def of_resource(self, verdicts: Sequence[Verdict], facts: frozenset[str]) -> OfResource:
        """What a resource says of each policy."""
        return self._of_resource(verdicts, self._judged.of_resource(verdicts, facts), given=True)

    def of_text(self, finding: Finding, vector: Floats | None = None) -> OfText:
        """What a finding's words, and their meaning where it is known, say of each policy."""
        meant = vector is not None and self._model.semantic is not None and self._pairs.compares_meaning
        said = self._pairs.said(finding, vector if meant else None)
        return OfText(finding, said, meant, said.pairs @ self._weights(meant=meant).text)

    def rank(
        self,
        of_resource: OfResource,
        of_text: OfText | None,
        path: str | None = None,
        *,
        top: int = 0,
        explained: bool = False,
    ) -> Ranking:
        """Rank all policies; see :class:`jade_ranker.domain.ranking.Ranker`."""
        meant = of_text is not None and of_text.meant
        weights = self._weights(meant=meant)
        scores = of_resource.semantic if meant else of_resource.plain
        by_path = None
        if of_text is not None:
            scores = scores + of_text.scores
            if path:
                by_path = of_path(path, of_resource.verdicts)
                scores = scores + by_path @ weights.path
            asked = of_text.said.asked
        else:
            asked = nothing_asked()
        if of_resource.given:
            asked = asked_beside(asked, of_resource.verdicts)
        beside = float(asked @ weights.asked)
        scores = scores.astype(np.float64)  # rounded numbers of 32 bits are long
        violated = of_resource.pairs[:, VIOLATED]
        likely = probabilities(weights, scores, beside, violated)
        order = self._order[np.argsort(-scores[self._order].round(DECIMALS), kind="stable")]
        policies = tuple(
            Ranked(of_resource.verdicts[row], score, (), probability)
            for row, score, probability in zip(
                order.tolist(),
                scores[order].round(DECIMALS).tolist(),
                likely[order].round(DECIMALS).tolist(),
                strict=True,
            )
        )
        if of_text is None:
            none_applies = all(one.verdict == "not_applicable" for one in of_resource.verdicts)
        else:
            none_applies = beside > float(
                scores.max(initial=-np.inf)
            )  # it takes part like a policy, and wins
        name = f"{self._model.name}{BY_MEANING}" if meant else self._model.name
        ranking = Ranking(policies, none_applies, name)
        return self._with_reasons(
            ranking, order, of_resource, of_text, by_path, weights, top, explained=explained
        )

    def _with_reasons(
        self,
        ranking: Ranking,
        order: NDArray[np.intp],
        of_resource: OfResource,
        of_text: OfText | None,
        by_path: Floats | None,
        weights: Weights,
        top: int,
        *,
        explained: bool,
    ) -> Ranking:
        shown = set(map(id, ranking.best(top)))
        policies = list(ranking.policies)
        for place, (row, one) in enumerate(zip(order.tolist(), ranking.policies, strict=True)):
            if id(one) not in shown:
                continue
            features = tuple(self._contributions(row, of_resource, of_text, by_path, weights))
            reasons = self._reasons.of(
                row, one.verdict, None if of_text is None else of_text.finding, features
            )
            policies[place] = one._replace(reasons=reasons, features=features if explained else ())
            shown.discard(id(one))
            if not shown:
                break
        return ranking._replace(policies=tuple(policies))

    def _contributions(
        self,
        row: int,
        of_resource: OfResource,
        of_text: OfText | None,
        by_path: Floats | None,
        weights: Weights,
    ) -> Iterator[Contribution]:
        parts: list[tuple[Sequence[str], Floats, Floats]] = [(RESOURCE, of_resource.pairs, weights.resource)]
        if of_text is not None:
            parts.append((TEXT, of_text.said.pairs, weights.text))
        if by_path is not None:
            parts.append((PATH, by_path, weights.path))
        for names, values, weighed in parts:
            for name, value, weight in zip(names, values[row].tolist(), weighed.tolist(), strict=True):
                if value and weight:
                    yield Contribution(name, value, weight)

    def _of_resource(self, verdicts: Sequence[Verdict], pairs: Floats, *, given: bool) -> OfResource:
        plain = pairs @ self._model.plain.resource
        semantic = plain if self._model.semantic is None else pairs @ self._model.semantic.resource
        return OfResource(tuple(verdicts), given, pairs, plain, semantic)

    def _weights(self, *, meant: bool) -> Weights:
        semantic = self._model.semantic
        return semantic if meant and semantic is not None else self._model.plain
