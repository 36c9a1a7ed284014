"""The subcommands, one module each, thin: they read flags and settings, and call what does the work.

Adding one is adding a module with ``register(app)`` and its name here, in the order of the help.
"""

import importlib

import typer

COMMANDS = (
    "scan",
    "rank",
    "ingest",
    "publish",
    "watch",
    "events",
    "dlq",
    "replay",
    "policies",
    "demo",
    "mounted",
    "version",
)


def register(app: typer.Typer) -> None:
    """Put all subcommands on ``app``. Nothing heavy is imported before one of them runs."""
    for name in COMMANDS:
        importlib.import_module(f"{__name__}.{name}").register(app)
