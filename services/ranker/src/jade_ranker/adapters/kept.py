"""What was computed from a library and is kept on disk under a key: a file for each, in a folder of Jade's cache.

A key names all that its content depends on, so that none is ever stale. Nothing here is needed: what cannot be read is
computed, and what cannot be written is computed the next time as well.
"""

import contextlib
import os
import tempfile
from pathlib import Path

import structlog

from jade_common.identity import derived_id
from jade_common.tools.places import Places

log = structlog.get_logger("jade.ranker")

DIGEST_BYTES = 32
"""Of the hexadecimal digest that a file begins with."""

FILES = 16
"""That stay, the last used ones: libraries and their versions."""


def jade_cache() -> Path:
    """Jade's folder in the user's cache, beside the tools."""
    return Places.here().cache.parent


class Kept:
    """A folder of files, each written at once and whole, with a digest that tells what was damaged."""

    def __init__(self, folder: Path, suffix: str, *, files: int = FILES) -> None:
        """Keep the last used ``files`` files in ``folder``; their names end with ``suffix``, which has a dot."""
        self._folder = folder
        self._suffix = suffix
        self._files = files

    def get(self, key: str) -> bytes | None:
        """What was kept under ``key``; ``None`` where nothing was, or it is damaged."""
        return self._content(self._folder / f"{key}{self._suffix}")

    def has(self, key: str) -> bool:
        """Whether there is something under ``key``; it may still prove damaged."""
        return (self._folder / f"{key}{self._suffix}").is_file()

    def latest(self) -> bytes | None:
        """What was kept or asked for last, under whatever key."""
        paths = self._paths()
        return self._content(paths[0]) if paths else None

    def put(self, key: str, content: bytes) -> None:
        """Keep ``content`` under ``key``, and remove what was not used for longest."""
        path = self._folder / f"{key}{self._suffix}"
        try:
            self._write(path, content)
        except OSError as error:
            log.debug("not_kept", path=str(path), error=str(error.strerror))
            return
        for old in self._paths()[self._files :]:
            with contextlib.suppress(OSError):  # another process was removing as well
                old.unlink()

    def _content(self, path: Path) -> bytes | None:
        try:
            found = path.read_bytes()
            with contextlib.suppress(OSError):  # somebody else's file may be read and not touched
                os.utime(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            log.debug("kept_unreadable", path=str(path), error=str(error.strerror))
            return None
        digest, content = found[:DIGEST_BYTES], found[DIGEST_BYTES:]
        if derived_id(path.name, content).encode() != digest:
            log.warning("kept_damaged", path=str(path))
            return None
        return content

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(prefix=".kept-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(derived_id(path.name, content).encode() + content)
            Path(fresh).replace(path)
        except OSError:
            Path(fresh).unlink(missing_ok=True)
            raise

    def _paths(self) -> list[Path]:
        """The files, the last used one first."""
        try:
            return sorted(self._folder.glob(f"*{self._suffix}"), key=_used, reverse=True)
        except OSError:
            return []


def _used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
