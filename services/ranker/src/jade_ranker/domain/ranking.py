"""What a ranking is, whoever makes it: all policies, best first, each with its reasons."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from jade_policy.library import Library
from jade_policy.verdicts import Verdict
from jade_ranker.domain.questions import Finding


class Contribution(NamedTuple):
    """What one feature adds to a score."""

    feature: str
    value: float
    weight: float

    @property
    def added(self) -> float:
        """How much that is."""
        return self.value * self.weight


class Ranked(NamedTuple):
    """One policy in its place.

    Attributes:
        score: what places are decided by; comparable within one ranking only.
        probability: that the policy is right; None where nothing was learned.
        features: what the score is made of, where it was asked for.
    """

    verdict: Verdict
    score: float
    reasons: tuple[str, ...] = ()
    probability: float | None = None
    features: tuple[Contribution, ...] = ()


class Ranking(NamedTuple):
    """The best policies, best first.

    Attributes:
        policies: as many as were asked for of those that could apply; all, the others included, for 0.
        violated: of a resource alone, the first one that it violates, whether it is among them or not.
        none_applies: that no policy is about the finding; without one, that none is for the resource.
        model: name and version of what ranked.
    """

    policies: tuple[Ranked, ...]
    none_applies: bool
    model: str
    violated: Verdict | None = None


class Ranker(Protocol):
    """Ranks the policies of one library; what it makes of a resource and of a text is its own, and may be kept."""

    def of_resource(self, verdicts: Sequence[Verdict], facts: frozenset[str]) -> Any:
        """What a resource says of each policy.

        Args:
            verdicts: One for each policy and constraint, in the library's order.
            facts: What its features say.
        """

    def unjudged(self) -> Any:
        """The same where there is no resource."""

    def of_text(self, finding: Finding, vector: NDArray[np.float32] | None) -> Any:
        """What a finding's words say of each policy.

        Args:
            finding: The words.
            vector: What they mean, where that is known.
        """

    def rank(
        self, of_resource: Any, of_text: Any | None, path: str | None, *, top: int, explained: bool
    ) -> Ranking:
        """Rank all policies.

        Args:
            of_resource: What the resource says, or :meth:`unjudged`.
            of_text: What the finding says; None where there is none.
            path: The field that the finding names.
            top: How many policies that could apply are wanted; all, the others included, for 0.
            explained: Whether the features are given as well.
        """


def unjudged(library: Library) -> tuple[Verdict, ...]:
    """The verdicts where there is no resource to judge."""
    reason = "no resource was given"
    return tuple(
        Verdict(policy.id, constraint.name, "unknown", reason=reason)
        for policy in library.policies
        for constraint in library.constraints_of(policy.id)
    )
