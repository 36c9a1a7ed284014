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
    options: dict[str, Any] = {"max_reconnect_attempts": -1} if patient else {"allow_reconnect": False}
    if settings.token is not None:
        options["token"] = settings.token.get_secret_value()
    if settings.credentials is not None:
        options["user_credentials"] = str(settings.credentials)

    async def quiet(_: Exception) -> None:
        """Whoever waits for an answer hears of it; nats-py would print it as well."""

    try:
        connection = await nats.connect(
            settings.url, connect_timeout=CONNECT_SECONDS, error_cb=quiet, **options
        )
    except (NatsError, OSError, TimeoutError) as error:
        raise Failure(not_there(settings.url, error)) from error
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
