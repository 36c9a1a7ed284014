"""``jade watch``."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from jade_cli.terminal import Paint
    from jade_common.client import Recommendation

Output = StrEnum("Output", ["table", "jsonl"])


def register(app: typer.Typer) -> None:
    """Put the command on ``app``."""
    app.command("watch")(watch)


def watch(
    count: Annotated[
        int | None, typer.Option("--count", metavar="N", min=1, help="End after so many.")
    ] = None,
    output: Annotated[Output, typer.Option("-o", "--output", help="Output format.")] = Output.table,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="WHEN", help="Begin with older ones: 30m, 2h, 7d, an ISO time."),
    ] = None,
) -> None:
    """Show recommendations as they come, until Ctrl-C; a lost broker is waited for."""
    import asyncio  # noqa: PLC0415

    from jade_cli.onbus import moments  # noqa: PLC0415

    asyncio.run(follow(moments.since(since), count, output))


async def follow(begin: "datetime | None", count: int | None, output: Output) -> None:
    """Write recommendations until there were ``count``, or nobody reads them."""
    import sys  # noqa: PLC0415
    from contextlib import aclosing  # noqa: PLC0415

    from jade_cli.onbus.publishing import SOURCE  # noqa: PLC0415
    from jade_cli.settings import load  # noqa: PLC0415
    from jade_cli.stack import nats_url  # noqa: PLC0415
    from jade_cli.terminal import Paint, coloured, once, write  # noqa: PLC0415
    from jade_common.client import Client  # noqa: PLC0415
    from jade_common.settings import NatsSettings  # noqa: PLC0415

    paint = Paint(colour=coloured(sys.stdout))
    async with Client(load(NatsSettings, url=nats_url()), source=SOURCE) as client:
        seen = 0
        async with aclosing(client.watch(begin, once())) as coming:
            async for one in coming:
                seen += 1
                if (
                    not write(as_json(one) if output is Output.jsonl else as_text(one, paint))
                    or seen == count
                ):
                    return


def as_json(one: "Recommendation") -> str:
    """The event with its id, on one line."""
    import orjson  # noqa: PLC0415

    return orjson.dumps({"id": one.id, **one.event.model_dump(exclude_none=True)}).decode() + "\n"


def as_text(one: "Recommendation", paint: "Paint") -> str:
    """The event for people: the finding, and what each policy says."""
    from jade_cli.terminal import one_line  # noqa: PLC0415

    lines = [paint("bold", f"finding {one.event.finding_id}")]
    if one.event.problem is not None:
        seen = one.event.problem
        about = " ".join(part for part in (seen.subject, seen.path) if part)
        lines.append(
            f"  problem {one.event.problem_id}  {one_line(about)}  ({one_line(f'{seen.tool} {seen.rule_id}')})"
        )
    if one.event.none_applies:
        lines.append("  no policy of the library is about it")
    for policy in one.event.policies:
        verdict = paint("high" if policy.verdict == "violated" else "dim", f"{policy.verdict:14}")
        lines.append(f"  {policy.score:5.2f}  {verdict}  {policy.id}  {one_line(policy.message or '')}")
    return "\n".join(lines) + "\n"
