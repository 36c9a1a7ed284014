"""An event's neighbours: the one that caused it, and those that it caused, as the streams keep them."""

from collections.abc import Callable
from contextlib import aclosing
from typing import NamedTuple

from nats.errors import Error as NatsError

from jade_cli.onbus.envelopes import attributes_of
from jade_cli.onbus.kept import backlog, places
from jade_common import cloudevents
from jade_common.client import Client
from jade_common.client.reading import Stored
from jade_common.errors import InvalidEventError, TransientError
from jade_common.subjects import Subject
from jade_common.topology import Topology

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
        client, wanted, lambda one: one.id == identity, lambda one: one.causation_id == identity
    )
    if own is None:
        return Found(None, (), ())
    event = await whole(client, own)
    steps: list[Step] = []
    missing: list[str] = []
    if (causation := event.attributes.causation_id) is not None:
        cause, _ = await search(client, wanted, lambda one: one.id == causation, nothing)
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
    is_own: Callable[[cloudevents.Attributes], bool],
    is_effect: Callable[[cloudevents.Attributes], bool],
) -> tuple[Stored | None, dict[str, Stored]]:
    """Go through all streams by their headers: the last event of its own, and the last of each effect by id."""
    where = [place for place in await places(client, wanted, []) if not place.stream.endswith("_DEAD")]
    own: Stored | None = None
    effects: dict[str, Stored] = {}
    async with aclosing(backlog(client, where, None, headers_only=True)) as messages:
        async for one in messages:
            if one.subject not in set(Subject):
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
