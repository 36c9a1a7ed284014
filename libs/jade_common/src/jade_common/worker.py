"""Runs one worker: ``python -m jade_common.worker NAME``.

Workers are the entry points of group ``jade.workers``: a package that declares one is a worker, and
nothing else lists it.
"""

import argparse
import gc
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import entry_points
from typing import Any

from jade_common.logs import configure_logs
from jade_common.processes import die_with_parent
from jade_common.settings import HttpSettings, LogSettings

GROUP = "jade.workers"
UNSET = "jade.workers.unset"
"""Entry points that say what must be set before a worker has anything to do; most workers need none."""

STOP_SECONDS = 8  # uvicorn's wait for open requests; with the bus's own wait a worker stops within 10 s
NOT_STARTED = 3  # exit status of a worker whose parts did not start; the log says why


def names() -> list[str]:
    """All workers that are installed, sorted."""
    return sorted(entry.name for entry in entry_points(group=GROUP))


def builder(name: str) -> Callable[[], Any]:
    """The ``build_app`` of a worker.

    Raises:
        SystemExit: There is no such worker.
    """
    for entry in entry_points(group=GROUP):
        if entry.name == name:
            return entry.load()  # type: ignore[no-any-return]
    raise SystemExit(f"there is no worker {name!r}; installed are: {', '.join(names()) or 'none'}")


def unset(name: str) -> str | None:
    """What must be set before this worker has anything to do; ``None`` where nothing must.

    Raises:
        ValueError: One of its settings is wrong.
    """
    for entry in entry_points(group=UNSET, name=name):
        return entry.load()()  # type: ignore[no-any-return]
    return None


def main(name: str) -> None:
    """Run the worker until it is told to stop."""
    # One BLAS thread: its pool spins and doubles the CPU of a message. Before anything imports numpy.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    die_with_parent()
    configure_logs(name, LogSettings().level)
    import uvicorn  # noqa: PLC0415  # 0.2 s that `--help` need not wait for

    from jade_common.http_server import TimedHeads  # noqa: PLC0415

    http = HttpSettings()
    app = builder(name)()
    # What is there now lives as long as the process, and a batch is thousands of short-lived objects: with
    # the defaults
    # the collector takes 40 % of the time to decode a finding.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    config = uvicorn.Config(
        app,
        host=http.host,
        port=http.port,
        http=TimedHeads,
        log_config=None,
        access_log=False,
        loop="uvloop" if sys.platform != "win32" else "auto",
        timeout_graceful_shutdown=STOP_SECONDS,
        server_header=False,
    )
    # Given as `fd`, uvicorn would take it for a Unix socket and leave TCP_NODELAY off: 40 ms for each answer.
    inherited = None if http.fd is None else [socket.socket(fileno=http.fd)]
    server = uvicorn.Server(config)
    with suppress(KeyboardInterrupt):
        server.run(inherited)
    if not server.started:
        raise SystemExit(NOT_STARTED)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m jade_common.worker", description="Run one worker.")
    parser.add_argument("name", help=f"one of: {', '.join(names())}")
    main(parser.parse_args().name)
