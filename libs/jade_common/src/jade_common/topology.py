"""The streams, consumers and buckets of the bus, read from ``infra/nats/topology.toml`` and declared idempotently.

``python -m jade_common.topology [--url nats://…]`` declares what is missing and updates what has changed.
Workers declare nothing; they read their consumer's settings from the same file.
"""

import argparse
import asyncio
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import nats
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    ObjectStoreConfig,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

from jade_common.errors import JadeError
from jade_common.settings import NatsSettings

MAX_DELIVER = 12
"""Deliveries before the server gives up. A handler gives up by itself after its seventh failure; the rest
is head-room for deliveries that were lost with a killed process, which do not count against the message."""

Change = Literal["created", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Consumer:
    """A durable pull consumer and how its worker takes from it; times in seconds."""

    name: str
    stream: str
    subject: str
    batch: int
    ack_wait: float
    max_ack_pending: int

    def config(self) -> ConsumerConfig:
        """What the server should hold of this consumer."""
        return ConsumerConfig(
            durable_name=self.name,
            filter_subject=self.subject,
            ack_policy=AckPolicy.EXPLICIT,
            deliver_policy=DeliverPolicy.ALL,
            ack_wait=self.ack_wait,
            max_deliver=MAX_DELIVER,
            max_ack_pending=self.max_ack_pending,
        )


@dataclass(frozen=True, slots=True)
class Topology:
    """All that the bus should hold."""

    streams: Mapping[str, StreamConfig]
    consumers: Mapping[str, Consumer]
    buckets: Mapping[str, ObjectStoreConfig]

    def consumer(self, name: str) -> Consumer:
        """The consumer of that name.

        Raises:
            JadeError: There is none.
        """
        try:
            return self.consumers[name]
        except KeyError:
            raise JadeError(
                f"consumer {name!r} is not in infra/nats/topology.toml; it has {', '.join(self.consumers)}"
            ) from None


@cache
def topology(path: Path | None = None) -> Topology:
    """The topology in ``path``; without it, the one that this version of Jade declares."""
    own = files("jade_common") / "_infra" / "nats" / "topology.toml"
    return parse(tomllib.loads((path or own).read_text("utf-8")))


def parse(table: Mapping[str, Any]) -> Topology:
    """Topology of a parsed ``topology.toml``."""
    window = float(table["duplicate_window"])
    return Topology(
        streams={
            name: StreamConfig(
                name=name,
                subjects=list(row["subjects"]),
                max_age=float(row.get("max_age", 0)),
                max_bytes=int(row.get("max_bytes", -1)),
                discard=DiscardPolicy(row.get("discard", "old")),
                duplicate_window=window,
                storage=StorageType.FILE,
            )
            for name, row in table["streams"].items()
        },
        consumers={name: Consumer(name=name, **row) for name, row in table["consumers"].items()},
        buckets={
            name: ObjectStoreConfig(bucket=name, ttl=float(row["max_age"]), max_bytes=int(row["max_bytes"]))
            for name, row in table.get("buckets", {}).items()
        },
    )


async def declare(jetstream: JetStreamContext, wanted: Topology) -> dict[str, Change]:
    """Bring the server to ``wanted``; what it holds beyond that stays.

    Returns:
        What happened to each stream, bucket and consumer.
    """
    done: dict[str, Change] = {}
    for name, config in wanted.streams.items():
        done[name] = await declare_stream(jetstream, config)
    for name, bucket in wanted.buckets.items():
        done[name] = await declare_bucket(jetstream, bucket)
    for name, consumer in wanted.consumers.items():
        done[name] = await declare_consumer(jetstream, consumer)
    return done


async def declare_stream(jetstream: JetStreamContext, wanted: StreamConfig) -> Change:
    """Create or update one stream."""
    name = str(wanted.name)
    try:
        found = (await jetstream.stream_info(name)).config
    except NotFoundError:
        await jetstream.add_stream(wanted)
        return "created"
    if not differences(found.as_dict(), wanted.as_dict()):
        return "unchanged"
    await jetstream.update_stream(wanted)
    return "updated"


async def declare_bucket(jetstream: JetStreamContext, wanted: ObjectStoreConfig) -> Change:
    """Create one bucket of the object store, or update its limits."""
    try:
        found = (await jetstream.stream_info(f"OBJ_{wanted.bucket}")).config
    except NotFoundError:
        await jetstream.create_object_store(str(wanted.bucket), config=wanted)
        return "created"
    if found.max_age == wanted.ttl and found.max_bytes == wanted.max_bytes:
        return "unchanged"
    await jetstream.update_stream(found.evolve(max_age=wanted.ttl, max_bytes=wanted.max_bytes))
    return "updated"


async def declare_consumer(jetstream: JetStreamContext, wanted: Consumer) -> Change:
    """Create or update one consumer."""
    try:
        found = (await jetstream.consumer_info(wanted.stream, wanted.name)).config
    except NotFoundError:
        await jetstream.add_consumer(wanted.stream, wanted.config())
        return "created"
    if not differences(found.as_dict(), wanted.config().as_dict()):
        return "unchanged"
    await jetstream.add_consumer(wanted.stream, wanted.config())
    return "updated"


def differences(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """Names of the settings in ``wanted`` that ``found`` has otherwise; what ``wanted`` leaves open is the server's.

    >>> differences({"ack_wait": 5, "name": "x"}, {"ack_wait": 60})
    ['ack_wait']
    """
    return sorted(name for name, value in wanted.items() if value is not None and found.get(name) != value)


async def main(settings: NatsSettings, wanted: Topology) -> int:
    """Declare ``wanted`` on the server of ``settings`` and say what was done."""
    url = settings.url
    try:
        connection = await nats.connect(
            url,
            token=settings.token.get_secret_value() if settings.token else None,
            user_credentials=str(settings.credentials) if settings.credentials else None,
            connect_timeout=5,
            max_reconnect_attempts=5,
            reconnect_time_wait=1,
        )
    except (NatsError, OSError, TimeoutError) as error:
        sys.stderr.write(
            f"cannot reach NATS at {url}: {error or type(error).__name__}; is nats-server running?\n"
        )
        return 3
    try:
        done = await declare(connection.jetstream(), wanted)
    finally:
        await connection.close()
    for name, change in done.items():
        sys.stdout.write(f"{change:<10}{name}\n")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--url", default=NatsSettings().url)
    server = NatsSettings(url=parser.parse_args().url)
    raise SystemExit(asyncio.run(main(server, topology(server.topology))))
