"""What a line or an object of Gatekeeper's comes to: events, a reject with its reason, or neither."""

from dataclasses import dataclass
from typing import TypeAlias

from jade_common.events import Event
from jade_common.identity import canonical, derived_id


@dataclass(frozen=True, slots=True)
class Made:
    """An event with the id that follows from what caused it."""

    event: Event
    id: str
    correlation_id: str | None = None
    lasting: bool = True
    """Whether Gatekeeper says the same again in every audit, for as long as it is so."""


@dataclass(frozen=True, slots=True)
class Reject:
    """What should be an event and is none, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Aside:
    """What says of no event: a log line about something else, the frame of an audit."""

    kind: str
    count: int = 1


Entry: TypeAlias = Made | Reject | Aside


def content_id(event: Event) -> str:
    """The id that follows from what an event says: told twice, in whatever way, it is the same."""
    return derived_id(event.subject.value, canonical(event.model_dump(exclude_defaults=True)))
