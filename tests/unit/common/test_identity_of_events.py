"""Derived ids: the same cause gives the same id, another cause another."""

from hypothesis import given
from hypothesis import strategies as st

from jade_common.identity import canonical, derived_id


@given(
    st.lists(st.text(max_size=8), min_size=1, max_size=4),
    st.lists(st.text(max_size=8), min_size=1, max_size=4),
)
def test_ids_differ_where_parts_differ(left, right):
    assert (derived_id(*left) == derived_id(*right)) == (left == right)


def test_canonical_form_does_not_depend_on_order():
    assert canonical({"b": 1, "a": {"d": 2, "c": 3}}) == canonical({"a": {"c": 3, "d": 2}, "b": 1})
