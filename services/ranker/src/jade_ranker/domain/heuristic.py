"""The heuristic ranking: what fits comes first, each with the reasons that counted.

Scores of the specification: the kind matches +1.0, each feature that the policy names and the resource has
+0.5, reliability high +0.3 or medium +0.1. Where a finding is given, the share of its words that the
policy holds counts up to +2.0, so that the policy the finding speaks of comes before others that the
resource violates as well.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jade_policy.library import Library
from jade_policy.policies import Constraint, Policy
from jade_policy.verdicts import Verdict
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.ranking import Ranked, Ranking, unjudged
from jade_ranker.domain.words import Vocabulary

MODEL = "heuristic-1"

KIND = 1.0
FEATURE = 0.5
RELIABILITY = {"high": 0.3, "medium": 0.1}
WORDS = 2.0

FITS = 0.34
"""The share of a finding's words from which a policy is about the finding: below it, on Checkov's rules,
the words in common are those that any rule uses."""

VERDICT_ORDER = {"violated": 0, "unknown": 1, "passed": 2, "not_applicable": 3}
SEVERITY_ORDER = {"critical": 0, "high": 1, "medium": 2, "low": 3, "info": 4}


class Overlap(NamedTuple):
    """How far a finding's words name one policy."""

    share: float
    common: tuple[str, ...]


Overlaps = Mapping[int, Overlap]
"""By the place of a policy in the library; a policy without a word in common is not in it."""


class Scored(NamedTuple):
    """One policy with what a resource says of it.

    Attributes:
        order: what decides among equal scores.
    """

    verdict: Verdict
    score: float
    reasons: tuple[str, ...]
    order: tuple[int, int, str, str]


class Heuristic:
    """Ranks the policies of one library."""

    def __init__(self, library: Library) -> None:
        """Prepare what does not depend on the question."""
        self._rows: list[tuple[Policy, Constraint]] = [
            (policy, constraint)
            for policy in library.policies
            for constraint in library.constraints_of(policy.id)
        ]
        self._unjudged = unjudged(library)
        self._vocabulary = Vocabulary([texts(policy) for policy, _ in self._rows])
        self._features = [frozenset(policy.features) for policy, _ in self._rows]
        self._ties = [
            (SEVERITY_ORDER.get(policy.severity, 2), policy.id, constraint.name or "")
            for policy, constraint in self._rows
        ]

    def unjudged(self) -> tuple[Scored, ...]:
        """What is said of each policy where there is no resource."""
        return self.of_resource(self._unjudged, frozenset())

    def of_text(self, finding: Finding, vector: NDArray[np.float32] | None = None) -> Overlaps:
        """How far the words of ``finding`` name each policy; what they mean is not looked at."""
        del vector
        return {number: Overlap(*found) for number, found in self._vocabulary.overlap(finding.text()).items()}

    def of_resource(self, verdicts: Sequence[Verdict], facts: frozenset[str]) -> tuple[Scored, ...]:
        """What a resource alone says of each policy.

        Args:
            verdicts: A verdict for each policy and constraint, in the library's order.
            facts: What its features say; empty without a resource.

        Returns:
            The policies with their scores, in the library's order.
        """
        return tuple(self._scored(row, facts, verdict) for row, verdict in enumerate(verdicts))

    def rank(
        self,
        of_resource: Sequence[Scored],
        of_text: Overlaps | None,
        path: str | None = None,
        *,
        top: int = 0,
        explained: bool = False,
    ) -> Ranking:
        """Rank; the field that a finding names is not looked at, and there is nothing more to explain.

        Args:
            of_resource: What the resource says of each.
            of_text: What the finding's words say; ``None`` where there is no finding.
            path: Not looked at.
            top: How many policies are wanted; all for 0.
            explained: Not looked at: the reasons are all.
        """
        del path, explained
        scored = list(of_resource)
        for row, overlap in (of_text or {}).items():
            scored[row] = with_words(scored[row], overlap)
        scored.sort(key=place)
        if of_text is not None:
            none_applies = all(found.share < FITS for found in of_text.values())
        else:
            none_applies = all(one.verdict.verdict == "not_applicable" for one in of_resource)
        violated = next((one.verdict for one in scored if one.verdict.verdict == "violated"), None)
        if top:
            scored = [one for one in scored if one.verdict.verdict != "not_applicable"][:top]
        ranked = tuple(Ranked(one.verdict, one.score, one.reasons) for one in scored)
        return Ranking(ranked, none_applies, MODEL, violated)

    def _scored(self, row: int, facts: frozenset[str], verdict: Verdict) -> Scored:
        policy = self._rows[row][0]
        score = 0.0
        reasons: list[str] = []
        if facts and verdict.verdict != "not_applicable":
            score += KIND
            reasons.append(f"applies to this kind (+{KIND})")
        for feature in sorted(self._features[row] & facts):
            score += FEATURE
            reasons.append(f"{feature} (+{FEATURE})")
        if bonus := RELIABILITY.get(policy.reliability):
            score += bonus
            reasons.append(f"reliability {policy.reliability} (+{bonus})")
        order = (VERDICT_ORDER[verdict.verdict], *self._ties[row])
        return Scored(verdict, round(score, 6), tuple(reasons), order)


def with_words(scored: Scored, overlap: Overlap) -> Scored:
    """The policy with what a finding's words add to it."""
    added = WORDS * overlap.share
    reason = f"shares the finding's words {', '.join(overlap.common)} (+{added:.2f})"
    return Scored(scored.verdict, round(scored.score + added, 6), (reason, *scored.reasons), scored.order)


def place(scored: Scored) -> tuple[float, tuple[int, int, str, str]]:
    """Sort key: the higher score first, then verdict, severity and name."""
    return -scored.score, scored.order


def texts(policy: Policy) -> list[str]:
    """The words that a policy is known by."""
    return [policy.id, policy.kind or "", policy.title, policy.description, *policy.features]
