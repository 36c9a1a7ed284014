"""Pieces of three to five letters: misspellings and concatenations meet."""

from collections import Counter
from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jade_ranker.domain.ngrams import BUCKETS, Ngrams, plain

NAMES = [
    "Deny privileged containers",
    "Deny host namespaces",
    "Require a read-only root filesystem",
    "Require a liveness probe",
    "Deny the latest tag",
    "Require NetworkPolicies",
]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("PrivilegedContainers", 0),
        ("privileged-container", 0),
        ("priviledged contianers", 0),
        ("hostnamespace", 1),
        ("host_name_spaces", 1),
        ("readOnlyRootfs", 2),
        ("livenessprobe missing", 3),
        ("livness-prob", 3),
        ("latesttag", 4),
        ("netwrok-policy", 5),
    ],
)
def test_misspelt_and_joined_names_find_theirs(text, name):
    assert Ngrams(NAMES).scores(text).argmax() == name


def test_spelling_makes_no_difference():
    index = Ngrams(NAMES)
    same = [
        index.scores(text)
        for text in ("privileged-container", "PrivilegedContainer", "KSV-0017 privileged_container")
    ]
    assert np.array_equal(same[0], same[1])
    assert np.array_equal(same[0], same[2])


def reference(documents, query):
    def pieces(text):
        letters = plain(text)
        return Counter(letters[i : i + n] for n in (3, 4, 5) for i in range(len(letters) - n + 1))

    held = [pieces(document) for document in documents]

    def vector(counts):
        idf = {p: log((1 + len(held)) / (1 + sum(p in each for each in held))) + 1 for p in counts}
        weights = {p: (1 + log(n)) * idf[p] for p, n in counts.items()}
        norm = sqrt(sum(w * w for w in weights.values())) or 1
        return {p: w / norm for p, w in weights.items()}

    asked = vector(pieces(query))
    return [sum(w * asked.get(p, 0) for p, w in vector(each).items()) for each in held]


@given(
    st.lists(st.sampled_from([*NAMES, "", "ab", "host network"]), max_size=6),
    st.sampled_from([*NAMES, "host path", "x"]),
)
def test_scores_are_the_cosines(documents, query):
    scores = Ngrams(documents).scores(query)
    assert scores.shape == (len(documents),)
    assert scores.dtype == np.float32
    assert scores == pytest.approx(reference(documents, query), abs=0.02)  # what shares a bucket by chance


@given(st.text(), st.lists(st.text(), max_size=4))
def test_any_text_has_scores_from_nought_to_one(text, documents):
    scores = Ngrams(documents).scores(text)
    assert np.all((scores >= 0) & (scores <= 1 + 1e-5))


def test_scores_do_not_depend_on_the_process():
    assert Ngrams(["host network"]).scores("hostNetwork policy")[0] == pytest.approx(0.5634, abs=1e-3)


def test_buckets_are_a_power_of_two():
    assert BUCKETS & (BUCKETS - 1) == 0
