"""Exact tokens, weighed by their rarity."""

import numpy as np
import pytest

from jade_ranker.domain.shares import Tokens

TOKENS = Tokens([{"a", "b"}, {"b"}, {"b", "c"}, set()])


def test_a_rare_token_is_a_larger_share_of_what_is_asked():
    share = TOKENS.share({"a", "b"})
    assert share[0] == pytest.approx(1.0)
    assert share[1] == share[2]
    assert 0 < share[1] < 0.5
    assert share[3] == 0


def test_what_no_document_has_weighs_nothing():
    assert TOKENS.share({"b", "nginx"}).tolist() == [1, 1, 1, 0]
    assert not TOKENS.share({"nginx"}).any()
    assert not TOKENS.share(set()).any()


def test_covered_is_the_share_of_the_documents_own_weight():
    covered = TOKENS.covered({"b", "nginx"})
    assert covered[1] == pytest.approx(1.0)
    assert covered[0] == pytest.approx(covered[2])
    assert 0 < covered[0] < 0.5  # its other token is the rare one
    assert covered[3] == 0
    assert TOKENS.covered({"a", "b", "c"}).tolist() == pytest.approx([1, 1, 1, 0])


def test_shares_do_not_depend_on_the_order_of_what_is_asked():
    tokens = Tokens([{f"t{one}", f"t{other}"} for one in range(20) for other in range(one)])
    names = [f"t{number}" for number in range(20)]
    first = tokens.share(dict.fromkeys(names))
    assert np.array_equal(first, tokens.share(dict.fromkeys(reversed(names))))
    assert np.array_equal(tokens.covered(names), tokens.covered(names[::-1]))


def test_a_token_is_there_or_not():
    assert "a" in TOKENS
    assert "nginx" not in TOKENS
    assert 7 not in TOKENS


def test_no_documents_have_no_shares():
    assert Tokens([]).share({"a"}).shape == (0,)
