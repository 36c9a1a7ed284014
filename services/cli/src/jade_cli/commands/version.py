"""``jade version``."""

import json
from enum import StrEnum
from typing import Annotated

import typer


class Output(StrEnum):
    """How to print it."""

    TEXT = "text"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Put the command on ``app``."""
    app.command("version")(version)


def version(
    output: Annotated[Output, typer.Option("-o", "--output", help="Output format.")] = Output.TEXT,
) -> None:
    """Print the version of Jade and of what it runs on."""
    print(json.dumps(versions(), indent=2) if output is Output.JSON else version_line())


def versions() -> dict[str, str]:
    """Versions by name."""
    import platform  # noqa: PLC0415
    from importlib.metadata import version as installed  # noqa: PLC0415

    return {
        "jade": installed("jade-cli"),
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


def version_line() -> str:
    """The same on one line."""
    found = versions()
    return f"jade {found['jade']} (Python {found['python']}, {found['platform']})"
