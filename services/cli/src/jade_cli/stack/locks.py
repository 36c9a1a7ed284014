"""Who runs, by ``flock``: the kernel drops a lock with the last process that holds it, so none is stale."""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path

POLL_SECONDS = 0.02

HELD_BY_ANOTHER = 75
"""Exit status of who did not get a lock: EX_TEMPFAIL of <sysexits.h>."""


def take(path: Path, *, wait: float) -> int | None:
    """Take the lock at ``path`` and write this process's id into it.

    Args:
        path: The file; made when it is not there.
        wait: Seconds to try. Never zero: whoever asks :func:`held` holds it for an instant.

    Returns:
        The open file, to be kept open as long as the lock is wanted; ``None`` when someone else holds it.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(file)
                return None
            time.sleep(POLL_SECONDS)
        else:
            os.ftruncate(file, 0)
            os.write(file, b"%d\n" % os.getpid())
            return file


def still_ours(path: Path, file: int) -> bool:
    """Whether the file at ``path`` is still the locked one; false when someone has deleted it."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file))
    except FileNotFoundError:
        return False


def held(path: Path) -> bool:
    """Whether a living process holds the lock at ``path``."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        # Shared, so that two who ask do not see each other.
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(file)


def holder(path: Path) -> int | None:
    """The process that holds the lock at ``path``; ``None`` when nobody does."""
    if held(path):
        with suppress(ValueError, FileNotFoundError):
            return int(path.read_text("ascii"))
    return None


def wait_free(path: Path, seconds: float) -> bool:
    """Wait until nobody holds the lock at ``path``; false when ``seconds`` were not enough."""
    deadline = time.monotonic() + seconds
    while held(path):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
