"""How a stack is now: what the supervisor says, and what each part answers itself."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from jade_cli.stack import locks, state
from jade_cli.stack.folder import StackFolder
from jade_cli.stack.probes import TIMEOUT, cache_problem, nats_problem, worker_problem
from jade_cli.stack.state import PartState, StackState

STARTING = "is starting"
STOPPED = "is not running"


@dataclass(frozen=True, slots=True)
class PartStatus:
    """One part: ready when ``why`` is ``None``."""

    name: str
    url: str | None
    pid: int | None
    restarts: int
    why: str | None

    def as_dict(self) -> dict[str, Any]:
        """What ``jade status -o json`` prints of it."""
        shown = {"name": self.name, "url": without_password(self.url), "pid": self.pid}
        return shown | {"ready": self.why is None, "restarts": self.restarts, "why": self.why}


@dataclass(frozen=True, slots=True)
class StackStatus:
    """A whole stack."""

    running: bool
    nats: PartStatus
    cache: PartStatus
    workers: tuple[PartStatus, ...]
    state_dir: Path
    instance: str | None = None

    @property
    def parts(self) -> tuple[PartStatus, ...]:
        """All parts, in the order in which they start."""
        return self.nats, self.cache, *self.workers

    @property
    def ready(self) -> bool:
        """Whether it runs and every part is ready."""
        return self.running and all(part.why is None for part in self.parts)

    def as_dict(self) -> dict[str, Any]:
        """What ``jade status -o json`` prints."""
        return {
            "running": self.running,
            "nats": self.nats.as_dict(),
            "cache": self.cache.as_dict(),
            "workers": [worker.as_dict() for worker in self.workers],
            "state_dir": str(self.state_dir),
        }


def status(folder: StackFolder, *, seconds: float = TIMEOUT) -> StackStatus:
    """Ask the supervisor's lock, then every part itself.

    Args:
        folder: Where the stack keeps its things.
        seconds: Limit of one part's answer.
    """
    if not locks.held(folder.supervisor_lock):
        return _absent(folder, running=False, why=STOPPED)
    found = state.read(folder.state)
    if found is None or not _is_of_holder(found, folder):
        return _absent(folder, running=True, why=STARTING)
    return _probed(folder, found, seconds)


def _is_of_holder(found: StackState, folder: StackFolder) -> bool:
    """Whether the state is of the supervisor that holds the lock, not of one that was killed before."""
    return found.supervisor == locks.holder(folder.supervisor_lock)


def _probed(folder: StackFolder, found: StackState, seconds: float) -> StackStatus:
    with ThreadPoolExecutor(2 + len(found.workers)) as pool:
        nats = pool.submit(_one, found.nats, partial(nats_problem, name=found.instance, seconds=seconds))
        cache = pool.submit(_one, found.cache, partial(cache_problem, seconds=seconds))
        workers = list(pool.map(partial(_one, probe=partial(worker_problem, seconds=seconds)), found.workers))
    return StackStatus(True, nats.result(), cache.result(), tuple(workers), folder.path, found.instance)


def _one(part: PartState, probe: Callable[[str], str | None]) -> PartStatus:
    # The supervisor owns a worker's socket, so one that has ended would be asked until the time is up.
    why = part.problem or (probe(part.url) if part.url else STARTING)
    return PartStatus(part.name, part.url, part.pid, part.restarts, why)


def _absent(folder: StackFolder, *, running: bool, why: str) -> StackStatus:
    from jade_common.worker import names  # noqa: PLC0415  # pydantic and structlog, which `jade --help` need not wait for

    def part(name: str) -> PartStatus:
        return PartStatus(name, None, None, 0, why)

    return StackStatus(running, part("nats"), part("cache"), tuple(map(part, names())), folder.path)


def without_password(url: str | None) -> str | None:
    """A URL that may be shown.

    >>> without_password("redis://:secret@cache:6379/0")
    'redis://***@cache:6379/0'
    """
    if url is None or "@" not in url:
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"***@{parts.netloc.rpartition('@')[2]}"))
