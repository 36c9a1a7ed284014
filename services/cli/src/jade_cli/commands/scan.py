"""``jade scan``."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from jade_cli.scan.findings import Report
    from jade_cli.scan.judging import Judge
    from jade_cli.scan.scanning import Request
    from jade_cli.terminal import Progress

Scanner = StrEnum("Scanner", ["jade", "checkov"])
Threshold = StrEnum("Threshold", ["critical", "high", "medium", "low", "info", "none"])
Output = StrEnum("Output", ["table", "json", "yaml", "sarif", "junit", "github"])


def register(app: typer.Typer) -> None:
    """Put the command on ``app``."""
    app.command("scan")(scan)


def scan(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files and folders of YAML or JSON; - reads stdin.")
    ],
    scanner: Annotated[
        Scanner | None,
        typer.Option("--scanner", help="Who looks: Jade's policies, or Checkov. [default: jade]"),
    ] = None,
    output: Annotated[
        Output | None, typer.Option("-o", "--output", help="Output format. [default: table]")
    ] = None,
    fail_on: Annotated[
        Threshold | None,
        typer.Option("--fail-on", help="Exit with 1 for a finding of this severity or worse. [default: low]"),
    ] = None,
    library: Annotated[
        Path | None,
        typer.Option(
            "--library",
            metavar="DIR",
            help="Templates with constraints, or .rego files, to judge by. [default: Jade's own]",
        ),
    ] = None,
    output_file: Annotated[
        Path | None,
        typer.Option("--output-file", metavar="FILE", help="Write the output there instead of to stdout."),
    ] = None,
    stdin_filename: Annotated[
        str,
        typer.Option("--stdin-filename", metavar="NAME", help="What to call the file that comes on stdin."),
    ] = "stdin",
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            "--exclude", metavar="GLOB", help="Leave out files and folders that match; may be repeated."
        ),
    ] = None,
    top: Annotated[
        int, typer.Option("--top", min=0, help="Policies to show for each finding of Checkov; 0 for all.")
    ] = 5,
    via_bus: Annotated[
        bool,
        typer.Option("--via-bus", help="Let the running stack judge (jade up), instead of this process."),
    ] = False,
) -> None:
    """Check Kubernetes manifests against policies; needs no cluster, no broker and no network.

    Exit codes: 0 nothing at or above --fail-on, 1 something, 2 wrong usage, 3 something could not be read or evaluated.
    """
    from jade_cli.scan.scanning import Request  # noqa: PLC0415
    from jade_cli.settings import ScanSettings, load  # noqa: PLC0415
    from jade_cli.terminal import Progress  # noqa: PLC0415

    settings = load(
        ScanSettings,
        scanner=scanner,
        output=output,
        fail_on=fail_on,
        library=library,
        exclude=tuple(exclude) if exclude else None,
    )
    check(settings.output, settings.library, via_bus=via_bus)
    request = Request(paths, settings.exclude, stdin_filename, settings.fail_on, top)
    progress = Progress()
    try:
        report = run(request, settings.scanner, settings.library, progress, via_bus=via_bus)
    finally:
        progress.done()
    raise typer.Exit(deliver(report, settings.output, output_file))


def check(output: str, library: Path | None, *, via_bus: bool) -> None:
    """Refuse what cannot be done, before anything is."""
    from jade_cli.failures import WrongUsage  # noqa: PLC0415
    from jade_cli.outputs import names  # noqa: PLC0415

    if output not in names():
        raise WrongUsage(f"output is {output!r}; known are {', '.join(names())}")
    if via_bus and library is not None:
        raise WrongUsage(
            "--library and --via-bus exclude each other: the running stack judges by its own library. "
            "Set JADE_RANKER_LIBRARY where it is started, or leave --via-bus out"
        )


def run(
    request: "Request", scanner: str, library: Path | None, progress: "Progress", *, via_bus: bool
) -> "Report":
    """Scan in the way that was asked for."""
    from jade_cli.scan import scanning  # noqa: PLC0415

    scan_with = scanning.scan_with_checkov if scanner == "checkov" else scanning.scan
    return scan_with(request, way(library, via_bus=via_bus), progress)


def way(library: Path | None, *, via_bus: bool) -> "AbstractContextManager[Judge]":
    """Who judges: an engine of this process, or the ranker of the running stack."""
    if not via_bus:
        from jade_cli.scan.offline import Offline  # noqa: PLC0415

        return Offline(library)
    from jade_cli.scan.bus import ViaBus  # noqa: PLC0415
    from jade_cli.settings import load  # noqa: PLC0415
    from jade_cli.stack import nats_url  # noqa: PLC0415
    from jade_common.settings import NatsSettings  # noqa: PLC0415
    from jade_ranker.settings import RankerSettings  # noqa: PLC0415

    return ViaBus(load(NatsSettings, url=nats_url()), load(RankerSettings).library)


def deliver(report: "Report", output: str, file: Path | None) -> int:
    """Write the report, and say on the last line of stderr what came out; gives the exit code."""
    import sys  # noqa: PLC0415

    from jade_cli.exits import CLEAN, FOUND, INCOMPLETE  # noqa: PLC0415
    from jade_cli.outputs import render  # noqa: PLC0415
    from jade_cli.terminal import Paint, coloured, say, write  # noqa: PLC0415

    text = render(output, report, Paint(colour=file is None and coloured(sys.stdout)))
    if file is None:
        write(text)
    else:
        file.write_text(text, "utf-8")
    say(f"jade: {verdict_line(report)}")
    return {"passed": CLEAN, "failed": FOUND, "incomplete": INCOMPLETE}[report.verdict]


def verdict_line(report: "Report") -> str:
    """Verdict and threshold, in one line."""
    from jade_cli.terminal import counted  # noqa: PLC0415

    found = counted(len(report.findings), "finding")
    counts = f"{found}, {report.failing} at or above --fail-on {report.fail_on}"
    if report.fail_on == "none":
        counts = f"{found}, --fail-on none"
    if report.unread:
        return f"incomplete: {len(report.unread)} could not be read or evaluated; {counts}"
    return f"{report.verdict}: {counts}"
