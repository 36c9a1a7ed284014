"""``jade up``, ``down``, ``status`` and ``logs``: the local stack."""

import json
import sys
import time
from collections.abc import Iterable, Sequence
from itertools import cycle
from pathlib import Path
from typing import Literal

from jade_cli.stack import logs as log_files
from jade_cli.stack.control import UP_SECONDS
from jade_cli.stack.control import down as stop_stack
from jade_cli.stack.control import up as start_stack
from jade_cli.stack.folder import StackFolder, state_dir
from jade_cli.stack.status import StackStatus, without_password
from jade_cli.stack.status import status as status_of
from jade_common.errors import JadeError

OK, USAGE, NOT_READY, INTERRUPTED = 0, 2, 3, 130

FOLLOW_SECONDS = 0.2
TAIL_LINES = 50


def up(
    folder: Path | None = None, workers: Sequence[str] | None = None, *, seconds: float = UP_SECONDS
) -> int:
    """Start the stack in the background and wait until all of it is ready.

    Args:
        folder: The state directory, when it is given.
        workers: The workers to run; all that are installed by default.
        seconds: Limit of the waiting.

    Returns:
        0 when it runs, 3 when a part is not ready, 130 when interrupted; then nothing of it is left.
    """
    files = StackFolder(state_dir(folder))
    try:
        done = start_stack(files, workers, seconds=seconds)
    except JadeError as error:
        tell(f"jade up: {error}")
        return NOT_READY
    except KeyboardInterrupt:
        tell("jade up: interrupted; the stack is stopped")
        return INTERRUPTED
    tell("the stack is up" if done.started else "the stack is running already")
    for line in table(done.status):
        tell(line)
    return OK


def down(folder: Path | None = None) -> int:
    """Stop the stack; also when none runs.

    Returns:
        0, or 3 when something of it lives on.
    """
    files = StackFolder(state_dir(folder))
    try:
        ran = stop_stack(files, tell)
    except JadeError as error:
        tell(f"jade down: {error}")
        return NOT_READY
    tell("the stack is stopped" if ran else f"no stack runs in {files.path}")
    return OK


def status(folder: Path | None = None, output: Literal["table", "json"] = "table") -> int:
    """Print how the stack is now; every part is asked.

    Returns:
        0 when all parts are ready, else 3.
    """
    now = status_of(StackFolder(state_dir(folder)))
    if output == "json":
        print(json.dumps(now.as_dict(), indent=2))
    else:
        print("\n".join(table(now)))
    return OK if now.ready else NOT_READY


def logs(
    name: str | None = None, folder: Path | None = None, *, follow: bool = False, lines: int = TAIL_LINES
) -> int:
    """Print the end of the stack's logs.

    Args:
        name: A part, or ``supervisor``; all by default, each line with its name in front.
        folder: The state directory, when it is given.
        follow: Go on until interrupted.
        lines: How many lines of each log, at most.

    Returns:
        0, or 2 when there is no such log.
    """
    files = StackFolder(state_dir(folder))
    found = log_files.names(files.logs)
    if name is not None and name not in found:
        listed = ", ".join(found) or "none; `jade up` makes them"
        tell(f"jade logs: there is no log of {name!r} in {files.logs}; there are: {listed}")
        return USAGE
    follower = log_files.Follower(files.logs, [name] if name else ())
    width = 0 if name else max(map(len, found), default=0)
    try:
        show(follower.read(lines), width)
        for _ in cycle([None] if follow else ()):
            time.sleep(FOLLOW_SECONDS)
            show(follower.read(), width)
    except KeyboardInterrupt:
        return OK
    return OK


def show(lines: Iterable[tuple[str, str]], width: int) -> None:
    """Print lines of logs, with names in front when ``width`` is not zero."""
    for name, line in lines:
        print(f"{name:<{width}} | {line}" if width else line)
    sys.stdout.flush()


def table(now: StackStatus) -> list[str]:
    """The status for people, line by line."""
    rows = [("PART", "READY", "PID", "RESTARTS", "URL", "")]
    rows += [
        (
            part.name,
            "no" if part.why else "yes",
            str(part.pid or "-"),
            str(part.restarts),
            without_password(part.url) or "-",
            part.why or "",
        )
        for part in now.parts
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return [*lines, f"state: {now.state_dir}"]


def tell(line: str) -> None:
    """Say something to the person; stdout is for data."""
    print(line, file=sys.stderr, flush=True)
