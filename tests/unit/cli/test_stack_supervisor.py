"""What the supervisor decides before it starts anything."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from jade_cli.stack import supervisor
from jade_cli.stack.folder import StackFolder
from jade_cli.stack.supervisor import Supervisor, listening
from jade_common.servers import Server


@pytest.fixture
def prepared(tmp_path, monkeypatch) -> Supervisor:
    monkeypatch.setenv("JADE_CACHE_URL", "redis://cache:6379/1")
    monkeypatch.setattr(
        supervisor, "nats_server", lambda folder, port: Server("nats-server", ["nats"], port, folder / "log")
    )
    return Supervisor(StackFolder(tmp_path), [], instance="jade-1", own_lock=-1, parts_lock=-1)


def test_broker_takes_the_usual_port_and_any_after_a_start_that_failed(prepared):
    first = prepared._launch_nats()
    assert first.url == "nats://127.0.0.1:4222"
    assert first.command[-2:] == ["--name", "jade-1"]
    prepared._nats.state = replace(prepared._nats.state, restarts=1)
    assert prepared._launch_nats().url == "nats://127.0.0.1:0"


def test_worker_gets_its_socket_and_the_addresses(prepared):
    prepared._nats.state = replace(prepared._nats.state, url="nats://127.0.0.1:4333")
    with listening(0) as listener:
        launch = prepared._launch_worker("ranker", listener, "http://127.0.0.1:1")
        assert launch.files == (listener.fileno(),)
        assert launch.environment == {
            "JADE_NATS_URL": "nats://127.0.0.1:4333",
            "JADE_CACHE_URL": "redis://cache:6379/1",
            "JADE_HTTP_FD": str(listener.fileno()),
            "JADE_PARENT_PID": str(os.getpid()),
            "JADE_STATE_DIR": str(prepared._folder.path),
        }
    assert launch.command[1:] == ["-P", "-m", "jade_common.worker", "ranker"]


def test_port_that_is_taken_is_replaced():
    with listening(0) as first:
        taken = first.getsockname()[1]
        with listening(taken) as second:
            assert second.getsockname()[1] not in {0, taken}


def test_state_that_cannot_be_written_stops_nothing(prepared, tmp_path):
    Path(tmp_path, "state.new").mkdir()
    prepared._write()
    assert not Path(tmp_path, "state.json").exists()
