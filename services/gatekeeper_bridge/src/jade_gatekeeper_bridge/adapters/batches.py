"""What a source hands over: entries with their places, and what to do once all their events are stored."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from jade_gatekeeper_bridge.domain.entries import Entry


class Located(NamedTuple):
    """An entry and where it stands."""

    entry: Entry
    where: Mapping[str, str]
    """Of a dead letter: file and place."""
    identity: str
    """Of a dead letter: the same for the same thing, wherever it stands."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries that are sent together."""

    entries: Iterable[Located]
    confirm: Callable[[], None]
    """To be called when all events are stored."""


class Source(Protocol):
    """Where entries come from."""

    name: str

    async def take(self) -> Batch:
        """Wait for the next entries; one batch at a time is out."""

    def problem(self) -> str | None:
        """Why nothing can be read now; ``None`` where it can."""
