"""pytest fixtures: NATS and Redis, from testcontainers where a Docker engine holds the images, else local."""

import os
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

import nats
import pytest
from nats.aio.client import Client

from jade_common.servers import (
    POLL_SECONDS,
    START_SECONDS,
    Server,
    nats_server,
    redis_server,
    redis_server_path,
    url,
)
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


@contextmanager
def container(image: str, command: str, port: int) -> Iterator[str]:
    """A container of ``image``; gives ``host:port`` of its ``port`` once it answers."""
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")  # its reaper is one more image to hold
    from testcontainers.core.container import DockerContainer  # noqa: PLC0415  # half a second, only where used

    with DockerContainer(image).with_command(command).with_exposed_ports(port) as started:
        host, published = started.get_container_host_ip(), int(started.get_exposed_port(port))
        deadline = monotonic() + START_SECONDS
        while not answers(host, published):
            if monotonic() > deadline:
                raise TimeoutError(f"{image} did not answer on port {port} within {START_SECONDS} s")
            sleep(POLL_SECONDS)
        yield f"{host}:{published}"


def answers(host: str, port: int) -> bool:
    """Whether a server speaks: NATS greets, Redis answers a PING; Docker's proxy alone takes any connection."""
    with suppress(OSError), socket.create_connection((host, port), timeout=1.0) as connection:
        connection.sendall(b"PING\r\n")
        return bool(connection.recv(4))
    return False


@pytest.fixture(scope="session")
def nats_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a NATS server with JetStream, for the whole run."""
    if engine_holds(NATS_IMAGE):
        with container(NATS_IMAGE, "nats-server -js", 4222) as address:
            yield f"nats://{address}"
        return
    with running(nats_server(tmp_path_factory.mktemp("nats"))) as server:
        yield url(server)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a real Redis, for the whole run; skipped where there is none, unless ``JADE_REQUIRE_REDIS`` is set."""
    if engine_holds(REDIS_IMAGE):
        # Without a password Redis protects itself from all but its own loopback, which the host is not.
        with container(REDIS_IMAGE, "redis-server --protected-mode no --save ''", 6379) as address:
            yield f"redis://{address}"
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
