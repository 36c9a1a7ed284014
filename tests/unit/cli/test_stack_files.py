"""The files of a stack: where they lie, who locks them, what is read from them."""

import json
import stat
import subprocess
import sys

import pytest

from jade_cli.stack import locks, state
from jade_cli.stack.backoff import LONGEST_SECONDS, RAN_WELL_SECONDS, Backoff
from jade_cli.stack.folder import StackFolder, state_dir
from jade_cli.stack.log_cap import cap
from jade_cli.stack.logs import Follower, LogReader, tail
from jade_cli.stack.state import PartState, StackState

STATE = StackState(
    instance="jade-1",
    supervisor=7,
    nats=PartState("nats", "nats://127.0.0.1:4222", 8),
    cache=PartState("cache", "redis://:secret@127.0.0.1:6379", 9),
    workers=(
        PartState("gateway", "http://127.0.0.1:8080", None, 3, "ended with exit code 1"),
        PartState("ranker", "http://127.0.0.1:8081", 10),
    ),
)


@pytest.mark.parametrize("mark", ["jade.yaml", ".git"])
def test_state_lies_beside_the_root_of_the_project(tmp_path, monkeypatch, mark):
    monkeypatch.delenv("JADE_STATE_DIR", raising=False)
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / mark).touch()
    assert state_dir(start=deep) == tmp_path / ".jade"


def test_state_dir_follows_flag_then_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("JADE_STATE_DIR", str(tmp_path / "environment"))
    assert state_dir(tmp_path / "flag") == tmp_path / "flag"
    assert state_dir() == tmp_path / "environment"


def test_folder_is_private_and_out_of_git(tmp_path):
    folder = StackFolder(tmp_path / ".jade")
    folder.create()
    folder.create()
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert (folder.path / ".gitignore").read_text() == "*\n"


def test_lock_ends_with_its_process_and_not_before(tmp_path):
    path = tmp_path / "lock"
    path.write_text("4242\n")  # left by a process that is gone: no claim
    assert locks.holder(path) is None
    code = "import sys; from jade_cli.stack import locks; from pathlib import Path\n"
    code += "print(locks.take(Path(sys.argv[1]), wait=1.0), flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip().isdigit()
        assert locks.holder(path) == other.pid
        assert locks.take(path, wait=0.05) is None
        assert not locks.wait_free(path, 0.05)
        other.kill()
        assert locks.wait_free(path, 5.0)
    assert locks.holder(path) is None


def test_state_is_read_as_written_and_by_its_owner_alone(tmp_path):
    path = tmp_path / "state.json"
    state.write(path, STATE)
    assert state.read(path) == STATE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["state.json"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"format": 1}', json.dumps({"format": 2}), "\x00", '{"format": 1, "nats": 1}'],
)
def test_unreadable_state_is_taken_for_absent(tmp_path, text):
    path = tmp_path / "state.json"
    path.write_text(text)
    assert state.read(path) is None


def test_waits_grow_to_a_limit_and_shrink_after_a_good_run():
    backoff = Backoff()
    waits = [backoff.after(ran=0.0) for _ in range(2_000)]
    assert waits[:3] == [0.2, 0.4, 0.8]
    assert waits[-1] == LONGEST_SECONDS
    assert backoff.after(ran=RAN_WELL_SECONDS) == 0.2
    assert backoff.after(ran=0.0) == 0.4


def test_log_is_cut_while_its_writer_goes_on(tmp_path):
    path = tmp_path / "ranker.log"
    with path.open("ab", buffering=0) as writer:
        writer.write(b"old\n" * 10)
        cap(tmp_path, limit=100)
        assert not (tmp_path / "ranker.log.1").exists()
        cap(tmp_path, limit=39)
        writer.write(b"new\n")
    assert path.read_bytes() == b"new\n"
    assert (tmp_path / "ranker.log.1").read_bytes() == b"old\n" * 10


def test_reader_gives_whole_lines_once_and_survives_a_cut(tmp_path):
    path = tmp_path / "ranker.log"
    reader = LogReader(path)
    assert reader.read() == []
    path.write_bytes(b"one\ntw")
    assert reader.read() == ["one"]
    with path.open("ab") as writer:
        writer.write(b"o\n\xff\n")
    assert reader.read() == ["two", "\ufffd"]
    path.write_bytes(b"3\n")
    assert reader.read() == ["3"]
    assert tail(path, 0) == []


def test_follower_takes_up_logs_that_come_later(tmp_path):
    (tmp_path / "nats.log").write_text("1\n2\n3\n")
    everything, one = Follower(tmp_path), Follower(tmp_path, ["nats"])
    assert list(everything.read(2)) == [("nats", "2"), ("nats", "3")]
    (tmp_path / "ranker.log").write_text("hello\n")
    assert list(everything.read()) == [("ranker", "hello")]
    assert list(one.read(0)) == []
    assert list(one.read()) == []
