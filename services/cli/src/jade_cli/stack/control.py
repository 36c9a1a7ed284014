"""Starts and stops a stack from outside: what ``jade up`` and ``jade down`` do."""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from jade_cli.failures import WrongUsage
from jade_cli.stack import locks, logs
from jade_cli.stack.errors import StackError
from jade_cli.stack.folder import StackFolder
from jade_cli.stack.status import PartStatus, StackStatus, status

Say = Callable[[str], None]
"""Takes a line for the person who waits."""

UP_SECONDS = 60.0
"""A worker is ready after 2 s; a cold disk and a busy machine take ten times as long."""

STOP_SECONDS = 40.0
"""Workers, cache and broker have 10 s each, one after the other."""

POLL_SECONDS = 0.1
PROBE_SECONDS = 1.0
"""Short, because who does not answer is asked again."""

GIVE_UP_RESTARTS = 5
"""A part that died so often before it was ready once does not die by accident."""

LOG_LINES = 15


@dataclass(frozen=True, slots=True)
class Up:
    """What came of ``up``."""

    status: StackStatus
    started: bool
    """False when it had been running before."""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Workers that were not started, for they have nothing to do, with what must be set."""


def up(folder: StackFolder, workers: Sequence[str] | None = None, *, seconds: float = UP_SECONDS) -> Up:
    """Start the stack in ``folder`` and wait until every part is ready; when it runs already, only wait.

    Nothing of it is left when this fails or is interrupted, by whatever signal.

    Args:
        folder: Where the stack keeps its things.
        workers: Names of the workers; all that are installed and have something to do by default.
        seconds: Limit of the waiting.

    Raises:
        StackError: A part is not ready in time, with the end of its log; or something is missing.
        WrongUsage: There is no such worker, it has nothing to do, or a setting is wrong.
    """
    deadline = time.monotonic() + seconds
    while locks.held(folder.supervisor_lock):
        now = status(folder, seconds=PROBE_SECONDS)
        if now.ready:
            return Up(now, started=False)
        if time.monotonic() > deadline:
            raise StackError(_unready(folder, now, f"after {seconds:g} s (it had been started before)"))
        time.sleep(POLL_SECONDS)
    (names, left_out), environment = chosen(workers), _environment()
    folder.create()
    with _supervisor(folder, names, environment) as (process, instance, let_go):
        while True:
            now = status(folder, seconds=PROBE_SECONDS)
            ours = now.instance == instance
            if ours and now.ready:
                let_go()
                return Up(now, started=True, left_out=left_out)
            if (code := process.poll()) is not None:
                break
            if ours and (hopeless := [part for part in now.parts if part.restarts >= GIVE_UP_RESTARTS]):
                raise StackError(_unready(folder, now, f"and has ended {GIVE_UP_RESTARTS} times", hopeless))
            if time.monotonic() > deadline:
                raise StackError(_unready(folder, now, f"after {seconds:g} s"))
            time.sleep(POLL_SECONDS)
    if code == locks.HELD_BY_ANOTHER and (left := deadline - time.monotonic()) > 0:
        return up(folder, workers, seconds=left)  # someone else was faster
    raise StackError(f"the supervisor ended with exit code {code}; {_end_of_log(folder, 'supervisor')}")


def down(folder: StackFolder, say: Say = lambda _: None) -> bool:
    """Stop the stack in ``folder``: workers, cache, broker; whoever does not listen is killed.

    Returns:
        Whether one ran.

    Raises:
        StackError: Something of it lives on.
    """
    ran = False
    while (pid := locks.holder(folder.supervisor_lock)) is not None:
        ran = True
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        if not locks.wait_free(folder.supervisor_lock, STOP_SECONDS):
            say(f"the supervisor (process {pid}) did not stop within {STOP_SECONDS:g} s: killing it")
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            locks.wait_free(folder.supervisor_lock, STOP_SECONDS)
    if not locks.wait_free(folder.parts_lock, STOP_SECONDS):
        raise StackError(
            f"a process of the stack lives on; `fuser {folder.parts_lock}` names it, for it holds that file"
        )
    return ran


@contextmanager
def _supervisor(
    folder: StackFolder, workers: Sequence[str], environment: dict[str, str]
) -> Iterator[tuple[subprocess.Popen[bytes], str, Callable[[], None]]]:
    """A supervisor in the background that stops everything unless it is let go.

    It watches a pipe whose other end only this process holds: however this process ends, it hears of it.
    """
    instance = f"jade-{uuid.uuid4().hex[:12]}"
    read, write = os.pipe()
    command = [sys.executable, "-P", "-m", "jade_cli.stack.supervisor", "--state-dir", str(folder.path)]
    command += ["--instance", instance, "--owner", str(read)]
    command += [argument for worker in workers for argument in ("--worker", worker)]
    process: subprocess.Popen[bytes] | None = None
    failed = True
    try:
        with folder.log("supervisor").open("ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                pass_fds=(read,),
                start_new_session=True,  # the shell's Ctrl-C and its end are not for the stack
            )
        # Reaps it when it ends while this process still lives.
        threading.Thread(target=process.wait, daemon=True).start()
        yield process, instance, lambda: _let_go(write)
        failed = False
    finally:
        os.close(read)
        os.close(write)
        if failed and process is not None:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _let_go(write: int) -> None:
    os.write(write, b"+")


def chosen(workers: Sequence[str] | None) -> tuple[list[str], dict[str, str]]:
    """The workers to start; and those that are not, because nothing is set for them.

    Raises:
        StackError: No worker is installed.
        WrongUsage: One that was named does not exist, or has nothing to do.
    """
    from jade_common.worker import names, unset  # noqa: PLC0415  # pydantic, which `jade --help` need not wait for

    installed = names()
    if not installed:
        raise StackError("no worker is installed: install the package of one, jade-ranker say")
    if unknown := sorted(set(workers or ()) - set(installed)):
        raise WrongUsage(f"there is no worker {', '.join(unknown)}; installed are: {', '.join(installed)}")
    found = [name for name in installed if not workers or name in workers]
    try:
        left_out = {name: why for name in found if (why := unset(name)) is not None}
    except ValueError as error:
        raise WrongUsage(f"wrong setting: {error}") from error
    if workers and left_out:
        raise WrongUsage("; ".join(f"{name} is not started: {why}" for name, why in left_out.items()))
    return [name for name in found if name not in left_out], left_out


def _environment() -> dict[str, str]:
    """The environment of the stack; what can be wrong in it is found here, where someone reads it.

    Raises:
        WrongUsage: A setting is wrong.
        JadeError: There is no nats-server.
    """
    from jade_cli.settings import load  # noqa: PLC0415
    from jade_common.servers import nats_server_path  # noqa: PLC0415
    from jade_common.settings import CacheSettings, HttpSettings, LogSettings, NatsSettings  # noqa: PLC0415

    nats_server_path()
    for kind in (NatsSettings, HttpSettings, LogSettings):
        load(kind)
    cache = load(CacheSettings)
    environment = dict(os.environ)
    if "url" in cache.model_fields_set:
        environment["JADE_CACHE_URL"] = cache.url
    return environment


def _unready(
    folder: StackFolder, now: StackStatus, when: str, parts: Sequence[PartStatus] | None = None
) -> str:
    """Says which parts are not ready, why, and how the log of the first ends."""
    late = list(parts or [part for part in now.parts if part.why is not None])
    if not late:
        return f"the stack is not ready {when}; {_end_of_log(folder, 'supervisor')}"
    # Workers wait for the broker, so the first is the cause of the others.
    listed = "\n".join(f"  {part.name}: {part.why}" for part in late)
    return f"{late[0].name} is not ready {when}:\n{listed}\n{_end_of_log(folder, late[0].name)}"


def _end_of_log(folder: StackFolder, name: str) -> str:
    path = folder.log(name)
    lines = logs.tail(path, LOG_LINES)
    if not lines:
        return f"its log {path} is empty"
    return "\n".join([f"its log {path} ends with:", *(f"  {line}" for line in lines)])
