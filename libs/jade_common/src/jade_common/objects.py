"""Payloads that are too large for a message: they lie in the object store, and the event carries the reference."""

from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError
from nats.js.object_store import ObjectStore

from jade_common.errors import InvalidEventError, PayloadGoneError, PayloadTooLargeError, TransientError
from jade_common.limits import MAX_OBJECT
from jade_common.subjects import PAYLOADS

SCHEME = "nats-object:"


class PayloadStore:
    """The bucket of large payloads."""

    def __init__(self, jetstream: JetStreamContext, *, limit: int = MAX_OBJECT) -> None:
        """Keep payloads of at most ``limit`` bytes."""
        self._jetstream = jetstream
        self._limit = limit
        self._bucket: ObjectStore | None = None

    async def put(self, name: str, body: bytes) -> str:
        """Store ``body`` under ``name``; a second time replaces it by itself.

        Returns:
            The reference for the event's ``dataref``.

        Raises:
            PayloadTooLargeError: It is larger than the limit.
            TransientError: The server did not take it.
        """
        if len(body) > self._limit:
            raise PayloadTooLargeError(
                f"payload {name} has {len(body):,} bytes, the limit is {self._limit:,}: split the report"
            )
        try:
            await (await self._store()).put(name, body)
        except (NatsError, TimeoutError) as error:
            raise TransientError(f"payload {name} was not stored: {error or type(error).__name__}") from error
        return f"{SCHEME}{PAYLOADS}/{name}"

    async def get(self, dataref: str) -> bytes:
        """The payload behind ``dataref``.

        Raises:
            InvalidEventError: The reference is not one of ours.
            PayloadGoneError: The object is gone.
            PayloadTooLargeError: The object is larger than the limit.
            TransientError: The server did not answer.
        """
        prefix = f"{SCHEME}{PAYLOADS}/"
        if not dataref.startswith(prefix):
            raise InvalidEventError(f"dataref is {dataref[:200]!r}; only {prefix}… is understood")
        name = dataref.removeprefix(prefix)
        try:
            store = await self._store()
            size = (await store.get_info(name)).size or 0
            if size > self._limit:
                raise PayloadTooLargeError(f"payload {name} has {size:,} bytes, the limit is {self._limit:,}")
            return (await store.get(name)).data or b""
        except NotFoundError as error:
            raise PayloadGoneError(f"payload {name} is not in the object store (any more)") from error
        except (NatsError, TimeoutError) as error:
            raise TransientError(
                f"payload {name} could not be read: {error or type(error).__name__}"
            ) from error

    async def _store(self) -> ObjectStore:
        if self._bucket is None:
            self._bucket = await self._jetstream.object_store(PAYLOADS)
        return self._bucket
