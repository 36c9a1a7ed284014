"""What the ranker's code logs, said to people on stderr: an untold logger writes to stdout, where the answers go."""

from typing import NoReturn

import structlog

from jade_cli.terminal import say

SAID = frozenset({"warning", "error", "critical", "exception"})


def said_on_stderr() -> None:
    """Say warnings on stderr, and nothing else."""
    structlog.configure(processors=[told])


def told(_: object, method: str, event: structlog.typing.EventDict) -> NoReturn:
    """Say an event on a line, and keep it from going anywhere else.

    Raises:
        DropEvent: always.
    """
    if method in SAID:
        details = dict(event)
        what = str(details.pop("event")).replace("_", " ")
        say(f"jade: {what}: {', '.join(f'{key} {value}' for key, value in details.items())}")
    raise structlog.DropEvent
