"""The ``jade`` command: its subcommands, and what happens when one of them fails."""

import gc
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from jade_cli.commands import register
from jade_cli.exits import CLEAN, INCOMPLETE, INTERRUPTED
from jade_cli.failures import Failure

COLLECT = (100_000, 50, 50)
"""Objects and collections between collections of garbage. A document is thousands of objects without a cycle, and to
look through all of them every 700 objects takes a fifth of a scan."""

SWITCH_SECONDS = 0.001
"""How long a busy thread keeps one waiting that has heard from OPA: in Python's own 5 ms, OPA would run dry."""

app = typer.Typer(
    name="jade",
    help="Which Kubernetes policies matter for what your scanners find, with evidence.",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: the same in a pipe, and in a third of the time
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
register(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        from jade_cli.commands.version import version_line  # noqa: PLC0415

        print(version_line())
        raise typer.Exit(CLEAN)


@app.callback()
def options(
    version: Annotated[  # the callback prints it
        bool,
        typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True),
    ] = False,
    debug: Annotated[  # `run` looks for it: it counts before and after the command
        bool, typer.Option("--debug", help="Show the traceback of an error. Also JADE_DEBUG=1.")
    ] = False,
) -> None:
    """Which Kubernetes policies matter for what your scanners find, with evidence."""


def main() -> None:
    """Entry point."""
    gc.set_threshold(*COLLECT)
    sys.setswitchinterval(SWITCH_SECONDS)
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run the command line.

    Returns:
        The exit code. No exception leaves here unless ``--debug`` asks for it.
    """
    words = list(arguments)
    end = words.index("--") if "--" in words else len(words)
    debug = "--debug" in words[:end] or bool(os.environ.get("JADE_DEBUG"))
    words = [word for place, word in enumerate(words) if word != "--debug" or place > end]
    try:
        app(words, prog_name="jade")
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else CLEAN
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        if debug:
            raise
        return explain(error)
    return CLEAN


def explain(error: Exception) -> int:
    """Say in one message what went wrong, without a traceback."""
    from jade_cli.terminal import say  # noqa: PLC0415

    if isinstance(error, Failure):
        say(f"jade: {error}")
        return error.exit_code
    from jade_common.errors import JadeError  # noqa: PLC0415
    from jade_policy.errors import PolicyError  # noqa: PLC0415

    if isinstance(error, JadeError | PolicyError):
        say(f"jade: {error}")
    elif isinstance(error, OSError):
        say(f"jade: {error.filename or 'the system'}: {error.strerror or error}")
    else:
        say(
            f"jade: {type(error).__name__}: {error}. That is a fault in Jade: --debug shows where, please report it"
        )
    return INCOMPLETE


if __name__ == "__main__":
    main()
