"""What happens to each message of a batch: answered and acked, retried later, or dead-lettered with its reason.

Every message has its own outcome, so a bad one costs the others nothing:

* its answer is stored → acked;
* a transient error → given back with a growing delay;
* a permanent error, an invalid event, or the last attempt → dead-lettered, then rejected;
* an unexpected error → the batch is handed over again one by one, so that only the culprit is retried, and
  in the end
  dead-lettered.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from time import perf_counter
from typing import Any, Generic, NamedTuple, TypeVar

import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import NotJSMessageError
from pydantic import ValidationError

from jade_common import cloudevents
from jade_common.deadletters import DeadLetters, Kind
from jade_common.errors import InvalidEventError, JadeError, PermanentError, TransientError
from jade_common.events import Event
from jade_common.metrics import DeliveryMetrics
from jade_common.objects import PayloadStore
from jade_common.publishing import Outbox, Outgoing
from jade_common.topology import Consumer

log = structlog.get_logger("jade.delivery")

BACKOFF = (1.0, 5.0, 15.0, 60.0, 120.0, 300.0)
"""Seconds before the next delivery, by attempt: together longer than a restart of any part, shorter than a
working day."""

E = TypeVar("E", bound=Event)


class Received(NamedTuple, Generic[E]):
    """An event as it came in."""

    event: E
    attributes: cloudevents.Attributes
    message: Msg

    @property
    def attempt(self) -> int:
        """Which delivery this is, from 1."""
        return attempt(self.message)


Outcome = Sequence[Outgoing] | JadeError
"""What a handler makes of one event: the events to send before it is acked (none is fine), or why it could
not."""

Handler = Callable[[Sequence[Received[E]]], Awaitable[Sequence[Outcome]]]


class Delivery(Generic[E]):
    """Takes batches of one consumer through its handler."""

    def __init__(
        self,
        consumer: Consumer,
        model: type[E],
        handler: Handler[E],
        *,
        outbox: Callable[[], Outbox],
        payloads: Callable[[], PayloadStore],
        dead_letters: Callable[[], DeadLetters],
        metrics: DeliveryMetrics,
        backoff: Sequence[float] = BACKOFF,
    ) -> None:
        """Hand events of ``model`` from ``consumer`` to ``handler``.

        The three callables give the connection's outbox and stores: they exist only once the bus is connected.
        """
        self.consumer = consumer
        self._model = model
        self._handler = handler
        self._outbox = outbox
        self._payloads = payloads
        self._dead_letters = dead_letters
        self._metrics = metrics
        self._backoff = backoff

    async def __call__(self, messages: Sequence[Msg]) -> None:
        """Take one batch; whatever is neither given back nor rejected here is acked by the caller."""
        started = perf_counter()
        async with self._kept_alive(messages):
            decoded = [await self._decode(message) for message in messages]
            good = [
                (message, event)
                for message, event in zip(messages, decoded, strict=True)
                if not isinstance(event, JadeError)
            ]
            outcomes = await self._handle([event for _, event in good]) if good else []
            stored = await self._store([event for _, event in good], outcomes)
            settled = [
                (message, event)
                for message, event in zip(messages, decoded, strict=True)
                if isinstance(event, JadeError)
            ]
            settled += [
                (message, error)
                for (message, _), error in zip(good, stored, strict=True)
                if error is not None
            ]
            for message, error in settled:
                await self._refuse(message, error)
        self._metrics.batch(self.consumer.name, len(messages) - len(settled), perf_counter() - started)

    async def _decode(self, message: Msg) -> Received[E] | JadeError:
        try:
            attributes, data = cloudevents.read(message.subject, message.headers, message.data)
            if data is None and attributes.dataref is not None:
                data = cloudevents.parsed(await self._payloads().get(attributes.dataref))
            return Received(self._model.model_validate(data), attributes, message)
        except ValidationError as error:
            return InvalidEventError(explained(error))
        except JadeError as error:
            return error
        except RecursionError:
            return InvalidEventError("the event is nested too deeply")

    async def _handle(self, received: Sequence[Received[E]]) -> Sequence[Outcome]:
        try:
            return await self._handler(received)
        except JadeError as error:
            if len(received) == 1 or isinstance(error, TransientError):
                return [error] * len(received)
        except Exception as error:
            log.exception("handler_failed", consumer=self.consumer.name, batch=len(received))
            if len(received) == 1:
                # A defect may also be a matter of timing: it gets its attempts, and ends as a dead letter.
                return [TransientError(f"{type(error).__name__}: {error}")]
        return [outcome for one in received for outcome in await self._handle([one])]

    async def _store(
        self, received: Sequence[Received[E]], outcomes: Sequence[Outcome]
    ) -> list[JadeError | None]:
        outgoing = [one for outcome in outcomes if not isinstance(outcome, JadeError) for one in outcome]
        results = iter(await self._outbox().publish(outgoing) if outgoing else [])
        errors: list[JadeError | None] = []
        for _, outcome in zip(received, outcomes, strict=True):
            if isinstance(outcome, JadeError):
                errors.append(outcome)
                continue
            failed = [result for _ in outcome if isinstance(result := next(results), JadeError)]
            errors.append(failed[0] if failed else None)
        return errors

    async def _refuse(self, message: Msg, error: JadeError) -> None:
        """Retry later, or dead-letter."""
        tried = attempt(message)
        permanent = isinstance(error, PermanentError)
        if not permanent and tried <= len(self._backoff):
            self._metrics.refused(self.consumer.name, "retried")
            log.warning(
                "message_retried", consumer=self.consumer.name, attempt=tried, reason=str(error)[:500]
            )
            await message.nak(delay=self._backoff[tried - 1])
            return
        kind: Kind = (
            "invalid" if isinstance(error, InvalidEventError) else "permanent" if permanent else "exhausted"
        )
        await self._dead_letters().bury(message, reason=str(error), kind=kind, consumer=self.consumer.name)
        self._metrics.refused(self.consumer.name, "dead_lettered")
        await message.term()

    @asynccontextmanager
    async def _kept_alive(self, messages: Sequence[Msg]) -> Any:
        """Tell the server every third of ``ack_wait`` that the work goes on: a slow batch is not redelivered."""

        async def beat() -> None:
            while True:
                await asyncio.sleep(self.consumer.ack_wait / 3)
                for message in messages:
                    with suppress(NatsError, OSError):
                        await message.in_progress()

        task = asyncio.create_task(beat())
        try:
            yield
        finally:
            task.cancel()


def attempt(message: Msg) -> int:
    """Which delivery of the message this is, from 1."""
    try:
        return int(message.metadata.num_delivered)
    except NotJSMessageError:
        return 1


def explained(error: ValidationError) -> str:
    """The first three mistakes of a validation, each with its field."""
    found = [
        f"{'.'.join(str(step) for step in row['loc']) or 'body'}: {row['msg']}" for row in error.errors()
    ]
    more = f" (and {len(found) - 3} more)" if len(found) > 3 else ""  # noqa: PLR2004
    return "not a valid event: " + "; ".join(found[:3]) + more
