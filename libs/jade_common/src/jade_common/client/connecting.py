"""A client's connection to the broker: nobody there at the start is an error, later it is waited for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import nats
from nats.aio.client import Client as Connection
from nats.errors import Error as NatsError

from jade_common.errors import TransientError
from jade_common.settings import NatsSettings

CONNECT_SECONDS = 5

RECONNECT_SECONDS = 0.5
"""Between two tries to connect again: a broker is back a second after a restart."""


@asynccontextmanager
async def connected(settings: NatsSettings, name: str) -> AsyncIterator[Connection]:
    """A connection called ``name`` that connects again, without end, when it is lost.

    Raises:
        TransientError: Nobody is at the broker's address.
    """
    # nats-py takes the first connection for a reconnection: without a limit it would try for ever.
    first = await opened(settings, name, allow_reconnect=False, max_reconnect_attempts=1)
    await first.close()
    connection = await opened(
        settings, name, max_reconnect_attempts=-1, reconnect_time_wait=RECONNECT_SECONDS
    )
    try:
        yield connection
    finally:
        await connection.close()


async def opened(settings: NatsSettings, name: str, **options: Any) -> Connection:
    """An open connection.

    Raises:
        TransientError: Nobody is there.
    """
    if settings.token:  # an empty one is none
        options["token"] = settings.token.get_secret_value()
    if settings.credentials is not None:
        options["user_credentials"] = str(settings.credentials)
    why: list[Exception] = []

    async def remember(error: Exception) -> None:
        """Keep the last error: what nats-py raises in the end only says that no server is available."""
        why[:] = [error]

    try:
        return await nats.connect(
            settings.url, name=name, connect_timeout=CONNECT_SECONDS, error_cb=remember, **options
        )
    except (NatsError, OSError, TimeoutError) as error:
        reason = why[0] if why else error
        raise TransientError(
            f"no broker answers at {settings.address} ({reason or type(reason).__name__}): start the stack with "
            "`jade up`, or set JADE_NATS_URL"
        ) from error
