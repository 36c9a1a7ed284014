"""The bus as a worker sees it: subscribe a handler to a consumer, answer questions, send events.

FastStream carries the messages; what happens to each of them is settled in :mod:`jade_common.delivery`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from time import perf_counter
from typing import Any, TypeVar

import orjson
import structlog
from faststream import AckPolicy, BaseMiddleware
from faststream.exceptions import HandlerException, NackMessage
from faststream.message import StreamMessage
from faststream.nats import JStream, NatsBroker, PullSub
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from prometheus_client import CollectorRegistry
from pydantic import BaseModel, ValidationError

from jade_common.client.asking import ask_over
from jade_common.deadletters import DeadLetters, Redact
from jade_common.delivery import Delivery, Handler, explained
from jade_common.errors import JadeError, PermanentError, TransientError
from jade_common.events import Event
from jade_common.fetching import IDLE_WAIT, settle_fetches
from jade_common.limits import MAX_MESSAGE
from jade_common.metrics import DeliveryMetrics
from jade_common.objects import PayloadStore
from jade_common.publishing import Outbox
from jade_common.settings import NatsSettings
from jade_common.subjects import Ask
from jade_common.topology import Consumer, differences, topology

log = structlog.get_logger("jade.bus")

ESCAPED_DELAY = 5.0
"""Seconds before a batch whose outcome could not even be settled is delivered again."""

LOOPS = 2
"""Pull loops of a consumer in one process: while the server stores the answers of one batch, the next is in work."""

STOP_WAIT = 4.0
"""Seconds to finish what is in flight when told to stop; the rest is redelivered. With it a worker stops
within 10 s."""

START_WAIT = 1.0
"""Seconds between two tries to subscribe while the server or its streams are not there."""

E = TypeVar("E", bound=Event)
A = TypeVar("A", bound=BaseModel)


class EscapedErrors(BaseMiddleware):
    """Gives a batch back, later, when even its outcome could not be settled (the broker is gone, say).

    In ``after_processed``, because FastStream shows a failed publish only there. Without the delay the
    server would deliver it again at once, in a hot loop.
    """

    async def after_processed(
        self,
        exc_type: type[BaseException] | None = None,
        exc_val: BaseException | None = None,
        exc_tb: Any = None,  # noqa: ARG002
    ) -> bool | None:
        """Turn an error into a delayed redelivery."""
        if exc_val is None or not isinstance(exc_val, Exception) or isinstance(exc_val, HandlerException):
            return None
        log.error("batch_given_back", error=f"{exc_type.__name__ if exc_type else ''}: {exc_val}"[:500])
        raise NackMessage(delay=ESCAPED_DELAY) from exc_val


class Bus:
    """One service's connection to the bus. Nothing connects before :meth:`running`."""

    def __init__(
        self,
        settings: NatsSettings,
        *,
        service: str,
        redact: Redact,
        registry: CollectorRegistry | None = None,
    ) -> None:
        """Prepare the connection of ``service``.

        Args:
            settings: Where the broker is.
            service: Name of the connection, and queue group of its answers.
            redact: Takes the secrets out of a text, for dead letters.
            registry: Where the metrics go.
        """
        self.service = service
        self.registry = registry or CollectorRegistry()
        self.settings = settings
        self.topology = topology(settings.topology)
        self.metrics = DeliveryMetrics(self.registry)
        self.deliveries: list[Delivery[Any]] = []
        self._redact = redact
        self._starting: asyncio.Task[None] | None = None
        options: dict[str, Any] = {}
        if settings.token:  # an empty one is none
            options["token"] = settings.token.get_secret_value()
        if settings.credentials is not None:
            options["user_credentials"] = str(settings.credentials)
        self.broker = NatsBroker(
            settings.url,
            name=f"jade-{service}",
            # Past the default budget of two minutes a worker would spin at 100 % and ignore SIGTERM.
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            ack_policy=AckPolicy.NACK_ON_ERROR,
            graceful_timeout=STOP_WAIT,
            middlewares=(EscapedErrors,),
            apply_types=False,  # bodies are decoded one by one in Delivery, where a bad one has its own outcome
            decoder=undecoded,
            logger=None,
            **options,
        )

    def consume(self, name: str, model: type[E]) -> Callable[[Handler[E]], Handler[E]]:
        """Decorate the handler of the consumer ``name``, whose events are ``model``.

        The handler takes the decoded events of a batch and returns, for each, the events to send or the
        error.
        """

        def register(handler: Handler[E]) -> Handler[E]:
            delivery = self.deliver(self.topology.consumer(name), model, handler)
            self.subscribe(delivery.consumer, delivery)
            return handler

        return register

    def deliver(self, consumer: Consumer, model: type[E], handler: Handler[E]) -> Delivery[E]:
        """The delivery of ``consumer`` to ``handler`` over this connection."""
        delivery = Delivery(
            consumer,
            model,
            handler,
            outbox=self.outbox,
            payloads=lambda: PayloadStore(self.jetstream, limit=self.settings.max_object),
            dead_letters=self.dead_letters,
            metrics=self.metrics,
        )
        self.deliveries.append(delivery)
        self.metrics.expect(consumer.name)
        return delivery

    def subscribe(self, consumer: Consumer, take: Callable[[Sequence[Msg]], Awaitable[None]]) -> None:
        """Take raw batches of ``consumer``."""

        async def batch(messages: list[Msg]) -> None:
            await take(messages)

        for _ in range(LOOPS):
            self.broker.subscriber(
                consumer.subject,
                stream=JStream(consumer.stream, declare=False),
                durable=consumer.name,
                pull_sub=PullSub(batch_size=consumer.batch, timeout=IDLE_WAIT, batch=True),
                config=consumer.config(),
            )(batch)

    def answer(
        self, ask: Ask, model: type[A]
    ) -> Callable[[Callable[[A], Awaitable[Any]]], Callable[[A], Awaitable[Any]]]:
        """Decorate the function that answers a question on core request/reply; its result is sent as JSON.

        An error is answered as ``{"error": {"kind", "message"}}``, never as silence.
        """

        def register(handler: Callable[[A], Awaitable[Any]]) -> Callable[[A], Awaitable[Any]]:
            async def reply(message: Msg) -> None:
                started = perf_counter()
                try:
                    body = orjson.dumps(await handler(model.model_validate(orjson.loads(message.data))))
                except ValidationError as error:
                    body = refusal("invalid", explained(error))
                except (orjson.JSONDecodeError, RecursionError) as error:
                    body = refusal("invalid", f"the question is no JSON: {error}")
                except JadeError as error:
                    body = refusal(
                        "permanent" if isinstance(error, PermanentError) else "transient", str(error)
                    )
                except Exception:
                    log.exception("ask_failed", ask=ask.value)
                    body = refusal(
                        "internal", "the question could not be answered; the worker's log says why"
                    )
                if len(body) > MAX_MESSAGE:
                    body = refusal(
                        "too_large", f"the answer has {len(body):,} bytes: ask for fewer lines at a time"
                    )
                self.metrics.asked(ask.value, perf_counter() - started)
                await message.respond(body)

            self.broker.subscriber(ask.value, queue=self.service)(reply)
            return handler

        return register

    async def ask(self, ask: Ask, question: BaseModel) -> Any:
        """Ask and wait for the answer.

        Raises:
            PermanentError: The question is wrong, or the answer too large.
            TransientError: Nobody answered in time.
        """
        return await ask_over(self.connection, ask, question, timeout=self.settings.ask_timeout)

    def outbox(self) -> Outbox:
        """Sends events."""
        return Outbox(self.jetstream, timeout=self.settings.publish_timeout)

    def dead_letters(self) -> DeadLetters:
        """Keeps dead letters."""
        return DeadLetters(self.jetstream, redact=self._redact, timeout=self.settings.publish_timeout)

    @property
    def connection(self) -> Client:
        """The connection.

        Raises:
            TransientError: There is none yet.
        """
        connection = self.broker._connection  # noqa: SLF001  # FastStream gives no other way to the client
        if connection is None:
            raise TransientError(f"not connected to NATS at {self.settings.address} yet")
        return connection

    @property
    def jetstream(self) -> JetStreamContext:
        """JetStream over the connection."""
        _ = self.connection
        jetstream: JetStreamContext = self.broker.config.connection_state.stream
        return jetstream

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connect and subscribe in the background, and stop in the end.

        The server, its streams or its consumers may come later: the process lives, and is not ready until then.
        """
        self._starting = asyncio.create_task(self._start())
        try:
            yield
        finally:
            self._starting.cancel()
            with suppress(asyncio.CancelledError, NatsError):
                await self._starting
            with suppress(TimeoutError, NatsError, OSError):
                async with asyncio.timeout(STOP_WAIT + 1):
                    await self.broker.stop()

    async def _start(self) -> None:
        settled = False
        while True:
            try:
                await self.broker.connect()
                if not settled:  # once a connection: a fetch settled twice would never wait
                    settle_fetches(self.jetstream)
                    settled = True
                await self.broker.start()
            except (NatsError, OSError, TimeoutError) as error:
                log.warning(
                    "bus_not_there", url=self.settings.address, error=f"{type(error).__name__}: {error}"[:300]
                )
                await asyncio.sleep(START_WAIT)
            else:
                log.info(
                    "bus_connected",
                    url=self.settings.address,
                    consumers=[d.consumer.name for d in self.deliveries],
                )
                return

    async def problems(self) -> list[str]:
        """Why this service cannot work now; empty when it can.

        A ping is not enough: the connection stays up when the durable consumer is gone, so the server is asked for it.
        """
        if self._starting is None or not self._starting.done():
            return [f"not subscribed yet at {self.settings.address}"]
        if not self.connection.is_connected:
            return [f"disconnected from {self.settings.address}"]
        found: list[str] = []
        for delivery in self.deliveries:
            consumer = delivery.consumer
            try:
                info = await self.jetstream.consumer_info(consumer.stream, consumer.name, timeout=1.0)
            except (NatsError, TimeoutError) as error:
                found.append(f"consumer {consumer.name}: {type(error).__name__}")
                continue
            self.metrics.waiting(consumer.name, (info.num_pending or 0) + (info.num_ack_pending or 0))
            if changed := differences(info.config.as_dict(), consumer.config().as_dict()):
                found.append(
                    f"consumer {consumer.name} differs in {', '.join(changed)}: declare the topology again"
                )
        return found


def refusal(kind: str, message: str) -> bytes:
    """The answer that says why there is none."""
    return orjson.dumps({"error": {"kind": kind, "message": message}})


async def undecoded(message: StreamMessage[Any]) -> Any:
    """The raw messages themselves: each is decoded where it has its own outcome."""
    return message.raw_message
