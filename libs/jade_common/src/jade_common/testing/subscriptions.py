"""A subscription that is there before the test goes on."""

from nats.aio.client import Client


async def subscribed(connection: Client) -> None:
    """Wait until the server knows the connection's subscriptions.

    One flush is not enough: nats-py sends its PING ahead of a SUB that still waits in its buffer.
    """
    for _ in range(2):
        await connection.flush()
