"""uvicorn's HTTP/1.1 with a time limit for the head of a request, which uvicorn itself does not have.

Without it a client that sends one byte a minute holds a connection, and in the end all of them, for ever.
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""From the first moment of a connection, or the first byte of a later request, to the end of its head: some
hundred bytes, which an honest client sends in one piece."""


class TimedHeads(H11Protocol):
    """Closes a connection whose request head does not arrive in time."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first head."""
        super().connection_made(transport)
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._disarm()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Take what came, and note whether a head is still incomplete."""
        super().handle_events()
        if self.conn.their_state is not h11.IDLE:
            self._disarm()
        elif self.conn.trailing_data[0]:
            self._arm()

    def _arm(self) -> None:
        if self._deadline is None:  # more bytes of the same head give no more time
            self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
