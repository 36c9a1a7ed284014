"""Events published again from their stream, unchanged, under their own ids."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from jade_cli.onbus.envelopes import attributes_of
from jade_cli.onbus.kept import Place, backlog
from jade_common.client import Client
from jade_common.client.reading import Stored
from jade_common.cloudevents import encode
from jade_common.errors import InvalidEventError, PayloadGoneError, TransientError
from jade_common.objects import SCHEME
from jade_common.subjects import PAYLOADS

ONCE = 100
"""Events that are on their way at a time."""

Outcome = Literal["would be published", "published", "duplicate", "left out"]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which events; what is empty lets all through."""

    until: datetime | None = None
    ids: frozenset[str] = frozenset()
    correlation: str | None = None


class Replayed(NamedTuple):
    """What became of one event."""

    id: str | None
    message: Stored
    outcome: Outcome
    reason: str | None = None
    recent: bool = False
    """Whether the server still knows its id, so that it drops a second one."""


async def window(client: Client, where: Sequence[Place]) -> timedelta:
    """The shortest time for which these streams remember an id."""
    seconds = [
        (await client.jetstream.stream_info(place.stream)).config.duplicate_window or 0.0 for place in where
    ]
    return timedelta(seconds=min(seconds, default=0.0))


async def replayed(
    client: Client, where: Sequence[Place], since: datetime | None, filters: Filters, *, publish: bool
) -> AsyncGenerator[Replayed, None]:
    """Publish what is kept there and passes the filters; only say what would be without ``publish``."""
    remembered = datetime.now(UTC) - await window(client, where)
    async with aclosing(backlog(client, where, since)) as messages:
        batch: list[Stored] = []
        async for one in messages:
            if filters.until is not None and one.time > filters.until:
                break
            batch.append(one)
            if len(batch) == ONCE:
                for done in await asyncio.gather(
                    *(again(client, message, filters, remembered, publish=publish) for message in batch)
                ):
                    if done is not None:
                        yield done
                batch = []
        for done in await asyncio.gather(
            *(again(client, message, filters, remembered, publish=publish) for message in batch)
        ):
            if done is not None:
                yield done


async def again(
    client: Client, message: Stored, filters: Filters, remembered: datetime, *, publish: bool
) -> Replayed | None:
    """What becomes of one message; ``None`` for one that is not wanted."""
    chosen = bool(filters.ids or filters.correlation)
    try:
        attributes = attributes_of(message)
        if filters.ids and attributes.id not in filters.ids:
            return None
        if filters.correlation and attributes.correlation_id != filters.correlation:
            return None
        await there(client, attributes.dataref)
    except PayloadGoneError as error:
        return Replayed(attributes.id, message, "left out", str(error))
    except InvalidEventError as error:
        return None if chosen else Replayed(None, message, "left out", f"it is no event: {error}")
    if not publish:
        return Replayed(attributes.id, message, "would be published", recent=message.time > remembered)
    _, duplicate = await sent(client, message, attributes.id)
    return Replayed(attributes.id, message, "duplicate" if duplicate else "published")


async def there(client: Client, dataref: str | None) -> None:
    """See that a payload is there still.

    Raises:
        PayloadGoneError: It is not.
    """
    prefix = f"{SCHEME}{PAYLOADS}/"
    if dataref is None or not dataref.startswith(prefix):
        return
    try:
        store = await client.jetstream.object_store(PAYLOADS)
        await store.get_info(dataref.removeprefix(prefix))
    except NotFoundError as error:
        raise PayloadGoneError(
            f"its payload {dataref.removeprefix(prefix)} is not in the object store any more"
        ) from error
    except (NatsError, OSError, TimeoutError) as error:
        raise TransientError(f"the object store does not answer: {error or type(error).__name__}") from error


async def sent(client: Client, message: Stored, message_id: str) -> tuple[int, bool]:
    """Publish a stored message again as it is.

    Args:
        client: Connected.
        message: What was stored.
        message_id: What the server takes for the same within its duplicate window.

    Returns:
        Its new place in the stream, and whether the server had that id already.

    Raises:
        TransientError: It was not stored.
    """
    headers = {name: value for name, value in message.headers.items() if not name.startswith("Nats-")}
    headers["Nats-Msg-Id"] = encode(message_id)
    try:
        ack = await client.jetstream.publish(
            message.subject, message.body, headers=headers, timeout=client.settings.publish_timeout
        )
    except (NatsError, OSError, TimeoutError) as error:
        raise TransientError(
            f"{message.stream}/{message.sequence} was not stored again ({error or type(error).__name__}); "
            "running the same command again is safe"
        ) from error
    return int(ack.seq), bool(ack.duplicate)
