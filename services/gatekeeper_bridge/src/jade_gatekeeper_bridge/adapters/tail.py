"""One file that is followed: held open, so that a rename or a removal takes nothing of it away."""

import os
import stat
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple, Self

from jade_gatekeeper_bridge.adapters.positions import HEAD_BYTES, Position

LONGEST_LINE = 1024 * 1024
"""Bytes; Gatekeeper's records have at most 64 KiB, and nothing longer is a message of the bus."""

GONE_AFTER = 3
"""Looks without the file until it counts as gone: one look can miss a file that is being renamed, and its writer may
still add the end."""

DIGEST_BYTES = 16


class Line(NamedTuple):
    """A line, without its line feed, and where it stands."""

    data: bytes
    start: int
    length: int
    problem: str | None = None


class Tail:
    """A file from ``offset`` on; every event of the bytes before is stored."""

    def __init__(self, path: Path, descriptor: int) -> None:
        """Follow the open file from its beginning."""
        self.path = path
        self._descriptor = descriptor
        status = os.fstat(descriptor)
        self.key = (status.st_dev, status.st_ino)
        self.order = (status.st_mtime_ns, str(path))
        self.size = status.st_size
        self.modified = status.st_mtime_ns
        self.offset = 0
        self.missing = 0
        self.cuts = 0
        self._head = ""
        self._head_length = 0
        self._scanned = 0

    @classmethod
    def open(cls, path: Path) -> Self | None:
        """Open a regular file; ``None`` for anything else.

        Raises:
            OSError: It cannot be opened.
        """
        # A pipe in the folder must not block, and a link must not lead out of it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            return None
        return cls(path, descriptor)

    def resume(self, position: Position) -> bool:
        """Go on where an earlier process stood; false where it is another file with the same inode."""
        if self._digest(position.head_length) != position.head:
            return False
        self.offset = position.offset
        self._head, self._head_length = position.head, position.head_length
        return True

    def close(self) -> None:
        """Let it go."""
        os.close(self._descriptor)

    @property
    def position(self) -> Position:
        """How far it was read."""
        return Position(
            path=str(self.path),
            inode=self.key[1],
            offset=self.offset,
            size=self.size,
            modified=self.modified,
            head=self._head,
            head_length=self._head_length,
        )

    @property
    def unread(self) -> int:
        """Bytes that are written and not stored, as of the last look."""
        return max(0, self.size - self.offset)

    @property
    def gone(self) -> bool:
        """Whether it was removed and nobody writes to it any more."""
        return self.missing >= GONE_AFTER

    def look(self) -> int | None:
        """See how large it is; the offset up to which it was read, where it was cut or replaced in place."""
        status = os.fstat(self._descriptor)
        if status.st_size != self.size and self.missing:
            self.missing = 1  # somebody still writes to it
        self.size, self.modified = status.st_size, status.st_mtime_ns
        lost = None
        if self.size < self.offset or self._digest(self._head_length) != self._head:
            lost, self.offset, self._scanned = self.offset, 0, 0
            self.cuts += 1
            self._head_length = 0
        if self._head_length < HEAD_BYTES:
            self._head_length = min(self.size, HEAD_BYTES)
            self._head = self._digest(self._head_length)
        return lost

    def read(self, count: int) -> list[Line]:
        """The next lines that are complete, at most ``count``; of a file that is gone, its last one as it is."""
        data = os.pread(self._descriptor, LONGEST_LINE, self.offset)
        lines: list[Line] = []
        start = 0
        while len(lines) < count and (end := data.find(b"\n", start)) >= 0:
            lines.append(Line(data[start:end], self.offset + start, end + 1 - start))
            start = end + 1
        if lines or not data:
            return lines
        if len(data) == LONGEST_LINE:
            return self._too_long()
        return [Line(data, self.offset, len(data))] if self.gone else []

    def line_at(self, offset: int, length: int) -> bytes | None:
        """A line that was read before, without its line feed; ``None`` where the file ends before."""
        data = os.pread(self._descriptor, length, offset)
        return data.removesuffix(b"\n") if len(data) == length else None

    def confirm(self, lines: list[Line]) -> None:
        """Every event of these lines is stored."""
        self.offset = lines[-1].start + lines[-1].length
        self.size = max(self.size, self.offset)
        self._scanned = 0

    def _too_long(self) -> list[Line]:
        """Look for the end of a line that is longer than any record, without holding it."""
        at = max(self._scanned, self.offset + LONGEST_LINE)
        while data := os.pread(self._descriptor, LONGEST_LINE, at):
            if (end := data.find(b"\n")) >= 0:
                return [self._skipped(at + end + 1)]
            at += len(data)
        self._scanned = at
        return [self._skipped(at)] if self.gone else []

    def _skipped(self, end: int) -> Line:
        length = end - self.offset
        return Line(b"", self.offset, length, f"a line of {length:,} bytes, the limit is {LONGEST_LINE:,}")

    def _digest(self, length: int) -> str:
        if not length:
            return ""
        return blake2b(os.pread(self._descriptor, length, 0), digest_size=DIGEST_BYTES).hexdigest()
