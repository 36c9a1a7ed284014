"""What the chaos run and the benchmarks stand on: real servers, real worker processes, findings, and a report."""

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nats
import orjson
from nats.aio.client import Client
from nats.errors import Error as NatsError

from jade_common.events import ScanFinding
from jade_common.publishing import Outbox, Outgoing
from jade_common.servers import Server, free_port, nats_server, redis_server, redis_server_path, url
from jade_common.topology import declare, topology

ROOT = Path(__file__).parents[2]
READY_SECONDS = 60.0


def resource(number: int) -> dict[str, Any]:
    """A Deployment of 1.6 kB with three containers; every number another one."""
    container = {
        "image": f"registry.example/shop/cart:{number}",
        "ports": [{"containerPort": 8080, "name": "http"}],
        "env": [{"name": f"SETTING_{index}", "value": f"value-{index}"} for index in range(4)],
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
        "securityContext": {"allowPrivilegeEscalation": number % 2 == 0, "privileged": number % 3 == 0},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": f"cart-{number}", "namespace": "shop", "labels": {"app": "cart", "tier": "web"}},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": "cart"}},
            "template": {
                "metadata": {"labels": {"app": "cart"}},
                "spec": {"containers": [{"name": f"c{index}"} | container for index in range(3)]},
            },
        },
    }


RULES = (
    ("CKV_K8S_16", "Container should not be privileged"),
    ("CKV_K8S_20", "Containers should not run with allowPrivilegeEscalation"),
    ("CKV_K8S_11", "CPU limits should be set"),
    ("CKV_K8S_14", "Image Tag should be fixed - not latest or blank"),
    ("CKV_K8S_8", "Liveness Probe Should be Configured"),
)


def finding(number: int, resources: int) -> Outgoing:
    """Finding ``number``, about one of so many resources."""
    rule, title = RULES[number % len(RULES)]
    event = ScanFinding(
        tool="checkov",
        rule_id=rule,
        title=title,
        resource=resource(number % resources),
    )
    return Outgoing(event, f"finding-{number}", "rig")


@dataclass
class Worker:
    """A worker process with its probes."""

    name: str
    environment: Mapping[str, str]
    log: Path
    command: Sequence[str] = ()
    process: subprocess.Popen[bytes] | None = None
    port: int = field(default_factory=free_port)

    def start(self) -> None:
        """Start it; it is not ready yet."""
        command = self.command or (sys.executable, "-m", "jade_common.worker", self.name)
        environment = {
            **os.environ,
            **self.environment,
            "JADE_HTTP_PORT": str(self.port),
            "JADE_PARENT_PID": str(os.getpid()),
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=ROOT)

    def signal(self, number: int) -> None:
        """Send it a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """End it with ``kill -9``."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self.process is not None
        return self.process.pid

    def stop(self) -> None:
        """Ask it to stop, and end it after ten seconds."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    async def ready(self, limit: float = READY_SECONDS) -> float:
        """Wait until it says that it is ready; gives the seconds that took."""
        started = time.monotonic()
        while time.monotonic() - started < limit:
            if await self.probe() == 200:
                return time.monotonic() - started
            await asyncio.sleep(0.05)
        raise TimeoutError(
            f"{self.name} was not ready in {limit} s; its log: {self.log.read_text()[-2_000:]}"
        )

    async def probe(self) -> int:
        """Status of ``/health/ready``; 0 where nobody answers."""
        with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            async with asyncio.timeout(3):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(b"GET /health/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                status = await reader.readline()
                writer.close()
                return int(status.split()[1]) if status else 0
        return 0


class Rig:
    """A broker, a cache and workers in a folder of their own."""

    def __init__(self, folder: Path, *, redis: bool = True, ack_wait: float | None = None) -> None:
        """Lay everything under ``folder``; ``ack_wait`` in seconds replaces that of Jade's own topology."""
        self.folder = folder
        self.broker = nats_server(folder / "nats")
        binary = redis_server_path() if redis else None
        self.redis: Server | None = redis_server(folder / "redis", binary) if binary else None
        self.workers: list[Worker] = []
        self.environment = {
            "JADE_NATS_URL": url(self.broker),
            "JADE_CACHE_URL": url(self.redis) if self.redis else "memory://",
        }
        self.environment["JADE_LOG_LEVEL"] = "warning"
        self.topology = topology()
        if ack_wait is not None:
            own = (ROOT / "infra" / "nats" / "topology.toml").read_text()
            path = folder / "topology.toml"
            path.write_text(re.sub(r"(?m)^ack_wait = .*$", f"ack_wait = {ack_wait}", own))
            self.environment["JADE_NATS_TOPOLOGY"] = str(path)
            self.topology = topology(path)

    @contextmanager
    def running(self) -> Iterator["Rig"]:
        """Start the servers; stop everything in the end."""
        self.broker.start()
        if self.redis:
            self.redis.start()
        try:
            yield self
        finally:
            for worker in self.workers:
                worker.stop()
            self.broker.stop()
            if self.redis:
                self.redis.stop()

    def worker(self, name: str, **environment: str) -> Worker:
        """Start a worker."""
        log = self.folder / f"{name}-{len(self.workers)}.log"
        worker = Worker(name, {**self.environment, **environment}, log)
        worker.start()
        self.workers.append(worker)
        return worker

    async def connect(self) -> Client:
        """A client that never gives up."""

        async def quiet(_: Exception) -> None:
            return None

        return await nats.connect(
            url(self.broker),
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.2,
            error_cb=quiet,
            allow_reconnect=True,
        )

    async def declare(self, client: Client) -> None:
        """Declare the topology."""
        await declare(client.jetstream(timeout=30), self.topology)


async def publish(
    client: Client, outgoing: Sequence[Outgoing], *, window: int = 200, limit: float = 900
) -> set[str]:
    """Publish until the server has acknowledged every one, whatever happens meanwhile; gives the acknowledged ids."""
    outbox = Outbox(client.jetstream(timeout=5), timeout=5)
    acknowledged: set[str] = set()
    waiting = list(outgoing)
    deadline = time.monotonic() + limit
    while waiting and time.monotonic() < deadline:
        batch, waiting = waiting[:window], waiting[window:]
        outcomes = await outbox.publish(batch)
        for one, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Exception):
                waiting.append(one)
            else:
                acknowledged.add(one.id)
        if any(isinstance(outcome, Exception) for outcome in outcomes):
            await asyncio.sleep(0.2)
    if waiting:
        raise TimeoutError(f"{len(waiting)} findings were not acknowledged in {limit} s")
    return acknowledged


async def count(client: Client, stream: str) -> int:
    """Messages in a stream; -1 while the server does not answer."""
    try:
        return int((await client.jetstream(timeout=2).stream_info(stream)).state.messages)
    except (NatsError, TimeoutError):
        return -1


async def read_all(client: Client, stream: str) -> list[Any]:
    """All messages of a stream."""
    total = await count(client, stream)
    if total <= 0:
        return []
    subscription = await client.jetstream().subscribe(">", stream=stream, ordered_consumer=True)
    messages = [await subscription.next_msg(timeout=30) for _ in range(total)]
    await subscription.unsubscribe()
    return messages


async def until(condition: Any, *, limit: float, every: float = 0.1) -> float:
    """Wait until ``await condition()`` holds; gives the seconds that took."""
    started = time.monotonic()
    while not await condition():
        if time.monotonic() - started > limit:
            raise TimeoutError(f"not within {limit} s")
        await asyncio.sleep(every)
    return time.monotonic() - started


def body(message: Any) -> dict[str, Any]:
    """JSON of a message."""
    parsed: dict[str, Any] = orjson.loads(message.data)
    return parsed
