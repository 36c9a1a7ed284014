"""``jade publish``."""

from typing import Annotated

import typer

from jade_cli.flags import FormatFlag, ManifestsFlag


def register(app: typer.Typer) -> None:
    """Put the command on ``app``."""
    app.command("publish")(publish)


def publish(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...", help="Reports of scanners, manifests, folders of manifests; - reads stdin."
        ),
    ],
    format_: FormatFlag = None,
    manifests: ManifestsFlag = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until every finding is ranked.")] = False,
    timeout: Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds to wait with --wait.")] = 60.0,
) -> None:
    """Send reports to the running stack; prints the id of each.

    The manifests that a report names go with it, without their secrets.
    """
    import asyncio  # noqa: PLC0415

    from jade_cli.failures import Failure  # noqa: PLC0415
    from jade_cli.onbus import publishing  # noqa: PLC0415
    from jade_cli.onbus.reports import report_of  # noqa: PLC0415
    from jade_cli.settings import load  # noqa: PLC0415
    from jade_cli.stack import nats_url  # noqa: PLC0415
    from jade_cli.terminal import Progress, say, write  # noqa: PLC0415
    from jade_common.problems import problems  # noqa: PLC0415
    from jade_common.settings import NatsSettings  # noqa: PLC0415

    settings = load(NatsSettings, url=nats_url())
    reports = [report_of(file, format_, manifests or []) for file in files]
    for file, done in zip(files, asyncio.run(publishing.publish(settings, reports)), strict=True):
        write(f"{done.id}\n")
        if done.duplicate:
            say(f"jade: {file}: the server has had this report already; it is not read again")
    if not wait:
        return
    wanted = {one.id for report in reports for one in publishing.expected(report).findings}
    progress = Progress()
    ranked = asyncio.run(
        publishing.rankings_of(
            settings, wanted, timeout, lambda count: progress(f"{count} of {len(wanted)} ranked")
        )
    )
    progress.done()
    if len(ranked) < len(wanted):
        raise Failure(
            f"{len(ranked)} of {len(wanted)} findings were ranked within {timeout:g} s; see `jade status`"
        )
    say(f"jade: {len(ranked)} findings ranked; they are {len(problems(ranked.values()))} problems")
