"""How sure it is that a policy is about a rule: one number out of flips, co-violation, fields and words.

    confidence = together * sqrt(share)        together = 1 - (1 - flips) (1 - verdicts) (1 - fields) (1 - words)

Each kind of evidence is between 0 and what it is worth at most. They say different things of the same, so that those that
agree make surer than any alone, and one alone never sure. What is left of it falls with what speaks for other policies,
in each kind and in all. Words are read last: they tell apart what always comes together, and link nothing by themselves.
"""

from collections import defaultdict
from collections.abc import Mapping
from math import prod, sqrt

from evidence import Evidence
from measures import wilson

FLIPS = 0.9
"""What pairs of fixtures are worth: they were made to differ in what the rule is about, and often differ in more."""

REPORT = 0.5
"""What verdicts, fields and words are worth, each: who sets no CPU limit runs as root, where one field is wrong many rules
look, and words are shared by chance. Two of them that agree come to 0.75."""

PRIOR = 0.5
"""Half a pair against every link: one pair alone in which one policy flips is two thirds of what pairs are worth."""

RIVALRY = 4
"""A policy with nine tenths of the best one's strength counts as two thirds of a rival."""

LEAST = 0.20
"""Weaker links are left out: they are about what always comes together, and say little for any policy."""


def confidences(evidence: Evidence) -> dict[str, float]:
    """How sure a link with each policy is that flips, verdicts or fields speak for, each above 0 and below 1."""
    measured = (of_flips(evidence), of_verdicts(evidence), of_fields(evidence))
    told = of_words(evidence)
    found = {
        policy: together(*(kind.get(policy, 0.0) for kind in (*measured, told)))
        for policy in sorted(evidence.policies)
        if any(kind.get(policy, 0.0) > 0 for kind in measured)
    }
    every = list(found.values())
    return {policy: value * sqrt(share(value, every)) for policy, value in found.items()}


def together(*kinds: float) -> float:
    """What kinds of evidence come to, each 0 to below 1.

    >>> together(0.5, 0.0), together(0.5, 0.5)
    (0.5, 0.75)
    """
    return 1 - prod(1 - one for one in kinds)


def of_flips(evidence: Evidence) -> dict[str, float]:
    """By policy, the pairs that it explains; a pair that several explain is shared, more for who flips in more."""
    flips = evidence.flips
    credit: dict[str, float] = defaultdict(float)
    for pair in evidence.pairs:
        total = sum(flips[policy] for policy in pair)
        for policy in sorted(pair):
            credit[policy] += flips[policy] / total
    return {policy: FLIPS * own / (len(evidence.pairs) + PRIOR) for policy, own in credit.items()}


def of_verdicts(evidence: Evidence) -> dict[str, float]:
    """How far both say the same of a report's documents; nothing where the rule fails all of them."""
    return worth({policy: counts.sure for policy, counts in evidence.counts.items()})


def of_fields(evidence: Evidence) -> dict[str, float]:
    """How far both name the same fields, at the lower end of its interval; nothing where the rule names none."""
    if not evidence.named:
        return {}
    return worth({policy: wilson(same, evidence.named) for policy, same in evidence.same_field.items()})


def of_words(evidence: Evidence) -> dict[str, float]:
    """How far the words of a rule are those of a policy."""
    return worth(evidence.words)


def worth(strengths: Mapping[str, float]) -> dict[str, float]:
    """What one kind of evidence says for each policy beside its rivals: the mean of its strength and its share."""
    every = list(strengths.values())
    return {policy: REPORT * sqrt(own * share(own, every)) for policy, own in strengths.items() if own > 0}


def share(own: float, all_: list[float]) -> float:
    """Which part of the rule falls to a policy of this strength, beside all others.

    >>> share(0.8, [0.8]), share(0.8, [0.8, 0.8]), round(share(0.8, [0.8, 0.4]), 2)
    (1.0, 0.5, 0.94)
    """
    return (
        1 / sum((other / own) ** RIVALRY for other in all_) if own > 1e-6 else 0.0
    )  # nothing, and no overflow
