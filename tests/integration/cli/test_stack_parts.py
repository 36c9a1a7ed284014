"""A part of the stack with real processes: restarts, ports, and its end."""

import asyncio
import os
import sys
from contextlib import asynccontextmanager

import pytest

from jade_cli.stack import parts
from jade_cli.stack.parts import Launch, Part

pytestmark = pytest.mark.integration

LIMIT = 10.0


class Watched:
    """A part, with an event after each of its changes."""

    def __init__(self, tmp_path, *scripts: str, prepare=None):
        self.launches = [Launch(["/bin/sh", "-c", script], f"test://{n}") for n, script in enumerate(scripts)]
        self.changed = asyncio.Event()
        self.log = tmp_path / "part.log"
        self.part = Part("part", self.choose, self.log, changed=self.changed.set, prepare=prepare)

    def choose(self) -> Launch:
        return self.launches.pop(0)

    async def until(self, condition) -> None:
        async with asyncio.timeout(LIMIT):
            while not condition(self.part.state):
                self.changed.clear()
                await self.changed.wait()

    @asynccontextmanager
    async def running(self):
        self.part.start()
        try:
            yield self.part
        finally:
            await self.part.stop()


async def never(_launch):
    await asyncio.Event().wait()


async def test_part_that_never_worked_chooses_again(tmp_path):
    watched = Watched(tmp_path, "echo no port >&2; exit 3", "exec sleep 60", prepare=never)
    async with watched.running():
        await watched.until(lambda state: state.problem and "exit code 3" in state.problem)
        await watched.until(lambda state: state.pid and state.url == "test://1")
        assert watched.part.state.restarts == 1
        assert not watched.part.worked.is_set()
    assert watched.log.read_text() == "no port\n"


async def test_part_that_worked_stays_as_it_is(tmp_path):
    watched = Watched(tmp_path, "exec sleep 60")
    async with watched.running() as part:
        async with asyncio.timeout(LIMIT):
            await part.worked.wait()
        os.kill(part.state.pid, 9)
        await watched.until(lambda state: state.problem and "signal 9" in state.problem)
        await watched.until(lambda state: state.restarts == 1 and state.pid)
        assert part.state.url == "test://0"
        os.kill(part.state.pid, 35)  # a real-time signal, which has no name
        await watched.until(lambda state: state.problem and "signal 35" in state.problem)


async def test_program_that_is_not_there_is_tried_again(tmp_path):
    watched = Watched(tmp_path, "", "exec sleep 60")
    watched.launches[0] = Launch(["/nowhere/program"], "test://")
    async with watched.running():
        await watched.until(lambda state: state.problem and "could not be started" in state.problem)
        await watched.until(lambda state: state.pid)


async def test_part_that_does_not_listen_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "STOP_SECONDS", 0.1)
    code = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True)\n"
    code += "while True: signal.pause()"
    watched = Watched(tmp_path, "")
    watched.launches[0] = Launch([sys.executable, "-c", code], "test://")
    async with watched.running() as part:
        await watched.until(lambda state: state.pid)
        pid = part.state.pid
        async with asyncio.timeout(LIMIT):
            while "deaf" not in watched.log.read_text():  # another process writes it
                await asyncio.sleep(0.01)
    assert part.state.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
