"""The listwise weights beside other ways to learn from the same questions (`eval_ranker.py --alternatives`)."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter

import numpy as np
from labelled import labelled_cases
from plain_words import plain_queries
from ranker_cases import Query, Questions, labelled_questions, plain_questions
from ranker_measures import METRICS, Floats, Interval, bootstrap, scored
from ranker_systems import Features, Vectors
from ranker_tables import HEADINGS, WIDTH, cells, figures_of
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from jade_common.reports import write_report
from jade_policy.library import Library
from jade_policy.opa import Engine
from jade_ranker.adapters.embedding import Embedder, open_embedder
from jade_ranker.domain.crosswalk import Crosswalk
from jade_ranker.domain.feature_names import PATH
from jade_ranker.domain.judged import Judged
from jade_ranker.domain.model import Model
from jade_ranker.train.__main__ import questions
from jade_ranker.train.fitting import Question, listwise, spread
from jade_ranker.train.resources import failing_resources

JUDGED = ("labelled_resource", "labelled_text", "labelled_title", "plain")

Score = Callable[[Floats], Floats]
"""Scores of the rows of one question, from their features."""

STEPS = 500
TREES, LEAVES = 300, 15
"""Of the gradient boosting: small trees, for there are some fifty features and a hundred policies."""
SEED = 9


def compare(library: Library, model: Model, opa: Path) -> int:
    """Fit, judge, print and write; nothing is known of any rule."""
    asked = [*labelled_questions(labelled_cases()), plain_questions(plain_queries(), "dev")]
    sets = [one for one in asked if one.name in JUDGED]
    embedder = open_embedder()
    with Engine(library, opa=opa) as engine:
        failing = failing_resources(library, engine)
    figures: dict[str, float | str] = {"model": model.name}
    rows: list[tuple[str, str]] = []
    for extra, computes in (("", None), ("_semantic", embedder)):
        if extra and computes is None:
            continue
        weights = model.semantic if extra and model.semantic is not None else model.plain
        served = np.concatenate([weights.text, weights.path, weights.resource]).astype(np.float64)
        fits = {"served": _weighed(served)}
        train = questions(library, opa, failing, computes)
        for name, fit in FITS.items():
            begin = perf_counter()
            fits[name] = fit(train)
            figures[f"{name}{extra}_fit_seconds"] = round(perf_counter() - begin, 1)
        features = _features(library, opa, computes, sets)
        for one in sets:
            heading = "".join(f"{heading:<{WIDTH}}" for heading in HEADINGS[: len(METRICS)])
            rows.append((f"{one.title}{extra.replace('_', ', ')} ({len(one.queries)})", heading))
            for name, score in fits.items():
                found = _judged(library, one, features, score)
                for metric, interval in zip(METRICS, found, strict=True):
                    figures |= figures_of(f"{one.name}_{metric}", f"{name}{extra}", interval)
                rows.append((f"  {name.replace('_', ' ')}", cells(found)))
    write_report("eval-ranker-alternatives", figures, rows, experiment="ranker")
    return 0


def _features(
    library: Library, opa: Path, embedder: Embedder | None, sets: Sequence[Questions]
) -> Mapping[int, Floats]:
    """Of each question, by its identity, the features of all policies, as the training has them."""
    queries = [query for one in sets for query in one.queries]
    pairs, judged = Features(library, opa, embedder).under(Crosswalk()), Judged(library)
    vectors = None if embedder is None else Vectors(queries, embedder)
    return {id(query): _of(query, pairs.said(query.finding, None if vectors is None else vectors.of(query)).pairs, judged) for query in queries if query.finding is not None}  # fmt: skip


def _of(query: Query, said: np.ndarray, judged: Judged) -> Floats:
    seen = query.seen
    resource = judged.unjudged() if seen is None else judged.of_resource(seen.verdicts, seen.facts)
    path = np.zeros((len(said), len(PATH)))  # these findings name no field
    return np.concatenate([said, path, resource], axis=1, dtype=np.float64)


def _judged(library: Library, one: Questions, features: Mapping[int, Floats], score: Score) -> list[Interval]:
    ids = [policy.id for policy in library.policies for _ in library.constraints_of(policy.id)]
    found = []
    for query in one.queries:
        order = np.argsort(-score(features[id(query)]), kind="stable")
        best = [
            ids[row]
            for row in order
            if query.seen is None or query.seen.verdicts[row].verdict != "not_applicable"
        ]
        found.append(scored(list(dict.fromkeys(best)), query.gold))
    return bootstrap(np.array(found), [query.gold for query in one.queries])


def _listwise(train: Sequence[Question]) -> Score:
    """A softmax over all policies and none; what is served, fitted again."""
    scale = spread(train)
    weights = (listwise(train, scale) / scale)[: train[0].pairs.shape[1]]
    return _weighed(weights)


def _pairwise(train: Sequence[Question]) -> Score:
    """A logistic regression that tells the right policy from each other one, by the difference of their features."""
    differences = np.concatenate(
        [
            (one.pairs[one.right].mean(axis=0) - one.pairs[one.counted & ~one.right]).astype(np.float32)
            for one in train
            if one.right.any()
        ]
    )
    signs = np.where(np.arange(len(differences)) % 2, 1, -1)  # both orders, for there must be two classes
    scale = _scale(differences)
    model = LogisticRegression(fit_intercept=False, max_iter=STEPS)
    model.fit(differences / scale * signs[:, None], signs)
    weights = model.coef_[0] / scale
    return _weighed(weights)


def _pointwise(train: Sequence[Question]) -> Score:
    """A logistic regression that tells right from wrong, each policy by itself."""
    rows, right = _rows(train)
    scale = _scale(rows)
    model = LogisticRegression(max_iter=STEPS)
    model.fit(rows / scale, right)
    weights = model.coef_[0] / scale
    return _weighed(weights)


def _boosted(train: Sequence[Question]) -> Score:
    """Gradient-boosted trees that tell right from wrong, each policy by itself."""
    rows, right = _rows(train)
    model = HistGradientBoostingClassifier(
        max_iter=TREES, max_leaf_nodes=LEAVES, early_stopping=False, random_state=SEED
    )
    model.fit(rows, right)
    return lambda pairs: np.asarray(model.decision_function(pairs.astype(np.float32)), np.float64)


def _rows(train: Sequence[Question]) -> tuple[np.ndarray, np.ndarray]:
    rows = np.concatenate([one.pairs[one.counted].astype(np.float32) for one in train])
    return rows, np.concatenate([one.right[one.counted] for one in train])


def _weighed(weights: Floats) -> Score:
    return lambda pairs: pairs @ weights


def _scale(rows: np.ndarray) -> np.ndarray:
    """How far each feature varies; 1 for one that does not."""
    spreads = rows.std(axis=0)
    return np.where(spreads > 1e-6, spreads, 1.0)


FITS: Mapping[str, Callable[[Sequence[Question]], Score]] = {
    "listwise": _listwise,
    "pairwise": _pairwise,
    "pointwise": _pointwise,
    "boosted": _boosted,
}
