"""What every way of getting a tool shares: where it puts it, how it says what it does, how it gives up."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from jade_common.tools.specs import ToolSpec


class RouteError(Exception):
    """This way does not lead to the tool here; the message says why, and the next way is tried."""


class Say(Protocol):
    """Tells the person who waits one step of an installation."""

    def __call__(self, step: str, text: str) -> None:
        """Prints one line, such as step "go" and text "install … with go1.26.8"."""


class Route(Protocol):
    """One way of getting a tool."""

    step: str

    def serves(self, spec: ToolSpec) -> bool:
        """Tells whether this way can lead to such a tool at all."""

    def bring(self, spec: ToolSpec, into: Path, say: Say) -> None:
        """Puts the tool's cache entry into an empty folder.

        Raises:
            RouteError: it cannot be had this way.
        """


@dataclass(frozen=True)
class Command:
    """A program to run to its end, with its own words when it fails."""

    arguments: tuple[str, ...]
    seconds: float
    environment: Mapping[str, str]

    def run(self, folder: Path) -> None:
        """Runs it in a folder.

        Raises:
            RouteError: it does not start, fails or takes too long.
        """
        try:
            done = subprocess.run(
                self.arguments,
                cwd=folder,
                env=dict(self.environment),
                capture_output=True,
                text=True,
                errors="replace",
                timeout=self.seconds,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except OSError as error:
            raise RouteError(f"{self.arguments[0]} does not start: {error.strerror}") from error
        except subprocess.TimeoutExpired as error:
            raise RouteError(f"{self.arguments[0]} did not end within {self.seconds:.0f} s") from error
        if done.returncode != 0:
            lines = [line for line in done.stderr.splitlines() if line.strip() and "downloading" not in line]
            raise RouteError(f"exit status {done.returncode}: {' / '.join(lines[-3:])[:600] or 'no words'}")
