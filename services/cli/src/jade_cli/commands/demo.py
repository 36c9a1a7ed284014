"""``jade demo``."""

from pathlib import Path
from typing import Annotated

import typer

WORKERS = ("ingest", "ranker")
WAIT_SECONDS = 120.0
"""72 findings take a second; the rest is for machines that do other things as well."""


def register(app: typer.Typer) -> None:
    """Put the command on ``app``."""
    app.command("demo")(demo)


def demo(
    path: Annotated[Path, typer.Argument(metavar="[PATH]", help="Manifests to scan.")] = Path(
        "data/fixtures/negative/shop"
    ),
) -> None:
    """Go the whole way once: stack up, Checkov's report on the bus, ranked policies back, stack down."""
    import asyncio  # noqa: PLC0415
    import sys  # noqa: PLC0415
    import tempfile  # noqa: PLC0415

    from jade_cli.demonstration import summary, tables  # noqa: PLC0415
    from jade_cli.failures import Failure  # noqa: PLC0415
    from jade_cli.onbus import publishing  # noqa: PLC0415
    from jade_cli.onbus.attaching import without_secrets  # noqa: PLC0415
    from jade_cli.scan import checkov  # noqa: PLC0415
    from jade_cli.scan.reading import read_all  # noqa: PLC0415
    from jade_cli.scan.walking import Walk  # noqa: PLC0415
    from jade_cli.stack.control import down, up  # noqa: PLC0415
    from jade_cli.stack.folder import StackFolder  # noqa: PLC0415
    from jade_cli.terminal import Paint, coloured, say, write  # noqa: PLC0415
    from jade_common.events import ReportFile, ScanReport  # noqa: PLC0415
    from jade_common.settings import NatsSettings  # noqa: PLC0415

    reading = read_all(Walk().files([str(path)]), [str(path)])
    for unread in reading.unread:
        say(f"jade: {unread.path}: {unread.reason}")
    if not reading.manifests:
        raise Failure(f"{path} holds no manifest that can be read; give another path: jade demo PATH")
    with tempfile.TemporaryDirectory(prefix="jade-demo-") as name:
        folder = StackFolder(Path(name).resolve())
        say(f"1. Checkov scans {path} ({len(reading.manifests)} resources)")
        output, texts = checkov.run(reading.files)
        files = tuple(
            ReportFile(path=file, content=without_secrets(text.encode(), file))
            for file, text in texts.items()
        )
        report = ScanReport(format="checkov", content=output, files=files)
        findings = publishing.expected(report).findings
        try:
            say(f"2. the stack starts: nats-server with JetStream, the cache, {' and '.join(WORKERS)}")
            stack = up(folder, WORKERS).status
            settings = NatsSettings(url=str(stack.nats.url))
            (sent,) = asyncio.run(publishing.publish(settings, [report]))
            say(f"3. the report is on the bus (scan.report {sent.id}): {len(findings)} findings in it")
            wanted = {one.id for one in findings}
            ranked = asyncio.run(publishing.rankings_of(settings, wanted, WAIT_SECONDS, lambda _: None))
            say(f"4. {len(ranked)} of {len(wanted)} came back ranked (finding.ranked)")
        finally:
            down(folder)
    write(tables(findings, ranked, reading.manifests, Paint(colour=coloured(sys.stdout))))
    write(summary(findings, ranked))
    if len(ranked) < len(wanted):
        raise Failure(f"{len(wanted) - len(ranked)} findings were not ranked within {WAIT_SECONDS:g} s")
