"""The model that is served: the one that is asked for, and the last good one where that cannot be used."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from time import monotonic
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Counter, Info

from jade_ranker.adapters.artefact import (
    MANIFEST,
    PLAIN,
    SEMANTIC,
    ModelError,
    Origin,
    decoded,
    read_files,
    read_model,
    write_files,
)
from jade_ranker.domain.model import Model

log = structlog.get_logger("jade.ranker")

GIVEN: Final = "JADE_RANKER_MODEL"

LOOK_SECONDS = 1.0
"""Between two looks at the files, of 40 µs each: who swaps a model waits no longer than that."""

KEPT = "ranker-model"
"""The last good model's folder in the state directory."""


def packaged_model() -> Path:
    """The folder of the model that the package carries: data/models/ranker in the clone."""
    return Path(str(files("jade_ranker") / "model_data"))


class ModelSource:
    """Serves a model and follows its files. For one thread: the event loop's."""

    def __init__(
        self,
        path: Path | None,
        packaged: Path,
        state: Path | None,
        *,
        registry: CollectorRegistry,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Load a model.

        Args:
            path: The folder that ``JADE_RANKER_MODEL`` names; without it, the packaged one is meant.
            packaged: The folder of the model that Jade carries.
            state: The state directory, where a copy of the last good model is kept that ``path`` held.
            registry: Where the metrics go.
            clock: Seconds.

        Raises:
            ModelError: no model can be used, not even the packaged one.
        """
        self._folder = path or packaged
        self._origin: Origin = "packaged" if path is None else GIVEN
        self._packaged = packaged
        self._kept = self._place_for_copy(state)
        self._clock = clock
        self._rejected = Counter(
            "jade_ranker_model_rejected", "Models that could not be used", registry=registry
        )
        self._info = Info("jade_ranker_model", "The model that is served", registry=registry)
        self._reasons: set[str] = set()
        self._problem: str | None = None
        self._look_at = clock() + LOOK_SECONDS
        self._seen = self._state_of_files()
        try:
            model = self._read()
        except ModelError as error:
            model = self._instead(error)
            self._reject(str(error), model)
        self._model = self._served(model)

    def current(self) -> Model:
        """The model to serve now: a new one, within a second of its files being there, if it is good."""
        now = self._clock()
        if now >= self._look_at:
            self._look_at = now + LOOK_SECONDS
            seen = self._state_of_files()
            if seen != self._seen:
                self._seen = seen
                self._follow()
        return self._model

    def problem(self) -> str | None:
        """Why another model is served than the one that is asked for; ``None`` where it is that one."""
        return self._problem

    def _follow(self) -> None:
        try:
            model = self._read()
        except ModelError as error:
            model = self._model
            if model.origin == GIVEN:
                model = model._replace(origin="last good")
            self._reject(str(error), model)
        else:
            self._problem = None
            self._reasons.clear()
            log.info(
                "model_taken", version=model.version, origin=model.origin, instead_of=self._model.version
            )
        self._model = self._served(model)

    def _read(self) -> Model:
        found = read_files(self._folder)
        model = decoded(self._folder, found, self._origin)
        if self._kept is not None:
            try:
                write_files(self._kept, found)
            except OSError as error:
                log.warning("model_not_kept", path=str(self._kept), error=str(error.strerror))
        return model

    def _instead(self, error: ModelError) -> Model:
        """What is served at the start where the model that is asked for cannot be."""
        if self._origin != GIVEN:
            raise error
        if self._kept is not None and self._kept.is_dir():
            try:
                return read_model(self._kept, "last good")
            except ModelError as other:
                log.info("last_good_model_not_usable", reason=str(other))
        return read_model(self._packaged, "packaged")

    def _reject(self, reason: str, serving: Model) -> None:
        self._rejected.inc()
        self._problem = f"{reason}. Meanwhile {serving.version} is served ({serving.origin})"
        if reason not in self._reasons:
            self._reasons.add(reason)
            log.warning("model_rejected", reason=reason, serving=serving.version, origin=serving.origin)

    def _served(self, model: Model) -> Model:
        self._info.info({"version": model.version, "origin": model.origin})
        return model

    def _place_for_copy(self, state: Path | None) -> Path | None:
        """Where the given model is copied to; nowhere if it lies there already, or is the packaged one."""
        if state is None or self._origin != GIVEN or (state / KEPT).resolve() == self._folder.resolve():
            return None
        return state / KEPT

    def _state_of_files(self) -> tuple[tuple[int, ...] | None, ...]:
        """What changes whenever a file does: whoever copies a model may write the manifest first."""
        return tuple(_state(self._folder / name) for name in (MANIFEST, PLAIN, SEMANTIC))


def _state(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:  # reading says why
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
