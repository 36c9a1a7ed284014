"""The client itself: one connection, through which to publish, ask and subscribe."""

import re
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from datetime import datetime
from itertools import islice
from types import TracebackType
from typing import Any, NamedTuple, Self

import structlog
from nats.aio.client import Client as Connection
from nats.js import JetStreamContext

from jade_common.asks import RankedLine, RankLine
from jade_common.client.asking import ranked_lines
from jade_common.client.connecting import connected
from jade_common.client.reading import stored
from jade_common.client.recommending import Recommendation, Seen, recommendation
from jade_common.client.subscribing import ACK_WAIT, Subscription
from jade_common.errors import JadeError, PermanentError
from jade_common.events import ScanFinding, ScanReport
from jade_common.limits import MAX_LINES
from jade_common.objects import PayloadStore
from jade_common.publishing import Outbox, Outgoing, own_id
from jade_common.settings import NatsSettings
from jade_common.subjects import Stream, Subject

log = structlog.get_logger("jade.client")

WINDOW = 500
"""Events on their way at a time."""

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,54}").fullmatch
"""Of a subscription: with its prefix it is an identifier of Jade."""


class Published(NamedTuple):
    """An event that the server has stored."""

    id: str
    duplicate: bool
    """Whether it had it already (within its duplicate window of 15 minutes)."""
    sequence: int
    """Its place in the stream."""


class Client:
    """Publishes, asks and subscribes; use it in ``async with``.

    No broker at the start is an error. One that goes away later is waited for: a question or an event then
    fails after its timeout, a subscription goes on when the broker is back.
    """

    def __init__(self, settings: NatsSettings | None = None, *, source: str = "client") -> None:
        """Prepare a client; nothing connects yet.

        Args:
            settings: Where the broker is and how long things may take; by default ``JADE_NATS_*`` and ``jade.yaml``.
            source: Who publishes (``ce-source``), for instance ``acme/scanner``.
        """
        self.settings = settings or NatsSettings()
        self._source = source
        self._connection: Connection | None = None
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Connect.

        Raises:
            TransientError: Nobody is at the broker's address.
        """
        self._connection = await self._open.enter_async_context(connected(self.settings, self._source))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    @property
    def connection(self) -> Connection:
        """The connection.

        Raises:
            PermanentError: The client is not used in ``async with``.
        """
        if self._connection is None:
            raise PermanentError("the client is not connected: use it as `async with Client(…) as jade:`")
        return self._connection

    @property
    def jetstream(self) -> JetStreamContext:
        """JetStream over the connection."""
        return self.connection.jetstream()

    async def payload(self, dataref: str) -> bytes:
        """The data behind an event's reference.

        Raises:
            PayloadGoneError: They are not kept any more.
            TransientError: The server did not answer.
        """
        return await PayloadStore(self.jetstream, limit=self.settings.max_object).get(dataref)

    async def publish(
        self, events: Iterable[ScanFinding | ScanReport], *, correlation_id: str | None = None
    ) -> list[Published]:
        """Publish findings or reports, and wait until the server has stored them.

        Their ids follow from what they say, so publishing again what may have been stored is safe. What has
        more than 512 KiB travels through the object store.

        Args:
            events: Findings or reports.
            correlation_id: Links them to a chain; by default each begins one.

        Raises:
            PayloadTooLargeError: One is larger than Jade takes.
            TransientError: One was not stored in time.
        """
        outbox = Outbox(self.jetstream, timeout=self.settings.publish_timeout)
        coming = (Outgoing(event, own_id(event), self._source, correlation_id) for event in events)
        done: list[Published] = []
        while batch := list(islice(coming, WINDOW)):
            acks = await outbox.publish(batch)
            if failed := [ack for ack in acks if isinstance(ack, JadeError)]:
                raise type(failed[0])(
                    f"{len(failed)} of {len(batch)} events were not stored, {len(done)} before them were; the "
                    f"first: {failed[0]}. To publish all of them again is safe: the server knows their ids"
                )
            done += [
                Published(one.id, bool(ack.duplicate), ack.seq)
                for one, ack in zip(batch, acks, strict=True)
                if not isinstance(ack, JadeError)
            ]
        return done

    async def rank(
        self, lines: Sequence[RankLine], *, top: int = 5, inventory: Mapping[str, Any] | None = None
    ) -> list[RankedLine]:
        """Which policies matter for each resource, finding or both? One answer for each line, in their order.

        Args:
            lines: Questions; one without an id gets its place as id.
            top: Policies for each; all, those that do not apply included, for 0.
            inventory: What they know of the cluster, as Gatekeeper's ``data.inventory``.

        Returns:
            Answers; one with ``error`` says why its line has none.

        Raises:
            TransientError: Nobody answered in time; the message says what to do.
        """
        asked = [
            {"id": str(number)} | line.model_dump(exclude_none=True) for number, line in enumerate(lines)
        ]
        answers = await self.rank_json(asked, top=top, inventory=inventory)
        return [RankedLine.model_validate(answer) for answer in answers]

    async def rank_json(
        self,
        lines: Sequence[dict[str, Any]],
        *,
        top: int = 5,
        inventory: Mapping[str, Any] | None = None,
        at_a_time: int = MAX_LINES,
    ) -> list[dict[str, Any]]:
        """The same with lines as ``jade rank`` reads and writes them; ``at_a_time`` of them in one question."""
        return await ranked_lines(
            self.connection,
            lines,
            top=top,
            inventory=inventory,
            timeout=self.settings.ask_timeout,
            at_a_time=at_a_time,
        )

    def recommendations(
        self,
        name: str,
        *,
        since: datetime | None = None,
        ack_wait: float = ACK_WAIT,
        lost: Callable[[str], None] | None = None,
    ) -> Subscription:
        """Recommendations from where ``name`` was, without end; see :class:`Subscription`.

        Args:
            name: Under which the server keeps the position (for 30 days without a reader).
            since: Where to begin the first time; from now on without it.
            ack_wait: Seconds after which what a dead process held is handed out again.
            lost: Told when the broker is away, and what was left out; logged without it.

        Raises:
            PermanentError: The name is none.
        """
        if not NAME(name):
            raise PermanentError(
                f"{name!r} is no name of a subscription: lower-case letters, digits and dashes, at most 55"
            )
        return Subscription(
            self.connection, name, start=since or "new", ack_wait=ack_wait, lost=lost or logged
        )

    async def watch(
        self, since: datetime | None = None, lost: Callable[[str], None] | None = None
    ) -> AsyncGenerator[Recommendation, None]:
        """Recommendations without end and without a name: nobody but this process knows the position.

        Args:
            since: The oldest that is wanted; from now on without it.
            lost: As in :meth:`recommendations`.
        """
        payloads = PayloadStore(self.jetstream)
        seen = Seen()
        told = lost or logged
        messages = stored(
            self.connection, Stream.OUT, [Subject.FINDING_RANKED], start=since or "new", lost=told
        )
        async with aclosing(messages) as coming:
            async for message in coming:
                found = await recommendation(message, payloads, told)
                if found is not None and found.id not in seen:
                    seen.add(found.id)
                    yield found


def logged(text: str) -> None:
    """Log what a subscription has to say."""
    log.warning("subscription", what=text)
