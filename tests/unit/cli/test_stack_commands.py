"""The commands of the stack where nothing runs, and where others find it."""

import json
import os
import subprocess
import sys

import pytest

from jade_cli.commands import stack
from jade_cli.failures import WrongUsage
from jade_cli.main import run
from jade_cli.stack import Urls, control, current_urls, gateway_url, locks, nats_url, state
from jade_cli.stack.folder import StackFolder
from jade_cli.stack.state import PartState, StackState


@pytest.fixture
def files(tmp_path, monkeypatch) -> StackFolder:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JADE_NATS_URL", raising=False)
    monkeypatch.setenv("JADE_STATE_DIR", str(tmp_path / ".jade"))
    folder = StackFolder(tmp_path / ".jade")
    folder.create()
    return folder


@pytest.fixture
def running(files):
    """A stack as it looks from outside; this process holds the lock of the supervisor."""
    lock = locks.take(files.supervisor_lock, wait=1.0)
    assert lock is not None
    parts = PartState("nats", "nats://127.0.0.1:4333", 8), PartState("cache", "redis://:pw@127.0.0.1:1/0", 9)
    workers = (
        PartState("gateway", "http://127.0.0.1:8081", 10),
        PartState("ranker", "http://127.0.0.1:1", None, 3, "ended with exit code 1"),
    )
    state.write(files.state, StackState("jade-1", os.getpid(), *parts, workers))
    yield files
    os.close(lock)


def test_status_without_a_stack(files, capsys):
    assert stack.status(output="json") == 3
    shown = json.loads(capsys.readouterr().out)
    assert shown["running"] is False
    assert shown["state_dir"] == str(files.path)
    for part in (shown["nats"], shown["cache"], *shown["workers"]):
        assert (part["ready"], part["pid"], part["url"], part["why"]) == (False, None, None, "is not running")


def test_state_of_a_killed_supervisor_counts_for_nothing(running, capsys):
    other = StackState("jade-0", 1, PartState("nats", "nats://x:1"), PartState("cache", "memory://"), ())
    state.write(running.state, other)
    assert stack.status(output="json") == 3
    assert json.loads(capsys.readouterr().out)["nats"]["why"] == "is starting"


def test_status_shows_what_is_wrong_and_no_password(running, capsys):
    assert stack.status() == 3
    out = capsys.readouterr().out
    assert "ended with exit code 1" in out
    assert "pw" not in out
    assert "redis://***@127.0.0.1:1/0" in out


def test_commands_find_the_running_stack(running):
    assert current_urls() == Urls(
        "nats://127.0.0.1:4333", "redis://:pw@127.0.0.1:1/0", "http://127.0.0.1:8081"
    )
    assert gateway_url() == "http://127.0.0.1:8081"
    assert gateway_url("http://elsewhere") == "http://elsewhere"


def test_flag_then_setting_then_running_stack_then_default(running, monkeypatch, tmp_path):
    assert nats_url() == "nats://127.0.0.1:4333"
    (tmp_path / "jade.yaml").write_text("nats: {url: 'nats://file:1'}\n")
    assert nats_url() == "nats://file:1"
    monkeypatch.setenv("JADE_NATS_URL", "nats://environment:1")
    assert nats_url() == "nats://environment:1"
    assert nats_url("nats://flag:1") == "nats://flag:1"


def test_default_without_a_stack(files):
    assert nats_url() == "nats://127.0.0.1:4222"
    assert current_urls() is None
    assert gateway_url() is None


def test_down_without_a_stack_is_no_error(files, capsys):
    assert stack.down() == 0
    assert "no stack runs" in capsys.readouterr().err


def test_unknown_worker_is_refused_by_name(files, capsys):
    assert run(["up", "--worker", "rankr"]) == 2
    assert "there is no worker rankr; installed are: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value", "code", "said"),
    [
        ("JADE_NATS_SERVER_BIN", "/nowhere/nats-server", 3, "/nowhere/nats-server"),
        ("JADE_CACHE_TIMEOUT", "soon", 2, "timeout"),
        ("JADE_HTTP_PORT", "70000", 2, "port"),
    ],
)
def test_wrong_settings_are_said_before_anything_starts(files, capsys, monkeypatch, name, value, code, said):
    monkeypatch.setenv(name, value)
    assert run(["up"]) == code
    assert said in capsys.readouterr().err
    assert locks.holder(files.supervisor_lock) is None


def test_logs_of_one_part_and_of_all(files, capfd):
    assert run(["logs", "ranker"]) == 2
    assert "there is no log of 'ranker'" in capfd.readouterr().err
    files.log("nats").write_text("hello\n")
    files.log("ranker").write_text("1\n2\n\x1b[2J3\n")
    assert stack.logs("ranker", lines=2) == 0
    assert capfd.readouterr().out == "2\n\\x1b[2J3\n"
    assert stack.logs(lines=1) == 0
    assert capfd.readouterr().out == "nats   | hello\nranker | \\x1b[2J3\n"


def test_following_ends_when_nobody_reads_any_more(files):
    files.log("nats").write_text("hello\n")
    command = [sys.executable, "-m", "jade_cli.main", "logs", "--follow"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as following:
        assert following.stdout is not None
        assert following.stdout.readline() == b"nats | hello\n"
        with files.log("nats").open("a") as writer:
            writer.write("more\n")
        assert following.stdout.readline() == b"nats | more\n"
        following.stdout.close()
        with files.log("nats").open("a") as writer:
            writer.write("unheard\n")
        assert following.wait(20) == 0


def test_a_worker_that_has_nothing_to_do_is_left_out_with_what_to_set(files, monkeypatch):
    chosen, left_out = control.chosen(None)
    assert "ranker" in chosen
    assert "gatekeeper-bridge" not in chosen
    assert "JADE_GATEKEEPER_BRIDGE_SPOOL" in left_out["gatekeeper-bridge"]
    with pytest.raises(WrongUsage, match="gatekeeper-bridge is not started: it has nothing to read"):
        control.chosen(["gatekeeper-bridge"])
    monkeypatch.setenv("JADE_GATEKEEPER_BRIDGE_SPOOL", str(files.path))
    assert "gatekeeper-bridge" in control.chosen(None)[0]
    assert control.chosen(["gatekeeper-bridge"]) == (["gatekeeper-bridge"], {})
    monkeypatch.setenv("JADE_GATEKEEPER_BRIDGE_BATCH", "many")
    with pytest.raises(WrongUsage, match="batch"):
        control.chosen(None)


def test_the_file_configures_the_bridge_as_well(files, tmp_path):
    (tmp_path / "jade.yaml").write_text("gatekeeper_bridge: {audit_log: audit.log}\n")
    assert control.chosen(None)[1] == {}
