"""How sure it is that a policy is about a rule: one number out of flips, co-violation and fields.

    confidence = (credit + REPORT * report) / (pairs + REPORT + PRIOR)

`credit` shares each pair of fixtures among the policies that flip in it, more to those that flip in more of the rule's
pairs. `report` is what a real report says, 0 to 1; where none says anything, REPORT is left out, and where it names no
field, WITHOUT_FIELDS stands for it. All of it grows with what speaks for the policy and shrinks with what speaks for others.
"""

from collections import defaultdict
from collections.abc import Mapping
from math import sqrt
from typing import NamedTuple

from evidence import Evidence
from measures import wilson

REPORT = 2.0
"""A report counts as much as two pairs of fixtures, which is what a labelled rule has most often."""

WITHOUT_FIELDS = 1.0
"""A report that names no field counts half: it cannot tell apart what always comes together. It counts less, and does
not say less, or a report that agrees would make a pair of fixtures less sure."""

PRIOR = 0.5
"""Half a pair against every link: of one pair alone in which one policy flips, the confidence is 0.67."""

BY_AGREEMENT = 0.5
"""Where fields are known, the half of it that co-violation has to earn."""

RIVALRY = 4
"""A policy with nine tenths of the best one's strength counts as two thirds of a rival."""

LEAST = 0.20
"""Weaker links are left out: of those from 0.10 on, one in six was right by hand-made knowledge."""


class Support(NamedTuple):
    """What speaks for one policy."""

    confidence: float
    strength: float


def supports(evidence: Evidence) -> dict[str, Support]:
    """All policies that anything speaks for."""
    credit = credits_of(evidence)
    strengths = {policy: strength(evidence, policy) for policy in sorted(evidence.counts)}
    heard = (
        (REPORT if evidence.named else WITHOUT_FIELDS)
        if any(strengths.values()) or tells_apart(evidence)
        else 0.0
    )
    found = {}
    for policy in sorted(evidence.policies):
        own = strengths.get(policy, 0.0)
        report = sqrt(own * share(own, list(strengths.values()))) if own else 0.0
        value = confidence(credit[policy], len(evidence.pairs), report, heard)
        if value > 0:
            found[policy] = Support(value, own)
    return found


def confidence(credit: float, pairs: int, report: float, heard: float) -> float:
    """The formula above.

    Args:
        credit: 0 to ``pairs``.
        pairs: pairs of fixtures of the rule.
        report: 0 to 1.
        heard: REPORT or WITHOUT_FIELDS where a report says something of the rule, else 0.

    >>> round(confidence(1, 1, 0.0, 0.0), 2), round(confidence(2, 2, 0.8, REPORT), 2)
    (0.67, 0.8)
    """
    return (credit + heard * report) / (pairs + heard + PRIOR)


def credits_of(evidence: Evidence) -> Mapping[str, float]:
    """By policy, the pairs that it explains; a pair that several explain is shared among them."""
    flips = evidence.flips
    credit: dict[str, float] = defaultdict(float)
    for pair in evidence.pairs:
        total = sum(flips[policy] for policy in pair)
        for policy in sorted(pair):
            credit[policy] += flips[policy] / total
    return credit


def strength(evidence: Evidence, policy: str) -> float:
    """What a report says for one policy alone, 0 to 1, at the lower end of its interval.

    Without fields it is the sure correlation of the verdicts, which is 0 where the rule fails everything. With them it
    is the share of the findings whose fields the policy names too, and half of it hangs on the correlation.
    """
    sure = evidence.counts[policy].sure
    if not evidence.named:
        return sure
    same = wilson(evidence.same_field.get(policy, 0.0), evidence.named)
    return same * (1 - BY_AGREEMENT + BY_AGREEMENT * sure)


def share(own: float, all_: list[float]) -> float:
    """Which part of the rule falls to a policy of this strength, beside all others.

    >>> share(0.8, [0.8]), share(0.8, [0.8, 0.8]), round(share(0.8, [0.8, 0.4]), 2)
    (1.0, 0.5, 0.94)
    """
    return (
        1 / sum((other / own) ** RIVALRY for other in all_) if own > 1e-6 else 0.0
    )  # nothing, and no overflow


def tells_apart(evidence: Evidence) -> bool:
    """Whether the report holds documents that the rule fails and such that it passes."""
    one = next(iter(evidence.counts.values()), None)
    return one is not None and one.both + one.rule > 0 and one.neither + one.policy > 0
