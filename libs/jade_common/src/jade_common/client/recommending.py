"""Recommendations out of messages: each event once within a window, what is none left out by name."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from jade_common import cloudevents
from jade_common.client.reading import Stored
from jade_common.errors import InvalidEventError, PayloadGoneError
from jade_common.events import FindingRanked
from jade_common.objects import PayloadStore

WINDOW = 50_000
"""Ids that are remembered: 8 MB. The server drops an id that comes again within 15 minutes; this is for
redeliveries, and for what is published again later."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One event, its id, and the chain that it stands in."""

    id: str
    event: FindingRanked
    correlation_id: str
    attempt: int = 1
    """Which delivery it is: more than 1 where it was handed out before and not handled."""


class Seen:
    """The last ids."""

    def __init__(self, most: int = WINDOW) -> None:
        """Remember at most so many."""
        self._most = most
        self._ids: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, identity: str) -> bool:
        return identity in self._ids

    def add(self, identity: str) -> None:
        """Remember an id, and forget the oldest where there are too many.

        >>> seen = Seen(2)
        >>> [seen.add(one) for one in "abc"] and ["a" in seen, "b" in seen]
        [False, True]
        """
        self._ids[identity] = None
        self._ids.move_to_end(identity)
        if len(self._ids) > self._most:
            self._ids.popitem(last=False)


async def recommendation(
    message: Stored, payloads: PayloadStore, skipped: Callable[[str], None], attempt: int = 1
) -> Recommendation | None:
    """The recommendation of a message; ``None`` for one that is none, of which ``skipped`` is told.

    Raises:
        TransientError: Its payload cannot be read now.
    """
    try:
        attributes, data = cloudevents.read(message.subject, message.headers, message.body)
        if data is None and attributes.dataref is not None:
            data = cloudevents.parsed(await payloads.get(attributes.dataref))
        event = FindingRanked.model_validate(data)
    except (InvalidEventError, PayloadGoneError, ValueError) as error:
        skipped(f"left out message {message.sequence} of {message.stream}: {error}")
        return None
    return Recommendation(attributes.id, event, attributes.correlation_id, attempt)
