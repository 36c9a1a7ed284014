"""The files of a folder that are followed: found again after a rename, read to their end after a removal."""

import asyncio
import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from jade_gatekeeper_bridge.adapters.batches import Batch, Located
from jade_gatekeeper_bridge.adapters.positions import Position, Positions
from jade_gatekeeper_bridge.adapters.tail import GONE_AFTER, Line, Tail
from jade_gatekeeper_bridge.observed import Observed

MAX_OPEN = 128
"""Files that are held open. Gatekeeper leaves five; each that was removed keeps its disk space until it is read."""

Read = Callable[[Line, str], Iterable[Located]]
"""What a line says; the second is its file."""


class Following:
    """Lines of all files that ``find`` names, each file's in its order."""

    def __init__(
        self,
        name: str,
        find: Callable[[], list[Path]],
        read: Read,
        *,
        positions: Positions,
        observed: Observed,
        batch: int,
        poll_seconds: float,
    ) -> None:
        """Follow files.

        Args:
            name: Of the source.
            find: All files, however old; raises OSError where it cannot look.
            read: What a line says.
            positions: Where it is kept how far each was read.
            observed: Counts.
            batch: Lines of one batch at most.
            poll_seconds: Between two looks.
        """
        self.name = name
        self._find = find
        self._read = read
        self._positions = positions
        self._observed = observed
        self._batch = batch
        self._poll_seconds = poll_seconds
        self._tails: dict[tuple[int, int], Tail] = {}
        self._known: dict[int, Position] = {}
        """By inode: files of an earlier process, and those that were closed to make room."""
        self._unseen: dict[int, int] = {}
        """By inode: for how many looks a known file was not there."""
        self._closed: dict[tuple[int, int], tuple[Path, int]] = {}
        """Files that could not be opened yet, with the looks that they were not there."""
        self._busy: Tail | None = None
        self._readable = asyncio.Event()
        self._problem: str | None = f"{name}: not looked at yet"
        observed.expect(name)

    def load(self) -> None:
        """Go on where an earlier process stood."""
        self._known = {one.inode: one for one in self._positions.files(self.name)}

    def problem(self) -> str | None:
        """Why nothing can be read now."""
        return self._problem

    async def watch(self) -> None:
        """Look at the files for ever, also while the bus is away: what is open cannot be removed unread."""
        while True:
            try:
                self.look()
                await self._positions.save()
                self._problem = None
            except OSError as error:
                self._problem = f"{self.name}: {error}"
            await asyncio.sleep(self._poll_seconds)

    async def take(self) -> Batch:
        """Wait for the next complete lines of one file."""
        while True:
            for tail in sorted(self._tails.values(), key=lambda one: one.order):
                if tail.unread and (lines := tail.read(self._batch)):
                    return self._out(tail, lines)
            self._readable.clear()
            await self._readable.wait()

    def close(self) -> None:
        """Let all files go."""
        for tail in self._tails.values():
            tail.close()
        self._tails.clear()

    def _out(self, tail: Tail, lines: list[Line]) -> Batch:
        self._busy = tail
        path, cuts = str(tail.path), tail.cuts

        def confirm() -> None:
            if tail.cuts == cuts:  # else these lines are no longer in the file
                tail.confirm(lines)
            self._busy = None
            self._note()

        return Batch((one for line in lines for one in self._read(line, path)), confirm)

    def look(self) -> None:
        """See which files there are, and how large they are.

        Raises:
            OSError: The folder cannot be read.
        """
        there = self._listed()
        for key, path in there.items():
            if key in self._tails:
                self._tails[key].path = path
                self._tails[key].missing = 0
            else:
                self._open(key, path)
        for key, tail in list(self._tails.items()):
            if key not in there:
                tail.missing += 1
            if (lost := tail.look()) is not None:
                self._observed.truncated(self.name, str(tail.path), lost)
            if tail.gone and not tail.unread and tail is not self._busy:
                self._observed.finished(self.name, str(tail.path))
                self._drop(tail)
        self._count_lost(there)
        self._note()
        if any(tail.unread for tail in self._tails.values()):
            self._readable.set()

    def _listed(self) -> dict[tuple[int, int], Path]:
        found: list[tuple[int, tuple[int, int], Path]] = []
        for path in self._find():
            try:
                status = path.lstat()
            except FileNotFoundError:
                continue  # renamed or removed since
            if stat.S_ISREG(status.st_mode):
                found.append((status.st_mtime_ns, (status.st_dev, status.st_ino), path))
        return {key: path for _, key, path in sorted(found)}

    def _open(self, key: tuple[int, int], path: Path) -> None:
        known = self._known.get(key[1])
        if len(self._tails) >= MAX_OPEN and not self._make_room(path, known):
            self._closed.setdefault(key, (path, 0))
            return
        try:
            tail = Tail.open(path)
        except OSError as error:
            if key not in self._closed:
                self._observed.unreadable(self.name, str(path), str(error))
            self._closed.setdefault(key, (path, 0))
            return
        if tail is None or tail.key in self._tails:
            if tail is not None:
                tail.close()
            return
        self._closed.pop(tail.key, None)
        known = self._known.get(tail.key[1])
        if known is not None and tail.resume(known):
            del self._known[tail.key[1]]
            self._unseen.pop(tail.key[1], None)
        self._tails[tail.key] = tail
        self._observed.opened(self.name, str(path), tail.offset)

    def _make_room(self, path: Path, known: Position | None) -> bool:
        """Close a file that was read to its end, for one that was not."""
        if known is not None:
            status = path.lstat() if path.exists() else None
            if status is None or (status.st_size, status.st_mtime_ns) == (known.offset, known.modified):
                return False  # nothing to read
        idle = [tail for tail in self._tails.values() if not tail.unread and tail is not self._busy]
        if not idle:
            return False
        oldest = min(idle, key=lambda one: one.modified)
        self._known[oldest.key[1]] = oldest.position
        self._drop(oldest)
        return True

    def _drop(self, tail: Tail) -> None:
        tail.close()
        del self._tails[tail.key]

    def _count_lost(self, there: dict[tuple[int, int], Path]) -> None:
        """Say which files are gone of which not all was read."""
        for key, (path, looks) in list(self._closed.items()):
            if key in there:
                self._closed[key] = (there[key], 0)
            elif looks + 1 < GONE_AFTER:
                self._closed[key] = (path, looks + 1)
            else:
                del self._closed[key]
                if key[1] not in self._known:  # those are counted below
                    self._observed.removed_unread(self.name, str(path), None)
        inodes = {key[1] for key in there if key not in self._tails}
        for inode, position in list(self._known.items()):
            if inode in inodes:
                self._unseen.pop(inode, None)
                continue
            self._unseen[inode] = self._unseen.get(inode, 0) + 1
            if self._unseen[inode] >= GONE_AFTER:
                del self._known[inode], self._unseen[inode]
                if position.size > position.offset:
                    unread = position.size - position.offset
                    self._observed.removed_unread(self.name, position.path, unread)

    def _note(self) -> None:
        tails = list(self._tails.values())
        self._positions.put(self.name, [*(tail.position for tail in tails), *self._known.values()])
        self._observed.unread(self.name, sum(tail.unread for tail in tails))


def spool_files(folder: Path) -> list[Path]:
    """The files of Gatekeeper's disk driver, at any depth: ``.txt`` while an audit writes, then ``.log``.

    Raises:
        OSError: The folder cannot be read.
    """
    os.scandir(folder).close()  # os.walk is silent about a folder that is not there
    return [
        Path(parent, name)
        for parent, _, names in os.walk(folder)
        for name in names
        if name.endswith((".txt", ".log"))
    ]


def log_files(path: Path) -> list[Path]:
    """A log and its rotated siblings (``audit.log.1``, ``audit.log-20260101``), but no compressed ones.

    Raises:
        OSError: The folder cannot be read.
    """
    path = path.resolve()  # a container's log is a link
    packed = (".gz", ".bz2", ".xz", ".zst", ".lz4")
    siblings = (path.name + ".", path.name + "-")
    with os.scandir(path.parent) as entries:
        found = [
            Path(entry.path)
            for entry in entries
            if entry.name == path.name
            or (entry.name.startswith(siblings) and not entry.name.endswith(packed))
        ]
    if not found:
        raise FileNotFoundError(2, "No such file", str(path))
    return found
