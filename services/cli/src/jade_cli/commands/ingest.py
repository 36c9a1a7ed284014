"""``jade ingest``."""

from enum import StrEnum
from typing import Annotated

import typer

from jade_cli.flags import FormatFlag, ManifestsFlag

Output = StrEnum("Output", ["table", "json", "jsonl"])


def register(app: typer.Typer) -> None:
    """Put the command on ``app``."""
    app.command("ingest")(ingest)


def ingest(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Reports of scanners; - reads stdin.")
    ],
    format_: FormatFlag = None,
    manifests: ManifestsFlag = None,
    output: Annotated[Output, typer.Option("-o", "--output", help="Output format.")] = Output.table,
) -> None:
    """Show what scanners found in one form: rule, severity, resource, field and line; needs no stack.

    Counts go to stderr: entries in = findings + rejects, and each reject with its reason.
    """
    import sys  # noqa: PLC0415

    from jade_cli.failures import WrongUsage  # noqa: PLC0415
    from jade_cli.ingest.printing import Json, JsonLines, Printer, Table  # noqa: PLC0415
    from jade_cli.ingest.run import run  # noqa: PLC0415
    from jade_cli.terminal import Paint, coloured, say, write_bytes  # noqa: PLC0415
    from jade_ingest.domain.formats import formats  # noqa: PLC0415

    if format_ is not None and format_ not in formats():
        raise WrongUsage(f"--format is {format_!r}; known are {', '.join(sorted(formats()))}")
    printers: dict[Output, Printer] = {
        Output.json: Json(write_bytes),
        Output.jsonl: JsonLines(write_bytes),
        Output.table: Table(write_bytes, Paint(colour=coloured(sys.stdout))),
    }
    raise typer.Exit(run(files, format_, manifests or [], printers[output], say))
