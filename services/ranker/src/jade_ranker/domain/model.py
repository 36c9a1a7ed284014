"""The learned ranking: what a text says of a policy and what a resource says of it, weighed and added up.

Two sums and a softmax with one more candidate: that no policy is meant. A text is weighed once, a resource once, so
that ranking one more finding costs an addition for each policy.
"""

from collections.abc import Sequence
from math import exp, log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jade_ranker.domain.feature_names import ASKED, PATH, RESOURCE, TEXT

Floats = NDArray[np.float32]
AnyFloats = NDArray[np.floating[Any]]
Rows = Sequence[int] | NDArray[np.intp]

CALIBRATED = ("always", "evidence beside the other policies", "evidence beside none", "violated")
"""What a probability is made of; see :func:`evidence`."""


LEAST = 1e-6
FARTHEST = 12.0
"""Bounds of evidence: nothing is surer than a million to one."""

TOGETHER = 5
"""The best policies that none must be likelier than, all of them together; as many are shown."""


class Weights(NamedTuple):
    """What counts how much.

    Attributes:
        text: of what a text says of a policy, shape (len(TEXT),).
        resource: of what a resource says of a policy, shape (len(RESOURCE),).
        path: of what a finding's field says of a policy, shape (len(PATH),).
        asked: of what speaks for none, shape (len(ASKED),).
        calibration: of the logit of a probability, shape (len(CALIBRATED),).
    """

    text: Floats
    resource: Floats
    path: Floats
    asked: Floats
    calibration: Floats

    def check(self) -> None:
        """Refuse weights of another form.

        Raises:
            ValueError: a length is not that of the features that this version computes, or a weight is no number.
        """
        for name, wanted in (
            ("text", TEXT), ("resource", RESOURCE), ("path", PATH), ("asked", ASKED), ("calibration", CALIBRATED),
        ):  # fmt: skip
            found = getattr(self, name)
            if found.shape != (len(wanted),):
                raise ValueError(
                    f"{name} has the shape {found.shape}; this version of Jade computes {len(wanted)} features"
                )
            if not np.isfinite(found).all():
                raise ValueError(f"{name} holds what is no number")


class Model(NamedTuple):
    """Weights with their name.

    Attributes:
        version: the beginning of the digest of its files.
        plain: for texts of which only the words are known.
        semantic: for texts whose meaning is known as well; None where the model has none.
        origin: where it was read from.
    """

    version: str
    plain: Weights
    semantic: Weights | None
    origin: str = ""

    @property
    def name(self) -> str:
        """What answers call it."""
        return f"learned-{self.version}"


def none_is_meant(best: Sequence[float], beside: float) -> bool:
    """Whether that no policy is meant is likelier than that one of the best policies is.

    Vague words fit many policies a little: that none of them stands out does not mean that none is meant.

    Args:
        best: The scores of the :data:`TOGETHER` best policies that could apply, the highest first; of fewer where there
            are fewer.
        beside: The score of none.

    >>> none_is_meant([0.0], 1.0), none_is_meant([0.0] * 5, 1.0), none_is_meant([], 0.0)
    (True, False, True)
    """
    # One that is as likely by itself decides without a sum; most findings have one.
    return not best or (best[0] < beside and sum([exp(score - beside) for score in best]) < 1.0)


def probabilities(
    weights: Weights, scores: AnyFloats, beside: float, violated: AnyFloats, shown: Rows
) -> list[float]:
    """How likely each of the ``shown`` rows is right, in their order.

    Args:
        weights: The model.
        scores: Of each row, shape (rows,).
        beside: The score of none.
        violated: Of each row, whether the resource violates it, shape (rows,).
        shown: The rows that are asked about.
    """
    always, others, none, violates = weights.calibration.tolist()
    return [
        1.0 / (1.0 + exp(-(always * one + others * share + none * above + violates * fails)))
        for one, share, above, fails in evidence(scores, beside, violated, shown)
    ]


def evidence(
    scores: AnyFloats, beside: float, violated: AnyFloats, shown: Rows
) -> list[tuple[float, float, float, float]]:
    """What the probability of each of the ``shown`` rows is made of, see :data:`CALIBRATED`.

    Two policies that are right share a softmax, so that neither gets more than half of it; how far each is above
    none says that both may be. Of a resource that fails for one reason, other policies tend to fail too.
    """
    # Reductions by their own names: the methods of the same names first look at what they are called with.
    best = max(float(np.maximum.reduce(scores, initial=beside)), beside)
    total = float(np.add.reduce(np.exp(scores - best))) + exp(beside - best)
    found: list[tuple[float, float, float, float]] = []
    rows = np.asarray(shown, np.intp)
    for score, fails in zip(scores[rows].tolist(), violated[rows].tolist(), strict=True):
        share = bounded(exp(score - best) / total, LEAST, 1 - LEAST)
        found.append((1.0, log(share / (1 - share)), bounded(score - beside, -FARTHEST, FARTHEST), fails))
    return found


def bounded(value: float, least: float, most: float) -> float:
    """The number, or the bound that it passes."""
    return least if value < least else min(value, most)
