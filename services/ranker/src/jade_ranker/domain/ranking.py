"""The heuristic ranking: what fits comes first, each with the reasons that counted.

Scores of the specification: the kind matches +1.0, each feature that the policy names and the resource has +0.5,
reliability high +0.3 or medium +0.1. Where a finding is given, the share of its words that the policy holds counts up to
+2.0, so that the policy the finding speaks of comes before others that the resource violates as well.
"""

from collections.abc import Sequence
from typing import NamedTuple

from jade_policy.library import Library
from jade_policy.policies import Constraint, Policy
from jade_policy.verdicts import Verdict
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.words import Vocabulary

MODEL = "heuristic-1"

KIND = 1.0
FEATURE = 0.5
RELIABILITY = {"high": 0.3, "medium": 0.1}
WORDS = 2.0

FITS = 0.34
"""The share of a finding's words from which a policy is about the finding: below it, on Checkov's rules, the words in
common are those that any rule uses."""

VERDICT_ORDER = {"violated": 0, "unknown": 1, "passed": 2, "not_applicable": 3}
SEVERITY_ORDER = {"critical": 0, "high": 1, "medium": 2, "low": 3, "info": 4}


class Overlap(NamedTuple):
    """How far a finding's words name one policy."""

    share: float
    common: tuple[str, ...]


class Ranked(NamedTuple):
    """One policy in its place."""

    verdict: Verdict
    score: float
    reasons: tuple[str, ...]


class Ranking(NamedTuple):
    """All policies, best first."""

    policies: tuple[Ranked, ...]
    none_applies: bool

    def best(self, top: int) -> tuple[Ranked, ...]:
        """The first ``top`` that could apply; all, those that do not apply included, for 0."""
        if top == 0:
            return self.policies
        return tuple(one for one in self.policies if one.verdict.verdict != "not_applicable")[:top]


class Heuristic:
    """Ranks the policies of one library."""

    def __init__(self, library: Library) -> None:
        """Prepare what does not depend on the question."""
        self._rows: list[tuple[Policy, Constraint]] = [
            (policy, constraint) for policy in library.policies for constraint in library.constraints_of(policy.id)
        ]
        self._vocabulary = Vocabulary([texts(policy) for policy, _ in self._rows])
        self._features = [frozenset(policy.features) for policy, _ in self._rows]
        self._ties = [
            (SEVERITY_ORDER.get(policy.severity, 2), policy.id, constraint.name or "")
            for policy, constraint in self._rows
        ]

    def unjudged(self) -> tuple[Verdict, ...]:
        """The verdicts where there is no resource to judge."""
        reason = "no resource was given"
        return tuple(
            Verdict(policy.id, constraint.name, "unknown", reason=reason) for policy, constraint in self._rows
        )

    def overlaps(self, finding: Finding) -> list[Overlap]:
        """How far the words of ``finding`` name each policy, in the library's order."""
        return [Overlap(*found) for found in self._vocabulary.overlap(finding.text())]

    def rank(
        self, facts: frozenset[str], verdicts: Sequence[Verdict], overlaps: Sequence[Overlap] | None
    ) -> Ranking:
        """Rank all policies.

        Args:
            facts: What the resource's features say; empty without a resource.
            verdicts: A verdict for each policy and constraint, in the library's order.
            overlaps: Of the finding; ``None`` where there is none.

        Returns:
            The ranking. ``none_applies`` is about the finding where one is given, else about the resource.
        """
        ranked = [
            (self._scored(row, facts, verdict, overlaps[row] if overlaps is not None else None), self._ties[row])
            for row, verdict in enumerate(verdicts)
        ]
        ranked.sort(key=lambda pair: (-pair[0].score, VERDICT_ORDER[pair[0].verdict.verdict], pair[1]))
        if overlaps is not None:
            none_applies = all(found.share < FITS for found in overlaps)
        else:
            none_applies = all(verdict.verdict == "not_applicable" for verdict in verdicts)
        return Ranking(tuple(one for one, _ in ranked), none_applies)

    def _scored(
        self, row: int, facts: frozenset[str], verdict: Verdict, overlap: Overlap | None
    ) -> Ranked:
        policy = self._rows[row][0]
        score = 0.0
        reasons: list[str] = []
        if overlap is not None and overlap.common:
            score += WORDS * overlap.share
            reasons.append(f"shares the finding's words {', '.join(overlap.common)} (+{WORDS * overlap.share:.2f})")
        if facts and verdict.verdict != "not_applicable":
            score += KIND
            reasons.append(f"applies to this kind (+{KIND})")
        for feature in sorted(self._features[row] & facts):
            score += FEATURE
            reasons.append(f"{feature} (+{FEATURE})")
        if bonus := RELIABILITY.get(policy.reliability):
            score += bonus
            reasons.append(f"reliability {policy.reliability} (+{bonus})")
        return Ranked(verdict, round(score, 6), tuple(reasons))


def texts(policy: Policy) -> list[str]:
    """The words that a policy is known by."""
    return [policy.id, policy.kind or "", policy.title, policy.description, *policy.features]
