"""Pulls that run out of time in one way, so that no fetched message is dropped.

FastStream collects a batch by several fetches, and ends on the ``TimeoutError`` of nats-py. In a corner (the
time is over between the two requests of one fetch) nats-py raises Python's own in place of it: that ended
FastStream's loop, and what it had collected came again only after ``ack_wait``. Three of a hundred small
batches were 30 s late.
"""

from typing import Any

from nats.errors import TimeoutError as NatsTimeoutError
from nats.js import JetStreamContext


def settle_timeouts(jetstream: JetStreamContext) -> None:
    """Make every pull subscription made by ``jetstream`` raise the ``TimeoutError`` of nats-py alone."""
    subscribe = jetstream.pull_subscribe

    async def pull_subscribe(*arguments: Any, **options: Any) -> JetStreamContext.PullSubscription:
        subscription = await subscribe(*arguments, **options)
        fetch = subscription.fetch

        async def settled(*arguments: Any, **options: Any) -> Any:
            try:
                return await fetch(*arguments, **options)
            except TimeoutError as error:
                raise NatsTimeoutError from error

        subscription.fetch = settled  # type: ignore[method-assign]
        return subscription

    jetstream.pull_subscribe = pull_subscribe  # type: ignore[method-assign]
