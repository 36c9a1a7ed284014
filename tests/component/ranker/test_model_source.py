"""Which model is served: the one that is asked for, swapped while serving, and the last good one when it is bad."""

import shutil

import numpy as np
import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from jade_ranker.adapters.artefact import FEATURES, MANIFEST, ModelError, write_model
from jade_ranker.adapters.model_source import KEPT, LOOK_SECONDS, ModelSource
from jade_ranker.domain.model import Weights
from jade_ranker.settings import RankerSettings


def weights(value: float) -> Weights:
    return Weights(**{name: np.full(len(names), value, np.float32) for name, names in FEATURES.items()})


class Place:
    """Folders of a packaged model (0) and of a given one (1), a clock, and what a source says."""

    def __init__(self, folder):
        self.given, self.packaged, self.state = folder / "given", folder / "packaged", folder / "state"
        self.now = 0.0
        self.registry = CollectorRegistry()
        write_model(self.packaged, weights(0))
        write_model(self.given, weights(1), weights(2))

    def source(self, path="given", state="state") -> ModelSource:
        self.registry = CollectorRegistry()
        given = None if path is None else getattr(self, path)
        kept = None if state is None else self.state
        return ModelSource(given, self.packaged, kept, registry=self.registry, clock=lambda: self.now)

    def later(self, source):
        self.now += LOOK_SECONDS
        return source.current()

    def served(self) -> list[tuple[str, str]]:
        return [
            (sample.labels["version"], sample.labels["origin"])
            for family in self.registry.collect()
            for sample in family.samples
            if sample.name == "jade_ranker_model_info" and sample.value == 1
        ]

    def rejected(self) -> float:
        return self.registry.get_sample_value("jade_ranker_model_rejected_total")


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_without_a_given_model_the_packaged_one_is_served(place):
    model = place.source(None).current()
    assert (model.plain.text[0], model.semantic, model.origin) == (0, None, "packaged")
    assert place.served() == [(model.version, "packaged")]
    assert not place.state.exists()


def test_a_given_model_is_served_and_copied(place):
    source = place.source()
    model = source.current()
    assert (model.plain.text[0], model.semantic.text[0], model.origin) == (1, 2, "JADE_RANKER_MODEL")
    assert place.served() == [(model.version, "JADE_RANKER_MODEL")]
    assert source.problem() is None
    assert place.rejected() == 0
    for path in place.given.iterdir():
        assert (place.state / KEPT / path.name).read_bytes() == path.read_bytes()


def test_another_model_is_taken_while_serving_at_most_once_a_second(place):
    source = place.source()
    first = source.current()
    write_model(place.given, weights(3))
    place.now += LOOK_SECONDS / 2
    assert source.current() is first
    with capture_logs() as logs:
        second = place.later(source)
    assert (second.plain.text[0], second.semantic) == (3, None)
    assert [entry["event"] for entry in logs] == ["model_taken"]
    assert place.served() == [(second.version, "JADE_RANKER_MODEL")]
    assert place.later(source) is second
    assert not (place.state / KEPT / "semantic.npz").exists()


def test_nothing_is_read_while_the_files_stay_as_they_are(place, monkeypatch):
    source = place.source()
    monkeypatch.setattr("jade_ranker.adapters.model_source.read_files", lambda _: pytest.fail("was read"))
    for _ in range(5):
        place.later(source)


def test_whatever_order_a_model_is_copied_in_it_is_taken_in_the_end(place, tmp_path):
    source = place.source()
    write_model(tmp_path / "new", weights(5), weights(6))
    for name in (MANIFEST, "plain.npz", "semantic.npz"):
        shutil.copy(tmp_path / "new" / name, place.given / name)
        model = place.later(source)
    assert model.plain.text[0] == 5
    assert source.problem() is None


def truncated(place):
    path = place.given / "plain.npz"
    path.write_bytes(path.read_bytes()[:-9])


def gone(place):
    shutil.rmtree(place.given)


def of_another_format(place):
    path = place.given / MANIFEST
    path.write_text(path.read_text().replace('"format": 1', '"format": 2'))


BAD = pytest.mark.parametrize("spoil", [truncated, gone, of_another_format])


@BAD
def test_a_model_that_turns_bad_leaves_the_last_good_one_serving(place, spoil):
    source = place.source()
    good = source.current()
    spoil(place)
    with capture_logs() as logs:
        model = place.later(source)
        place.later(source)
    assert (model.version, model.plain, model.origin) == (good.version, good.plain, "last good")
    assert [(entry["event"], entry["serving"]) for entry in logs] == [("model_rejected", good.version)]
    assert place.rejected() == 1
    assert place.served() == [(good.version, "last good")]
    assert good.version in source.problem()
    assert str(place.given) in source.problem()
    write_model(place.given, weights(4))
    assert place.later(source).plain.text[0] == 4
    assert source.problem() is None


def test_a_reason_is_logged_once_until_a_model_is_good_again(place):
    source = place.source()
    events = []
    for round_ in range(2):
        for size in (10, 20):  # another damage each time, of one description
            (place.given / "plain.npz").write_bytes(b"x" * size)
            with capture_logs() as logs:
                place.later(source)
            events += [entry["event"] for entry in logs]
        write_model(place.given, weights(round_))
        place.later(source)
    assert events == ["model_rejected"] * 2
    assert place.rejected() == 4


@BAD
def test_after_a_restart_the_copy_of_the_last_good_one_is_served(place, spoil):
    good = place.source().current()
    spoil(place)
    with capture_logs() as logs:
        source = place.source()
    model = source.current()
    assert (model.version, model.origin) == (good.version, "last good")
    assert np.array_equal(model.semantic.text, good.semantic.text)
    assert [entry["event"] for entry in logs] == ["model_rejected"]
    assert place.rejected() == 1
    assert "last good" in source.problem()
    write_model(place.given, weights(7))
    assert place.later(source).origin == "JADE_RANKER_MODEL"


@BAD
@pytest.mark.parametrize("state", ["state", None])
def test_where_none_was_ever_good_the_packaged_one_is_served_and_says_so(place, spoil, state):
    spoil(place)
    source = place.source(state=state)
    assert source.current().origin == "packaged"
    assert source.current().version in source.problem()
    assert place.rejected() == 1


def test_a_copy_that_is_of_no_use_any_more_is_passed_over(place):
    place.source()
    for folder in (place.given, place.state / KEPT):
        path = folder / MANIFEST
        path.write_text(path.read_text().replace('"path": [', '"path": ["another",'))
    with capture_logs() as logs:
        source = place.source()
    assert source.current().origin == "packaged"
    assert [entry["event"] for entry in logs] == ["last_good_model_not_usable", "model_rejected"]
    assert "another" in source.problem()


def test_a_state_folder_that_cannot_be_written_costs_only_the_copy(place):
    place.state.write_text("a file where the folder should be")  # root may write into any folder
    with capture_logs() as logs:
        source = place.source()
    assert source.current().origin == "JADE_RANKER_MODEL"
    assert source.problem() is None
    assert [entry["event"] for entry in logs] == ["model_not_kept"]


def test_a_given_model_that_is_the_copy_itself_is_not_written_again(place):
    write_model(place.state / KEPT, weights(8))
    place.given = place.state / KEPT
    source = place.source()
    first = source.current()
    assert place.later(source) is first


def test_without_any_model_there_is_none(place):
    shutil.rmtree(place.packaged)
    with pytest.raises(ModelError, match="No such file"):
        place.source(None)
    assert place.source().current().origin == "JADE_RANKER_MODEL"


def test_a_new_packaged_model_is_taken_and_a_bad_one_is_not(place):
    source = place.source(None)
    write_model(place.packaged, weights(9))
    assert place.later(source).plain.text[0] == 9
    (place.packaged / MANIFEST).unlink()
    model = place.later(source)
    assert (model.plain.text[0], model.origin) == (9, "packaged")
    assert source.problem() is not None


@pytest.mark.parametrize(
    ("said", "meant"),
    [("heuristic", "heuristic"), ("/models/mine", "/models/mine"), ("./heuristic", "heuristic")],
)
def test_the_setting_is_a_folder_or_the_word_heuristic(monkeypatch, said, meant):
    monkeypatch.setenv("JADE_RANKER_MODEL", said)
    model = RankerSettings().model
    assert str(model) == meant
    assert isinstance(model, str) == (said == "heuristic")
    monkeypatch.delenv("JADE_RANKER_MODEL")
    assert RankerSettings().model is None


def test_an_empty_setting_is_none(monkeypatch):
    monkeypatch.setenv("JADE_RANKER_MODEL", "")  # as `${JADE_RANKER_MODEL:-}` in a compose file makes it
    assert RankerSettings().model is None
