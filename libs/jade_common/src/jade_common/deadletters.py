"""Dead letters: the messages nobody could handle, each kept once with its reason, redacted."""

from collections.abc import Callable
from typing import Literal

import orjson
import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import NotJSMessageError
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from jade_common.errors import TransientError
from jade_common.events import DeadLetter
from jade_common.identity import derived_id
from jade_common.limits import DEAD_LETTER_BODY
from jade_common.subjects import dead_letter

log = structlog.get_logger("jade.deadletters")

Kind = Literal["invalid", "permanent", "exhausted", "max_deliveries"]
Redact = Callable[[str], str]

REASON_LENGTH = 2_048  # characters; an error text may quote its whole input


class DeadLetters:
    """Writes dead letters to ``dead.<subject>``."""

    def __init__(self, jetstream: JetStreamContext, *, redact: Redact, timeout: float) -> None:
        """Write through ``jetstream``; ``redact`` takes the secrets out of a text; ``timeout`` is in seconds."""
        self._jetstream = jetstream
        self._redact = redact
        self._timeout = timeout

    async def bury(self, message: Msg, *, reason: str, kind: Kind, consumer: str) -> None:
        """Keep ``message`` with its reason.

        The dead letter's id is that of the stored message and its consumer, so burying it twice keeps it
        once.

        Raises:
            TransientError: The server did not store it: the message must be given back, not rejected.
        """
        try:
            metadata = message.metadata
            stream, sequence, tried = metadata.stream, metadata.sequence.stream, metadata.num_delivered
        except NotJSMessageError:
            stream, sequence, tried = None, None, 1
        letter = DeadLetter(
            reason=self._redact(reason)[:REASON_LENGTH],
            kind=kind,
            attempt=tried,
            subject=message.subject,
            stream=stream,
            sequence=sequence,
            consumer=consumer,
            headers=self._headers(message.headers),
            original=self._original(message.data),
        )
        await self._publish(letter, derived_id("dead", consumer, str(stream), str(sequence)))

    async def bury_stored(self, stream: str, sequence: int, *, consumer: str, deliveries: int) -> None:
        """Keep the message that the server gave up on, as an advisory says.

        Raises:
            TransientError: The server did not answer.
        """
        try:
            stored = await self._jetstream.get_msg(stream, sequence)
        except NotFoundError:
            log.warning("given_up_message_gone", stream=stream, sequence=sequence, consumer=consumer)
            return
        except (NatsError, TimeoutError) as error:
            raise TransientError(f"{stream}/{sequence}: {error or type(error).__name__}") from error
        letter = DeadLetter(
            reason=f"{consumer} did not finish it in {deliveries} deliveries: it may stop the process that handles it",
            kind="max_deliveries",
            attempt=deliveries,
            subject=str(stored.subject),
            stream=stream,
            sequence=sequence,
            consumer=consumer,
            headers=self._headers(stored.headers),
            original=self._original(stored.data or b""),
        )
        await self._publish(letter, derived_id("dead", consumer, stream, str(sequence)))

    async def bury_input(
        self, subject: str, *, reason: str, origin: dict[str, str], consumer: str, identity: str
    ) -> None:
        """Say of something that never was a message why no event of ``subject`` could be made of it.

        Nothing of it is kept but where it stands: what cannot be read cannot be rid of what must not leave.

        Args:
            subject: Where its event would have gone.
            reason: What is wrong with it.
            origin: Where it stands; the letter's headers.
            consumer: Who read it.
            identity: The same for the same thing, so that burying it twice keeps it once.

        Raises:
            TransientError: The server did not store it.
        """
        letter = DeadLetter(
            reason=self._redact(reason)[:REASON_LENGTH],
            kind="invalid",
            attempt=1,
            subject=subject,
            consumer=consumer,
            headers=self._headers(origin),
        )
        await self._publish(letter, derived_id("dead", consumer, identity))

    async def _publish(self, letter: DeadLetter, identity: str) -> None:
        body = orjson.dumps(letter.model_dump(exclude_none=True))
        headers = {
            "ce-specversion": "1.0",
            "ce-id": identity,
            "ce-source": "jade",
            "ce-type": "dev.jade.dead.letter.v1",
            "ce-datacontenttype": "application/json",
            "Nats-Msg-Id": identity,
        }
        try:
            await self._jetstream.publish(
                dead_letter(letter.subject), body, headers=headers, timeout=self._timeout
            )
        except (NatsError, OSError, TimeoutError) as error:
            raise TransientError(
                f"the dead letter was not stored: {error or type(error).__name__}"
            ) from error
        log.error(
            "message_dead_lettered",
            subject=letter.subject,
            consumer=letter.consumer,
            sequence=letter.sequence,
            attempt=letter.attempt,
            kind=letter.kind,
            reason=letter.reason[:500],
        )

    def _headers(self, headers: dict[str, str] | None) -> dict[str, str]:
        return {name: self._redact(value)[:1_024] for name, value in list((headers or {}).items())[:32]}

    def _original(self, data: bytes) -> str:
        # The whole text is redacted before it is cut: a cut secret may no longer look like one.
        return self._redact(data.decode("utf-8", "replace"))[:DEAD_LETTER_BODY]
