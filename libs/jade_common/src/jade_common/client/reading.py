"""What lies in a stream, in order: from the first, from a moment or from now on, across lost connections."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from nats.aio.client import Client as Connection
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from jade_common.errors import TransientError
from jade_common.fetching import IDLE_WAIT, settle_fetches

BATCH = 200
"""Messages of one fetch: two round trips bring them."""

HEADERS = 1_000
"""The same where only headers come, of half a kilobyte: a third faster than 200."""

AGAIN_SECONDS = 0.5
"""Between two tries while the broker is away."""

IDLE_SECONDS = 60.0
"""After so long without a fetch the server forgets the consumer of a reader that went away."""

Start = Literal["first", "new"] | datetime | int
"""Where to begin: the first that is kept, the next that comes, a moment, or a sequence."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A message as it lies in its stream."""

    stream: str
    sequence: int
    time: datetime
    subject: str
    headers: Mapping[str, str]
    body: bytes


async def stored(
    connection: Connection,
    stream: str,
    subjects: Sequence[str] = (),
    *,
    start: Start = "first",
    until: int | None = None,
    headers_only: bool = False,
    lost: Callable[[str], None] | None = None,
) -> AsyncGenerator[Stored, None]:
    """Messages of a stream in their order, each once.

    Args:
        connection: One that connects again by itself.
        stream: The stream's name.
        subjects: Only these; ``*`` and ``>`` as in NATS.
        start: Where to begin.
        until: The last sequence that is wanted; without it there is no end.
        headers_only: Leave the bodies where they are.
        lost: Told when the broker is away, which then is waited for; without it that is an error.

    Raises:
        TransientError: The stream cannot be read.
    """
    jetstream = connection.jetstream()
    settle_fetches(jetstream)
    if start == "new":  # as a place: "new" again after a lost connection would leave out what came meanwhile
        start = await last_sequence(jetstream, stream) + 1
    while True:
        try:
            config = await consumer_at(jetstream, stream, start, headers_only=headers_only)
            wanted = config.evolve(filter_subjects=list(subjects) or None)
            subscription = await jetstream.pull_subscribe(">", stream=stream, config=wanted)
            waiting = (await subscription.consumer_info()).num_pending
            if until is not None and not waiting:
                return
            while True:
                for message in await fetched(subscription, HEADERS if headers_only else BATCH):
                    one = read(message)
                    if until is not None and one.sequence > until:
                        return
                    start = one.sequence + 1
                    yield one
                    if until is not None and (one.sequence == until or not message.metadata.num_pending):
                        return
        except (NatsError, OSError, TimeoutError) as error:
            why = f"{error or type(error).__name__}"
            if connection.is_closed or lost is None:
                raise TransientError(f"{stream} cannot be read: {why}") from error
            lost(f"the broker is away ({why}); waiting for it")
            await asyncio.sleep(AGAIN_SECONDS)


async def fetched(subscription: JetStreamContext.PullSubscription, count: int = BATCH) -> list[Msg]:
    """The next messages, none when none came; at most ``count``.

    Raises:
        NatsError: The consumer is gone.
    """
    try:
        return await subscription.fetch(count, timeout=IDLE_WAIT)
    except TimeoutError:
        await subscription.consumer_info()
        return []


def read(message: Msg) -> Stored:
    """The message as it lies in its stream."""
    found = message.metadata
    headers = message.headers or {}
    return Stored(
        found.stream, found.sequence.stream, found.timestamp, message.subject, headers, message.data
    )


async def last_sequence(jetstream: JetStreamContext, stream: str) -> int:
    """The sequence of the last message that a stream has taken; 0 where it has taken none.

    Raises:
        TransientError: The stream is not there, or nobody answers.
    """
    try:
        return int((await jetstream.stream_info(stream)).state.last_seq)
    except NotFoundError as error:
        raise TransientError(
            f"the broker has no stream {stream}: `python -m jade_common.topology` declares it, `jade up` does so itself"
        ) from error
    except (NatsError, OSError, TimeoutError) as error:
        raise TransientError(f"{stream} cannot be read: {error or type(error).__name__}") from error


async def consumer_at(
    jetstream: JetStreamContext, stream: str, start: Start, *, headers_only: bool = False
) -> ConsumerConfig:
    """A consumer that begins at ``start`` and is forgotten with its reader."""
    begin = ConsumerConfig(
        ack_policy=AckPolicy.NONE,
        inactive_threshold=IDLE_SECONDS,
        mem_storage=True,
        headers_only=headers_only,
    )
    return begin.evolve(**await beginning(jetstream, stream, start))


async def beginning(jetstream: JetStreamContext, stream: str, start: Start) -> dict[str, object]:
    """The settings of a consumer that begins at ``start``, where that is no longer "new"."""
    if isinstance(start, datetime):
        return {
            "deliver_policy": DeliverPolicy.BY_START_TIME,
            "opt_start_time": start.astimezone(UTC).isoformat(),
        }
    # A stream that was made anew begins again at 1: waiting for the old sequence would miss everything.
    if isinstance(start, int) and start <= (await jetstream.stream_info(stream)).state.last_seq + 1:
        return {"deliver_policy": DeliverPolicy.BY_START_SEQUENCE, "opt_start_seq": start}
    return {"deliver_policy": DeliverPolicy.ALL}
