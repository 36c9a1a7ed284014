"""A part of the stack: a process that is started again whenever it ends, until it is told to stop."""

import asyncio
import os
import signal
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from jade_cli.stack.backoff import Backoff
from jade_cli.stack.state import PartState
from jade_common.errors import JadeError
from jade_common.processes import tie_to_parent

log = structlog.get_logger("jade.stack")

STOP_SECONDS = 10.0
"""A worker finishes what is in flight within 8 s."""


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start a part."""

    command: list[str]
    url: str
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to the supervisor's own."""
    files: tuple[int, ...] = ()
    """Open files that it inherits, beside the ones that all parts do."""


class Part:
    """One process and its restarts."""

    def __init__(
        self,
        name: str,
        choose: Callable[[], Launch],
        log_file: Path,
        *,
        url: str | None = None,
        inherit: tuple[int, ...] = (),
        changed: Callable[[], None] = lambda: None,
        prepare: Callable[[Launch], Awaitable[None]] | None = None,
    ) -> None:
        """Describe the part; nothing starts.

        Args:
            name: Its name.
            choose: Says how to start it. Asked before each start until it has worked once, so that it may
                choose another port; then it stays as it is.
            log_file: Where its output goes.
            url: Where it will answer, when that is settled before it starts.
            inherit: Open files that every part inherits.
            changed: Called after each change of :attr:`state`.
            prepare: Runs after each start, until it is done or the process has ended; when it is done, the
                part has worked.
        """
        self.name = name
        self.worked = asyncio.Event()
        self._choose = choose
        self._launch: Launch | None = None
        self._log_file = log_file
        self._inherit = inherit
        self._changed = changed
        self._prepare = prepare
        self._process: Process | None = None
        self._keeping: asyncio.Task[None] | None = None
        self.state = PartState(name, url, problem="has not been started yet")

    def start(self) -> None:
        """Start it, and again whenever it ends, in the background."""
        self._keeping = asyncio.create_task(self._keep(), name=f"keep-{self.name}")

    async def stop(self) -> None:
        """Ask it to stop, kill it when it does not within ``STOP_SECONDS``, and do not start it again."""
        if self._keeping is None:
            return
        self._keeping.cancel()
        with suppress(asyncio.CancelledError):
            await self._keeping
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await self._process.wait()
            except TimeoutError:
                log.warning("part_killed", part=self.name, after_seconds=STOP_SECONDS)
                with suppress(ProcessLookupError):
                    self._process.kill()
                await self._process.wait()
        self._set(pid=None, problem="was stopped")

    def trouble(self, problem: str | None) -> None:
        """Note what cannot be done for it now."""
        self._set(pid=self.state.pid, problem=problem)

    async def _keep(self) -> None:
        backoff = Backoff()
        restarts = 0
        while True:
            started = time.monotonic()
            end = await self._run_once()
            restarts += 1
            wait = backoff.after(ran=time.monotonic() - started)
            log.warning("part_ended", part=self.name, end=end, restarts=restarts, wait_seconds=wait)
            self._set(pid=None, restarts=restarts, problem=f"{end}; is started again within {wait:g} s")
            await asyncio.sleep(wait)

    async def _run_once(self) -> str:
        """Run the process until it ends; says how it ended."""
        try:
            if self._launch is None or not self.worked.is_set():
                self._launch = self._choose()
            self._process = await self._spawn(self._launch)
        except (OSError, JadeError) as error:
            return f"could not be started: {error}"
        log.info("part_started", part=self.name, pid=self._process.pid, url=self._launch.url)
        self._set(pid=self._process.pid, problem=None)
        preparing = asyncio.create_task(self._prepared(self._launch), name=f"prepare-{self.name}")
        try:
            code = await self._process.wait()
        finally:
            preparing.cancel()
        if code < 0:
            return f"was ended by signal {-code} ({signal.strsignal(-code)})"
        return f"ended with exit code {code}"

    async def _prepared(self, launch: Launch) -> None:
        if self._prepare is not None:
            await self._prepare(launch)
        self.worked.set()

    async def _spawn(self, launch: Launch) -> Process:
        supervisor = os.getpid()

        def tied() -> None:
            # The kernel ties the child to the thread that starts it: the loop's, which is the main one.
            tie_to_parent()
            if os.getppid() != supervisor:  # it ended before the request was in place
                os._exit(1)

        with self._log_file.open("ab") as output:
            return await asyncio.create_subprocess_exec(
                *launch.command,
                stdin=DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **launch.environment},
                pass_fds=(*self._inherit, *launch.files),
                preexec_fn=tied,
            )

    def _set(self, *, pid: int | None, problem: str | None, restarts: int | None = None) -> None:
        count = self.state.restarts if restarts is None else restarts
        url = self._launch.url if self._launch is not None else self.state.url
        self.state = PartState(self.name, url, pid, count, problem)
        self._changed()
