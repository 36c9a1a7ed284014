"""What the streams keep: which of them hold a subject, their messages in the order of time, and those to come."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import NamedTuple

from jade_cli.failures import WrongUsage
from jade_common.client import Client
from jade_common.client.reading import Start, Stored, last_sequence, stored
from jade_common.topology import Topology

AHEAD = 100
"""Messages that are read before somebody takes them."""


class Place(NamedTuple):
    """A stream, what of it is wanted, and how far it goes now."""

    stream: str
    subjects: tuple[str, ...]
    last: int


def overlap(one: str, other: str) -> bool:
    """Whether two patterns of NATS have a subject in common.

    >>> overlap("finding.*", "finding.ranked"), overlap("dead.>", "dead.*.finding"), overlap("scan.*", "dead.>")
    (True, True, False)
    """
    left, right = one.split("."), other.split(".")
    for number in range(max(len(left), len(right))):
        if number >= len(left) or number >= len(right):
            return False
        if ">" in {left[number], right[number]}:
            return True
        if left[number] != right[number] and "*" not in {left[number], right[number]}:
            return False
    return True


async def places(client: Client, wanted: Topology, subjects: Sequence[str]) -> list[Place]:
    """Where ``subjects`` are kept; all events without any.

    Raises:
        WrongUsage: One of them is kept nowhere.
        TransientError: The broker lacks a stream, or does not answer.
    """
    kept = {
        name: [subject for subject in config.subjects or () if not subject.startswith("$")]
        for name, config in wanted.streams.items()
    }
    for subject in subjects:
        if not any(overlap(subject, one) for found in kept.values() for one in found):
            known = ", ".join(one for found in kept.values() for one in found)
            raise WrongUsage(f"no stream keeps {subject!r}; kept are {known}")
    found: list[Place] = []
    for name, own in kept.items():
        chosen = tuple(subject for subject in subjects if any(overlap(subject, one) for one in own))
        if own and (chosen or not subjects):
            found.append(Place(name, chosen, await last_sequence(client.jetstream, name)))
    return found


async def backlog(
    client: Client, where: Sequence[Place], since: datetime | None, *, headers_only: bool = False
) -> AsyncGenerator[Stored, None]:
    """What is kept there now, from ``since`` on, in the order of time."""
    start: Start = since or "first"
    sources = [
        stored(
            client.connection,
            place.stream,
            place.subjects,
            start=start,
            until=place.last,
            headers_only=headers_only,
        )
        for place in where
    ]
    try:
        heads = [(head, source) for source in sources if (head := await anext(source, None)) is not None]
        while heads:
            head, source = min(heads, key=lambda pair: pair[0].time)
            yield head
            following = await anext(source, None)
            heads = [pair for pair in heads if pair[1] is not source]
            if following is not None:
                heads.append((following, source))
    finally:
        for source in sources:
            await source.aclose()


async def coming(
    client: Client, where: Sequence[Place], lost: Callable[[str], None]
) -> AsyncGenerator[Stored, None]:
    """What comes there after what was kept, without end; a broker that goes away is waited for."""
    queue: asyncio.Queue[Stored | Exception] = asyncio.Queue(AHEAD)

    async def pump(place: Place) -> None:
        try:
            messages = stored(
                client.connection, place.stream, place.subjects, start=place.last + 1, lost=lost
            )
            async with aclosing(messages) as found:
                async for one in found:
                    await queue.put(one)
        except Exception as error:  # noqa: BLE001  # raised where it is taken
            await queue.put(error)

    tasks = [asyncio.create_task(pump(place)) for place in where]
    try:
        while True:
            one = await queue.get()
            if isinstance(one, Exception):
                raise one
            yield one
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
