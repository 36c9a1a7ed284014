"""Scores as probabilities, and weights of the right form."""

import numpy as np
import pytest

from jade_ranker.domain.feature_names import ASKED, PATH, RESOURCE, TEXT
from jade_ranker.domain.model import CALIBRATED, Model, Weights, probabilities

SIZES = {
    "text": len(TEXT),
    "resource": len(RESOURCE),
    "path": len(PATH),
    "asked": len(ASKED),
    "calibration": len(CALIBRATED),
}
GOOD = Weights(**{name: np.ones(size, np.float32) for name, size in SIZES.items()})
SCORES = np.array([-3.0, 4.0, 0.0, 2.5, 2.5])
NOT_VIOLATED = np.zeros(5)


def likely(weights=GOOD, scores=SCORES, beside=0.0, violated=NOT_VIOLATED, shown=range(5)):
    return np.array(probabilities(weights, scores, beside, violated, list(shown)))


def test_weights_of_the_right_form_pass():
    GOOD.check()


@pytest.mark.parametrize("name", SIZES)
def test_weights_of_another_length_are_refused_by_name(name):
    wrong = GOOD._replace(**{name: np.ones(SIZES[name] + 1, np.float32)})
    with pytest.raises(
        ValueError, match=rf"{name} has the shape \({SIZES[name] + 1},\).* {SIZES[name]} features"
    ):
        wrong.check()


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weights_that_are_no_numbers_are_refused_by_name(name, value):
    wrong = getattr(GOOD, name).copy()
    wrong[-1] = value
    with pytest.raises(ValueError, match=f"{name} holds what is no number"):
        GOOD._replace(**{name: wrong}).check()


def test_weights_of_another_shape_are_refused():
    with pytest.raises(ValueError, match="path has the shape"):
        GOOD._replace(path=np.ones((1, len(PATH)), np.float32)).check()


def test_a_higher_score_is_likelier_and_equal_ones_are_equal():
    found = likely()
    order = np.argsort(SCORES, kind="stable")
    assert (np.diff(found[order]) >= 0).all()
    assert found[3] == found[4]
    assert found[1] == found.max()
    assert ((found > 0) & (found < 1)).all()


def test_the_more_speaks_for_none_the_less_likely_is_each():
    before = likely(beside=-5.0)
    for beside in (-1.0, 0.0, 3.0, 9.0):
        after = likely(beside=beside)
        assert (after < before).all()
        before = after


def test_only_those_that_are_shown_are_computed_and_they_are_the_same():
    assert likely(shown=[3, 1]).tolist() == likely()[[3, 1]].tolist()
    assert likely(shown=[]).shape == (0,)


def test_what_the_resource_violates_is_likelier_by_its_own_weight():
    violated = np.array([0.0, 0, 1, 0, 0])
    assert likely(violated=violated)[2] > likely()[2]
    assert likely(violated=violated)[1] == likely()[1]


@pytest.mark.parametrize("height", [50.0, 1e4, -1e4])
def test_no_score_is_too_large(height):
    found = likely(scores=SCORES + height)
    assert np.isfinite(found).all()
    assert (found[1] > 0.99) == (height > 0)


def test_a_library_without_policies_has_no_probabilities():
    assert likely(scores=np.zeros(0), violated=np.zeros(0), shown=[]).shape == (0,)


def test_a_model_is_called_by_its_version():
    assert Model("0123456789ab", GOOD, None).name == "learned-0123456789ab"
