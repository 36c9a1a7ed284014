"""Fits the weights: a softmax over the policies of a question and none, weighed so that the right one gets most."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression

from jade_ranker.domain.feature_names import PATH, RESOURCE, TEXT
from jade_ranker.domain.model import Weights, evidence

Floats = NDArray[np.float64]

PENALTY = 0.006
"""Of the squared weights, for each question: of standardised features, none may decide alone."""

DECIMALS = 3
"""Weights are rounded: another machine's last bits must not make another model."""

SHOWN = 5
"""The policies of a question whose probabilities are fitted: those that are shown."""

FREE = frozenset({"passed", "not applicable", "unknown"})
"""Features that may weigh against a policy; each other one speaks for it, and none may be turned around by chance."""

HIGHEST = 3.0
"""Of the weight of a scaled feature: what examples never contradict would grow without end."""

STEPS = 200

VIOLATED = len(TEXT) + len(PATH) + RESOURCE.index("violated")
"""Where that stands among all features."""

UNANSWERED = 0.1
"""The share of questions that no policy answers, as probabilities take it; examples have thrice as many, to learn what
none is like."""

PARTS = 4
"""Of the questions, by policy: each is answered by weights that were fitted on the other three."""

LOWEST = -1e6
"""The score of a row that the library lacks."""


class Question(NamedTuple):
    """The features of an example.

    Attributes:
        pairs: shape (rows, text + path + resource).
        asked: shape (len(ASKED),).
        right: the rows of the policy that is right; none for a question without an answer, shape (rows,).
        gold: the rows of all policies that are right, shape (rows,).
        counted: the rows that compete; what is right as well is neither right nor wrong, shape (rows,).
        there: the rows that the library has, shape (rows,).
        policy: whose words the question is made of.
    """

    pairs: Floats
    asked: Floats
    right: NDArray[np.bool_]
    gold: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    there: NDArray[np.bool_]
    policy: str


def fitted(questions: Sequence[Question]) -> Weights:
    """The weights that ``questions`` are answered best with.

    What turns scores into probabilities, and from where on none applies, is fitted on answers to questions about
    policies that the weights have not seen: parts of the questions, split by policy.
    """
    scale = spread(questions)
    found = listwise(questions, scale) / scale
    answered = [one for part in answers(questions) for one in part]
    return rounded(found, calibrated(answered))


class Answered(NamedTuple):
    """A question with the scores that it got from weights which had not seen its policy."""

    question: Question
    scores: Floats
    beside: float


def answers(questions: Sequence[Question]) -> Iterator[list[Answered]]:
    """The answers to each part of the questions, from weights fitted on the other parts."""
    names = sorted({one.policy for one in questions})
    part = {name: number % PARTS for number, name in enumerate(names)}
    for number in range(PARTS):
        seen = [one for one in questions if part[one.policy] != number]
        scale = spread(seen)
        weights = listwise(seen, scale) / scale
        yield [answer(one, weights) for one in questions if part[one.policy] == number]


def answer(question: Question, weights: Floats) -> Answered:
    """The scores of a question's rows; a row that the library lacks has the lowest."""
    size = question.pairs.shape[1]
    scores = np.where(question.there, question.pairs @ weights[:size], LOWEST)
    return Answered(question, scores, float(question.asked @ weights[size:]))


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
    flat = pairs.reshape(-1, size)

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = np.where(counted, pairs @ weights[:size], -np.inf)
        beside = asked @ weights[size:]
        total = logsumexp(np.concatenate([scores, beside[:, None]], axis=1), axis=1)
        aimed = np.where(nobody, beside, logsumexp(np.where(right, scores, -np.inf), axis=1, b=1.0))
        share = np.exp(scores - total[:, None])
        share_none = np.exp(beside - total)
        aim = np.where(right, np.exp(scores - np.where(nobody, 0.0, aimed)[:, None]), 0.0)
        pull = (share - aim).ravel() @ flat
        pull_none = (share_none - nobody) @ asked
        value = float((total - aimed).sum()) + PENALTY * len(questions) * float(weights @ weights) / 2
        return value, np.concatenate([pull, pull_none]) + PENALTY * len(questions) * weights

    bounds = [(None, None) if name in FREE else (0.0, HIGHEST) for name in (*TEXT, *PATH, *RESOURCE)]
    bounds += [(None, None)] * (len(scale) - size)
    start = np.full(len(scale), 0.1)
    return np.asarray(
        minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": STEPS}).x
    )


def calibrated(answered: Sequence[Answered]) -> Floats:
    """What turns scores into probabilities, fitted on the policies that are shown."""
    rows, right, weights = [], [], []
    without = sum(not one.question.gold.any() for one in answered)
    rare = UNANSWERED / (1 - UNANSWERED) * (len(answered) - without) / max(without, 1)
    for one in answered:
        best = np.argsort(-one.scores, kind="stable")[:SHOWN]
        rows.append(
            np.array(evidence(one.scores, one.beside, one.question.pairs[:, VIOLATED], best.tolist()))
        )
        right.append(one.question.gold[best])
        weights.append(np.full(len(best), 1.0 if one.question.gold.any() else rare))
    model = LogisticRegression(C=100.0, fit_intercept=False, max_iter=STEPS)
    model.fit(np.concatenate(rows), np.concatenate(right), np.concatenate(weights))
    return np.asarray(model.coef_[0])


def rounded(weights: Floats, calibration: Floats) -> Weights:
    """The model of raw features."""
    parts = np.split(weights, np.cumsum([len(TEXT), len(PATH), len(RESOURCE)]))
    text, path, resource, asked, odds = (
        np.round(part, DECIMALS).astype(np.float32) for part in (*parts, calibration)
    )
    return Weights(text, resource, path, asked, odds)
