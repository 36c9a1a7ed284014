"""The learned ranking of one library's policies."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jade_policy.library import Library
from jade_policy.verdicts import Verdict
from jade_ranker.domain.feature_names import PATH, RESOURCE, TEXT
from jade_ranker.domain.judged import Judged, asked_beside, fields_of, nothing_asked, of_path
from jade_ranker.domain.model import TOGETHER, Model, Weights, none_is_meant, probabilities
from jade_ranker.domain.pairs import Floats, Pairs, Said
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.ranking import Contribution, Ranked, Ranking, unjudged
from jade_ranker.domain.reasons import Reason, Reasons, Spoken, best, of_field
from jade_ranker.domain.reasons import of_resource as reasons_of_resource
from jade_ranker.domain.semantics import text_of
from jade_ranker.domain.terms import terms

BY_MEANING = "+semantic"
"""Ends the name of a model that looked at what a finding means, not at its words alone."""

DECIMALS = 4
"""Of scores and probabilities: what lies behind is another machine's arithmetic."""
SCALE = 10.0**DECIMALS

PATHS = 200
"""Fields of one resource that are remembered: scanners name a few dozen, and whoever makes them up gets no memory."""

VIOLATED, NOT_APPLICABLE = RESOURCE.index("violated"), RESOURCE.index("not applicable")

SEVERITY_ORDER = {"critical": 0, "high": 1, "medium": 2, "low": 3, "info": 4}


class OfResource(NamedTuple):
    """What a resource says: features of each row, and what they come to under both weights.

    Attributes:
        violated: whether it violates any policy.
        order: the rows that could apply, in the order of those of equal scores.
        fields: of the rows that are violated, as far as they are known.
        paths: what the fields that findings named say of each row, filled as they are named.
        reasons: what it says for the rows that were shown, by row and by whether a text's meaning was looked at beside
            it, filled as they are.
    """

    verdicts: tuple[Verdict, ...]
    given: bool
    violated: bool
    order: NDArray[np.intp]
    pairs: Floats
    plain: Floats
    semantic: Floats
    fields: tuple[tuple[int, tuple[str, ...]], ...]
    paths: dict[str, Floats]
    reasons: dict[tuple[int, bool], tuple[Reason, ...]]

    @property
    def applicable(self) -> bool:
        """Whether some policy is for the resource at all."""
        return bool(len(self.order))

    def first_violated(self, order: NDArray[np.intp]) -> Verdict | None:
        """The first policy that it violates, in an ``order`` of the rows."""
        if not self.violated:
            return None
        return self.verdicts[int(order[int(self.pairs[order, VIOLATED].argmax())])]


class OfText(NamedTuple):
    """What a text says: features of each row and of itself, and what they come to.

    Attributes:
        meant: whether its meaning was looked at, not its words alone.
        speaks: whether it says anything of any policy.
        beside: the score of none, by whether a resource is given and violates anything, filled as it is asked.
        reasons: what it says for the rows that were shown, filled as they are.
    """

    spoken: Spoken
    said: Said
    meant: bool
    speaks: bool
    scores: Floats
    beside: dict[tuple[bool, bool], float]
    reasons: dict[int, tuple[Reason, ...]]


class Learned:
    """Ranks by weights that were learned."""

    def __init__(self, library: Library, pairs: Pairs, model: Model) -> None:
        """Rank ``library``, whose features ``pairs`` computes, with ``model``."""
        self._pairs = pairs
        self._judged = Judged(library)
        self._model = model
        self._verdicts = unjudged(library)
        self._reasons = Reasons(pairs)
        self._policies = pairs.rows
        self._one_each = len(pairs.rows) == len(library.policies)
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
        meant = meant and bool(terms(text_of(finding)))  # a bare number is near to anything
        said = self._pairs.said(finding, vector if meant else None)
        scores = self._weights(meant=meant).text @ said.pairs.T
        return OfText(
            self._reasons.spoken(finding, said.concepts), said, meant, bool(scores.any()), scores, {}, {}
        )

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
                by_path = of_resource.paths.get(path)
                if by_path is None:
                    by_path = of_path(path, of_resource.fields, len(scores))
                    if len(of_resource.paths) < PATHS:
                        of_resource.paths[path] = by_path
                scores = scores + by_path @ weights.path
        beside = self._beside(of_resource, of_text, weights)
        # As whole numbers of the last decimal, the highest first.
        rows = of_resource.order if top else self._order
        order = rows[np.rint(scores[rows] * -SCALE).argsort(kind="stable")]
        if of_text is not None and of_text.speaks:
            apply = order if top else order[of_resource.pairs[order, NOT_APPLICABLE] == 0]
            none_applies = none_is_meant(scores[self._first_of_each(apply)[:TOGETHER]].tolist(), beside)
        else:  # words that say nothing leave the resource alone
            none_applies = not of_resource.applicable or not (of_text is None or of_resource.given)
        name = f"{self._model.name}{BY_MEANING}" if meant else self._model.name
        shown = order[:top] if top else order
        likely = probabilities(weights, scores, beside, of_resource.pairs[:, VIOLATED], shown)
        policies = []
        for row, score, probability in zip(shown.tolist(), scores[shown].tolist(), likely, strict=True):
            verdict = of_resource.verdicts[row]
            reasons = self._of_resource_at(row, of_resource, meant=meant)
            if of_text is not None:
                reasons += self._of_text_at(row, of_text, weights)
            if by_path is not None and by_path[row, 0]:
                reasons += (of_field(verdict, float(by_path[row, 0] * weights.path[0])),)
            features: tuple[Contribution, ...] = ()
            if explained:
                features = tuple(self._features(row, of_resource, of_text, by_path, weights))
            policies.append(
                Ranked(verdict, round(score, DECIMALS), best(reasons), round(probability, DECIMALS), features)
            )
        first = of_resource.first_violated(order) if of_text is None else None
        return Ranking(tuple(policies), none_applies, name, first)

    def _first_of_each(self, order: NDArray[np.intp]) -> NDArray[np.intp]:
        """The rows of an order without those of policies that came before."""
        if self._one_each:
            return order
        _, first = np.unique(self._policies[order], return_index=True)
        return order[np.sort(first)]

    def _beside(self, of_resource: OfResource, of_text: OfText | None, weights: Weights) -> float:
        """The score of none."""
        key = of_resource.given, of_resource.violated
        known = None if of_text is None else of_text.beside.get(key)
        if known is None:
            asked = nothing_asked() if of_text is None else of_text.said.asked
            if of_resource.given:
                asked = asked_beside(asked, violated=of_resource.violated)
            known = float(asked @ weights.asked)
            if of_text is not None:
                of_text.beside[key] = known
        return known

    def _of_resource_at(self, row: int, of_resource: OfResource, *, meant: bool) -> tuple[Reason, ...]:
        known = of_resource.reasons.get((row, meant))
        if known is None:
            weights = self._weights(meant=meant).resource
            known = reasons_of_resource(of_resource.pairs[row].tolist(), weights.tolist())
            of_resource.reasons[row, meant] = known
        return known

    def _of_text_at(self, row: int, of_text: OfText, weights: Weights) -> tuple[Reason, ...]:
        known = of_text.reasons.get(row)
        if known is None:
            features = of_text.said.pairs[row].tolist()
            known = self._reasons.of_text(row, of_text.spoken, features, weights.text.tolist())
            of_text.reasons[row] = known
        return known

    def _features(
        self,
        row: int,
        of_resource: OfResource,
        of_text: OfText | None,
        by_path: Floats | None,
        weights: Weights,
    ) -> Iterator[Contribution]:
        yield from contributions(RESOURCE, of_resource.pairs[row], weights.resource)
        if of_text is not None:
            yield from contributions(TEXT, of_text.said.pairs[row], weights.text)
        if by_path is not None:
            yield from contributions(PATH, by_path[row], weights.path)

    def _of_resource(self, verdicts: Sequence[Verdict], pairs: Floats, *, given: bool) -> OfResource:
        plain = pairs @ self._model.plain.resource
        semantic = plain if self._model.semantic is None else pairs @ self._model.semantic.resource
        applies = pairs[:, NOT_APPLICABLE] == 0
        return OfResource(
            tuple(verdicts),
            given,
            bool(pairs[:, VIOLATED].any()),
            self._order[applies[self._order]],
            pairs,
            plain,
            semantic,
            fields_of(verdicts),
            {},
            {},
        )

    def _weights(self, *, meant: bool) -> Weights:
        semantic = self._model.semantic
        return semantic if meant and semantic is not None else self._model.plain


def contributions(names: Sequence[str], values: Floats, weights: Floats) -> Iterator[Contribution]:
    """What each of some features of a row adds to its score; what adds nothing is left out."""
    for name, value, weight in zip(names, values.tolist(), weights.tolist(), strict=True):
        if value and weight:
            yield Contribution(name, value, weight)
