"""``jade replay``."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jade_cli.exits import FOUND, USAGE

if TYPE_CHECKING:
    from jade_cli.onbus.recomputing import Compared

Output = StrEnum("Output", ["text", "jsonl"])

EXAMPLES = """\b
Examples:
  jade watch --since 1h -o jsonl | head -1             # an id of a ranking
  jade replay 5f0c1b1e5d8e4f6f8a7f6f3b2c1d0e9a --check # the same answer again?
  jade replay 5f0c1b1e5d8e4f6f8a7f6f3b2c1d0e9a         # the answer by today's library
"""


def register(app: typer.Typer) -> None:
    """Put the command on ``app``."""
    app.command("replay", epilog=EXAMPLES)(replay)


def replay(
    event_id: Annotated[str, typer.Argument(metavar="ID", help="Any event: a report, a finding, a ranking.")],
    check: Annotated[
        bool, typer.Option("--check", help="Compare with what was stored, byte for byte.")
    ] = False,
    library: Annotated[
        Path | None, typer.Option("--library", metavar="DIR", help="Policies. [default: the ranker's]")
    ] = None,
    output: Annotated[Output, typer.Option("-o", "--output", help="Output format of --check.")] = Output.text,
) -> None:
    """Compute the answer to an event again, here, from its cause; nothing is published.

    With --check the exit code is 0 where every stored answer is the same, 1 where one differs (what differs is said:
    policy set, OPA's version, model, values), 2 where there is nothing to compare.
    """
    import asyncio  # noqa: PLC0415

    raise typer.Exit(asyncio.run(replayed(event_id, library, output, check=check)))


async def replayed(event_id: str, library: Path | None, output: Output, *, check: bool) -> int:
    """Fetch the event and its neighbours, compute, and show or compare.

    Returns:
        The exit code.
    """
    from jade_cli.onbus.chains import chain  # noqa: PLC0415
    from jade_cli.onbus.publishing import SOURCE  # noqa: PLC0415
    from jade_cli.onbus.recomputing import answers, compared  # noqa: PLC0415
    from jade_cli.rank.answering import answering  # noqa: PLC0415
    from jade_cli.scan import offline  # noqa: PLC0415
    from jade_cli.settings import load  # noqa: PLC0415
    from jade_cli.stack import nats_url  # noqa: PLC0415
    from jade_cli.terminal import say, write  # noqa: PLC0415
    from jade_common.client import Client  # noqa: PLC0415
    from jade_common.errors import PayloadGoneError  # noqa: PLC0415
    from jade_common.settings import NatsSettings  # noqa: PLC0415
    from jade_common.topology import topology  # noqa: PLC0415
    from jade_ranker.settings import RankerSettings  # noqa: PLC0415

    settings = load(NatsSettings, url=nats_url())
    try:
        async with Client(settings, source=SOURCE) as client:
            found = await chain(client, topology(settings.topology), event_id)
    except PayloadGoneError as error:
        say(f"jade: {error}: there is nothing to compute from")
        return USAGE
    if found.event is None:
        say(f"jade: no stream keeps an event {event_id}; `jade events tail --since 1h` shows ids")
        return USAGE
    for why in found.missing:
        say(f"jade: {event_id}: {why}")
    steps = [step for step in found.steps if step.answers or not check]
    if not steps:
        return USAGE
    with offline.new_engine(library or load(RankerSettings).library) as engine:
        ranker = answering(engine)
        if not check:
            for identity, body in (await answers(steps[-1].cause, ranker)).items():
                write(f'{{"id":"{identity}","data":{body.decode()}}}\n')
            return 0
        results = [one for step in steps for one in await compared(step, ranker)]
    for one in results:
        write(as_json(one) if output is Output.jsonl else as_text(one))
    differing = sum(bool(one.differences) for one in results)
    say(f"jade: {len(results) - differing} of {len(results)} answers are the same, byte for byte")
    return FOUND if differing else 0


def as_json(one: "Compared") -> str:
    """The comparison on one line."""
    import orjson  # noqa: PLC0415

    return orjson.dumps(one.row()).decode() + "\n"


def as_text(one: "Compared") -> str:
    """The comparison for people."""
    from jade_cli.terminal import printable  # noqa: PLC0415

    verdict = "differs" if one.differences else f"identical, {one.size:,} bytes"
    lines = [
        f"{one.subject} {one.id} from {one.cause}: {verdict}",
        *(f"  {each}" for each in one.differences),
    ]
    return printable("\n".join(lines)) + "\n"
