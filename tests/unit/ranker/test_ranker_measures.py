"""The measures of the ranker's evaluation, against values that were computed by hand."""

from itertools import permutations
from math import log2

import numpy as np
import pytest
from ranker_measures import (
    METRICS,
    Abstention,
    Bin,
    abstention,
    best_abstention,
    bootstrap,
    by_chance,
    ece,
    higher,
    recalls,
    reliability,
    scored,
)


def named(values):
    return dict(zip(METRICS, values, strict=True))


def test_the_right_policy_in_the_second_place():
    found = named(scored(["a", "b", "c", "d", "e", "f"], {"b"}))
    assert found == {
        "hit_at_1": 0,
        "hit_at_5": 1,
        "ndcg_at_5": pytest.approx(1 / log2(3)),
        "mrr": 0.5,
        "precision_at_3": pytest.approx(1 / 3),
        "precision_at_5": 0.2,
    }


def test_several_right_policies_share_the_best_places():
    found = named(scored(["a", "x", "b", "y", "z"], {"a", "b"}))
    assert found["hit_at_1"] == 1
    assert found["ndcg_at_5"] == pytest.approx((1 + 1 / 2) / (1 + 1 / log2(3)))
    assert found["precision_at_3"] == pytest.approx(2 / 3)
    assert named(scored(["a", "b", "x"], {"a", "b"}))["ndcg_at_5"] == 1


def test_more_right_policies_than_are_shown_can_still_be_perfect():
    order = list("abcdefg")
    assert named(scored(order, set(order)))["ndcg_at_5"] == 1


def test_what_is_behind_the_fifth_place_counts_for_mrr_only():
    found = named(scored(["1", "2", "3", "4", "5", "right"], {"right"}))
    assert found.pop("mrr") == pytest.approx(1 / 6)
    assert set(found.values()) == {0}


def test_what_is_not_ranked_is_never_reached():
    assert set(scored(["a", "b"], {"c"})) == {0}


@pytest.mark.parametrize(("candidates", "gold"), [(1, 1), (3, 1), (6, 1), (6, 2), (7, 3), (4, 4)])
def test_chance_is_the_mean_over_all_orders(candidates, gold):
    ids = [str(number) for number in range(candidates)]
    every = np.array([scored(order, set(ids[:gold])) for order in permutations(ids)])
    assert by_chance(candidates, gold) == pytest.approx(tuple(every.mean(axis=0)))


def test_recall_of_the_violated_set():
    order = ["v1", "x", "v2", "x2", "x3", "v3", "x4"]
    assert recalls(order, {"v1", "v2", "v3"}) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert recalls(["v1", "x"], {"v1"}) == (1, 1)


def test_paired_order_counts_places_and_ties_half():
    assert higher(["a", "b", "c"], ["b", "c", "a"], "a") == 1
    assert higher(["b", "c", "a"], ["a", "b", "c"], "a") == 0
    assert higher(["b", "a"], ["c", "a"], "a") == 0.5


def test_one_policy_that_many_queries_are_about_makes_an_interval_wide():
    many, others = [{"often"}] * 50, [{f"p{number}"} for number in range(50)]
    values = np.array([[1.0]] * 50 + [[0.0]] * 50)
    (by_policy,) = bootstrap(values, [*many, *others])
    (by_row,) = bootstrap(values, [{str(number)} for number in range(100)])
    assert by_policy.value == by_row.value == 0.5
    assert by_row.high - by_row.low == pytest.approx(0.196, abs=0.03)  # 2 * 1.96 * sqrt(0.25 / 100)
    assert by_policy.low == 0  # "often" is not drawn in a third of the resamples
    assert by_policy.high > 0.7


def test_what_is_always_right_has_no_interval_and_all_metrics_are_resampled_at_once():
    found = bootstrap(np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 0.0]]), [{"a", "b"}, {"b"}, {"c"}])
    assert tuple(found[0]) == (1, 1, 1)
    assert found[1].value == pytest.approx(1 / 3)
    assert found[1].low < 1 / 3 < found[1].high


def test_a_query_about_two_policies_counts_half_for_each():
    # Drawn are a or b, each twice in four: weights (1, 0), (0.5, 0.5) or (0, 1) on values (1, 0).
    (found,) = bootstrap(np.array([[1.0], [0.0]]), [{"a"}, {"a", "b"}])
    assert (found.low, found.high) == (0, pytest.approx(2 / 3))


def test_reliability_and_ece():
    curve = reliability([0.05, 0.15, 0.15, 1.0, 0.95], [False, True, False, True, True])
    assert curve == [Bin(0.05, 0, 1), Bin(0.15, 0.5, 2), Bin(0.975, 1, 2)]
    assert ece(curve) == pytest.approx((0.05 * 1 + 0.35 * 2 + 0.025 * 2) / 5)
    assert ece([]) == 0


def test_abstention():
    found = abstention([True, True, True, False, False], [True, True, False, True, False])
    assert found == Abstention(pytest.approx(2 / 3), pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert abstention([False, False], [True, False]) == Abstention(0, 0, 0)


def test_the_best_threshold_is_found_and_equal_scores_stay_together():
    assert best_abstention([0.9, 0.8, 0.2], [True, True, False]) == Abstention(1, 1, 1)
    assert best_abstention([0.5, 0.5, 0.5, 0.5], [True, False, False, False]).f1 == pytest.approx(0.4)
    assert best_abstention([0.1, 0.9], [True, False]).f1 == pytest.approx(2 / 3)  # all are said to be none
