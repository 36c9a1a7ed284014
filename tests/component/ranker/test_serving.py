"""The ranker that serves now: another model is another ranker, and meaning is compared from when vectors are there."""

import numpy as np
import pytest
from structlog.testing import capture_logs

from jade_common.tools import find
from jade_policy.library import Library
from jade_policy.policies import Policy, RegoModule
from jade_ranker.adapters.artefact import FEATURES
from jade_ranker.adapters.composing import is_meaning_kept, pairs_of
from jade_ranker.adapters.serving import Always, Learning
from jade_ranker.domain.heuristic import Heuristic
from jade_ranker.domain.model import Model, Weights
from jade_ranker.domain.questions import Finding

SOURCE = 'package p\n\nviolation contains {"msg": "m"} if input.review.object.spec.hostPID\n'
LIBRARY = Library((Policy("p", "P", RegoModule(SOURCE, 1, ("p",), "p.rego"), title="No host processes"),))
FINDING = Finding("t", "", "No host processes")


def weights(value: float) -> Weights:
    return Weights(**{name: np.full(len(names), value, np.float32) for name, names in FEATURES.items()})


FIRST, SECOND = Model("first", weights(1), weights(2)), Model("second", weights(3), weights(4))
WITHOUT = Model("without", weights(1), None)


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def opa():
    return find("opa").path


@pytest.fixture(scope="module")
def pairs(opa, cache):
    return pairs_of(LIBRARY, opa)


class Served:
    """Gives the model that it is told to."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def __call__(self) -> Model:
        return self.model


def model_of(ranker, vector=None):
    return ranker.rank(ranker.unjudged(), ranker.of_text(FINDING, vector), None, top=1, explained=False).model


def test_the_ranker_is_the_same_until_the_model_is_another(pairs):
    served = Served(FIRST)
    rankers = Learning(LIBRARY, pairs, served)
    first = rankers.current()
    assert rankers.current() is first
    assert model_of(first) == "learned-first"
    served.model = SECOND
    second = rankers.current()
    assert second is not first
    assert rankers.current() is second
    assert model_of(second) == "learned-second"
    assert model_of(first) == "learned-first", "who has it may go on with it"


async def test_vectors_are_asked_for_where_they_are_of_use_alone(pairs, vectors, embedder, opa):
    served = Served(WITHOUT)
    rankers = Learning(LIBRARY, pairs, served, vectors)
    assert await rankers.vectors(["a"], wait=True) == {}, "policies have no vectors yet"
    await rankers.deepen(opa, embedder)
    asked = len(embedder.asked)
    assert await rankers.vectors(["a"], wait=True) == {}, "the model weighs no meaning"
    assert len(embedder.asked) == asked
    served.model = FIRST
    rankers.current()
    assert set(await rankers.vectors(["a"], wait=True)) == {"a"}
    assert await Learning(LIBRARY, pairs, served).vectors(["a"], wait=True) == {}


async def test_meaning_is_compared_from_when_the_librarys_vectors_are_there(pairs, vectors, embedder, opa):
    rankers = Learning(LIBRARY, pairs, Served(FIRST), vectors)
    before = rankers.current()
    vector = embedder.vectors(["No host processes"])[0]
    assert model_of(before, vector) == "learned-first"
    with capture_logs() as logs:
        await rankers.deepen(opa, embedder)
    assert [(entry["event"], entry["policies"]) for entry in logs] == [("meaning_compared", 1)]
    after = rankers.current()
    assert after is not before
    assert model_of(after, vector) == "learned-first+semantic"
    assert model_of(after) == "learned-first"


async def test_vectors_that_are_there_are_compared_by_from_the_start(
    vectors, embedder, opa, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert not is_meaning_kept(LIBRARY, embedder)
    pairs_of(LIBRARY, opa, embedder)
    assert is_meaning_kept(LIBRARY, embedder)
    rankers = Learning(LIBRARY, pairs_of(LIBRARY, opa, embedder), Served(FIRST), vectors)
    first = rankers.current()
    assert model_of(first, embedder.vectors(["x"])[0]) == "learned-first+semantic"
    await rankers.deepen(opa, embedder)
    assert rankers.current() is first, "what it made of resources and texts stays"


async def test_a_model_that_comes_meanwhile_is_the_one_that_is_deepened(
    pairs, vectors, embedder, opa, monkeypatch
):
    served = Served(FIRST)
    rankers = Learning(LIBRARY, pairs, served, vectors)

    def slowly(library, path, model):
        served.model = SECOND
        rankers.current()
        return pairs_of(library, path, model)

    monkeypatch.setattr("jade_ranker.adapters.serving.pairs_of", slowly)
    await rankers.deepen(opa, embedder)
    assert model_of(rankers.current(), embedder.vectors(["x"])[0]) == "learned-second+semantic"


async def test_the_bus_waits_no_longer_than_its_limit_and_who_has_time_waits(pairs, vectors, embedder, opa):
    rankers = Learning(LIBRARY, pairs, Served(FIRST), vectors, limit_seconds=0.001)
    await rankers.deepen(opa, embedder)
    embedder.may_compute.clear()
    assert await rankers.vectors(["late"], wait=False) == {}
    embedder.may_compute.set()
    assert set(await rankers.vectors(["late"], wait=True)) == {"late"}
    assert set(await rankers.vectors(["late"], wait=False)) == {"late"}


async def test_one_ranker_for_ever_knows_no_meaning():
    heuristic = Heuristic(LIBRARY)
    rankers = Always(heuristic)
    assert rankers.current() is heuristic
    assert await rankers.vectors(["a"], wait=True) == {}
