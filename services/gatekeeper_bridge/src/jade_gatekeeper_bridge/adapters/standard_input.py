"""Lines of standard input, read no faster than their events are stored."""

import asyncio
import os
import threading
from collections.abc import Callable, Iterable

import structlog

from jade_gatekeeper_bridge.adapters.batches import Batch, Located
from jade_gatekeeper_bridge.adapters.tail import LONGEST_LINE, Line
from jade_gatekeeper_bridge.observed import Observed

log = structlog.get_logger("jade.gatekeeper_bridge")

PIECE_BYTES = 65_536
PIECES = 16
"""Pieces that wait at most: 1 MiB; then the writer has to wait."""


class StandardInput:
    """A pipe that cannot be read twice: what was read and not stored is lost with the process."""

    def __init__(
        self,
        name: str,
        read: Callable[[Line, str], Iterable[Located]],
        *,
        observed: Observed,
        batch: int,
        descriptor: int = 0,
    ) -> None:
        """Read ``descriptor``, at most ``batch`` lines at a time."""
        self.name = name
        self._read = read
        self._batch = batch
        self._descriptor = descriptor
        self._pieces: asyncio.Queue[bytes] = asyncio.Queue(PIECES)
        self._rest = b""
        self._at = 0
        self._skipping = 0
        self._ended = False
        observed.expect(name)

    def start(self) -> None:
        """Begin to read, in a thread of its own: it hangs in a read, and must not keep the process from ending."""
        loop = asyncio.get_running_loop()

        def pump() -> None:
            piece = b"start"
            while piece:
                piece = os.read(self._descriptor, PIECE_BYTES)
                try:
                    asyncio.run_coroutine_threadsafe(self._pieces.put(piece), loop).result()
                except RuntimeError:  # the loop has ended
                    return

        threading.Thread(target=pump, name="standard-input", daemon=True).start()

    def problem(self) -> str | None:
        """None: an input that has ended was read."""
        return None

    async def take(self) -> Batch:
        """Wait for the next lines."""
        while True:
            lines = self._lines()
            if lines:
                return Batch((one for line in lines for one in self._read(line, "-")), lambda: None)
            if self._ended:
                await asyncio.Event().wait()  # nothing comes any more
            piece = await self._pieces.get()
            self._rest += piece
            if not piece:
                self._ended = True
                log.info("standard_input_ended", bytes=self._at + len(self._rest))

    def _lines(self) -> list[Line]:
        lines: list[Line] = []
        start = 0
        while len(lines) < self._batch and (end := self._rest.find(b"\n", start)) >= 0:
            lines.append(self._line(self._rest[start:end], 1))
            start = end + 1
        self._rest = self._rest[start:]
        if len(self._rest) > LONGEST_LINE and not lines:
            self._skipping += len(self._rest)
            self._rest = b""
        if self._ended and not lines and (self._rest or self._skipping):
            lines.append(self._line(self._rest, 0))
            self._rest = b""
        return lines

    def _line(self, data: bytes, feed: int) -> Line:
        length = self._skipping + len(data) + feed
        problem = None
        if self._skipping:
            data, problem = b"", f"a line of {length:,} bytes, the limit is {LONGEST_LINE:,}"
        line = Line(data, self._at, length, problem)
        self._at, self._skipping = self._at + length, 0
        return line
