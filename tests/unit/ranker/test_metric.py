"""What tells concepts apart counts; what merely varies between ways to say one does not."""

import numpy as np
import pytest

from jade_ranker.domain.metric import DIMENSIONS, Metric
from jade_ranker.domain.semantics import Meanings, Text
from jade_ranker.domain.thesaurus import Concept, Thesaurus

WIDTH, CONCEPTS, PHRASES = 160, 140, 4


@pytest.fixture(scope="module")
def spoken():
    """Concepts whose phrases differ most in one direction, which says nothing of what they mean."""
    chance = np.random.default_rng(3)
    concepts, vectors = [], {}
    for number in range(CONCEPTS):
        middle = chance.normal(size=WIDTH)
        said = tuple(f"phrase {number} {one}" for one in range(PHRASES))
        concepts.append(Concept(f"concept-{number}", "a thing", said))
        for phrase in said:
            found = middle + 0.3 * chance.normal(size=WIDTH)
            found[0] = 60 * chance.normal()
            vectors[phrase] = (found / np.linalg.norm(found)).astype(np.float32)
    return Thesaurus(concepts), vectors


def own_first(vectors, of):
    """How often another phrase of its own concept is the nearest to a phrase."""
    names = [name.split()[1] for name in vectors]
    rows = of(np.stack(list(vectors.values())))
    near = rows @ rows.T - 2 * np.eye(len(rows))
    return np.mean([names[place] == own for place, own in zip(near.argmax(axis=1), names, strict=True)])


def test_ways_to_say_a_thing_come_together(spoken):
    thesaurus, vectors = spoken
    metric = Metric.fitted(thesaurus, vectors)
    assert own_first(vectors, lambda rows: rows) < 0.75
    assert own_first(vectors, metric.of) > 0.95


def test_vectors_have_the_length_of_one(spoken):
    thesaurus, vectors = spoken
    metric = Metric.fitted(thesaurus, vectors)
    found = metric.of(np.stack(list(vectors.values())))
    assert found.shape == (CONCEPTS * PHRASES, DIMENSIONS)
    assert found.dtype == np.float32
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)
    assert not metric.of(metric.middle).any()


def test_the_same_phrases_give_the_same_metric(spoken):
    first, second = Metric.fitted(*spoken), Metric.fitted(*spoken)
    assert first.turn.tobytes() == second.turn.tobytes()
    assert first.middle.tobytes() == second.middle.tobytes()


def test_of_few_concepts_nothing_is_learned(spoken):
    thesaurus, vectors = spoken
    few = Thesaurus(list(thesaurus.concepts.values())[:DIMENSIONS])
    assert Metric.fitted(few, vectors) is None
    assert Metric.fitted(thesaurus, {}) is None


def test_texts_are_compared_through_it(spoken):
    thesaurus, vectors = spoken
    metric = Metric.fitted(thesaurus, vectors)
    texts = [Text(0, frozenset({"name"}), "phrase 0 0"), Text(1, frozenset({"name"}), "phrase 1 0")]
    plain = Meanings(texts, np.stack([vectors[one.text] for one in texts]))
    asked = vectors["phrase 0 1"]
    found = plain.through(metric).similarities(metric.of(asked))
    assert found[0] > 0.5 > found[1]
    assert plain.similarities(asked)[0] != pytest.approx(found[0])
