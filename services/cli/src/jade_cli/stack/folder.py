"""Where a stack keeps its things: one folder, ``.jade``, per project."""

import os
from dataclasses import dataclass
from pathlib import Path

NAME = ".jade"
ENVIRONMENT = "JADE_STATE_DIR"
MARKS = ("jade.yaml", ".git")
"""What a project's root holds."""


def state_dir(given: Path | None = None, *, start: Path | None = None) -> Path:
    """The state directory: ``given``, else ``JADE_STATE_DIR``, else ``.jade`` beside the project's root.

    Args:
        given: What the command line says.
        start: Where the search for the root begins, upward, and the answer when there is no root; the current
            folder by default.

    Returns:
        An absolute path; nothing is created.
    """
    if named := given or os.environ.get(ENVIRONMENT):
        return Path(named).resolve()
    here = (start or Path.cwd()).resolve()
    roots = (step for step in (here, *here.parents) if any((step / mark).exists() for mark in MARKS))
    return next(roots, here) / NAME


@dataclass(frozen=True, slots=True)
class StackFolder:
    """The files of one stack."""

    path: Path

    def create(self) -> None:
        """Make the folder, for its owner alone (findings lie in it) and out of git."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.logs.mkdir(exist_ok=True)
        ignore = self.path / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", "utf-8")

    @property
    def supervisor_lock(self) -> Path:
        """Locked while the supervisor lives."""
        return self.path / "supervisor.lock"

    @property
    def parts_lock(self) -> Path:
        """Locked while any process that the supervisor started lives: they inherit it."""
        return self.path / "parts.lock"

    @property
    def state(self) -> Path:
        """What the supervisor runs; true only while its lock is held."""
        return self.path / "state.json"

    @property
    def logs(self) -> Path:
        """The folder of the logs."""
        return self.path / "logs"

    @property
    def nats(self) -> Path:
        """The folder of the broker and of all that it has acknowledged."""
        return self.path / "nats"

    @property
    def cache(self) -> Path:
        """The working folder of redis-server, which keeps nothing."""
        return self.path / "cache"

    def log(self, name: str) -> Path:
        """The log of one part, or of the supervisor."""
        return self.logs / f"{name}.log"
