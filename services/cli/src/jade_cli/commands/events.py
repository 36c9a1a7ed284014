"""``jade events tail|replay``."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jade_cli.flags import SinceFlag, group

if TYPE_CHECKING:
    from datetime import datetime

    from jade_cli.onbus.republishing import Filters, Replayed

Output = StrEnum("Output", ["table", "jsonl"])
SubjectFlag = Annotated[
    list[str] | None,
    typer.Option("--subject", metavar="S", help="Only these: scan.finding, finding.*, dead.>; repeat it."),
]
OutputFlag = Annotated[Output, typer.Option("-o", "--output", help="Output format.")]

TAIL_EXAMPLES = """\b
Examples:
  jade events tail                                         # everything, as it comes
  jade events tail --subject scan.finding --since 1h -o jsonl
  jade events tail --subject 'dead.>' --since 7d --no-follow
"""
REPLAY_EXAMPLES = """\b
Examples:
  jade events replay --subject scan.finding --since 2d     # what would be published
  jade events replay --subject scan.finding --since 2d --until 1d --publish
  jade events replay --correlation 5f0c1b1e5d8e4f6f8a7f6f3b2c1d0e9a --publish
"""


def register(app: typer.Typer) -> None:
    """Put the commands on ``app``."""
    commands = group(app, "events", "Look at what crosses the bus, and publish it again.")
    commands.command("tail", epilog=TAIL_EXAMPLES)(tail)
    commands.command("replay", epilog=REPLAY_EXAMPLES)(replay)


def tail(
    subject: SubjectFlag = None,
    since: SinceFlag = None,
    count: Annotated[
        int | None, typer.Option("--count", metavar="N", min=1, help="End after so many.")
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow/--no-follow", help="Wait for more, or end with what is kept now.")
    ] = True,
    output: OutputFlag = Output.table,
) -> None:
    """Show events as they come, until Ctrl-C; those of now on, or with --since older ones first, by time.

    Secrets are not shown, and of a report only its size. --no-follow without --since shows all that is kept.
    """
    import asyncio  # noqa: PLC0415

    from jade_cli.onbus import moments  # noqa: PLC0415

    asyncio.run(tailed(subject or [], moments.since(since), count, output, follow=follow))


async def tailed(
    subjects: list[str], begin: "datetime | None", count: int | None, output: Output, *, follow: bool
) -> None:
    """Write what is kept, then what comes."""
    from contextlib import aclosing  # noqa: PLC0415

    from jade_cli.onbus.envelopes import envelope  # noqa: PLC0415
    from jade_cli.onbus.kept import backlog, coming, places  # noqa: PLC0415
    from jade_cli.onbus.publishing import SOURCE  # noqa: PLC0415
    from jade_cli.settings import load  # noqa: PLC0415
    from jade_cli.stack import nats_url  # noqa: PLC0415
    from jade_cli.terminal import once, write  # noqa: PLC0415
    from jade_common.client import Client  # noqa: PLC0415
    from jade_common.settings import NatsSettings  # noqa: PLC0415
    from jade_common.topology import topology  # noqa: PLC0415

    settings = load(NatsSettings, url=nats_url())
    left = count
    async with Client(settings, source=SOURCE) as client:
        where = await places(client, topology(settings.topology), subjects)
        sources = []
        if begin is not None or not follow:
            sources.append(backlog(client, where, begin))
        if follow:
            sources.append(coming(client, where, once()))
        for source in sources:
            async with aclosing(source) as messages:
                async for one in messages:
                    row = envelope(one)
                    if not write(as_json(row) if output is Output.jsonl else as_text(row)):
                        return
                    left = None if left is None else left - 1
                    if left == 0:
                        return


def as_json(row: dict[str, Any]) -> str:
    """The message on one line."""
    import orjson  # noqa: PLC0415

    return orjson.dumps(row).decode() + "\n"


def as_text(row: dict[str, Any]) -> str:
    """The message on one line for people."""
    from jade_cli.onbus.envelopes import gist  # noqa: PLC0415
    from jade_cli.terminal import one_line  # noqa: PLC0415

    identity = row["id"] or f"({row['stream']}/{row['sequence']})"
    return f"{row['time'][:23]}  {row['subject']:<22}  {one_line(identity)}  {one_line(gist(row))}\n"


def replay(
    subject: SubjectFlag = None,
    since: SinceFlag = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="WHEN", help="Up to then; as --since.")
    ] = None,
    event_id: Annotated[
        list[str] | None, typer.Option("--id", metavar="ID", help="Only these events; repeat it.")
    ] = None,
    correlation: Annotated[
        str | None,
        typer.Option("--correlation", metavar="ID", help="Only the chain that began with this event."),
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Do it; without it, only say what would be.")
    ] = False,
    output: OutputFlag = Output.table,
) -> None:
    """Publish events again from their stream, unchanged and under their own ids; a dry run without --publish.

    Whoever takes them derives the same ids from them, so nothing is counted twice. The server drops an id that it
    has stored within its duplicate window (15 minutes): such an event is called a duplicate, and its first
    publication counts. Dead letters are sent again by `jade dlq replay`.
    """
    import asyncio  # noqa: PLC0415

    from jade_cli.failures import WrongUsage  # noqa: PLC0415
    from jade_cli.onbus import moments  # noqa: PLC0415
    from jade_cli.onbus.republishing import Filters  # noqa: PLC0415

    if not (subject or event_id or correlation):
        raise WrongUsage("say which events: --subject, --id or --correlation")
    if any(one.startswith("dead.") for one in subject or []):
        raise WrongUsage("dead letters are sent again by `jade dlq replay`")
    filters = Filters(moments.since(until, "--until"), frozenset(event_id or ()), correlation)
    asyncio.run(replayed(subject or [], moments.since(since), filters, output, publish=publish))


async def replayed(
    subjects: list[str], begin: "datetime | None", filters: "Filters", output: Output, *, publish: bool
) -> None:
    """Write what became of each event, and what it came to."""
    from collections import Counter  # noqa: PLC0415
    from contextlib import aclosing  # noqa: PLC0415

    from jade_cli.onbus import republishing  # noqa: PLC0415
    from jade_cli.onbus.kept import places  # noqa: PLC0415
    from jade_cli.onbus.publishing import SOURCE  # noqa: PLC0415
    from jade_cli.settings import load  # noqa: PLC0415
    from jade_cli.stack import nats_url  # noqa: PLC0415
    from jade_cli.terminal import say, write  # noqa: PLC0415
    from jade_common.client import Client  # noqa: PLC0415
    from jade_common.settings import NatsSettings  # noqa: PLC0415
    from jade_common.subjects import Stream  # noqa: PLC0415
    from jade_common.topology import topology  # noqa: PLC0415

    settings = load(NatsSettings, url=nats_url())
    counts: Counter[str] = Counter()
    async with Client(settings, source=SOURCE) as client:
        found = await places(client, topology(settings.topology), subjects)
        where = [place for place in found if place.stream != Stream.DEAD]
        minutes = (await republishing.window(client, where)).total_seconds() / 60
        async with aclosing(republishing.replayed(client, where, begin, filters, publish=publish)) as coming:
            async for one in coming:
                counts[one.outcome] += 1
                counts["recent"] += one.recent
                if not write(outcome_json(one) if output is Output.jsonl else outcome_text(one)):
                    return
    left_out = f"{counts['left out']} left out"
    if publish:
        recent = counts["duplicate"]
        say(f"jade: {counts['published']} published again, {recent} duplicates, {left_out}")
    else:
        recent = counts["recent"]
        would = counts["would be published"]
        say(f"jade: dry run: {would} would be published again, {left_out}; --publish does it")
    if recent:
        does = "dropped" if publish else "would drop"
        say(
            f"jade: of {recent} of them the server {does} the second one: it has stored their ids within its duplicate "
            f"window of {minutes:g} minutes, and that counts. To have them taken again, wait until it is over"
        )


def outcome_json(one: "Replayed") -> str:
    """What became of an event, on one line."""
    import orjson  # noqa: PLC0415

    place = {"subject": one.message.subject, "stream": one.message.stream, "sequence": one.message.sequence}
    row = {"id": one.id, **place, "outcome": one.outcome}
    if one.reason is not None:
        row["reason"] = one.reason
    return orjson.dumps(row).decode() + "\n"


def outcome_text(one: "Replayed") -> str:
    """The same for people."""
    from jade_cli.terminal import one_line  # noqa: PLC0415

    place = f"{one.message.stream}/{one.message.sequence}"
    return (
        one_line(
            f"{one.outcome:<18}  {one.message.subject:<16}  {place:<16}  {one.id or ''}  {one.reason or ''}"
        ).rstrip()
        + "\n"
    )
