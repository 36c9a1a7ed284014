"""Reads the logs of a stack: one file a part."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path


def names(folder: Path) -> list[str]:
    """Whose logs lie in ``folder``."""
    return sorted(path.stem for path in folder.glob("*.log"))


def tail(path: Path, lines: int) -> list[str]:
    """The last ``lines`` lines of the log at ``path``; none when it is not there."""
    reader = LogReader(path)
    return reader.read()[-lines:] if lines > 0 else []


class LogReader:
    """Reads what has been added to a log since the last time."""

    def __init__(self, path: Path) -> None:
        """Begin at the start of ``path``, which may come later."""
        self._path = path
        self._position = 0
        self._rest = b""

    def read(self) -> list[str]:
        """The lines that are complete now and have not been read before."""
        try:
            with self._path.open("rb") as file:
                if file.seek(0, os.SEEK_END) < self._position:  # it was cut
                    self._position, self._rest = 0, b""
                file.seek(self._position)
                added = file.read()
        except FileNotFoundError:
            return []
        self._position += len(added)
        *complete, self._rest = (self._rest + added).split(b"\n")
        return [line.decode("utf-8", "replace") for line in complete]


class Follower:
    """Reads several logs, each line with the name of its part."""

    def __init__(self, folder: Path, wanted: Sequence[str] = ()) -> None:
        """Follow the logs of ``wanted`` in ``folder``; without names all, also those that come later."""
        self._folder = folder
        self._wanted = tuple(wanted)
        self._readers: dict[str, LogReader] = {}

    def read(self, last: int | None = None) -> Iterator[tuple[str, str]]:
        """What has been added since the last time, as pairs of name and line.

        Args:
            last: At most so many lines of each log.
        """
        for name in self._wanted or names(self._folder):
            reader = self._readers.setdefault(name, LogReader(self._folder / f"{name}.log"))
            lines = reader.read()
            for line in lines if last is None else lines[max(0, len(lines) - last) :]:
                yield name, line
