"""The body of a request as it comes in: read under a limit, and dropped before an early answer."""

import asyncio
from contextlib import suppress

from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive, Scope

from jade_common.limits import MAX_MESSAGE
from jade_gateway.domain.problems import BAD_TYPE, CLOSE, TOO_LARGE, TOO_SLOW, Problem

MAX_BODY = MAX_MESSAGE
"""Bytes of a body: what one message on the bus may carry."""

DROP_BYTES = 64 * 1024 * 1024
DROP_SECONDS = 5.0
"""How much of a refused body is read and thrown away, and for how long. Closing the connection while the
client still sends would reset it, and most clients then report the reset, not the answer."""


class Upload:
    """What is still to come of a request's body."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        """Watch the body of ``scope``."""
        headers = dict(scope["headers"])
        self._receive = receive
        self._unread = b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0"
        self._held_back = headers.get(b"expect", b"").lower() == b"100-continue"

    async def receive(self) -> Message:
        """The next part."""
        self._held_back = False
        message = await self._receive()
        if message["type"] != "http.request" or not message.get("more_body"):
            self._unread = False
        return message

    async def drop(self) -> bool:
        """Throw away the rest, within limits.

        Returns:
            Whether all of it came, so that the connection can serve another request.
        """
        left = DROP_BYTES
        with suppress(TimeoutError):
            async with asyncio.timeout(DROP_SECONDS):
                while self._unread and not self._held_back and left > 0:
                    left -= len((await self.receive()).get("body", b""))
        return not self._unread


async def json_body(request: Request, seconds: float) -> bytes:
    """The body of a request that says it carries JSON.

    Raises:
        Problem: It says otherwise, is larger than :data:`MAX_BODY`, or does not arrive within ``seconds``.
    """
    refuse_type(request)
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > MAX_BODY:
        raise too_large()
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                body += part
                if len(body) > MAX_BODY:
                    raise too_large()
    except TimeoutError:
        raise Problem(TOO_SLOW, f"{len(body):,} bytes came within {seconds:g} s.", headers=CLOSE) from None
    except ClientDisconnect:
        raise Problem(TOO_SLOW, "The client left before the body was complete.", headers=CLOSE) from None
    return bytes(body)


def refuse_type(request: Request) -> None:
    """Refuse what is not declared as JSON; this also keeps web pages of other origins out.

    A browser asks before it sends ``application/json`` across origins, and is never allowed to.
    """
    media, _, rest = request.headers.get("content-type", "").lower().partition(";")
    media = media.strip()
    if media != "application/json" and not (media.startswith("application/") and media.endswith("+json")):
        raise Problem(
            BAD_TYPE, f"It is declared as {media[:100]!r}." if media else "There is no Content-Type."
        )
    charset = rest.replace('"', "").replace(" ", "").partition("charset=")[2].partition(";")[0]
    if charset not in {"", "utf-8", "utf8", "us-ascii"}:
        raise Problem(BAD_TYPE, f"Its charset is {charset[:50]!r}.")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Problem(BAD_TYPE, "It is compressed: a small body could unpack to a huge one.")


def too_large() -> Problem:
    """The problem of a body beyond the limit."""
    return Problem(TOO_LARGE, f"The limit is {MAX_BODY:,} bytes.")
