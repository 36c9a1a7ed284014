"""``jade scan``."""

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from jade_cli.scan.destinations import Destination
    from jade_cli.scan.judging import Judge
    from jade_cli.scan.report import Report
    from jade_cli.scan.scanning import Request
    from jade_cli.scan.suppressions import Suppression
    from jade_cli.settings import ScanSettings
    from jade_cli.terminal import Progress

Scanner = StrEnum("Scanner", ["jade", "checkov", "none"])
Threshold = StrEnum("Threshold", ["critical", "high", "medium", "low", "info", "none"])
FORMATS = "table, markdown, json, yaml, sarif, junit, github, gitlab, openreports, policyreport"


def register(app: typer.Typer) -> None:
    """Put the command on ``app``."""
    app.command("scan")(scan)


def scan(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files and folders of YAML or JSON; - reads stdin.")
    ],
    scanner: Annotated[
        Scanner | None,
        typer.Option(
            "--scanner",
            help="Who looks: Jade's policies, Checkov, or nobody (reports alone). [default: jade]",
        ),
    ] = None,
    reports: Annotated[
        list[str] | None,
        typer.Option(
            "--report",
            metavar="FILE",
            help="What another scanner wrote about PATH; may be repeated. Each problem is then shown once.",
        ),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FORMAT[=FILE]",
            help=f"{FORMATS}; to stdout, or into FILE. May be repeated. [default: table]",
        ),
    ] = None,
    fail_on: Annotated[
        Threshold | None,
        typer.Option("--fail-on", help="Exit with 1 for a finding of this severity or worse. [default: low]"),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="FILE", help="An earlier report (json or sarif) to compare with."),
    ] = None,
    fail_on_new: Annotated[
        bool | None,
        typer.Option("--fail-on-new", help="Exit with 1 only for what --baseline lacks."),
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
    allow_empty: Annotated[
        bool | None,
        typer.Option("--allow-empty", help="Paths that hold nothing for Kubernetes are no error."),
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
    from jade_cli.settings import ScanSettings, load  # noqa: PLC0415
    from jade_cli.terminal import Progress  # noqa: PLC0415

    settings = load(
        ScanSettings,
        scanner=scanner,
        output=tuple(output) if output else None,
        fail_on=fail_on,
        baseline=baseline,
        fail_on_new=fail_on_new,
        allow_empty=allow_empty,
        library=library,
        exclude=tuple(exclude) if exclude else None,
    )
    if (reports or []).count("-") + paths.count("-") > 1 and "-" in (reports or []):
        from jade_cli.failures import WrongUsage  # noqa: PLC0415

        raise WrongUsage("stdin can be read once: give PATH or one --report as a file")
    wanted = check(settings, output_file, reports or [], via_bus=via_bus)
    request = request_of(settings, paths, reports or [], stdin_filename, top)
    progress = Progress()
    try:
        report = run(request, settings.scanner, settings.library, progress, via_bus=via_bus)
    finally:
        progress.done()
    raise typer.Exit(deliver(report, wanted))


def check(
    settings: "ScanSettings", output_file: Path | None, reports: list[str], *, via_bus: bool
) -> "Sequence[Destination]":
    """Refuse what cannot be done, before anything is; gives what to write where."""
    from jade_cli.failures import WrongUsage  # noqa: PLC0415
    from jade_cli.outputs import names  # noqa: PLC0415
    from jade_cli.scan.destinations import destinations  # noqa: PLC0415

    outputs = (settings.output,) if isinstance(settings.output, str) else settings.output
    wanted = destinations(outputs, output_file, names())
    if via_bus and settings.library is not None:
        raise WrongUsage(
            "--library and --via-bus exclude each other: the running stack judges by its own library. "
            "Set JADE_RANKER_LIBRARY where it is started, or leave --via-bus out"
        )
    if via_bus and reports:
        raise WrongUsage(
            "--report and --via-bus exclude each other: reports are read in this process. Leave --via-bus out, or "
            "send them with `jade publish`"
        )
    if settings.scanner == "none" and not reports:
        raise WrongUsage(
            "--scanner none looks at nothing: give the reports of other scanners with --report FILE"
        )
    if settings.fail_on_new and settings.baseline is None:
        raise WrongUsage("--fail-on-new needs --baseline FILE: what `jade scan PATH -o json=FILE` wrote")
    return wanted


def request_of(
    settings: "ScanSettings", paths: list[str], reports: list[str], stdin_name: str, top: int
) -> "Request":
    """The scan that was asked for."""
    from jade_cli.scan.baseline import read_baseline  # noqa: PLC0415
    from jade_cli.scan.scanning import Request  # noqa: PLC0415

    return Request(
        paths,
        settings.exclude,
        stdin_name,
        settings.fail_on,
        top,
        allow_empty=settings.allow_empty,
        suppressions=suppressions(settings),
        baseline=None if settings.baseline is None else read_baseline(settings.baseline),
        fail_on_new=settings.fail_on_new,
        reports=reports,
    )


def suppressions(settings: "ScanSettings") -> "list[Suppression]":
    """The entries of ``jade.yaml``, whose patterns of files are seen from its folder."""
    from jade_cli.scan.suppressions import Suppression  # noqa: PLC0415
    from jade_cli.scan.walking import shown  # noqa: PLC0415
    from jade_common.settings import config_file  # noqa: PLC0415

    if not settings.suppressions:
        return []
    file = shown(os.path.relpath(config_file() or "jade.yaml"))
    return [
        Suppression(
            entry.policy,
            entry.reason,
            entry.until,
            "jade.yaml",
            file,
            resource=entry.resource,
            paths=entry.paths,
        )
        for entry in settings.suppressions
    ]


def run(
    request: "Request", scanner: str, library: Path | None, progress: "Progress", *, via_bus: bool
) -> "Report":
    """Scan in the way that was asked for."""
    if request.reports:
        from jade_cli.scan.offline import Offline  # noqa: PLC0415
        from jade_cli.scan.together import scan_with_reports  # noqa: PLC0415

        return scan_with_reports(request, scanner, Offline(library), progress)
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


def deliver(report: "Report", wanted: "Sequence[Destination]") -> int:
    """Write the report, and say on stderr what came out, the verdict on the last line; gives the exit code."""
    import sys  # noqa: PLC0415

    from jade_cli.exits import CLEAN, FOUND, INCOMPLETE  # noqa: PLC0415
    from jade_cli.outputs import render  # noqa: PLC0415
    from jade_cli.terminal import Paint, coloured, say, write  # noqa: PLC0415

    for name, file in wanted:
        text = render(name, report, Paint(colour=file is None and coloured(sys.stdout)))
        if file is None:
            write(text)
        else:
            file.write_text(text, "utf-8")
    for use in report.stale:
        say(f"jade: {use}")
    say(f"jade: {verdict_line(report)}")
    return {"passed": CLEAN, "failed": FOUND, "incomplete": INCOMPLETE}[report.verdict]


def verdict_line(report: "Report") -> str:
    """Verdict and threshold, in one line."""
    from jade_cli.terminal import counted  # noqa: PLC0415

    found = counted(len(report.findings), "finding")
    if report.new is not None:
        found += f" ({report.new} new)"
    threshold = f"--fail-on {report.fail_on}" + (" --fail-on-new" if report.fail_on_new else "")
    counts = f"{found}, {report.failing} at or above {threshold}"
    if report.fail_on == "none":
        counts = f"{found}, {threshold}"
    if report.suppressed:
        counts += f", {len(report.suppressed)} suppressed"
    if report.folded:
        counts += f"; {report.folded}"
    if report.unread:
        return f"incomplete: {len(report.unread)} could not be read or evaluated; {counts}"
    return f"{report.verdict}: {counts}"
