"""Dead letters: found, sent again as the messages they were, or dropped."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError
from pydantic import ValidationError

from jade_cli.failures import WrongUsage
from jade_cli.onbus.envelopes import attributes_of, clean, prose
from jade_cli.onbus.kept import Place, backlog
from jade_cli.onbus.republishing import sent, there
from jade_common import cloudevents
from jade_common.client import Client
from jade_common.client.reading import Stored, last_sequence
from jade_common.errors import InvalidEventError, PayloadGoneError, TransientError
from jade_common.events import DeadLetter
from jade_common.identity import ID_BYTES, derived_id
from jade_common.subjects import Stream

WHOLE = 2 * ID_BYTES
"""Characters of an id; fewer are the beginning of one."""

BRIDGE = "gatekeeper-bridge"
"""Its letters are about lines of files, which never were messages."""

SHORT = 12
"""Characters of an id that a table shows: enough to name one of millions."""

Outcome = Literal["sent again", "already sent", "dropped", "gone", "still wrong", "not there"]


class Letter(NamedTuple):
    """A dead letter in its stream."""

    id: str
    time: datetime
    sequence: int
    content: DeadLetter

    def row(self) -> dict[str, Any]:
        """The letter as it is shown: redacted once more, whoever wrote it."""
        return {
            "id": self.id,
            "time": self.time.isoformat(),
            **clean(self.content.model_dump(exclude_none=True)),
        } | {"headers": {name: prose(value) for name, value in self.content.headers.items()}}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letters; what is ``None`` lets all through."""

    subject: str | None = None
    consumer: str | None = None
    kind: str | None = None
    reason: str | None = None
    since: datetime | None = None

    def takes(self, letter: DeadLetter) -> bool:
        """Whether it is one of them."""
        return (
            self.subject in {None, letter.subject}
            and self.consumer in {None, letter.consumer}
            and self.kind in {None, letter.kind}
            and (self.reason is None or self.reason.lower() in letter.reason.lower())
        )


class Done(NamedTuple):
    """What became of one letter."""

    id: str
    outcome: Outcome
    said: str


async def letters(client: Client, wanted: Wanted) -> AsyncGenerator[Letter, None]:
    """The letters that are wanted, oldest first."""
    last = await last_sequence(client.jetstream, Stream.DEAD)
    messages = backlog(client, [Place(Stream.DEAD, (), last)], wanted.since)
    async with aclosing(messages) as coming:
        async for one in coming:
            letter = read(one)
            if wanted.takes(letter.content):
                yield letter


def read(one: Stored) -> Letter:
    """The letter of a message; what is none is shown as one that says so."""
    try:
        identity = attributes_of(one).id
        content = DeadLetter.model_validate(cloudevents.parsed(one.body))
    except (InvalidEventError, ValidationError) as error:
        identity = derived_id(one.stream, str(one.sequence))
        reason = f"it is no dead letter of Jade: {error}"
        content = DeadLetter(
            reason=reason,
            kind="invalid",
            attempt=1,
            subject=one.subject,
            original=one.body.decode("utf-8", "replace"),
        )
    return Letter(identity, one.time, one.sequence, content)


async def chosen(client: Client, ids: list[str]) -> dict[str, Letter | None]:
    """The letter of each id or beginning of an id; ``None`` where there is none (any more).

    Raises:
        WrongUsage: A beginning fits none or several.
    """
    found: dict[str, Letter | None] = dict.fromkeys(ids)
    async with aclosing(letters(client, Wanted())) as coming:
        async for letter in coming:
            for asked in ids:
                if not letter.id.startswith(asked):
                    continue
                other = found[asked]
                if other is not None and other.id != letter.id:
                    raise WrongUsage(f"{asked!r} begins {other.id} and {letter.id}: give more of it")
                found[asked] = letter
    for asked, one in found.items():
        if one is None and len(asked) < WHOLE:
            raise WrongUsage(f"no dead letter's id begins with {asked!r}; `jade dlq ls` lists them")
    return found


async def send_again(client: Client, letter: Letter) -> Done:
    """Send the message of a letter again, and take the letter away once that is stored.

    The whole message is taken from its stream, where it lies; a letter holds only the beginning, redacted. It
    gets a message id of its own: by the old one, the server would drop it within its duplicate window. That
    id follows from the message's place, so doing this twice stores it once.
    """
    content = letter.content
    if content.consumer == BRIDGE and content.stream is None:
        from jade_cli.onbus.rereading import read_again  # noqa: PLC0415  # only for letters of the bridge

        done = await read_again(client, letter)
        if done.outcome == "sent again":
            await take_away(client, letter)
        return done
    if content.stream is None or content.sequence is None:
        return Done(letter.id, "gone", "it never was a message on the bus: send it again from its source")
    place = f"{content.stream}/{content.sequence}"
    try:
        original = await client.jetstream.get_msg(content.stream, content.sequence)
        message = Stored(
            content.stream,
            content.sequence,
            letter.time,
            str(original.subject),
            original.headers or {},
            original.data or b"",
        )
        dataref = next(
            (value for name, value in message.headers.items() if name.lower() == "ce-dataref"), None
        )
        await there(client, None if dataref is None else cloudevents.decode(dataref))
    except NotFoundError:
        why = f"{place} is not kept any more, and the letter holds only its beginning: send it again from its source"
        return Done(letter.id, "gone", why)
    except PayloadGoneError as error:
        return Done(letter.id, "gone", f"{error}: send it again from its source")
    except (NatsError, OSError, TimeoutError) as error:
        raise TransientError(f"{place} cannot be read: {error or type(error).__name__}") from error
    sequence, duplicate = await sent(
        client, message, derived_id("sent again", content.stream, str(content.sequence))
    )
    await take_away(client, letter)
    if duplicate:
        return Done(
            letter.id, "already sent", f"{place} was sent again before, as {content.stream}/{sequence}"
        )
    return Done(letter.id, "sent again", f"{place} on {message.subject}, as {content.stream}/{sequence}")


async def drop(client: Client, letter: Letter) -> Done:
    """Take a letter away for good."""
    await take_away(client, letter)
    return Done(letter.id, "dropped", f"{letter.content.subject}: {letter.content.reason[:200]}")


async def take_away(client: Client, letter: Letter) -> None:
    """Delete a letter; one that is gone already is fine.

    Raises:
        TransientError: The server did not do it.
    """
    try:
        await client.jetstream.delete_msg(Stream.DEAD, letter.sequence)
    except (NatsError, OSError, TimeoutError) as error:
        if not await is_gone(client, letter):  # the server says no more than that it could not
            raise TransientError(
                f"the dead letter {letter.id} was not taken away: {error or type(error).__name__}; "
                "running the same command again is safe"
            ) from error


async def is_gone(client: Client, letter: Letter) -> bool:
    """Whether the stream does not hold the letter any more."""
    try:
        await client.jetstream.get_msg(Stream.DEAD, letter.sequence)
    except NotFoundError:
        return True
    except (NatsError, OSError, TimeoutError):
        return False
    return False
