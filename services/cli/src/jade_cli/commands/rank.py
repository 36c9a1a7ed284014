"""``jade rank``."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

Output = StrEnum("Output", ["jsonl"])


def register(app: typer.Typer) -> None:
    """Put the command on ``app``."""
    app.command("rank")(rank)


def rank(
    source: Annotated[
        str, typer.Option("--input", metavar="FILE", help="JSON lines: a file, or - for stdin.")
    ] = "-",
    library: Annotated[
        Path | None,
        typer.Option("--library", metavar="DIR", help="Policies to rank. [default: Jade's own]"),
    ] = None,
    output: Annotated[  # noqa: ARG001  # there is one; the flag says which
        Output, typer.Option("-o", "--output", help="Output format.")
    ] = Output.jsonl,
    top: Annotated[int, typer.Option("--top", min=0, help="Policies for each line; 0 for all.")] = 5,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print what every score is made of, as tables; not JSON lines.")
    ] = False,
) -> None:
    """Rank policies for resources and findings: a JSON object a line in, one a line out, in order.

    A line is {"id", "resource"?, "review"?, "inventory"?, "finding"?: {"tool", "rule_id", "title", "message", "path"}}.
    The answer is {"id", "policies": [...], "none_applies", "model"}, with "problem_id" and "problem" of its finding, or
    {"id", "error"} for a line that cannot be answered. What `jade ingest -o jsonl` writes is taken as well.
    """
    import asyncio  # noqa: PLC0415
    from contextlib import nullcontext  # noqa: PLC0415

    from jade_cli.scan.offline import Offline  # noqa: PLC0415
    from jade_cli.terminal import say, write_bytes  # noqa: PLC0415

    # A reader of stdin of its own, never closed: a thread that waits for a line locks it, and Ctrl-C must end that.
    stdin = open(0, "rb", closefd=False)  # noqa: SIM115
    with (
        nullcontext(stdin) if source == "-" else Path(source).open("rb") as lines,
        Offline(library) as judge,
    ):
        # OPA starts meanwhile.
        from jade_cli.rank.answering import answering  # noqa: PLC0415
        from jade_cli.rank.events import as_line  # noqa: PLC0415
        from jade_cli.rank.explaining import explained  # noqa: PLC0415
        from jade_cli.rank.streaming import stream  # noqa: PLC0415

        engine = judge.engine
        for problem in engine.library.problems:
            say(f"jade: skipped: {problem}")
        if not engine.library.policies:
            from jade_cli.failures import Failure  # noqa: PLC0415

            raise Failure(
                f"{library} holds no policy that can be used; `jade policies check {library}` says why"
            )
        asked = answering(engine)

        async def answer(chunk: Sequence[Any]) -> list[dict[str, Any]]:
            return await asked.lines([as_line(line) for line in chunk], top, explained=explain)

        counts = asyncio.run(stream(lines, explained(write_bytes) if explain else write_bytes, answer))
    if counts.errors:
        say(f"jade: {counts.errors} of {counts.lines} lines could not be answered; each says why")
