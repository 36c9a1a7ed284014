"""How well two verdicts on the same documents agree, and how sure that is."""

from collections.abc import Set as AbstractSet
from math import sqrt
from typing import NamedTuple

Z = 1.96
"""Of the two-sided 95 % interval."""


class Counts(NamedTuple):
    """Documents by what a rule and a policy said of them.

    Attributes:
        both: fail both.
        rule: fail the rule only.
        policy: violate the policy only.
        neither: are in order for both.
    """

    both: int
    rule: int
    policy: int
    neither: int

    @classmethod
    def of(cls, judged: AbstractSet[int], failed: AbstractSet[int], violated: AbstractSet[int]) -> "Counts":
        """Count the documents that a rule judged.

        >>> Counts.of({1, 2, 3, 4}, {1, 2}, {2, 3, 9})
        Counts(both=1, rule=1, policy=1, neither=1)
        """
        failed, violated = failed & judged, violated & judged
        both = len(failed & violated)
        only_rule, only_policy = len(failed) - both, len(violated) - both
        return cls(both, only_rule, only_policy, len(judged) - both - only_rule - only_policy)

    @property
    def agreement(self) -> float:
        """The share of documents with the same verdict; 0 without documents."""
        total = sum(self)
        return (self.both + self.neither) / total if total else 0.0

    @property
    def mcc(self) -> float:
        """Matthews's correlation, -1 to 1; 0 where the rule or the policy says the same of all documents.

        >>> Counts(5, 0, 0, 5).mcc, Counts(9, 0, 1, 0).mcc
        (1.0, 0.0)
        """
        sides = (
            (self.both + self.rule)
            * (self.both + self.policy)
            * (self.neither + self.rule)
            * (self.neither + self.policy)
        )
        return (self.both * self.neither - self.rule * self.policy) / sqrt(sides) if sides else 0.0

    @property
    def sure(self) -> float:
        """The correlation that is left when each of its four rates is at the lower end of its interval, 0 to 1.

        MCC is the geometric mean of informedness (the rule's failures and passes that the policy shares) and
        markedness (the policy's that the rule shares). A rule that fails everything has no passes to share: 0.

        >>> Counts(9, 0, 0, 0).sure, round(Counts(3, 0, 0, 3).sure, 2), round(Counts(40, 0, 0, 40).sure, 2)
        (0.0, 0.0, 0.82)
        """
        failed, passed = self.both + self.rule, self.neither + self.policy
        violated, kept = self.both + self.policy, self.neither + self.rule
        informed = wilson(self.both, failed) + wilson(self.neither, passed) - 1
        marked = wilson(self.both, violated) + wilson(self.neither, kept) - 1
        return sqrt(informed * marked) if min(informed, marked) > 0 else 0.0


def wilson(hits: float, total: int, z: float = Z) -> float:
    """The lower end of Wilson's interval of a share; 0 of nothing.

    >>> round(wilson(1, 1), 2), round(wilson(9, 10), 2), wilson(0, 0)
    (0.21, 0.6, 0.0)
    """
    if not total:
        return 0.0
    share, square = hits / total, z * z
    spread = z * sqrt((share * (1 - share) + square / (4 * total)) / total)
    return max(0.0, (share + square / (2 * total) - spread) / (1 + square / total))
