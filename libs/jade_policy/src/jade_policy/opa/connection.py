"""One connection to an OPA server: the little of HTTP/1.1 that OPA speaks, over a Unix socket.

The standard library's client sends the head and the body of a request apart, which wakes OPA twice, and reads heads
as e-mail. That is 0.13 ms a request, as much as everything else about a request that asks nothing.
"""

import socket
from io import BufferedReader
from pathlib import Path
from typing import Final

MAX_LINE = 64 * 1024  # of a head; OPA's are shorter than 100 bytes
_WITHOUT_BODY: Final = frozenset({204, 304})


class Connection:
    """Connects at the first request, and again where OPA said that it closes; one thread at a time."""

    def __init__(self, address: Path) -> None:
        self._address = str(address)
        self._open: tuple[socket.socket, BufferedReader] | None = None

    def request(self, method: str, path: str, body: bytes, seconds: float) -> tuple[int, bytes]:
        """Send a request with a JSON body, and read the answer to its end.

        Args:
            method: such as `POST`.
            path: with its leading slash, in ASCII.
            body: JSON, or nothing.
            seconds: how long to wait for each part of the answer.

        Returns:
            The status and the body.

        Raises:
            TimeoutError: no answer in time; the connection must be closed.
            OSError: it broke, or what came is no HTTP; likewise.
        """
        if self._open is None:
            self._open = self._connect(seconds)
        connected, reader = self._open
        connected.settimeout(seconds)
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: opa\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        connected.sendall(head.encode("ascii") + body)
        try:
            status, answer, last = _answer(reader)
        except (ValueError, IndexError) as error:
            raise ConnectionError("the answer is no HTTP") from error
        if last:
            self.close()
        return status, answer

    def close(self) -> None:
        """Close, which makes OPA give up what it was asked."""
        if self._open is not None:
            for each in reversed(self._open):
                each.close()
            self._open = None

    def _connect(self, seconds: float) -> tuple[socket.socket, BufferedReader]:
        connected = socket.socket(socket.AF_UNIX)
        try:
            connected.settimeout(seconds)
            connected.connect(self._address)
        except OSError:
            connected.close()
            raise
        return connected, connected.makefile("rb")


def _answer(reader: BufferedReader) -> tuple[int, bytes, bool]:
    """The status, the body, and whether the server closes the connection."""
    status = int(_line(reader).split(b" ", 2)[1])
    length, chunked, last = 0, False, False
    while line := _line(reader):
        name, _, value = line.partition(b":")
        match name.lower():
            case b"content-length":
                length = int(value)
            case b"transfer-encoding":
                chunked = value.strip().lower() == b"chunked"
            case b"connection":
                last = value.strip().lower() == b"close"
    if status in _WITHOUT_BODY:
        return status, b"", last
    return status, _chunks(reader) if chunked else _exactly(reader, length), last


def _chunks(reader: BufferedReader) -> bytes:
    chunks = []
    while size := int(_line(reader).split(b";")[0], 16):
        chunks.append(_exactly(reader, size))
        _line(reader)
    while _line(reader):  # trailers
        pass
    return b"".join(chunks)


def _line(reader: BufferedReader) -> bytes:
    line = reader.readline(MAX_LINE)
    if not line.endswith(b"\n"):
        raise ConnectionError("the connection ended within a line")
    return line.rstrip(b"\r\n")


def _exactly(reader: BufferedReader, size: int) -> bytes:
    found = reader.read(size)
    if len(found) != size:
        raise ConnectionError("the connection ended within the answer")
    return found
