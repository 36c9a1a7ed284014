"""Lines of JSON answered as they come: in order, one for one, with chunks in flight for both cores."""

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, BinaryIO

import orjson

Answer = Callable[[Sequence[Any]], Awaitable[list[dict[str, Any]]]]

CHUNK = 100
"""Lines answered together: two requests to OPA, and what a slow reader waits for is short."""

IN_FLIGHT = 3
"""Chunks at work: while OPA judges one in each of its two clients, the next is read and parsed."""

MAX_LINE_BYTES = 64 * 1024 * 1024
"""A resource has at most 1 MiB; the rest is for its inventory."""


class Counts:
    """How many lines were answered, and how many not."""

    def __init__(self) -> None:
        """Start at zero."""
        self.lines = 0
        self.errors = 0


async def stream(source: BinaryIO, write: Callable[[bytes], bool], answer: Answer) -> Counts:
    """Answer every line of ``source`` until its end.

    Args:
        source: Lines of JSON. A chunk is what is there, so a line that comes alone is answered at once.
        write: Takes lines of JSON; says whether anybody still reads.
        answer: Answers parsed lines, one for each and in their order.
    """
    counts = Counts()
    lines = Lines(source)
    waiting: deque[asyncio.Task[list[dict[str, Any]]]] = deque()
    reading: asyncio.Task[Sequence[bytes]] | None = asyncio.create_task(lines.chunk())
    while reading is not None or waiting:
        pending: set[asyncio.Task[Any]] = {waiting[0]} if waiting else set()
        if reading is not None and len(waiting) < IN_FLIGHT:
            pending.add(reading)
        await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        if reading is not None and reading in pending and reading.done():
            chunk = reading.result()
            if chunk:
                waiting.append(asyncio.create_task(answered(chunk, answer)))
            reading = asyncio.create_task(lines.chunk()) if chunk else None
        if waiting and waiting[0].done() and not put(waiting.popleft().result(), write, counts):
            break
    for task in (*waiting, *([reading] if reading is not None else [])):
        task.cancel()
    lines.close()
    return counts


async def answered(chunk: Sequence[bytes], answer: Answer) -> list[dict[str, Any]]:
    """The lines out for some lines in: what is no JSON gets its error here."""
    outcomes = [parsed(line) for line in chunk]
    answers = iter(await answer([value for value, error in outcomes if error is None]))
    return [next(answers) if error is None else {"id": None, "error": error} for _, error in outcomes]


def parsed(line: bytes) -> tuple[Any, str | None]:
    """The value of a line, or why it is none."""
    if not line.strip():
        return None, "the line is empty; one JSON object is expected"
    if len(line) > MAX_LINE_BYTES:
        return None, f"the line is longer than {MAX_LINE_BYTES // 1024 // 1024} MiB"
    try:
        return orjson.loads(line), None
    except orjson.JSONDecodeError as error:
        return None, f"no JSON: {error}"


def put(answers: Sequence[dict[str, Any]], write: Callable[[bytes], bool], counts: Counts) -> bool:
    """Write answers and count them."""
    counts.lines += len(answers)
    counts.errors += sum("error" in answer for answer in answers)
    return write(b"".join(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE) for answer in answers))


class Lines:
    """Reads lines in a thread of its own, a bounded number ahead."""

    def __init__(self, source: BinaryIO) -> None:
        """Begin to read."""
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._room = threading.Semaphore(CHUNK * IN_FLIGHT)
        self._source = source
        self._ended = False
        self._closed = False
        threading.Thread(target=self._read, name="lines", daemon=True).start()

    async def chunk(self) -> Sequence[bytes]:
        """The lines that are there, at least one and at most a chunk; none at the end."""
        if self._ended:
            return ()
        lines: list[bytes] = []
        line = await self._queue.get()
        while line is not None:
            lines.append(line)
            self._room.release()
            if len(lines) == CHUNK or self._queue.empty():
                return lines
            line = self._queue.get_nowait()
        self._ended = True
        return lines

    def close(self) -> None:
        """Read no more."""
        self._closed = True
        self._room.release()

    def _read(self) -> None:
        while self._room.acquire() and not self._closed:
            line = self._line()
            try:
                self._loop.call_soon_threadsafe(self._queue.put_nowait, line or None)
            except RuntimeError:  # the loop has ended: nobody wants the line
                return
            if not line:
                return

    def _line(self) -> bytes:
        """One line, of which no more is kept than shows that it is too long."""
        line = self._source.readline(MAX_LINE_BYTES + 1)
        rest = line
        while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
            rest = self._source.readline(MAX_LINE_BYTES + 1)
        return line
