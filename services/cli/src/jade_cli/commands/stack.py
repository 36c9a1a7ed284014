"""``jade up``, ``down``, ``status`` and ``logs``: the local stack."""

import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from jade_cli.exits import CLEAN, INCOMPLETE, INTERRUPTED
from jade_cli.failures import WrongUsage
from jade_cli.stack import logs as log_files
from jade_cli.stack.control import UP_SECONDS
from jade_cli.stack.control import down as stop_stack
from jade_cli.stack.control import up as start_stack
from jade_cli.stack.folder import StackFolder, state_dir
from jade_cli.stack.status import StackStatus, without_password
from jade_cli.stack.status import status as status_of
from jade_cli.terminal import printable, say, write

FOLLOW_SECONDS = 0.2
TAIL_LINES = 50


def up(
    folder: Path | None = None, workers: Sequence[str] | None = None, *, seconds: float = UP_SECONDS
) -> int:
    """Start the stack in the background and wait until all of it is ready; when it runs already, say so.

    Args:
        folder: The state directory, when it is given.
        workers: The workers to run; all that are installed and have something to do by default.
        seconds: Limit of the waiting.

    Returns:
        0, or 130 when interrupted; then nothing of it is left.

    Raises:
        StackError: A part is not ready in time; then nothing of it is left either.
        WrongUsage: There is no such worker, or a setting is wrong.
    """
    try:
        done = start_stack(StackFolder(state_dir(folder)), workers, seconds=seconds)
    except KeyboardInterrupt:
        say("jade up: interrupted; the stack is stopped")
        return INTERRUPTED
    say("the stack is up" if done.started else "the stack is running already")
    for line in table(done.status):
        say(line)
    for name, why in done.left_out.items():
        say(f"{name} is not started: {why}")
    return CLEAN


def down(folder: Path | None = None) -> int:
    """Stop the stack; also when none runs.

    Raises:
        StackError: Something of it lives on.
    """
    files = StackFolder(state_dir(folder))
    ran = stop_stack(files, say)
    say("the stack is stopped" if ran else f"no stack runs in {files.path}")
    return CLEAN


def status(folder: Path | None = None, output: Literal["table", "json"] = "table") -> int:
    """Print how the stack is now; every part is asked.

    Returns:
        0 when all parts are ready, else 3.
    """
    now = status_of(StackFolder(state_dir(folder)))
    shown = json.dumps(now.as_dict(), indent=2) if output == "json" else "\n".join(table(now))
    write(f"{shown}\n")
    return CLEAN if now.ready else INCOMPLETE


def logs(
    name: str | None = None, folder: Path | None = None, *, follow: bool = False, lines: int = TAIL_LINES
) -> int:
    """Print the end of the stack's logs.

    Args:
        name: A part, or ``supervisor``; all by default, each line with its name in front.
        folder: The state directory, when it is given.
        follow: Go on until interrupted.
        lines: How many lines of each log, at most.

    Raises:
        WrongUsage: There is no such log.
    """
    files = StackFolder(state_dir(folder))
    found = log_files.names(files.logs)
    if name is not None and name not in found:
        listed = ", ".join(found) or "none yet: `jade up` makes them"
        raise WrongUsage(f"there is no log of {name!r} in {files.logs}; there are: {listed}")
    follower = log_files.Follower(files.logs, [name] if name else ())
    width = 0 if name else max(map(len, found), default=0)
    try:
        goes_on = show(follower.read(lines), width) and follow
        while goes_on:
            time.sleep(FOLLOW_SECONDS)
            goes_on = show(follower.read(), width)
    except KeyboardInterrupt:
        return CLEAN  # the way to end it
    return CLEAN


def show(lines: Iterable[tuple[str, str]], width: int) -> bool:
    """Print lines of logs; false when nobody reads any more.

    Args:
        lines: Pairs of name and line.
        width: Of the column of names; zero for none.
    """
    shown = ((f"{name:<{width}} | " if width else "") + printable(line) for name, line in lines)
    return write("".join(f"{line}\n" for line in shown))


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
