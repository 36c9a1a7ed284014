"""Sending events: encoded, given their ids, put aside when large, and stored before anyone is told so."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import PubAck

from jade_common import cloudevents
from jade_common.errors import JadeError, TransientError
from jade_common.events import Event
from jade_common.identity import canonical, derived_id
from jade_common.limits import MAX_INLINE
from jade_common.objects import PayloadStore
from jade_common.subjects import Subject, event_type


class Written(NamedTuple):
    """An event as the bytes that travel, from whoever writes too many to make a model of each.

    Attributes:
        subject: where it travels.
        body: what :func:`encode` gives for the model of the same event.
    """

    subject: Subject
    body: bytes


class Outgoing(NamedTuple):
    """An event on its way out.

    ``id`` is derived from what caused the event, so that doing the work twice sends the same id.
    """

    event: Event | Written
    id: str
    source: str
    correlation_id: str | None = None
    causation_id: str | None = None


class Outbox:
    """Publishes events to JetStream, many at a time."""

    def __init__(self, jetstream: JetStreamContext, *, timeout: float) -> None:
        """Publish through ``jetstream``; ``timeout`` is in seconds, for the whole batch to be acknowledged."""
        self._jetstream = jetstream
        self._payloads = PayloadStore(jetstream)
        self._timeout = timeout

    async def publish(self, outgoing: Sequence[Outgoing]) -> list[PubAck | JadeError]:
        """Publish all of ``outgoing`` in one window and wait until the server has stored them.

        Returns:
            For each, in order, the acknowledgement (``duplicate`` is true where the server had this id
            already) or the error.
        """
        sent = [await self._send(one) for one in outgoing]
        waiting = [future for future in sent if isinstance(future, asyncio.Future)]
        if waiting:
            await asyncio.wait(waiting, timeout=self._timeout)
        return [self._outcome(future) for future in sent]

    async def publish_one(self, outgoing: Outgoing) -> PubAck:
        """Publish one event.

        Raises:
            PayloadTooLargeError: It is larger than Jade takes.
            TransientError: The server did not store it in time.
        """
        (outcome,) = await self.publish([outgoing])
        if isinstance(outcome, JadeError):
            raise outcome
        return outcome

    async def _send(self, outgoing: Outgoing) -> "asyncio.Future[PubAck] | JadeError":
        try:
            body, dataref = await self._body(outgoing)
            headers = cloudevents.to_headers(
                cloudevents.Attributes(
                    outgoing.id,
                    outgoing.source,
                    event_type(outgoing.event.subject),
                    outgoing.correlation_id or outgoing.id,
                    outgoing.causation_id,
                    dataref,
                )
            )
            # Without `wait_stall`: in Python 3.11 that is a task for each message. What is not stored in time is
            # cancelled in `_outcome`, which frees its place in the window.
            return await self._jetstream.publish_async(outgoing.event.subject.value, body, headers=headers)
        except JadeError as error:
            return error
        except (NatsError, OSError, TimeoutError) as error:
            return TransientError(f"{outgoing.event.subject} {outgoing.id}: {error or type(error).__name__}")

    async def _body(self, outgoing: Outgoing) -> tuple[bytes, str | None]:
        body = encode(outgoing.event)
        if len(body) <= MAX_INLINE:
            return body, None
        return b"", await self._payloads.put(outgoing.id, body)

    def _outcome(self, sent: "asyncio.Future[PubAck] | JadeError") -> PubAck | JadeError:
        if isinstance(sent, JadeError):
            return sent
        if not sent.done():
            sent.cancel()
            return TransientError(f"not stored within {self._timeout} s")
        if error := sent.exception():
            return TransientError(f"not stored: {error or type(error).__name__}")
        return sent.result()


def encode(event: Event | Written) -> bytes:
    """JSON bytes of ``event``, without the fields that are not set."""
    if isinstance(event, Written):
        return event.body
    return event.__pydantic_serializer__.to_json(event, exclude_none=True)


def own_id(event: Event) -> str:
    """The id that follows from what ``event`` says: for one that nothing else has caused."""
    return derived_id(event.subject.value, canonical(event.model_dump(exclude_none=True)))
