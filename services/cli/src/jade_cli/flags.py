"""Flags and groups that several commands have, so that they mean and say the same everywhere."""

from typing import Annotated

import typer

FormatFlag = Annotated[
    str | None,
    typer.Option("--format", metavar="NAME", help="Of the reports. [default: told by the content]"),
]
ManifestsFlag = Annotated[
    list[str] | None,
    typer.Option(
        "--manifests",
        metavar="DIR",
        help="Where the manifests are that the reports are about; may be repeated. [default: what they name]",
    ),
]
SinceFlag = Annotated[
    str | None, typer.Option("--since", metavar="WHEN", help="From then on: 30m, 2h, 7d, an ISO time.")
]


def group(app: typer.Typer, name: str, about: str) -> typer.Typer:
    """A group of commands on ``app``, which explains itself when it is called alone."""
    made = typer.Typer(
        help=about,
        no_args_is_help=True,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.add_typer(made, name=name)
    return made
