"""Pulls that wait long for the first message of a batch, and hardly for the rest.

FastStream collects a batch by fetches until it is full or its time is over, so that time is what a lone message
waits, and how often an idle worker asks. Here an idle worker asks every two seconds, and a lone message waits 10 ms.

It also settles how a fetch ends: nats-py raises its own ``TimeoutError``, on which FastStream ends the batch, but in a
corner (the time is over between the two requests of one fetch) Python's own, which ended FastStream's loop: what it had
collected came again only after ``ack_wait``.
"""

from contextlib import suppress
from typing import Any

from nats.aio.msg import Msg
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js import JetStreamContext

IDLE_WAIT = 2.0
"""Seconds that a fetch waits for the first message. A fetch that the broker forgot when it was restarted ends after
it, so it is also the most that a worker is late then. At 20 fetches a second an idle worker takes 3 % of a core."""

FILL_WAIT = 0.01
"""Seconds that a fetch waits for more once it has one message: what it adds to the answer of a lone one."""


def settle_fetches(jetstream: JetStreamContext) -> None:
    """Make every pull subscription made by ``jetstream`` fetch as this module says."""
    subscribe = jetstream.pull_subscribe

    async def pull_subscribe(*arguments: Any, **options: Any) -> JetStreamContext.PullSubscription:
        subscription = await subscribe(*arguments, **options)
        subscription.fetch = Fetch(subscription.fetch)  # type: ignore[assignment,method-assign]
        return subscription

    jetstream.pull_subscribe = pull_subscribe  # type: ignore[method-assign]


class Fetch:
    """The ``fetch`` of one subscription, called by FastStream until its batch is full or this raises."""

    def __init__(self, fetch: Any) -> None:
        """Fetch by ``fetch`` of nats-py."""
        self._fetch = fetch
        self._size = 0

    async def __call__(self, batch: int, timeout: float | None = IDLE_WAIT) -> list[Msg]:  # noqa: ASYNC109
        """Bring what is there, at most ``batch``; wait at most ``timeout`` seconds for the first.

        Raises:
            NatsTimeoutError: Nothing came; or FastStream asks for the rest of a batch that is as full as it gets.
        """
        self._size = max(self._size, batch)
        if batch < self._size:
            raise NatsTimeoutError
        messages = await self._settled(1, timeout)
        if batch > 1:
            with suppress(NatsTimeoutError):
                messages += await self._settled(batch - 1, FILL_WAIT)
        return messages

    async def _settled(self, batch: int, timeout: float | None) -> list[Msg]:  # noqa: ASYNC109
        try:
            found: list[Msg] = await self._fetch(batch, timeout)
        except TimeoutError as error:
            raise NatsTimeoutError from error
        return found
