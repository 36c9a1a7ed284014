"""Sends events and dead letters, and returns when the server has stored them all, however long that takes."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from jade_common.bus import Bus
from jade_common.errors import JadeError, TransientError
from jade_common.events import Event, LatencyObserved, PolicyFailed
from jade_common.publishing import Outgoing
from jade_common.subjects import Subject
from jade_gatekeeper_bridge.adapters.batches import Located
from jade_gatekeeper_bridge.domain.entries import Aside, Made, Reject
from jade_gatekeeper_bridge.observed import Observed, Outcome

SERVICE = "gatekeeper-bridge"
REMEMBERED = 100_000
"""Ids that are known to be stored: 15 MB, and more violations than a cluster has."""

WINDOW = 500
"""Events in flight."""

FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0
"""Seconds between tries: after an outage the bridge goes on within the second."""


class Sending:
    """The way out."""

    def __init__(
        self,
        bus: Bus,
        observed: Observed,
        *,
        repeat_seconds: float,
        team: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Send over ``bus``.

        Args:
            bus: Where to.
            observed: Counts.
            repeat_seconds: For so long a lasting event that was stored is not sent again.
            team: Whose findings these are: dead letters say it, so that they can be read again as they were.
            clock: In seconds.
        """
        self._bus = bus
        self._observed = observed
        self._repeat_seconds = repeat_seconds
        self._clock = clock
        self._team = {} if team is None else {"team": team}
        self._stored: OrderedDict[str, float] = OrderedDict()

    async def send(self, source: str, entries: Iterable[Located]) -> None:
        """Send all of ``entries``; what the bus does not take is tried again without end."""
        rest = iter(entries)
        while window := list(islice(rest, WINDOW)):
            await self._window(source, window)

    async def _window(self, source: str, window: Sequence[Located]) -> None:
        made: dict[str, tuple[Located, Made]] = {}
        letters: list[tuple[Located, str]] = []
        for one in window:
            entry = one.entry
            if isinstance(entry, Made):
                if entry.id in made or self._known(entry.id):
                    self._observed.entries(source, "repeated")
                else:
                    made[entry.id] = one, entry
            elif isinstance(entry, Reject):
                letters.append((one, entry.reason))
            else:
                self._aside(source, one, entry)
        letters += await self._publish(source, list(made.values()))
        for one, reason in letters:
            await self._bury(source, one, reason)

    async def _publish(self, source: str, made: Sequence[tuple[Located, Made]]) -> list[tuple[Located, str]]:
        """Store all events; gives those that the bus will never take, with the reason."""
        refused: list[tuple[Located, str]] = []
        wait = FIRST_WAIT
        while made:
            outgoing = [
                Outgoing(one.event, one.id, f"{SERVICE}/{source}", one.correlation_id) for _, one in made
            ]
            results = await self._try(outgoing)
            later: list[tuple[Located, Made]] = []
            reason = ""
            for pair, result in zip(made, results, strict=True):
                if isinstance(result, TransientError):
                    later.append(pair)
                    reason = str(result)
                elif isinstance(result, JadeError):
                    refused.append((pair[0], str(result)))
                else:
                    self._remember(source, pair[1])
            if later:
                self._observed.retried(reason, len(later))
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)
            made = later
        return refused

    async def _try(self, outgoing: Sequence[Outgoing]) -> Sequence[object]:
        try:
            self._connected()
            return await self._bus.outbox().publish(outgoing)
        except TransientError as error:
            return [error] * len(outgoing)

    async def _bury(self, source: str, one: Located, reason: str) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                self._connected()
                await self._bus.dead_letters().bury_input(
                    Subject.SCAN_FINDING.value,
                    reason=reason,
                    origin={"source": source, **one.where, **self._team},
                    consumer=SERVICE,
                    identity=f"{source}:{one.identity}",
                )
            except TransientError as error:
                self._observed.retried(str(error), 1)
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)
            else:
                self._observed.rejected(source, " ".join(one.where.values()), reason)
                return

    def _connected(self) -> None:
        """Nothing is handed to a client that is not connected: it would pile it up.

        Raises:
            TransientError: It is not.
        """
        if not self._bus.connection.is_connected:
            raise TransientError(f"disconnected from {self._bus.settings.address}")

    def _aside(self, source: str, one: Located, entry: Aside) -> None:
        self._observed.aside(source, " ".join(one.where.values()), entry.kind, entry.count)

    def _known(self, identity: str) -> bool:
        at = self._stored.get(identity)
        return at is not None and self._clock() - at < self._repeat_seconds

    def _remember(self, source: str, made: Made) -> None:
        self._observed.entries(source, outcome_of(made.event))
        if made.lasting:
            self._stored[made.id] = self._clock()
            self._stored.move_to_end(made.id)
            if len(self._stored) > REMEMBERED:
                self._stored.popitem(last=False)


def outcome_of(event: Event) -> Outcome:
    """What an event counts as."""
    if isinstance(event, LatencyObserved):
        return "latency"
    return "failure" if isinstance(event, PolicyFailed) else "finding"
