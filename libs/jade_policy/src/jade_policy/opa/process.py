"""One OPA server process, kept alive: it is restarted when it dies, and dies when its parent does."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path

from jade_policy.errors import EngineError

START_LIMIT_SECONDS = 15.0  # 500 policies take 0.6 s; the rest is for machines that are busy
MEMORY_LIMIT_BYTES = 4 * 1024**3  # of address space: Go reserves 1.3 GiB at once, 100 policies use 0.1 GiB
GARBAGE_PERCENT = (
    400  # of what lives, before Go collects; takes an eighth less CPU than its own 100, and 50 MB
)
BACKOFF_SECONDS = (0.0, 0.1, 0.5, 1.0)  # before a restart, growing while OPA dies young
SETTLED_SECONDS = 5.0  # one that lived so long is not dying young
DEATH_NOTICE_SECONDS = 0.2  # the keeper learns of a death within a millisecond; this is for busy machines
OUTPUT_LINES = 20  # of what OPA last said, for the error message

# Runs between fork and OPA. PR_SET_PDEATHSIG (1) ties OPA's life to the thread that started it; the second
# look at the parent closes the gap in which it may have died before. Not preexec_fn: it may hang
# where there are threads.
_LAUNCHER = """
import ctypes, os, resource, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 9)
    if os.getppid() != int(sys.argv[1]):
        sys.exit(1)
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), int(sys.argv[2])))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
os.execve(sys.argv[4], sys.argv[4:], {"GOGC": sys.argv[3]})
"""


class OpaProcess:
    """An `opa run --server` on a Unix socket, with nothing of our environment and nothing but its bundle.

    A thread of its own starts the process and waits for it: the kernel's death signal comes when the thread
    that forked ends, so no thread with a shorter life may do it.
    """

    def __init__(self, opa: Path, bundle: Path, address: Path) -> None:
        self._opa, self._bundle, self._address = opa.absolute(), bundle, address  # it runs elsewhere
        self._closing = threading.Event()
        self._ready = threading.Condition()
        self._serving = False
        self._failure: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._ever_served = False
        self._output: deque[str] = deque(maxlen=OUTPUT_LINES)
        self._keeper = threading.Thread(target=self._keep, name="opa-keeper", daemon=True)
        self.restarts = 0

    @property
    def pid(self) -> int | None:
        """The process that serves now."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Start, and return when OPA answers.

        Raises:
            EngineError: it does not come up; the message carries what it said.
        """
        self._keeper.start()
        if not self.wait_ready(START_LIMIT_SECONDS):
            self.close()
            said = self._failure or f"no answer within {START_LIMIT_SECONDS:.0f} s"
            raise EngineError(f"{self._opa} does not start as a server: {said}")

    def wait_ready(self, seconds: float) -> bool:
        """Wait until OPA serves; False when it does not in time, or cannot."""
        with self._ready:
            self._ready.wait_for(lambda: self._serving or self._failure or self._closing.is_set(), seconds)
            return self._serving

    def wait_back(self, seconds: float) -> bool:
        """Wait until OPA serves after a connection broke; False when it does not in time."""
        with self._ready:  # a connection breaks a moment before the keeper learns of the death
            self._ready.wait_for(lambda: not self._serving, DEATH_NOTICE_SECONDS)
        return self.wait_ready(seconds)

    def kill(self, pid: int | None = None) -> None:
        """Kill the process (only if it is still `pid`, where one is given); the keeper starts another."""
        process = self._process
        if process is not None and pid in {None, process.pid}:
            with self._ready:
                self._serving = False
            process.kill()

    def close(self) -> None:
        """Kill the process for good."""
        self._closing.set()
        with self._ready:
            self._ready.notify_all()
        self.kill()
        if self._keeper.ident is not None:
            self._keeper.join()

    def _keep(self) -> None:
        young = 0
        while not self._closing.wait(BACKOFF_SECONDS[min(young, len(BACKOFF_SECONDS) - 1)]):
            begun = time.monotonic()
            try:
                self._run()
            except OSError as error:
                self._give_up(f"{error.strerror}")
                return
            if not self._ever_served:  # it will not do so the next time either
                self._give_up("\n".join(self._output) or "it ended at once and said nothing")
                return
            young = 0 if time.monotonic() - begun > SETTLED_SECONDS else young + 1
            self.restarts += 1

    def _give_up(self, reason: str) -> None:
        with self._ready:
            self._failure = reason
            self._ready.notify_all()

    def _run(self) -> None:
        self._address.unlink(missing_ok=True)
        command = [
            sys.executable, "-I", "-S", "-c", _LAUNCHER, str(os.getpid()), str(MEMORY_LIMIT_BYTES),
            str(GARBAGE_PERCENT),
            str(self._opa), "run", "--server", "--bundle", str(self._bundle), "--skip-version-check",
            "--optimize-store-for-read-speed",  # else each look at an inventory of 1.6 MB costs 100 ms
            "--addr", f"unix://{self._address}", "--unix-socket-perm", "700",
            "--log-level", "error", "--log-format", "text",
        ]  # fmt: skip
        with subprocess.Popen(
            command,
            env={},
            cwd=self._bundle,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C at the terminal is for the parent, which then closes this one
        ) as process:
            self._process = process
            if self._closing.is_set():
                process.kill()
            reader = threading.Thread(
                target=self._read_output, args=(process,), name="opa-output", daemon=True
            )
            reader.start()
            self._announce(process)
            process.wait()
            with self._ready:
                self._serving = False
                self._ready.notify_all()
            reader.join()

    def _announce(self, process: subprocess.Popen[bytes]) -> None:
        """Say that OPA serves, once its socket takes a connection."""
        while process.poll() is None and not self._closing.wait(0.003):
            with socket.socket(socket.AF_UNIX) as probe:
                try:
                    probe.connect(str(self._address))
                except OSError:
                    continue
            with self._ready:
                self._serving = self._ever_served = process.poll() is None
                self._ready.notify_all()
            return

    def _read_output(self, process: subprocess.Popen[bytes]) -> None:
        if process.stderr is not None:
            for line in process.stderr:
                self._output.append(line.decode(errors="replace").rstrip()[:1000])
