"""How sure a link is: kinds of evidence that agree make it surer, one alone does not; and the page's table is fresh."""

import crosswalk_page
import pytest
from confidence import REPORT, confidences, together
from evidence import Evidence
from hypothesis import given
from hypothesis import strategies as st
from measures import Counts, wilson

from jade_ranker.adapters.crosswalk import own_crosswalk

DOCUMENTS = st.integers(0, 300)


def of(evidence, policy="a"):
    return confidences(evidence).get(policy, 0.0)


@given(kinds=st.lists(st.floats(0, 0.9), min_size=1, max_size=4), more=st.floats(0, 0.9))
def test_kinds_that_agree_make_surer_than_the_surest_alone_and_never_certain(kinds, more):
    now = together(*kinds)
    assert max(kinds) - 1e-9 <= now < 1
    assert now - 1e-9 <= together(*kinds, more) < 1
    assert together(more, more) > more or more < 1e-9


@given(both=DOCUMENTS, rule=DOCUMENTS, policy=DOCUMENTS, neither=DOCUMENTS)
def test_more_agreement_makes_surer_and_more_difference_less_sure(both, rule, policy, neither):
    one = Counts(both, rule, policy, neither)
    assert 0 <= one.sure <= max(one.mcc, 0.0) + 1e-9
    assert Counts(both + 1, rule, policy, neither + 1).sure >= one.sure - 1e-9
    assert Counts(both, rule + 1, policy + 1, neither).sure <= one.sure + 1e-9


@given(hits=st.integers(0, 100), total=st.integers(1, 100))
def test_wilsons_lower_end_is_below_the_share_and_rises_with_the_number(hits, total):
    hits = min(hits, total)
    assert 0 <= wilson(hits, total) <= hits / total + 1e-12
    assert wilson(10 * hits, 10 * total) >= wilson(hits, total) - 1e-12


def test_a_rule_that_fails_everything_says_nothing_for_a_policy_that_does():
    assert confidences(Evidence(counts={"a": Counts(80, 0, 0, 0), "b": Counts(80, 0, 0, 0)})) == {}


def test_a_rule_that_fails_everything_does_where_both_name_the_same_field():
    counts = {"a": Counts(80, 0, 0, 0), "b": Counts(80, 0, 0, 0)}
    found = Evidence(counts=counts, named=80, same_field={"a": 80.0})
    assert of(found) > 0.4
    assert of(found, "b") == 0


def test_a_rival_takes_its_share():
    alone = {"a": Counts(40, 0, 0, 40), "b": Counts(20, 20, 20, 20)}
    tied = {"a": Counts(40, 0, 0, 40), "b": Counts(40, 0, 0, 40)}
    assert of(Evidence(counts=tied)) == of(Evidence(counts=tied), "b") < of(Evidence(counts=alone))


def test_a_pair_in_which_one_flips_says_more_than_one_in_which_many_do():
    one, two = frozenset({"a"}), frozenset({"a", "b"})
    assert of(Evidence(pairs=[one])) > of(Evidence(pairs=[two])) > 0
    assert of(Evidence(pairs=[one, one])) > of(Evidence(pairs=[one])) > of(Evidence(pairs=[one, frozenset()]))
    assert of(Evidence(pairs=[one, two])) > of(Evidence(pairs=[two, two]))


def test_fixtures_and_a_report_that_agree_make_surer_than_each_alone():
    pair, counts = [frozenset({"a"})], {"a": Counts(40, 0, 0, 40)}
    both = of(Evidence(pairs=pair, counts=counts))
    assert both > of(Evidence(pairs=pair))
    assert both > of(Evidence(counts=counts))


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(counts={"a": Counts(40, 0, 0, 40)}),
        Evidence(counts={"a": Counts(80, 0, 0, 0)}, named=80, same_field={"a": 80.0}),
    ],
)
def test_one_kind_of_a_report_alone_is_never_more_than_half_sure(evidence):
    assert 0.4 < of(evidence) <= REPORT


def test_words_link_nothing_and_tell_apart_what_always_comes_together():
    assert confidences(Evidence(words={"a": 0.9})) == {}
    tied = {"a": Counts(40, 0, 0, 40), "b": Counts(40, 0, 0, 40)}
    told = Evidence(counts=tied, words={"a": 0.7, "b": 0.2, "c": 0.9})
    assert of(told) > of(Evidence(counts=tied)) > of(told, "b")
    assert of(told, "c") == 0


def test_a_field_that_is_looked_at_does_not_outweigh_verdicts_and_words_that_agree():
    """A rule about how an image is pulled looks at the image, as a rule about digests does."""
    counts = {"digest": Counts(24, 0, 12, 0), "pull": Counts(24, 0, 2, 10)}
    found = Evidence(
        counts=counts, named=24, same_field={"digest": 22.3}, words={"digest": 0.19, "pull": 0.66}
    )
    assert of(found, "pull") > 2 * of(found, "digest")


def test_the_table_on_the_page_is_that_of_the_file():
    page = crosswalk_page.PAGE.read_text("utf-8")
    assert crosswalk_page.with_table(page, own_crosswalk()) == page, (
        "docs/crosswalk.md is stale: make crosswalk"
    )
    with pytest.raises(ValueError, match="marks"):
        crosswalk_page.with_table("no place", own_crosswalk())
