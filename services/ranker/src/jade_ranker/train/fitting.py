"""Fits the weights: a softmax over the policies of a question and none, weighed so that the right one gets most."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression

from jade_ranker.domain.model import Weights, evidence, softmax
from jade_ranker.domain.pairs import PATH, RESOURCE, TEXT

Floats = NDArray[np.float64]

PENALTY = 0.02
"""Of the squared weights, for each question: of standardised features, none may decide alone."""

DECIMALS = 3
"""Weights are rounded: another machine's last bits must not make another model."""

SHOWN = 5
"""The policies of a question whose probabilities are fitted: those that are shown."""

EVIDENCE = len(TEXT) + len(PATH)
"""The first features; each speaks for a policy where it is positive, so that none may weigh against it."""

STEPS = 400


class Question(NamedTuple):
    """The features of an example.

    Attributes:
        pairs: shape (rows, text + path + resource).
        asked: shape (len(ASKED),).
        right: the rows of the policy that is right; none for a question without an answer, shape (rows,).
        counted: the rows that compete; what is right as well is neither right nor wrong, shape (rows,).
        policy: whose words the question is made of.
    """

    pairs: Floats
    asked: Floats
    right: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    policy: str


def fitted(questions: Sequence[Question], *, none: float) -> Weights:
    """The weights that ``questions`` are answered best with.

    Args:
        questions: Examples with their features.
        none: The probability from which it is said that none applies.
    """
    scale = spread(questions)
    found = listwise(questions, scale)
    return rounded(found / scale, calibrated(questions, found / scale), none)


def spread(questions: Sequence[Question]) -> Floats:
    """How far each feature varies; 1 for one that does not, shape (features + asked,)."""
    pairs = np.concatenate([one.pairs[one.counted] for one in questions])
    asked = np.stack([one.asked for one in questions])
    spreads = np.concatenate([pairs.std(axis=0), asked.std(axis=0)])
    return np.where(spreads > 1e-6, spreads, 1.0)  # noqa: PLR2004 - a constant


def listwise(questions: Sequence[Question], scale: Floats) -> Floats:
    """Weights of the scaled features, by the likelihood of the right policy among all and none."""
    size = len(questions[0].pairs[0])
    pairs = np.stack([one.pairs for one in questions]) / scale[:size]
    asked = np.stack([one.asked for one in questions]) / scale[size:]
    counted = np.stack([one.counted for one in questions])
    right = np.stack([one.right for one in questions])
    nobody = ~right.any(axis=1)

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = np.where(counted, pairs @ weights[:size], -np.inf)
        beside = asked @ weights[size:]
        total = logsumexp(np.concatenate([scores, beside[:, None]], axis=1), axis=1)
        aimed = np.where(nobody, beside, logsumexp(np.where(right, scores, -np.inf), axis=1, b=1.0))
        share = np.exp(scores - total[:, None])
        share_none = np.exp(beside - total)
        aim = np.where(right, np.exp(scores - np.where(nobody, 0.0, aimed)[:, None]), 0.0)
        pull = np.einsum("qr,qrf->f", share - aim, pairs)
        pull_none = (share_none - nobody) @ asked
        value = float((total - aimed).sum()) + PENALTY * len(questions) * float(weights @ weights) / 2
        return value, np.concatenate([pull, pull_none]) + PENALTY * len(questions) * weights

    bounds = [(0.0, None)] * EVIDENCE + [(None, None)] * (len(scale) - EVIDENCE)
    start = np.full(len(scale), 0.1)
    return np.asarray(
        minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": STEPS}).x
    )


def calibrated(questions: Sequence[Question], weights: Floats) -> Floats:
    """What turns scores into probabilities, fitted on the policies that are shown."""
    rows, right = [], []
    size = questions[0].pairs.shape[1]
    for one in questions:
        scores = np.where(one.counted, one.pairs @ weights[:size], -np.inf)
        beside = float(one.asked @ weights[size:])
        finite = np.where(np.isfinite(scores), scores, -1e6)
        shares, _ = softmax(finite, beside)
        best = np.argsort(-finite, kind="stable")[:SHOWN]
        rows.append(evidence(finite, shares, beside)[best])
        right.append(one.right[best])
    model = LogisticRegression(C=100.0, fit_intercept=False, max_iter=STEPS)
    model.fit(np.concatenate(rows), np.concatenate(right))
    return np.asarray(model.coef_[0])


def rounded(weights: Floats, calibration: Floats, none: float) -> Weights:
    """The model of raw features."""
    parts = np.split(weights, np.cumsum([len(TEXT), len(PATH), len(RESOURCE)]))
    text, path, resource, asked = (np.round(part, DECIMALS).astype(np.float32) for part in parts)
    return Weights(text, resource, path, asked, np.round(calibration, DECIMALS).astype(np.float32), none)
