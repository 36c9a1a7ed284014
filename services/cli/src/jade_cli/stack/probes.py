"""Asks a part whether it works now. Each probe returns the reason why not, or ``None``."""

import http.client
import json
import socket
from urllib.parse import urlsplit

TIMEOUT = 5.0
"""Seconds for one answer: a worker asks the broker for each of its consumers, a second each at most."""

LONGEST_INFO = 65_536
"""Bytes; the line with which nats-server greets has about 500."""

LONGEST_PONG = 512


def nats_problem(url: str, name: str, *, seconds: float = TIMEOUT) -> str | None:
    """Whether the nats-server called ``name`` answers at ``url``, with JetStream."""
    try:
        with connected(url, 4222, seconds) as connection, connection.makefile("rb") as stream:
            greeting = stream.readline(LONGEST_INFO)
        if not greeting.startswith(b"INFO "):
            return f"what answers at {url} is not a nats-server"
        info = json.loads(greeting[len(b"INFO ") :])
    except (OSError, ValueError) as error:
        return f"does not answer at {url}: {error or type(error).__name__}"
    if info.get("server_name") != name:
        return f"another nats-server answers at {url}"
    return None if info.get("jetstream") else "JetStream is off"


def cache_problem(url: str, *, seconds: float = TIMEOUT) -> str | None:
    """Whether the cache at ``url`` answers; one in memory always does."""
    parts = urlsplit(url)
    if parts.scheme == "memory":
        return None
    if parts.scheme != "redis" or "@" in parts.netloc:
        return guarded_cache_problem(url, seconds=seconds)
    try:
        with connected(url, 6379, seconds) as connection:
            connection.sendall(b"PING\r\n")
            reply = connection.recv(LONGEST_PONG)
    except (OSError, ValueError) as error:
        return f"does not answer at {url}: {error or type(error).__name__}"
    return None if reply.startswith(b"+PONG") else f"what answers at {url} says {reply!r} to PING"


def guarded_cache_problem(url: str, *, seconds: float = TIMEOUT) -> str | None:
    """The same for a Redis with a password, with TLS or behind a unix socket."""
    from redis import Redis  # noqa: PLC0415  # 0.3 s of CPU that a stack with its own Redis does without
    from redis.backoff import NoBackoff  # noqa: PLC0415
    from redis.exceptions import RedisError  # noqa: PLC0415
    from redis.retry import Retry  # noqa: PLC0415

    try:
        with Redis.from_url(
            url, socket_timeout=seconds, socket_connect_timeout=seconds, retry=Retry(NoBackoff(), 0)
        ) as redis:
            redis.ping()
    except (RedisError, OSError, ValueError) as error:
        return f"does not answer: {error or type(error).__name__}"
    return None


def worker_problem(url: str, *, seconds: float = TIMEOUT) -> str | None:
    """Whether the worker at ``url`` says that it is ready."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=seconds)
    try:
        connection.request("GET", "/health/ready")
        reply = connection.getresponse()
        body = reply.read()
    except (OSError, http.client.HTTPException) as error:
        return f"does not answer at {url}: {error or type(error).__name__}"
    finally:
        connection.close()
    if reply.status == http.HTTPStatus.OK:
        return None
    try:
        why = json.loads(body)["why"]
    except (ValueError, KeyError, TypeError):
        why = [f"{url}/health/ready answers {reply.status}"]
    return "; ".join(str(reason) for reason in why) or "not ready"


def connected(url: str, port: int, seconds: float) -> socket.socket:
    """A connection to the host of ``url``, at ``port`` when it names none."""
    parts = urlsplit(url)
    return socket.create_connection((str(parts.hostname), parts.port or port), seconds)
