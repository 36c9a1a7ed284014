"""Files that are followed: positions, inodes that come again, lines that never end, files that nobody could open."""

import asyncio
import json
import os

import pytest
from prometheus_client import CollectorRegistry

from jade_gatekeeper_bridge.adapters import following, tail
from jade_gatekeeper_bridge.adapters.following import Following, log_files, spool_files
from jade_gatekeeper_bridge.adapters.positions import Positions
from jade_gatekeeper_bridge.adapters.tail import GONE_AFTER, LONGEST_LINE, Tail
from jade_gatekeeper_bridge.observed import Observed


class Spool:
    """A folder with a follower whose lines come back as text."""

    def __init__(self, folder):
        self.folder = folder
        self.registry = CollectorRegistry()
        self.positions = Positions(folder.parent / "state" / "positions.json")
        self.positions.load()
        self.following = Following(
            "spool",
            lambda: spool_files(folder),
            lambda line, path: [line],
            positions=self.positions,
            observed=Observed(self.registry),
            batch=10,
            poll_seconds=1,
        )
        self.following.load()

    def looks(self, count=1):
        for _ in range(count):
            self.following.look()

    async def all(self, *, confirm=True):
        """All lines that are there."""
        found = []
        while any(one.unread and one.read(1) for one in self.following._tails.values()):
            batch = await asyncio.wait_for(self.following.take(), 5)
            found += list(batch.entries)
            if not confirm:
                return found
            batch.confirm()
            self.looks()
        await self.positions.save()
        return [line.data.decode() for line in found]

    def files(self, outcome):
        return self.registry.get_sample_value(
            "jade_gatekeeper_bridge_files_total", {"source": "spool", "outcome": outcome}
        )


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "spool"
    path.mkdir()
    return path


async def test_lines_of_all_depths_are_read_oldest_first_and_only_of_the_drivers_files(folder):
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "new.txt").write_text("2\n")
    (folder / "old.log").write_text("1\n")
    os.utime(folder / "old.log", (1, 1))
    (folder / "notes.md").write_text("no\n")
    os.mkfifo(folder / "pipe.log")
    (folder / "link.log").symlink_to("/etc/passwd")
    spool = Spool(folder)
    spool.looks()
    assert await spool.all() == ["1", "2"]


async def test_a_new_file_with_an_old_inode_is_read_from_its_beginning(folder):
    (folder / "a.log").write_text("one\ntwo\n")
    first = Spool(folder)
    first.looks()
    assert await first.all() == ["one", "two"]
    (folder / "a.log").write_text(
        "new\nrow\n"
    )  # the same inode and size, as a file system gives it to the next file
    second = Spool(folder)
    second.looks()
    assert await second.all() == ["new", "row"]
    assert (second.files("truncated"), second.files("removed_unread")) == (0, 0)


async def test_a_file_whose_inode_came_again_before_it_was_read_is_a_loss(folder):
    (folder / "a.log").write_text("one\ntwo\n")
    first = Spool(folder)
    first.looks()
    await first.positions.save()
    (folder / "a.log").write_text("new\nrow\n")
    second = Spool(folder)
    second.looks(GONE_AFTER)
    assert await second.all() == ["new", "row"]
    assert second.files("removed_unread") == 1


async def test_a_restart_with_unread_lines_of_a_removed_file_says_how_many_bytes_are_lost(folder):
    (folder / "a.log").write_text("one\n")
    first = Spool(folder)
    first.looks()
    await first.all()
    with (folder / "a.log").open("a") as file:
        file.write("two\n")
    first.looks()
    await first.positions.save()
    (folder / "a.log").unlink()
    second = Spool(folder)
    second.looks(GONE_AFTER - 1)
    assert second.files("removed_unread") == 0
    second.looks()
    assert second.files("removed_unread") == 1
    assert second.positions.files("spool") == []


async def test_a_file_that_was_read_to_its_end_and_removed_is_no_loss(folder):
    (folder / "a.log").write_text("one\n")
    first = Spool(folder)
    first.looks()
    await first.all()
    (folder / "a.log").unlink()
    second = Spool(folder)
    second.looks(GONE_AFTER)
    assert (second.files("removed_unread"), second.positions.files("spool")) == (0, [])


async def test_a_file_that_could_not_be_opened_before_it_was_removed_is_counted(folder, monkeypatch):
    monkeypatch.setattr(following, "MAX_OPEN", 1)
    (folder / "a.log").write_text("one\n")
    spool = Spool(folder)
    spool.looks()
    (folder / "b.log").write_text("two\n")
    spool.looks()  # the first is not read yet, and there is no room
    (folder / "b.log").unlink()
    spool.looks(GONE_AFTER)
    assert spool.files("removed_unread") == 1


async def test_a_file_that_was_read_makes_room_and_goes_on_when_it_grows(folder, monkeypatch):
    monkeypatch.setattr(following, "MAX_OPEN", 1)
    (folder / "a.log").write_text("one\n")
    spool = Spool(folder)
    spool.looks()
    assert await spool.all() == ["one"]
    (folder / "b.log").write_text("two\n")
    spool.looks()
    assert await spool.all() == ["two"]
    spool.looks(2 * GONE_AFTER)
    with (folder / "a.log").open("a") as file:
        file.write("three\n")
    spool.looks()
    assert await spool.all() == ["three"]
    assert spool.files("removed_unread") == 0


async def test_a_file_that_is_replaced_while_its_lines_are_out_is_read_from_its_beginning(folder):
    (folder / "a.log").write_text("one\ntwo\n")
    spool = Spool(folder)
    spool.looks()
    batch = await spool.following.take()
    (folder / "a.log").write_text("new\nrow\nend\n")
    spool.looks()
    batch.confirm()
    assert await spool.all() == ["new", "row", "end"]
    assert spool.files("truncated") == 1


async def test_a_file_that_is_removed_while_somebody_writes_is_read_until_nobody_does(folder):
    with (folder / "a.log").open("w", buffering=1) as file:
        file.write("one\n")
        spool = Spool(folder)
        spool.looks()
        assert await spool.all() == ["one"]
        (folder / "a.log").unlink()
        for text in ("two", "three", "four"):
            file.write(f"{text}\n")
            spool.looks()
            assert await spool.all() == [text]
    spool.looks(GONE_AFTER)
    assert spool.files("finished") == 1


def test_a_line_without_end_is_never_held(tmp_path, monkeypatch):
    monkeypatch.setattr(tail, "LONGEST_LINE", 64)
    path = tmp_path / "a.log"
    path.write_bytes(b"x" * 1_000)
    one = Tail.open(path)
    assert one.read(10) == []
    with path.open("ab") as file:
        file.write(b"y" * 50 + b"\nnext\n")
    (skipped,) = one.read(10)
    assert (skipped.data, skipped.length) == (b"", 1_051)
    assert "1,051 bytes" in skipped.problem
    one.confirm([skipped])
    assert [line.data for line in one.read(10)] == [b"next"]
    one.close()
    assert LONGEST_LINE == 1024 * 1024


async def test_a_broken_state_file_is_put_aside_and_all_is_read_again(folder):
    (folder / "a.log").write_text("one\n")
    state = folder.parent / "state" / "positions.json"
    state.parent.mkdir()
    state.write_text('{"files": {"spool": [{"pa')
    spool = Spool(folder)
    spool.looks()
    assert await spool.all() == ["one"]
    assert state.with_name("positions.json.broken").read_text().startswith('{"files"')
    assert json.loads(state.read_text())["files"]["spool"][0]["offset"] == 4
    assert sorted(path.name for path in state.parent.iterdir()) == ["positions.json", "positions.json.broken"]


async def test_positions_are_only_written_when_they_change(folder, monkeypatch):
    spool = Spool(folder)
    written = []
    monkeypatch.setattr(
        "jade_gatekeeper_bridge.adapters.positions.replace", lambda path, content: written.append(content)
    )
    (folder / "a.log").write_text("one\n")
    spool.looks()
    await spool.positions.save()
    await spool.positions.save()
    assert len(written) == 1


def test_a_log_is_found_with_its_rotated_siblings_and_through_a_link(tmp_path):
    for name in ("g.log", "g.log.1", "g.log-20260101", "g.log.2.gz", "g.logger", "other.log"):
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to(tmp_path / "g.log")
    assert sorted(path.name for path in log_files(tmp_path / "link")) == [
        "g.log",
        "g.log-20260101",
        "g.log.1",
    ]
    with pytest.raises(FileNotFoundError):
        log_files(tmp_path / "none.log")
