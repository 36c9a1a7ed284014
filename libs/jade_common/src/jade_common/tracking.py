"""Runs of evaluations and trainings in MLflow; where it is missing or away, they go on, with a warning."""

import csv
import fcntl
import importlib.metadata
import io
import os
import platform
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from jade_common.settings import TrackingSettings

if TYPE_CHECKING:
    from mlflow import MlflowClient

log = structlog.get_logger("jade.tracking")

_SQLITE = "sqlite:///"
_BATCH = 100  # params, or tags, that MLflow takes in one call; of metrics it takes more
_LONGEST = 5000  # characters that MLflow takes as the value of a tag; of a param it takes 6000
_PACKAGES = ("jade-common", "jade-policy", "jade-ranker", "numpy", "scikit-learn")
_ENVIRONMENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",  # MLflow's own 7 keep an evaluation waiting for minutes
    "MLFLOW_LOGGING_LEVEL": "CRITICAL",  # what fails is said here, once and without a traceback
}
_NOISE = (
    "The ``noload`` loader strategy",  # SQLAlchemy 2.1 deprecates what MLflow 3.17 maps its tables with
    "Unnamed CHECK constraint on reflected table",  # MLflow's own migrations, on a first start
)


class Run:
    """A run that is being logged, or one that is not and takes the same calls.

    The first call that MLflow fails is the last that it gets, so that an evaluation waits once: the warning says so,
    and in MLflow the run stays ``RUNNING``.
    """

    def __init__(self, client: "MlflowClient | None", run_id: str | None, where: str) -> None:
        self.id = run_id
        """What MLflow calls it; ``None`` where it is not logged."""
        self._client = client
        self._where = where

    def metrics(self, figures: Mapping[str, float], step: int = 0) -> None:
        """Log numbers, each under its :func:`metric_name`.

        Args:
            figures: Numbers by name; a truth counts as 0 or 1.
            step: Which of several values of one figure, for instance the round of a training.
        """
        now = time.time_ns() // 1_000_000

        def call(client: "MlflowClient", run_id: str) -> None:
            from mlflow.entities import Metric  # noqa: PLC0415  # takes a second: only who logs waits for it

            rows = [Metric(metric_name(name), float(value), now, step) for name, value in figures.items()]
            for start in range(0, len(rows), _BATCH):
                client.log_batch(run_id, metrics=rows[start : start + _BATCH])

        self._try(call)

    def params(self, values: Mapping[str, object]) -> None:
        """Log what the run was started with, as text; a name keeps the first value that it gets."""

        def call(client: "MlflowClient", run_id: str) -> None:
            from mlflow.entities import Param  # noqa: PLC0415

            rows = [Param(metric_name(name), str(value)[:_LONGEST]) for name, value in values.items()]
            for start in range(0, len(rows), _BATCH):
                client.log_batch(run_id, params=rows[start : start + _BATCH])

        self._try(call)

    def artifact(self, path: Path, folder: str | None = None) -> None:
        """Keep a copy of a file or of a folder.

        Args:
            path: The file or folder; where it does not exist, a warning says so.
            folder: Where among the run's artefacts it goes; at their root by default.
        """
        if not path.exists():
            log.warning("tracking.artifact_missing", path=str(path))
        elif path.is_dir():
            self._try(lambda client, run_id: client.log_artifacts(run_id, str(path), folder or path.name))
        else:
            self._try(lambda client, run_id: client.log_artifact(run_id, str(path), folder))

    def table(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Keep a table as ``<name>.csv``, which MLflow's UI shows as one.

        Args:
            name: File name without its ending; it may have folders before it.
            columns: Headings.
            rows: As many values each as there are headings.
        """
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([columns, *rows])
        self._try(lambda client, run_id: client.log_text(run_id, text.getvalue(), f"{name}.csv"))

    def _end(self, status: str) -> None:
        self._try(lambda client, run_id: client.set_terminated(run_id, status))
        if self._client:
            log.info("tracking.logged", uri=self._where, run=self.id, status=status)

    def _try(self, call: Callable[["MlflowClient", str], object]) -> None:
        if self._client is None or self.id is None:
            return
        try:
            call(self._client, self.id)
        except Exception as error:  # noqa: BLE001  # MLflow lets through what its drivers raise: SQL, HTTP, files
            self._client = None
            log.warning("tracking.lost", uri=self._where, run=self.id, reason=_reason(error))


@contextmanager
def tracked_run(
    experiment: str,
    *,
    name: str,
    params: Mapping[str, object] | None = None,
    tags: Mapping[str, str] | None = None,
    library: str | None = None,
    settings: TrackingSettings | None = None,
) -> Iterator[Run]:
    """Log what is done inside as one run; without MLflow, or with one that does not answer, warn and go on.

    Commit, versions and the machine's kind are tags of every run. It ends as ``FINISHED``, or ``FAILED`` where an
    exception leaves the block, or ``KILLED`` for an interrupt; the exception goes on to the caller.

    Args:
        experiment: Which runs it is compared with, for instance ``ranker``.
        name: What the run is called there.
        params: What it was started with.
        tags: More of them.
        library: Digest of the policies that it was measured with.
        settings: Where to; read from the environment by default.

    Raises:
        pydantic.ValidationError: The environment has settings that are none.
    """
    run = _start(experiment, name, {**(tags or {}), **_origin(library)}, settings or TrackingSettings())
    run.params(params or {})
    try:
        yield run
    except Exception:
        run._end("FAILED")  # noqa: SLF001  # only this function ends a run
        raise
    except BaseException:
        run._end("KILLED")  # noqa: SLF001
        raise
    run._end("FINISHED")  # noqa: SLF001


def metric_name(name: str) -> str:
    """A name as MLflow takes it: ``@`` is spelled out, whatever else it refuses becomes ``_``.

    >>> metric_name("hit@5"), metric_name("rule [kyverno]")
    ('hit_at_5', 'rule__kyverno_')
    """
    return re.sub(r"[^A-Za-z0-9_./-]", "_", name.replace("@", "_at_"))[:250]


def _start(experiment: str, name: str, tags: Mapping[str, str], settings: TrackingSettings) -> Run:
    where = re.sub("//[^/]*@", "//", settings.target)
    if not settings.enabled:
        return Run(None, None, where)
    try:
        client, run_id = _open(settings, experiment, name, tags)
    except ImportError as error:
        reason = f"{error}; MLflow comes with the extra: pip install 'jade-common[tracking]'"
        log.warning("tracking.off", uri=where, reason=reason)
    except Exception as error:  # noqa: BLE001  # MLflow lets through what its drivers raise: SQL, HTTP, files
        log.warning("tracking.off", uri=where, reason=_reason(error))
    else:
        return Run(client, run_id, where)
    return Run(None, None, where)


def _open(
    settings: TrackingSettings, experiment: str, name: str, tags: Mapping[str, str]
) -> tuple["MlflowClient", str]:
    """A client of the store, which is made where it does not exist, and the id of a run that began in it."""
    # MLflow knows no other way to set these.
    os.environ["MLFLOW_HTTP_REQUEST_TIMEOUT"] = str(settings.timeout)
    for variable, value in _ENVIRONMENT.items():
        os.environ.setdefault(variable, value)
    with warnings.catch_warnings():
        for message in _NOISE:
            warnings.filterwarnings("ignore", message)
        from mlflow import MlflowClient  # noqa: PLC0415  # takes a second: only who logs waits for it

        location = None
        if settings.target.startswith(_SQLITE):
            database = Path(settings.target.removeprefix(_SQLITE))
            location = (database.resolve().parent / "mlruns").as_uri()
            with _alone(database):
                if not database.exists():
                    _create(database)
        client = MlflowClient(tracking_uri=settings.target)
    run = client.create_run(_experiment(client, experiment, location), run_name=name, tags=dict(tags))
    return client, run.info.run_id


def _experiment(client: "MlflowClient", name: str, location: str | None) -> str:
    from mlflow.exceptions import MlflowException  # noqa: PLC0415

    if (found := client.get_experiment_by_name(name)) is None:
        try:
            return str(client.create_experiment(name, artifact_location=location))
        except MlflowException:  # somebody else made it in between, or it cannot be made
            if (found := client.get_experiment_by_name(name)) is None:
                raise
    return str(found.experiment_id)


@contextmanager
def _alone(database: Path) -> Iterator[None]:
    """Nobody else makes this database meanwhile: of six first starts at once, MLflow alone let one survive."""
    database.parent.mkdir(parents=True, exist_ok=True)
    with database.with_name(f"{database.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # goes with the process that holds it
        yield


def _create(database: Path) -> None:
    """Make the database under another name first: one that is interrupted half-way could never be opened again."""
    from mlflow import MlflowClient  # noqa: PLC0415

    draft = database.with_name(f"{database.name}.new")
    for leftover in (draft, draft.with_name(f"{draft.name}-journal")):
        leftover.unlink(missing_ok=True)
    MlflowClient(tracking_uri=f"{_SQLITE}{draft}")
    draft.replace(database)


def _origin(library: str | None) -> dict[str, str]:
    """Tags that say what was measured: the commit, whether files differ from it, versions, policies, machine."""
    tags = {
        "mlflow.source.name": Path(sys.argv[0]).name,
        "version.python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs",
    }
    for package in _PACKAGES:
        try:
            tags[f"version.{package}"] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    if library:
        tags["library.digest"] = library
    if commit := _git("rev-parse", "HEAD"):
        tags["mlflow.source.git.commit"] = commit
        tags["git.dirty"] = str(bool(_git("status", "--porcelain", "--untracked-files=no"))).lower()
    return tags


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=True, timeout=10)
    except (OSError, subprocess.SubprocessError):  # an installed wheel has no repository around it
        return None
    return done.stdout.strip()


def _reason(error: Exception) -> str:
    """What a person needs of it: one line, no password."""
    return re.sub("//[^/ ]*@", "//", " ".join(str(error).split()))[:500] or type(error).__name__
