"""The process in the background that starts the parts of the stack, again what dies, and stops them in order.

``python -m jade_cli.stack.supervisor`` is what ``jade up`` runs. It holds ``supervisor.lock`` as long as it
lives; all that it starts dies with it.
"""

import argparse
import asyncio
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import nats
import structlog
from nats.errors import Error as NatsError

from jade_cli.stack import locks, probes, state
from jade_cli.stack.folder import ENVIRONMENT, StackFolder
from jade_cli.stack.log_cap import cap
from jade_cli.stack.parts import Launch, Part
from jade_cli.stack.state import PartState, StackState
from jade_cli.stack.urls import GATEWAY
from jade_common.logs import configure_logs
from jade_common.processes import PARENT
from jade_common.servers import LOOPBACK, nats_server, redis_server, redis_server_path, url
from jade_common.settings import HttpSettings, LogSettings, NatsSettings
from jade_common.topology import Change, declare, topology

log = structlog.get_logger("jade.stack")

NATS_PORT = 4222
"""Where NATS clients look by default."""

BACKLOG = 512
"""Connections that wait while a worker restarts; more are refused."""

LOCK_SECONDS = 2.0
"""Someone who only asks for the lock holds it for microseconds."""

ORPHAN_SECONDS = 10.0
"""What a killed supervisor leaves, the kernel kills at once; a broker that syncs needs a moment."""

POLL_SECONDS = 0.05
CACHE_SECONDS = 5.0
"""redis-server answers after 0.05 s."""

DECLARE_AGAIN_SECONDS = 1.0
DECLARE_SECONDS = 20
"""Each stream is synced to a disk that may be busy."""

FOLDER_CHECK_SECONDS = 2.0

Prepare = Callable[[Launch], Awaitable[None]]


class Supervisor:
    """One run of the stack in one folder."""

    def __init__(
        self, folder: StackFolder, workers: list[str], *, instance: str, own_lock: int, parts_lock: int
    ) -> None:
        """Prepare the parts; nothing starts.

        Args:
            folder: Where the stack keeps its things.
            workers: Names of the workers.
            instance: Name of this run.
            own_lock: The open file that says that this supervisor lives.
            parts_lock: The open file that all parts inherit.
        """
        self._own_lock = own_lock
        self._folder = folder
        self._instance = instance
        self._inherit = (parts_lock,)
        self._stop = asyncio.Event()
        self._nats = self._part("nats", self._launch_nats, prepare=self._declare)
        self._cache: Part | None = None
        self._cache_url = os.environ.get("JADE_CACHE_URL", "memory://")
        redis = redis_server_path() if "JADE_CACHE_URL" not in os.environ else None
        if redis is not None:
            self._cache = self._part("cache", partial(self._launch_redis, redis), prepare=answering)
        self._workers = [self._worker(name) for name in workers]

    async def run(self, owner: int | None) -> None:
        """Run the stack until a signal, or until the process that started it goes away before it has let go.

        Args:
            owner: A pipe: a byte in it means that the stack is to live on, its end that it is not.
        """
        loop = asyncio.get_running_loop()
        for sig in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sig, self._stop.set)
        if owner is not None:
            loop.add_reader(owner, self._hear, owner)
        self._write()
        tasks = [asyncio.create_task(self._look_after_folder()), asyncio.create_task(self._start())]
        try:
            await self._stop.wait()
        finally:
            log.info("stack_stops")
            for task in tasks:
                task.cancel()
            await self._stop_parts()
            self._folder.state.unlink(missing_ok=True)

    async def _start(self) -> None:
        self._nats.start()
        if self._cache is not None:
            self._cache.start()
            with suppress(TimeoutError):  # workers do without it; but its port should be settled
                async with asyncio.timeout(CACHE_SECONDS):
                    await self._cache.worked.wait()
        await self._nats.worked.wait()
        for worker in self._workers:
            worker.start()

    async def _stop_parts(self) -> None:
        """Stop who needs the others first."""
        await asyncio.gather(*(worker.stop() for worker in self._workers))
        if self._cache is not None:
            await self._cache.stop()
        await self._nats.stop()

    def _hear(self, owner: int) -> None:
        asyncio.get_running_loop().remove_reader(owner)
        if not os.read(owner, 1):
            log.warning("starter_went_away")
            self._stop.set()
        os.close(owner)

    async def _look_after_folder(self) -> None:
        while locks.still_ours(self._folder.supervisor_lock, self._own_lock):
            cap(self._folder.logs)
            await asyncio.sleep(FOLDER_CHECK_SECONDS)
        # Nobody could find this stack any more, to stop it or to use it.
        log.error("folder_was_deleted", path=str(self._folder.path))
        self._stop.set()

    def _part(
        self,
        name: str,
        choose: Callable[[], Launch],
        *,
        url: str | None = None,
        prepare: Prepare | None = None,
    ) -> Part:
        log_file = self._folder.log(name)
        return Part(
            name, choose, log_file, url=url, inherit=self._inherit, changed=self._write, prepare=prepare
        )

    def _launch_nats(self) -> Launch:
        # After a start that failed, any port: another stack may have taken 4222 since it was seen free.
        server = nats_server(self._folder.nats, port=0 if self._nats.state.restarts else NATS_PORT)
        return Launch([*server.command, "--name", self._instance], url(server))

    def _launch_redis(self, binary: Path) -> Launch:
        server = redis_server(self._folder.cache, binary)
        return Launch(server.command, url(server))

    def _worker(self, name: str) -> Part:
        # Held here, so that the port stays the worker's own over its restarts; people type the gateway's.
        listener = listening(HttpSettings().port if name == GATEWAY else 0)
        address = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        return self._part(name, partial(self._launch_worker, name, listener, address), url=address)

    def _launch_worker(self, name: str, listener: socket.socket, address: str) -> Launch:
        environment = {
            "JADE_NATS_URL": str(self._nats.state.url),
            "JADE_CACHE_URL": str(self._cache_state().url),
            "JADE_HTTP_FD": str(listener.fileno()),
            PARENT: str(os.getpid()),
            ENVIRONMENT: str(self._folder.path),
        }
        # -P: the current folder is the user's; a nats.py in it must not be what a worker imports.
        command = [sys.executable, "-P", "-m", "jade_common.worker", name]
        return Launch(command, address, environment, (listener.fileno(),))

    async def _declare(self, launch: Launch) -> None:
        """Wait for the broker, and bring its streams and consumers to what this version of Jade needs."""
        while await asyncio.to_thread(probes.nats_problem, launch.url, self._instance):  # noqa: ASYNC110  # no event tells
            await asyncio.sleep(POLL_SECONDS)
        while True:
            try:
                done = await declared(launch.url)
            except (NatsError, OSError, TimeoutError) as error:
                reason = f"{type(error).__name__}: {error}"
                log.warning("topology_not_declared", error=reason)
                self._nats.trouble(f"its streams could not be declared: {reason}")
                await asyncio.sleep(DECLARE_AGAIN_SECONDS)
            else:
                changed = [name for name, change in done.items() if change != "unchanged"]
                log.info("topology_declared", changed=changed)
                self._nats.trouble(None)
                return

    def _cache_state(self) -> PartState:
        return self._cache.state if self._cache is not None else PartState("cache", self._cache_url)

    def _write(self) -> None:
        workers = tuple(worker.state for worker in self._workers)
        now = StackState(self._instance, os.getpid(), self._nats.state, self._cache_state(), workers)
        try:
            state.write(self._folder.state, now)
        except OSError as error:  # a full disk must not end who restarts the others
            log.warning("state_not_written", error=str(error))


async def declared(address: str) -> Mapping[str, Change]:
    """Declare the topology at ``address``; what changed."""
    wanted = topology(NatsSettings().topology)
    connection = await nats.connect(address, allow_reconnect=False, connect_timeout=DECLARE_SECONDS)
    try:
        return await declare(connection.jetstream(timeout=DECLARE_SECONDS), wanted)
    finally:
        await connection.close()


async def answering(launch: Launch) -> None:
    """Wait until the cache answers."""
    while await asyncio.to_thread(probes.cache_problem, launch.url):  # noqa: ASYNC110  # no event tells
        await asyncio.sleep(POLL_SECONDS)


def listening(wanted: int) -> socket.socket:
    """A socket that listens on loopback: at port ``wanted`` when it is free, else at any."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, wanted))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        if not wanted:
            raise
        return listening(0)
    return listener


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the supervisor until it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m jade_cli.stack.supervisor", description=__doc__)
    parser.add_argument("--state-dir", type=Path, required=True)
    parser.add_argument("--instance", required=True, help="a name for this run")
    parser.add_argument("--worker", action="append", default=[], help="a worker to run; repeatable")
    parser.add_argument("--owner", type=int, help="a pipe; its end without a byte in it means: stop")
    given = parser.parse_args(arguments)
    configure_logs("supervisor", LogSettings().level)
    folder = StackFolder(given.state_dir)
    folder.create()
    own_lock = locks.take(folder.supervisor_lock, wait=LOCK_SECONDS)
    if own_lock is None:
        return locks.HELD_BY_ANOTHER
    parts_lock = locks.take(folder.parts_lock, wait=ORPHAN_SECONDS)
    if parts_lock is None:
        log.error("processes_of_the_last_run_live_on", lock=str(folder.parts_lock))
        return 1
    supervisor = Supervisor(
        folder, given.worker, instance=given.instance, own_lock=own_lock, parts_lock=parts_lock
    )
    asyncio.run(supervisor.run(given.owner))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
