"""A connection of a command to the broker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError

from jade_cli.failures import Failure
from jade_common.settings import NatsSettings

CONNECT_SECONDS = 5


@asynccontextmanager
async def connected(settings: NatsSettings, *, patient: bool = False) -> AsyncIterator[Client]:
    """A connection to the broker.

    Args:
        settings: Where it is.
        patient: Whether to connect again, for ever, when it is lost; else that is an error.

    Raises:
        Failure: Nobody is there.
    """
    options: dict[str, Any] = {"max_reconnect_attempts": -1}
    if (
        not patient
    ):  # nats-py takes the first connection for a reconnection: without a limit it would try for minutes
        options = {"allow_reconnect": False, "max_reconnect_attempts": 1, "reconnect_time_wait": 0.1}
    if settings.token is not None:
        options["token"] = settings.token.get_secret_value()
    if settings.credentials is not None:
        options["user_credentials"] = str(settings.credentials)

    why: list[Exception] = []

    async def remember(error: Exception) -> None:
        """Keep the last error: what nats-py raises in the end only says that no server is available."""
        why[:] = [error]

    try:
        connection = await nats.connect(
            settings.url, connect_timeout=CONNECT_SECONDS, error_cb=remember, **options
        )
    except (NatsError, OSError, TimeoutError) as error:
        raise Failure(not_there(settings.url, why[0] if why else error)) from error
    try:
        yield connection
    finally:
        await connection.close()


def not_there(url: str, error: Exception) -> str:
    """Says that nobody is at the broker's address."""
    return (
        f"no broker answers at {url} ({error or type(error).__name__}): start the stack with `jade up`, "
        "or set JADE_NATS_URL"
    )
