"""``jade up``, ``down``, ``status``, ``logs`` and ``doctor``: the flags of what is written elsewhere."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

Output = StrEnum("Output", ["table", "json"])
StateDir = Annotated[
    Path | None,
    typer.Option("--state-dir", metavar="DIR", help="Where the stack keeps its things. [default: .jade]"),
]
Format = Annotated[Output, typer.Option("-o", "--output", help="Output format.")]


def register(app: typer.Typer) -> None:
    """Put the commands on ``app``."""
    for command in (up, down, status, logs, doctor):
        app.command(command.__name__)(command)


def up(
    state_dir: StateDir = None,
    workers: Annotated[
        list[str] | None,
        typer.Option(
            "--worker", metavar="NAME", help="Start only this worker; may be repeated. [default: all]"
        ),
    ] = None,
) -> None:
    """Start the local stack in the background: bus, cache and workers; return when all are ready."""
    from jade_cli.commands import stack  # noqa: PLC0415

    raise typer.Exit(stack.up(state_dir, workers or None))


def down(state_dir: StateDir = None) -> None:
    """Stop the local stack; nothing of it lives on."""
    from jade_cli.commands import stack  # noqa: PLC0415

    raise typer.Exit(stack.down(state_dir))


def status(state_dir: StateDir = None, output: Format = Output.table) -> None:
    """Ask every part of the local stack how it is."""
    from jade_cli.commands import stack  # noqa: PLC0415

    raise typer.Exit(stack.status(state_dir, "json" if output is Output.json else "table"))


def logs(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="One part. [default: all]")] = None,
    state_dir: StateDir = None,
    follow: Annotated[bool, typer.Option("-f", "--follow", help="Go on until Ctrl-C.")] = False,
    lines: Annotated[int, typer.Option("-n", "--lines", min=0, help="How many lines of each log.")] = 50,
) -> None:
    """Print the end of the stack's logs."""
    from jade_cli.commands import stack  # noqa: PLC0415

    raise typer.Exit(stack.logs(name, state_dir, follow=follow, lines=lines))


def doctor(output: Format = Output.table) -> None:
    """Say which programs that Jade runs are here, and what to do about the rest."""
    from jade_cli.doctor import doctor as diagnose  # noqa: PLC0415

    raise typer.Exit(diagnose(output.value))
