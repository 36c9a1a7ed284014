"""Recommendations as they come: every ``finding.ranked`` in order, each once, across lost connections."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from jade_common import cloudevents
from jade_common.errors import InvalidEventError, PayloadGoneError
from jade_common.events import FindingRanked
from jade_common.objects import PayloadStore
from jade_common.subjects import Stream, Subject

BATCH = 100
FETCH_SECONDS = 2.0
"""How long one fetch waits; after an empty one the server is asked whether the consumer still exists."""

AGAIN_SECONDS = 0.5
"""Between two tries while the broker is away."""

IDLE_SECONDS = 60.0
"""After so long without a fetch the server forgets the consumer."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One event and its id."""

    id: str
    event: FindingRanked


async def recommendations(
    connection: Client, since: datetime | None, lost: Callable[[str], None]
) -> AsyncGenerator[Recommendation, None]:
    """Every recommendation from ``since`` on (None: from now on), without end.

    Args:
        connection: One that connects again by itself.
        since: The oldest that is wanted.
        lost: Told when the broker is away, and what was left out.
    """
    jetstream = connection.jetstream()
    store = PayloadStore(jetstream)
    start = start_of(since)
    while True:
        try:
            subscription = await jetstream.pull_subscribe(
                Subject.FINDING_RANKED.value, stream=Stream.OUT.value, config=start
            )
            while True:
                for message in await fetched(subscription):
                    start = after(message)
                    found = await read(message, store, lost)
                    if found is not None:
                        yield found
        except (NatsError, OSError, TimeoutError) as error:
            if connection.is_closed:
                raise
            lost(f"the broker is away ({error or type(error).__name__}); waiting for it")
            await asyncio.sleep(AGAIN_SECONDS)


async def fetched(subscription: JetStreamContext.PullSubscription) -> list[Msg]:
    """The next messages, none when none came.

    Raises:
        NatsError: The consumer is gone.
    """
    try:
        return await subscription.fetch(BATCH, timeout=FETCH_SECONDS)
    except TimeoutError:
        await subscription.consumer_info()
        return []


def start_of(since: datetime | None) -> ConsumerConfig:
    """Where an ephemeral consumer begins."""
    begin = ConsumerConfig(ack_policy=AckPolicy.NONE, inactive_threshold=IDLE_SECONDS, mem_storage=True)
    if since is None:
        return begin.evolve(deliver_policy=DeliverPolicy.NEW)
    moment = since.astimezone(UTC).isoformat()
    return begin.evolve(deliver_policy=DeliverPolicy.BY_START_TIME, opt_start_time=moment)


def after(message: Msg) -> ConsumerConfig:
    """Where to go on when the consumer is lost after this message."""
    sequence = message.metadata.sequence.stream
    begin = start_of(None)
    return begin.evolve(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=sequence + 1)


async def read(message: Msg, store: PayloadStore, lost: Callable[[str], None]) -> Recommendation | None:
    """The recommendation of a message; None for one that is none."""
    try:
        attributes, data = cloudevents.read(message.subject, message.headers, message.data)
        if attributes.dataref is not None:
            data = cloudevents.parsed(await store.get(attributes.dataref))
        return Recommendation(attributes.id, FindingRanked.model_validate(data))
    except (InvalidEventError, PayloadGoneError, ValueError) as error:
        lost(f"left out message {message.metadata.sequence.stream} of {Stream.OUT}: {error}")
        return None


UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def moment(text: str, now: datetime) -> datetime:
    """The moment that ``30m``, ``2h`` or an ISO time means.

    Raises:
        ValueError: It is neither.

    >>> moment("30m", datetime(2026, 1, 1, 12, tzinfo=UTC)).isoformat()
    '2026-01-01T11:30:00+00:00'
    """
    if text[-1:] in UNITS and text[:-1].isdecimal():
        return now - timedelta(**{UNITS[text[-1]]: int(text[:-1])})
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is neither a duration (30s, 10m, 2h, 7d) nor an ISO time") from None
    return found if found.tzinfo is not None else found.astimezone()
