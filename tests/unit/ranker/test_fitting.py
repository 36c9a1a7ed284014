"""The fit: it finds what made the answers, turns nothing around, and gives the same weights again."""

import numpy as np
import pytest

from jade_ranker.domain.feature_names import ASKED, PATH, RESOURCE, TEXT
from jade_ranker.train.fitting import (
    FREE,
    HIGHEST,
    Question,
    answers,
    calibrated,
    fitted,
    listwise,
    spread,
)

NAMES = (*TEXT, *PATH, *RESOURCE)
ROWS = 6
TRUE = {"words of its name": 6.0, "concepts": 3.0, "violated": 2.0, "passed": -2.0}
WEIGHTS = np.array([TRUE.get(name, 0.0) for name in NAMES])
NONE = 4.0
"""What speaks for none: a policy must say more than that."""


def questions(number, seed=0, *, noise=0.0, turned=""):
    """Questions whose right answer is drawn by the likelihood that the true weights give it."""
    chance = np.random.default_rng(seed)
    made = []
    for _ in range(number):
        pairs = np.zeros((ROWS, len(NAMES)))
        for name in TRUE:
            pairs[:, NAMES.index(name)] = chance.random(ROWS)
        pairs[:, NAMES.index("spelling of its name")] = chance.random(ROWS)  # says nothing
        asked = np.zeros(len(ASKED))
        asked[0] = 1.0
        scores = np.append(pairs @ WEIGHTS, NONE)
        likely = np.exp(scores - scores.max()) + noise
        winner = chance.choice(ROWS + 1, p=likely / likely.sum())
        right = np.arange(ROWS) == winner
        if turned:
            pairs[:, NAMES.index(turned)] = chance.random(ROWS) * ~right  # speaks against whoever is right
        counted, there = np.ones((2, ROWS), bool)
        made.append(Question(pairs, asked, right, right.copy(), counted, there, f"p{winner}-{len(made) % 8}"))
    return made


@pytest.fixture(scope="module")
def learned():
    return fitted(questions(1_500))


def weight(weights, name):
    part, names = next(
        (array, names)
        for array, names in ((weights.text, TEXT), (weights.path, PATH), (weights.resource, RESOURCE))
        if name in names
    )
    return float(part[names.index(name)])


def test_weights_that_made_the_answers_are_found(learned):
    assert weight(learned, "words of its name") == pytest.approx(6.0, rel=0.25)
    assert weight(learned, "concepts") == pytest.approx(3.0, rel=0.35)
    assert weight(learned, "violated") == pytest.approx(2.0, rel=0.4)
    assert weight(learned, "passed") == pytest.approx(-2.0, rel=0.4)
    assert weight(learned, "spelling of its name") < 0.7
    assert learned.asked[0] == pytest.approx(
        NONE, rel=0.35
    )  # the penalty draws all in, and this is never scaled


def test_a_model_of_them_has_the_right_form_and_few_decimals(learned):
    learned.check()
    for part in learned:
        assert part.dtype == np.float32
        assert np.allclose(part, np.round(part.astype(np.float64), 3), atol=1e-6)


def test_probabilities_are_about_as_often_right_as_they_say(learned):
    from jade_ranker.domain.model import probabilities

    said, was = [], []
    for one in questions(600, seed=7):
        parts = np.concatenate([learned.text, learned.path, learned.resource])
        scores = one.pairs @ parts
        beside = float(one.asked @ learned.asked)
        violated = one.pairs[:, NAMES.index("violated")]
        said += probabilities(learned, scores, beside, violated, list(range(ROWS)))
        was += one.right.tolist()
    said, was = np.array(said), np.array(was)
    for low in (0.0, 0.2, 0.4, 0.6):
        band = (said >= low) & (said < low + 0.2)
        assert said[band].mean() == pytest.approx(was[band].mean(), abs=0.1)


@pytest.mark.parametrize("turned", ["meaning", "known rule", PATH[0], "severity", "one of few violated"])
def test_nothing_that_speaks_for_a_policy_is_turned_around(turned):
    weights = fitted(questions(200, seed=3, turned=turned))
    assert weight(weights, turned) == 0.0
    for name in set(NAMES) - FREE:
        assert weight(weights, name) >= 0.0


def test_what_examples_never_contradict_does_not_grow_without_end():
    found = questions(200, seed=4)
    for one in found:
        one.pairs[:, NAMES.index("meaning")] = one.right
    scale = spread(found)
    scaled = listwise(found, scale)
    assert scaled[: len(NAMES)].max() <= HIGHEST


def test_the_same_questions_give_the_same_weights_bit_for_bit():
    first, second = (fitted(questions(150, seed=5)) for _ in range(2))
    assert [part.tobytes() for part in first] == [part.tobytes() for part in second]


def test_who_is_right_as_well_is_neither_right_nor_wrong():
    """A row that does not count may say whatever it likes."""
    base, odd = questions(150, seed=6), questions(150, seed=6)
    for one in (*base, *odd):
        one.counted[0] = False
        one.right[0] = False
    for one in odd:
        one.pairs[0] = 1.0
    assert np.array_equal(spread(base), spread(odd))
    # What is shown when probabilities are fitted does see it, so weights alone are compared.
    assert np.allclose(listwise(base, spread(base)), listwise(odd, spread(odd)), atol=1e-6)


def test_each_question_is_answered_by_weights_that_have_not_seen_its_policy(monkeypatch):
    from jade_ranker.train import fitting

    seen = []

    def watched(some, scale):
        seen.append({one.policy for one in some})
        return np.zeros(len(scale))

    monkeypatch.setattr(fitting, "listwise", watched)
    found = questions(80, seed=8)
    parts = list(answers(found))
    assert sorted(id(one.question) for part in parts for one in part) == sorted(map(id, found))
    for part, policies in zip(parts, seen, strict=True):
        assert policies.isdisjoint({one.question.policy for one in part})


def test_a_row_that_the_library_lacks_is_never_among_the_best():
    found = questions(60, seed=9)
    for one in found:
        one.there[2] = one.counted[2] = one.right[2] = False
    for part in answers(found):
        for one in part:
            assert one.scores.argmin() == 2


def test_probabilities_do_not_hang_on_how_many_examples_have_no_answer():
    answered = [one for part in answers(questions(300, seed=5)) for one in part]
    without = [one for one in answered if not one.question.gold.any()]
    assert 0 < len(without) < len(answered)
    assert calibrated([*answered, *without]) == pytest.approx(calibrated(answered), abs=0.01)
    assert calibrated([one for one in answered if one.question.gold.any()])[0] > calibrated(answered)[0]
