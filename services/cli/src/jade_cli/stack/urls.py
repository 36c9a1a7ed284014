"""Where a running stack answers, for the commands that talk to it."""

from dataclasses import dataclass
from pathlib import Path

from jade_cli.stack import locks, state
from jade_cli.stack.folder import StackFolder, state_dir

GATEWAY = "gateway"
"""The worker that people reach over HTTP."""


@dataclass(frozen=True, slots=True)
class Urls:
    """The addresses of a running stack."""

    nats: str
    cache: str
    gateway: str | None
    """``None`` when the stack runs without a gateway."""


def current_urls(folder: Path | None = None) -> Urls | None:
    """The addresses of the stack that runs now.

    Args:
        folder: Its state directory; that of :func:`state_dir` by default.

    Returns:
        ``None`` when none runs, or it is so young that it does not know them.
    """
    files = StackFolder(folder or state_dir())
    if not locks.held(files.supervisor_lock):
        return None
    found = state.read(files.state)
    if found is None or found.nats.url is None or found.cache.url is None:
        return None
    gateways = (worker.url for worker in found.workers if worker.name == GATEWAY)
    return Urls(found.nats.url, found.cache.url, next(gateways, None))


def nats_url(flag: str | None = None, folder: Path | None = None) -> str:
    """The broker to use: flag, ``JADE_NATS_URL`` or ``jade.yaml``, the running stack, the default."""
    if flag:
        return flag
    from jade_cli.settings import load  # noqa: PLC0415  # pydantic, which `jade --help` need not wait for
    from jade_common.settings import NatsSettings  # noqa: PLC0415

    settings = load(NatsSettings)
    if "url" in settings.model_fields_set:
        return settings.url
    running = current_urls(folder)
    return running.nats if running else settings.url


def gateway_url(flag: str | None = None, folder: Path | None = None) -> str | None:
    """The gateway that a command talks to: flag, the running stack; ``None`` when there is neither."""
    if flag:
        return flag
    running = current_urls(folder)
    return running.gateway if running else None
