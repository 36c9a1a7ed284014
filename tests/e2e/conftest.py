"""The stack of docker-compose.yml as containers of a project of its own, on ports of its own."""

import json
import os
import secrets
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from jade_common.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("nats", "nats-init", "redis", "ingest", "ranker", "gateway")
"""Bus, cache and workers: what needs no image but those that can be built here."""

READY_SECONDS = 180
BUILD_SECONDS = 900


class CommandError(Exception):
    """A compose command failed; the message is the end of what it said."""


@dataclass(frozen=True)
class Stack:
    """The running containers and how to reach them."""

    compose: list[str]
    environment: dict[str, str]
    nats_url: str
    nats_token: str
    gateway_url: str
    gateway_key: str

    def run(self, *arguments: str, timeout: float = 120) -> str:
        """Output of a compose command.

        Raises:
            CommandError: It failed.
        """
        done = subprocess.run(
            [*self.compose, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if done.returncode:
            raise CommandError(f"compose {' '.join(arguments)}: {done.stderr[-2_000:]}")
        return done.stdout

    def inspect(self, service: str) -> dict:
        """What the engine says of the service's container."""
        container = self.run("ps", "--all", "--quiet", service).split()[0]
        shown = subprocess.run(["docker", "inspect", container], capture_output=True, check=True)
        return json.loads(shown.stdout)[0]


@pytest.fixture(scope="session")
def tell() -> Callable[[str], None]:
    """Shows a figure to whoever runs `make e2e`."""

    def say(text: str) -> None:
        sys.stdout.write(f"\n{text}\n")
        sys.stdout.flush()

    return say


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest, tell: Callable[[str], None]) -> Iterator[Stack]:
    """Build the images and start the containers; in the end nothing of them is left, volumes included."""
    command = os.environ.get("JADE_E2E_COMPOSE")
    if command is None:
        pytest.skip("containers are built and run by `make e2e` alone")
    nats, gateway, token, key = free_port(), free_port(), secrets.token_hex(16), secrets.token_hex(16)
    own = {
        "JADE_NATS_PORT": str(nats),
        "JADE_GATEWAY_PORT": str(gateway),
        "JADE_NATS_TOKEN": token,
        "JADE_GATEWAY_API_KEYS": key,
        "JADE_VERSION": "e2e",
    }
    stack = Stack(
        compose=[*shlex.split(command), "--project-name", "jade-e2e"],
        environment=os.environ | own,
        nats_url=f"nats://127.0.0.1:{nats}",
        nats_token=token,
        gateway_url=f"http://127.0.0.1:{gateway}",
        gateway_key=key,
    )
    try:
        stack.run("build", timeout=BUILD_SECONDS)
        stack.run("up", "--detach", "--wait", *SERVICES, timeout=READY_SECONDS)
        columns = "table {{.Service}}\t{{.Image}}\t{{.Status}}\t{{.Ports}}"
        tell(stack.run("ps", "--all", "--format", columns))
        yield stack
        if request.session.testsfailed:
            tell(stack.run("logs", "--no-color", "--tail", "50"))
    except CommandError as error:
        pytest.fail(f"{error}\n{stack.run('logs', '--no-color', '--tail', '50')}", pytrace=False)
    finally:
        stack.run("down", "--volumes", "--remove-orphans", "--timeout", "20")
