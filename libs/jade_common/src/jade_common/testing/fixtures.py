"""pytest fixtures: NATS and Redis, from testcontainers where a Docker engine holds the images, else local."""

import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client

from jade_common.servers import Server, nats_server, redis_server, redis_server_path, url
from jade_common.settings import NatsSettings
from jade_common.topology import declare, topology

NATS_IMAGE = "nats:2.15-alpine"
REDIS_IMAGE = "redis:8-alpine"


def engine_holds(image: str) -> bool:
    """Whether a Docker engine answers and has ``image``; nothing is pulled in a test."""
    try:
        done = subprocess.run(
            ["docker", "image", "inspect", image], capture_output=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


@pytest.fixture(scope="session")
def nats_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a NATS server with JetStream, for the whole run; its streams are declared."""
    if engine_holds(NATS_IMAGE):
        from testcontainers.community.nats import NatsContainer  # noqa: PLC0415

        with NatsContainer(NATS_IMAGE, jetstream=True) as container:
            yield container.nats_uri()
        return
    with running(nats_server(tmp_path_factory.mktemp("nats"))) as server:
        yield url(server)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a real Redis, for the whole run; skipped where there is none, unless ``JADE_REQUIRE_REDIS`` is set."""
    if engine_holds(REDIS_IMAGE):
        from testcontainers.community.redis import RedisContainer  # noqa: PLC0415

        with RedisContainer(REDIS_IMAGE) as container:
            yield f"redis://{container.get_container_host_ip()}:{container.get_exposed_port(6379)}"
        return
    binary = redis_server_path()
    if binary is None:
        reason = (
            "no redis-server on PATH, and no Docker engine that holds the image: apt-get install redis-server"
        )
        if os.environ.get("JADE_REQUIRE_REDIS"):
            pytest.fail(reason)
        pytest.skip(reason)
    with running(redis_server(tmp_path_factory.mktemp("redis"), binary)) as server:
        yield url(server)


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Start ``server``, and stop it in the end."""
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def own_nats(tmp_path: Path) -> Iterator[Server]:
    """A nats-server of the test's own, which it may kill and start again; no streams are declared."""
    with running(nats_server(tmp_path / "nats")) as server:
        yield server


@pytest.fixture
async def connection(nats_url: str) -> AsyncIterator[Client]:
    """A connection to the run's server, whose streams are declared and empty."""
    client = await nats.connect(nats_url)
    jetstream = client.jetstream()
    for name in topology().streams:
        try:
            await jetstream.delete_stream(name)
        except nats.js.errors.NotFoundError:
            continue
    await declare(jetstream, topology())
    yield client
    await client.close()


@pytest.fixture
def nats_settings(nats_url: str) -> NatsSettings:
    """Settings of a service that uses the run's server."""
    return NatsSettings(url=nats_url)
