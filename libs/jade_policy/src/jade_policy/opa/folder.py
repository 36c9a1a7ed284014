"""The private folder of one engine, and those that engines left behind when they were killed."""

import fcntl
import shutil
import tempfile
from pathlib import Path

_PREFIX = "jade-opa-"
_LOCK = "lock"
_SOCKET_PATH_CHARACTERS = 100  # the kernel takes 107, macOS 103


class EngineFolder:
    """A folder that only its owner can enter, locked as long as the engine lives.

    The kernel gives the lock back however the process ends, so whoever can take it may remove the folder.
    """

    def __init__(self) -> None:
        parent = _parent()
        _sweep(parent)
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        self._lock = (self.path / _LOCK).open("wb")
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.close()


def _sweep(parent: Path) -> None:
    """Remove folders whose engines are gone; what belongs to another user is left alone."""
    for lock in parent.glob(f"{_PREFIX}*/{_LOCK}"):
        try:
            with lock.open("rb+") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.parent, ignore_errors=True)
        except OSError:
            continue  # in use, not ours, or swept by another engine at this moment


def _parent() -> Path:
    """The usual temporary folder, unless a socket's path in there would be too long for the kernel."""
    usual = Path(tempfile.gettempdir())
    fits = len(str(usual)) < _SOCKET_PATH_CHARACTERS - len(f"/{_PREFIX}12345678/opa.sock")
    return usual if fits else Path("/tmp")  # noqa: S108  # the folder made in it is private
