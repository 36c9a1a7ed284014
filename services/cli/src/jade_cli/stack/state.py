"""What the supervisor says of its parts, in ``state.json``."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FORMAT = 1
"""A file of another format is taken for absent."""


@dataclass(frozen=True, slots=True)
class PartState:
    """One part of the stack, as the supervisor knows it."""

    name: str
    url: str | None = None
    """``None`` until its port is settled."""
    pid: int | None = None
    restarts: int = 0
    problem: str | None = None
    """What the supervisor could not do for it, in a sentence."""


@dataclass(frozen=True, slots=True)
class StackState:
    """All parts of a stack."""

    instance: str
    """Names one run of the supervisor; its broker carries the name too, so that no other is taken for it."""
    supervisor: int
    nats: PartState
    cache: PartState
    workers: tuple[PartState, ...]


def write(path: Path, state: StackState) -> None:
    """Replace the file at ``path``, which a reader sees whole or not at all."""
    # For the owner alone: the URL of a cache may hold a password.
    new = path.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump({"format": FORMAT, **asdict(state)}, file, indent=2)
    new.replace(path)


def read(path: Path) -> StackState | None:
    """The state at ``path``; ``None`` when there is none that this version can read."""
    try:
        content: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if content.pop("format") != FORMAT:
            return None
        return StackState(
            instance=content["instance"],
            supervisor=content["supervisor"],
            nats=PartState(**content["nats"]),
            cache=PartState(**content["cache"]),
            workers=tuple(PartState(**worker) for worker in content["workers"]),
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return None
