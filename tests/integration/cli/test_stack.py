"""The stack with real servers: what dies comes back, and nothing outlives the supervisor."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import nats
import psutil
import pytest

from jade_cli.commands import stack as commands
from jade_cli.stack import control, current_urls, locks
from jade_cli.stack.control import down, up
from jade_cli.stack.errors import StackError
from jade_cli.stack.folder import StackFolder
from jade_cli.stack.status import status
from jade_common.servers import redis_server_path

pytestmark = pytest.mark.integration

LIMIT = 30.0

WORKERS = """
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route


def answering(why):
    async def ready(_):
        return JSONResponse({"ready": not why, "why": why}, 503 if why else 200)

    return Starlette(routes=[Route("/health/ready", ready)])


def plain():
    return answering([])


def never():
    return answering(["the model is not there"])


def dying():
    raise SystemExit("cannot live")


def listener():
    from jade_common.bus import Bus
    from jade_common.http import worker_app
    from jade_common.settings import NatsSettings

    return worker_app(Bus(NatsSettings(), service="listener", redact=str))
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    """A folder with an installed package of four workers."""
    folder = tmp_path_factory.mktemp("package")
    (folder / "jade_test_workers.py").write_text(WORKERS)
    info = folder / "jade_test_workers-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: jade-test-workers\nVersion: 1.0\n")
    names = ("plain", "never", "dying", "listener")
    lines = [f"test-{name} = jade_test_workers:{name}" for name in names]
    (info / "entry_points.txt").write_text("\n".join(["[jade.workers]", *lines, ""]))
    return folder


@pytest.fixture
def folder(package, tmp_path, monkeypatch):
    """The folder of a stack, which is stopped in the end."""
    monkeypatch.syspath_prepend(str(package))
    monkeypatch.setenv("PYTHONPATH", str(package))
    monkeypatch.setenv("JADE_CACHE_URL", "memory://")
    monkeypatch.delenv("JADE_NATS_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    # What lies in the user's folder must not be what a worker imports.
    (tmp_path / "structlog.py").write_text("raise SystemExit('the wrong structlog')")
    files = StackFolder(tmp_path / ".jade")
    monkeypatch.setenv("JADE_STATE_DIR", str(files.path))
    yield files
    down(files)


def eventually(condition, what: str):
    """Wait until ``condition`` gives something true."""
    deadline = time.monotonic() + LIMIT
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {LIMIT} s: {what}"
        time.sleep(0.05)
    return found


def processes(files: StackFolder) -> list[psutil.Process]:
    """The supervisor and all that came of it."""
    pid = locks.holder(files.supervisor_lock)
    if pid is None:
        return []
    supervisor = psutil.Process(pid)
    return [supervisor, *supervisor.children(recursive=True)]


def alive(found: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run; one that nobody has waited for yet does not."""
    running = []
    for process in found:
        with suppress(psutil.NoSuchProcess):
            if process.status() != psutil.STATUS_ZOMBIE:
                running.append(process)
    return running


def part(files: StackFolder, name: str):
    return next(part for part in status(files).parts if part.name == name)


async def publish(files: StackFolder, body: bytes) -> None:
    connection = await nats.connect(current_urls(files.path).nats)
    await connection.jetstream().publish("scan.finding", body, timeout=10)
    await connection.close()


async def stored(files: StackFolder) -> list[bytes]:
    connection = await nats.connect(current_urls(files.path).nats)
    jetstream = connection.jetstream()
    last = (await jetstream.stream_info("JADE_IN")).state.last_seq
    found = [(await jetstream.get_msg("JADE_IN", number)).data for number in range(1, last + 1)]
    await connection.close()
    return [data for data in found if data is not None]


async def test_what_dies_comes_back_and_down_leaves_nothing(folder, monkeypatch, capsys):
    monkeypatch.delenv("JADE_CACHE_URL")
    workers = ["test-listener", "test-plain"]
    assert commands.up(workers=workers, seconds=LIMIT) == 0
    assert "the stack is up" in capsys.readouterr().err
    everyone = processes(folder)
    assert commands.up(workers=workers) == 0
    assert "running already" in capsys.readouterr().err
    assert processes(folder) == everyone

    assert commands.status(output="json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["running"] is True
    assert shown["state_dir"] == str(folder.path)
    assert shown["cache"]["url"].startswith("redis://" if redis_server_path() else "memory://")
    assert [(worker["name"], worker["ready"], worker["restarts"]) for worker in shown["workers"]] == [
        (name, True, 0) for name in workers
    ]
    children = [shown["nats"], *shown["workers"], *([shown["cache"]] if redis_server_path() else [])]
    assert {child["pid"] for child in children} == {process.pid for process in everyone[1:]}

    await publish(folder, b"kept")
    worker, server = shown["workers"][1], shown["nats"]
    for restarts in (1, 2):
        pid = part(folder, "test-plain").pid
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: part(folder, "test-plain").restarts == restarts, "the death is counted")
        eventually(lambda: status(folder).ready, "the worker is back")
        assert part(folder, "test-plain").pid != pid
        assert part(folder, "test-plain").url == worker["url"]
    ends = [
        json.loads(line) for line in folder.log("supervisor").read_text().splitlines() if "part_ended" in line
    ]
    assert [end["wait_seconds"] for end in ends] == [0.2, 0.4]

    os.kill(server["pid"], signal.SIGKILL)
    if redis_server_path():
        os.kill(shown["cache"]["pid"], signal.SIGKILL)
        eventually(lambda: part(folder, "cache").restarts == 1, "the cache's death is counted")
    eventually(lambda: part(folder, "nats").restarts == 1, "the broker's death is counted")
    eventually(lambda: status(folder).ready, "the broker and the cache are back, and the worker with them")
    assert part(folder, "cache").url == shown["cache"]["url"]
    assert part(folder, "nats").url == server["url"]
    assert part(folder, "test-listener").restarts == 0
    assert await stored(folder) == [b"kept"]

    everyone += processes(folder)
    assert commands.down() == 0
    assert alive(everyone) == []
    assert commands.status() == 3
    assert commands.logs("nats", lines=1_000) == 0
    assert "Server is ready" in capsys.readouterr().out


async def test_two_stacks_live_and_die_apart_and_beside_another_at_4222(folder, tmp_path):
    deep = StackFolder(tmp_path.joinpath(*(["a-folder-far-down"] * 9)) / ".jade")
    assert len(str(deep.path)) > 150  # a unix socket's path ends at 108
    with socket.socket() as other, ThreadPoolExecutor() as pool:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):  # taken already: as good
            other.bind(("127.0.0.1", 4222))
            other.listen()
        try:
            both = list(pool.map(lambda files: up(files, ["test-plain"], seconds=LIMIT), (folder, deep)))
            urls = {part.url for done in both for part in done.status.parts if part.name != "cache"}
            assert len(urls) == 4
            assert "nats://127.0.0.1:4222" not in urls
            await publish(folder, b"kept")
            nothing_outlives_a_killed_supervisor(folder)
            assert up(folder, ["test-plain"], seconds=LIMIT).started
            assert await stored(folder) == [b"kept"]
            assert await stored(deep) == []

            everyone = processes(folder)
            for entry in folder.path.iterdir():  # whoever deletes the folder wants no stack
                if entry.is_file():
                    entry.unlink()
            eventually(lambda: not alive(everyone), "a stack without a folder stops")
            assert status(deep).ready
        finally:
            everyone = processes(deep)
            assert down(deep)
            assert not alive(everyone)
            assert not down(deep)


def nothing_outlives_a_killed_supervisor(files: StackFolder) -> None:
    everyone = processes(files)
    assert len(everyone) == 3
    everyone[0].kill()
    eventually(lambda: not alive(everyone), "all are gone")
    # A zombie's other threads may hold its files, and so its lock, an instant longer.
    eventually(lambda: not status(files).running, "the lock is free")
    now = status(files)
    assert (now.running, now.nats.pid, now.nats.why) == (False, None, "is not running")
    assert current_urls(files.path) is None


@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGKILL])
def test_interrupted_up_leaves_nothing(folder, sig):
    command = [sys.executable, "-P", "-m", "jade_cli.main", "up", "--worker", "test-never"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as starting:
        eventually(lambda: part(folder, "test-never").why == "the model is not there", "the worker runs")
        everyone = processes(folder)
        assert len(everyone) == 3
        starting.send_signal(sig)
        _, said = starting.communicate(timeout=LIMIT)
    if sig == signal.SIGINT:
        assert starting.returncode == 130
        assert "interrupted" in said
        assert alive(everyone) == []
    eventually(lambda: not alive(everyone), "all are gone")


def test_what_is_not_ready_is_named_with_its_reason_and_its_log(folder, monkeypatch):
    monkeypatch.setattr(control, "GIVE_UP_RESTARTS", 2)
    with pytest.raises(StackError, match="cannot live") as error:
        up(folder, ["test-dying", "test-plain"], seconds=LIMIT)
    said = str(error.value)
    assert said.startswith("test-dying is not ready and has ended 2 times:\n  test-dying: ")
    assert "test-plain" not in said
    assert str(folder.log("test-dying")) in said
    assert processes(folder) == []
    with pytest.raises(StackError, match=r"test-never is not ready after 3 s:\n  test-never: "):
        up(folder, ["test-never"], seconds=3)
    assert processes(folder) == []
