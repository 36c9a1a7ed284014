"""A subscription whose position the server keeps under a name: it goes on where it was, whatever broke."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from nats.aio.client import Client as Connection
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig

from jade_common.client.reading import AGAIN_SECONDS, Start, beginning, last_sequence, read
from jade_common.client.recommending import Recommendation, Seen, recommendation
from jade_common.errors import TransientError
from jade_common.fetching import IDLE_WAIT, settle_fetches
from jade_common.objects import PayloadStore
from jade_common.subjects import Stream, Subject

HELD = 10
"""Recommendations that are fetched at a time: what a killed process held comes again late, so it holds few."""

ACK_WAIT = 30.0
"""Seconds after which what a dead process held is handed out again; a live one keeps its own."""

FORGOTTEN_AFTER = 30 * 86_400.0
"""Seconds without a reader after which the server forgets the position: nothing older is kept."""

FLUSH_SECONDS = 5
PREFIX = "client-"
"""Of the consumer's name on the server, so that no client takes a worker's."""


class Subscription:
    """Recommendations in order, at least once: use it in ``async with``, and iterate.

    One that was handed out counts as handled when the next is asked for, or when the block is left without
    an error; else it comes again. Several processes with the same name share the work.
    """

    def __init__(
        self,
        connection: Connection,
        name: str,
        *,
        start: Start,
        ack_wait: float,
        lost: Callable[[str], None],
    ) -> None:
        """Subscribe as ``name``.

        Args:
            connection: One that connects again by itself.
            name: Under which the server keeps the position.
            start: Where to begin when the server does not know the name.
            ack_wait: Seconds; see ``ACK_WAIT``.
            lost: Told when the broker is away, and what was left out.
        """
        self._connection = connection
        self._jetstream = connection.jetstream()
        settle_fetches(self._jetstream)
        self._payloads = PayloadStore(self._jetstream)
        self._name = f"{PREFIX}{name}"
        self._start = start
        self._ack_wait = ack_wait
        self._lost = lost
        self._seen = Seen()
        self._held: deque[Msg] = deque()
        self._current: tuple[str, Msg] | None = None
        self._subscription: JetStreamContext.PullSubscription | None = None
        self._beat: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Find the position, or begin one.

        Raises:
            TransientError: The broker or its stream is not there.
        """
        last = await last_sequence(self._jetstream, Stream.OUT)
        if self._start == "new":
            self._start = last + 1
        try:
            self._subscription = await self._bound()
        except (NatsError, OSError, TimeoutError) as error:
            raise TransientError(
                f"{Stream.OUT} cannot be subscribed to: {error or type(error).__name__}"
            ) from error
        self._beat = asyncio.create_task(self._keep_alive())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._beat is not None:
            self._beat.cancel()
        with suppress(NatsError, OSError, TimeoutError):  # what cannot be settled now comes again
            if self._current is not None:
                await (self._current[1].ack() if kind is None else self._current[1].nak())
            for message in self._held:
                await message.nak()
            await self._connection.flush(FLUSH_SECONDS)
        self._current = None
        self._held.clear()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Recommendation:
        """The next recommendation; the one before counts as handled.

        Raises:
            TransientError: The connection was closed.
        """
        if self._current is not None:
            identity, message = self._current
            self._current = None
            await self._handled(identity, message)
        while True:
            if not self._held:
                await self._fetch()
                continue
            message = self._held[0]  # it stays held while its payload is fetched
            try:
                found = await recommendation(
                    read(message), self._payloads, self._lost, message.metadata.num_delivered
                )
            except TransientError as error:
                await self._wait(error)
                continue
            self._held.popleft()
            if found is None or found.id in self._seen:
                await self._settled(message)
                continue
            self._current = found.id, message
            return found

    async def _handled(self, identity: str, message: Msg) -> None:
        self._seen.add(identity)
        await self._settled(message)

    async def _settled(self, message: Msg) -> None:
        """Ack: where that is lost, the message comes again and its id is known."""
        self._start = message.metadata.sequence.stream + 1
        with suppress(NatsError, OSError, TimeoutError):
            await message.ack()

    async def _fetch(self) -> None:
        try:
            if self._subscription is None:
                self._subscription = await self._bound()
            try:
                self._held.extend(await self._subscription.fetch(HELD, timeout=IDLE_WAIT))
            except TimeoutError:
                await self._subscription.consumer_info()  # still there?
        except (NatsError, OSError, TimeoutError) as error:
            self._subscription = None
            await self._wait(error)

    async def _wait(self, error: Exception) -> None:
        why = f"{error or type(error).__name__}"
        if self._connection.is_closed:
            raise TransientError(f"the connection is closed ({why}): subscribe inside `async with Client`")
        self._lost(f"the broker is away ({why}); waiting for it")
        await asyncio.sleep(AGAIN_SECONDS)

    async def _bound(self) -> JetStreamContext.PullSubscription:
        config = ConsumerConfig(
            ack_policy=AckPolicy.EXPLICIT, ack_wait=self._ack_wait, inactive_threshold=FORGOTTEN_AFTER
        )
        config = config.evolve(**await beginning(self._jetstream, Stream.OUT, self._start))
        return await self._jetstream.pull_subscribe(
            Subject.FINDING_RANKED.value, durable=self._name, stream=Stream.OUT.value, config=config
        )

    async def _keep_alive(self) -> None:
        """Tell the server every third of ``ack_wait`` that what is held is in work."""
        while True:
            await asyncio.sleep(self._ack_wait / 3)
            current = () if self._current is None else (self._current[1],)
            for message in (*current, *self._held):
                with suppress(NatsError, OSError):
                    await message.in_progress()
