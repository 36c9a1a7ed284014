"""An event's neighbours: the one that caused it, and those that it caused, as the streams keep them."""

from collections.abc import Callable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from nats.errors import Error as NatsError

from jade_cli.onbus.envelopes import attributes_of
from jade_cli.onbus.kept import Place, backlog, places
from jade_common import cloudevents
from jade_common.client import Client
from jade_common.client.reading import Stored
from jade_common.errors import InvalidEventError, TransientError
from jade_common.subjects import Subject
from jade_common.topology import Topology

BACK = (timedelta(minutes=10), timedelta(hours=2), timedelta(days=1), timedelta(days=7))
"""How far back is looked, step by step: ids are asked for while they are young, and a stream knows no message by its
id, so it must be gone through (40 us a message)."""

SUBJECTS = frozenset(map(str, Subject))
ANSWERED = (Subject.SCAN_REPORT, Subject.SCAN_FINDING)
"""What a worker answers with events that follow from it alone."""


class Event(NamedTuple):
    """A stored event: its attributes, and its data as bytes, wherever they lie."""

    attributes: cloudevents.Attributes
    message: Stored
    body: bytes


class Step(NamedTuple):
    """A cause, and answers to it, if it has any."""

    cause: Event
    answers: tuple[Event, ...]
    whole: bool
    """Whether these are all its answers."""


class Found(NamedTuple):
    """What is known of an id."""

    event: Event | None
    steps: tuple[Step, ...]
    missing: tuple[str, ...]
    """What cannot be compared, and why."""


async def chain(client: Client, wanted: Topology, identity: str) -> Found:
    """The steps that an event takes part in: from its cause to it, and from it to its answers."""
    own, effects = await search(
        client, wanted, None, lambda one: one.id == identity, lambda one: one.causation_id == identity
    )
    if own is None:
        return Found(None, (), ())
    event = await whole(client, own)
    steps: list[Step] = []
    missing: list[str] = []
    if (causation := event.attributes.causation_id) is not None:
        cause, _ = await search(client, wanted, own.time, lambda one: one.id == causation, nothing)
        if cause is None:
            missing.append(f"its cause {causation} is not kept any more")
        else:
            steps.append(Step(await whole(client, cause), (event,), whole=False))
    if own.subject in ANSWERED:
        answers = [await whole(client, one) for one in effects.values()]
        steps.append(Step(event, tuple(answers), whole=True))
        if not answers:
            missing.append("it has no answer (yet): `jade dlq ls` shows whether it was dead-lettered")
    elif not steps and not missing:
        missing.append(f"nothing caused it: {own.subject} is not what a worker computed")
    return Found(event, tuple(steps), tuple(missing))


def nothing(_: cloudevents.Attributes) -> bool:
    """Want none."""
    return False


async def search(
    client: Client,
    wanted: Topology,
    last: datetime | None,
    is_own: Callable[[cloudevents.Attributes], bool],
    is_effect: Callable[[cloudevents.Attributes], bool],
) -> tuple[Stored | None, dict[str, Stored]]:
    """Go through all streams by their headers, back in time, until the event is found.

    Args:
        client: Connected.
        wanted: The streams.
        last: Nothing later is looked at; without it, all is.
        is_own: Whether it is the event.
        is_effect: Whether it follows from the event, so that it came after it.

    Returns:
        The last event of its own, and the last of each effect by id.
    """
    where = [place for place in await places(client, wanted, []) if not place.stream.endswith("_DEAD")]
    effects: dict[str, Stored] = {}
    begin = last or datetime.now(UTC)
    end = None if last is None else last + timedelta(milliseconds=1)
    for start in (*(begin - back for back in BACK), None):
        own, found = await between(client, where, start, end, is_own, is_effect)
        effects = found | effects
        if own is not None:
            return own, effects
        end = start
    return None, effects


async def between(
    client: Client,
    where: Sequence[Place],
    start: datetime | None,
    end: datetime | None,
    is_own: Callable[[cloudevents.Attributes], bool],
    is_effect: Callable[[cloudevents.Attributes], bool],
) -> tuple[Stored | None, dict[str, Stored]]:
    """The same of what came from ``start`` on and before ``end``."""
    own: Stored | None = None
    effects: dict[str, Stored] = {}
    async with aclosing(backlog(client, where, start, headers_only=True)) as messages:
        async for one in messages:
            if end is not None and one.time >= end:
                break
            if one.subject not in SUBJECTS:
                continue
            try:
                attributes = in_headers(one) or attributes_of(await fetched(client, one))
            except InvalidEventError:
                continue
            if is_own(attributes):
                own = one
            elif is_effect(attributes):
                effects[attributes.id] = one
    return own, effects


def in_headers(one: Stored) -> cloudevents.Attributes | None:
    """The attributes of a message whose headers hold them, so that the body need not be fetched.

    Raises:
        InvalidEventError: They are not those of an event.
    """
    found = {name.lower(): cloudevents.decode(value) for name, value in one.headers.items()}
    if "ce-id" not in found:
        return None
    return cloudevents.checked(
        one.subject, {name.removeprefix("ce-"): value for name, value in found.items()}
    )


async def fetched(client: Client, one: Stored) -> Stored:
    """The message with its body."""
    try:
        message = await client.jetstream.get_msg(one.stream, one.sequence)
    except (NatsError, OSError, TimeoutError) as error:
        raise TransientError(
            f"{one.stream}/{one.sequence} cannot be read: {error or type(error).__name__}"
        ) from error
    return Stored(one.stream, one.sequence, one.time, one.subject, message.headers or {}, message.data or b"")


async def whole(client: Client, one: Stored) -> Event:
    """The event with its data; those in the object store are fetched.

    Raises:
        PayloadGoneError: They are not there any more.
    """
    message = await fetched(client, one)
    attributes = attributes_of(message)
    if attributes.dataref is not None and not message.body:
        return Event(attributes, message, await client.payload(attributes.dataref))
    return Event(attributes, message, message.body)
