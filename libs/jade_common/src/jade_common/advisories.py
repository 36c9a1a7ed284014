"""Dead letters for messages that the server gave up on: their handler never finished, so no middleware saw them fail.

A message that kills its process is the case. Every worker takes part: the consumer is shared.
"""

from collections.abc import Sequence

import orjson
import structlog
from nats.aio.msg import Msg

from jade_common.bus import Bus
from jade_common.errors import TransientError

log = structlog.get_logger("jade.advisories")


def bury_given_up(bus: Bus) -> None:
    """Subscribe ``bus`` to the server's advisories of messages that reached their last delivery."""

    async def take(messages: Sequence[Msg]) -> None:
        for message in messages:
            try:
                advisory = orjson.loads(message.data)
                stream, sequence = str(advisory["stream"]), int(advisory["stream_seq"])
                consumer, deliveries = str(advisory["consumer"]), int(advisory["deliveries"])
            except (ValueError, KeyError, TypeError):
                log.warning("advisory_not_understood", subject=message.subject)
                await message.term()
                continue
            try:
                await bus.dead_letters().bury_stored(
                    stream, sequence, consumer=consumer, deliveries=deliveries
                )
                bus.metrics.refused(consumer, "dead_lettered")
            except TransientError as error:
                log.warning("advisory_retried", error=str(error))
                await message.nak(delay=5.0)

    bus.subscribe(bus.topology.consumer("dead-advisories"), take)
