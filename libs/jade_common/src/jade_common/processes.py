"""No orphans: a child of Jade dies with its parent, even when the parent is killed with -9."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
PARENT = "JADE_PARENT_PID"
"""Names the process that a child may not outlive; set by the supervisor."""

_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends, if ``JADE_PARENT_PID`` names one. Linux only."""
    parent = os.environ.get(PARENT)
    if parent is None or _LIBC is None:
        return
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # delivery survives it
    if os.getppid() != int(parent):  # it ended before the request was in place
        raise SystemExit("the supervisor has ended")


def tie_to_parent(sig: int = signal.SIGKILL) -> None:
    """For ``preexec_fn``: the program that is about to run gets ``sig`` when this process's thread ends. Linux only.

    The kernel ties the child to the *thread* that started it: start it from one that lives as long as the process.
    """
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, sig, 0, 0, 0)
