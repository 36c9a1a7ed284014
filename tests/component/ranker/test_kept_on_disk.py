"""What is kept on disk: whole or not at all, never another's, and no more than so many files."""

import os

import pytest
from structlog.testing import capture_logs

from jade_ranker.adapters.kept import Kept


@pytest.fixture
def kept(tmp_path):
    return Kept(tmp_path / "kept", ".x", files=3)


def test_what_is_kept_is_there_for_the_next_process(kept, tmp_path):
    assert kept.get("a") is None
    assert kept.latest() is None
    kept.put("a", b"content")
    kept.put("b", b"")
    other = Kept(tmp_path / "kept", ".x")
    assert (other.get("a"), other.get("b"), other.get("c")) == (b"content", b"", None)
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["a.x", "b.x"]
    kept.put("a", b"changed")
    assert other.get("a") == b"changed"


@pytest.mark.parametrize(
    "damage", [lambda c: c[:-1], lambda c: c + b"!", lambda c: b"", lambda c: c[:40] + b"!" + c[41:]]
)
def test_what_is_damaged_is_not_there(kept, tmp_path, damage):
    kept.put("a", b"content of some length")
    path = tmp_path / "kept" / "a.x"
    path.write_bytes(damage(path.read_bytes()))
    with capture_logs() as logs:
        assert kept.get("a") is None
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [("kept_damaged", "warning")]
    kept.put("a", b"again")
    assert kept.get("a") == b"again"


def test_a_file_under_another_name_is_not_believed(kept, tmp_path):
    kept.put("a", b"content")
    (tmp_path / "kept" / "a.x").rename(tmp_path / "kept" / "b.x")
    assert kept.get("b") is None


def test_what_was_not_used_for_longest_goes(kept, tmp_path):
    def age(key, seconds):
        os.utime(tmp_path / "kept" / f"{key}.x", (seconds, seconds))

    for number, key in enumerate("abc", 1):
        kept.put(key, key.encode())
        age(key, number)
    assert kept.latest() == b"c"
    age("c", 3)
    kept.get("a")
    assert kept.latest() == b"a"
    kept.put("d", b"d")
    assert [key for key in "abcd" if kept.get(key) is not None] == ["a", "c", "d"]


def test_a_folder_that_cannot_be_written_is_said_in_a_whisper(tmp_path):
    (tmp_path / "file").touch()
    kept = Kept(tmp_path / "file" / "kept", ".x")
    with capture_logs() as logs:
        kept.put("a", b"content")
        assert kept.get("a") is None
        assert kept.latest() is None
    assert {entry["log_level"] for entry in logs} == {"debug"}
    assert logs[0]["event"] == "not_kept"


def test_a_write_that_fails_leaves_what_was_there_and_no_litter(kept, tmp_path, monkeypatch):
    kept.put("a", b"content")

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("jade_ranker.adapters.kept.Path.replace", full)
        kept.put("a", b"more")
    assert kept.get("a") == b"content"
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["a.x"]
