"""``jade dlq ls|show|replay|drop``."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from jade_cli.exits import CLEAN, INCOMPLETE
from jade_cli.flags import SinceFlag, group

if TYPE_CHECKING:
    from jade_cli.onbus.letters import Done, Letter, Wanted
    from jade_common.client import Client

Output = StrEnum("Output", ["table", "jsonl"])
Kind = StrEnum("Kind", ["invalid", "permanent", "exhausted", "max_deliveries"])
SubjectFlag = Annotated[
    str | None, typer.Option("--subject", metavar="S", help="Of messages on this subject: scan.finding.")
]
ConsumerFlag = Annotated[
    str | None, typer.Option("--consumer", metavar="NAME", help="That this consumer could not handle.")
]
KindFlag = Annotated[Kind | None, typer.Option("--kind", help="Of this kind.")]
ReasonFlag = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help="Whose reason holds this text.")
]
OutputFlag = Annotated[Output, typer.Option("-o", "--output", help="Output format.")]
IdsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[ID...]", help="Ids of dead letters, or their beginnings.")
]
AllFlag = Annotated[bool, typer.Option("--all", help="All that the filters let through.")]

LS_EXAMPLES = """\b
Examples:
  jade dlq ls
  jade dlq ls --subject scan.finding --kind invalid --since 1d -o jsonl
"""
SHOW_EXAMPLES = """\b
Examples:
  jade dlq show 5f0c1b1e
"""
REPLAY_EXAMPLES = """\b
Examples:
  jade dlq replay 5f0c1b1e
  jade dlq replay --all --consumer ranker-scan-finding --reason 'OPA does not answer'
"""
DROP_EXAMPLES = """\b
Examples:
  jade dlq drop 5f0c1b1e 77aa
  jade dlq drop --all --kind invalid --subject scan.report
"""


REPLAY = """Send the messages of dead letters again, from their stream, and take the letters away once that is stored.

Doing it twice stores a message once, and ids keep its effects from being counted twice. One that fails again
comes back as a new dead letter. One whose original is not kept any more stays, and the exit code is 3. What the
Gatekeeper bridge could not read is read again from its file: run this where the bridge runs, with its settings.
"""
DROP = "Take dead letters away for good; the messages themselves stay in their streams."


def register(app: typer.Typer) -> None:
    """Put the commands on ``app``."""
    commands = group(app, "dlq", "Dead letters: messages that nobody could handle, each with its reason.")
    commands.command("ls", epilog=LS_EXAMPLES)(ls)
    commands.command("show", epilog=SHOW_EXAMPLES)(show)
    commands.command("replay", epilog=REPLAY_EXAMPLES)(settling("send_again", REPLAY))
    commands.command("drop", epilog=DROP_EXAMPLES)(settling("drop", DROP))


def ls(
    subject: SubjectFlag = None,
    consumer: ConsumerFlag = None,
    kind: KindFlag = None,
    reason: ReasonFlag = None,
    since: SinceFlag = None,
    output: OutputFlag = Output.table,
) -> None:
    """List dead letters, oldest first, redacted."""
    import asyncio  # noqa: PLC0415

    asyncio.run(listed(wanted(subject, consumer, kind, reason, since), output))


async def listed(which: "Wanted", output: Output) -> None:
    """Write the letters."""
    from contextlib import aclosing  # noqa: PLC0415

    from jade_cli.onbus.letters import letters  # noqa: PLC0415
    from jade_cli.terminal import counted, say, write  # noqa: PLC0415

    count = 0
    async with opened() as client, aclosing(letters(client, which)) as coming:
        async for letter in coming:
            count += 1
            if not write(as_json(letter) if output is Output.jsonl else as_line(letter)):
                return
    say(f"jade: {counted(count, 'dead letter')}")


def show(
    letter_id: Annotated[str, typer.Argument(metavar="ID", help="The id, or its beginning.")],
) -> None:
    """Show all of a dead letter, as JSON: the reason, the headers and the beginning of the body, redacted."""
    import asyncio  # noqa: PLC0415

    import orjson  # noqa: PLC0415

    from jade_cli.failures import WrongUsage  # noqa: PLC0415
    from jade_cli.onbus.letters import chosen  # noqa: PLC0415
    from jade_cli.terminal import write  # noqa: PLC0415

    async def fetched() -> "Letter | None":
        async with opened() as client:
            return (await chosen(client, [letter_id]))[letter_id]

    letter = asyncio.run(fetched())
    if letter is None:
        raise WrongUsage(f"there is no dead letter {letter_id} (any more); `jade dlq ls` lists them")
    write(orjson.dumps(letter.row(), option=orjson.OPT_INDENT_2).decode() + "\n")


def settling(name: str, about: str) -> Callable[..., None]:
    """The command that does something to letters: ``send_again`` or ``drop``, with the same flags."""

    def command(
        ids: IdsArgument = None,
        every: AllFlag = False,
        subject: SubjectFlag = None,
        consumer: ConsumerFlag = None,
        kind: KindFlag = None,
        reason: ReasonFlag = None,
        since: SinceFlag = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which.")] = False,
        output: OutputFlag = Output.table,
    ) -> None:
        import asyncio  # noqa: PLC0415

        from jade_cli.onbus import letters  # noqa: PLC0415

        which = wanted(subject, consumer, kind, reason, since)
        settle = {"send_again": letters.send_again, "drop": letters.drop}[name]
        done = settled(ids or [], which, settle, output, every=every, dry_run=dry_run)
        raise typer.Exit(asyncio.run(done))

    command.__doc__ = about
    return command


async def settled(
    ids: list[str],
    which: "Wanted",
    settle: "Callable[[Client, Letter], Awaitable[Done]]",
    output: Output,
    *,
    every: bool,
    dry_run: bool,
) -> int:
    """Do it to each letter, and write what became of it.

    Returns:
        The exit code.
    """
    from collections import Counter  # noqa: PLC0415

    from jade_cli.failures import WrongUsage  # noqa: PLC0415
    from jade_cli.onbus.letters import Done, Wanted, chosen, letters  # noqa: PLC0415
    from jade_cli.terminal import say, write  # noqa: PLC0415

    if bool(ids) == every:
        raise WrongUsage("give ids of dead letters, or --all (with filters)")
    if ids and which != Wanted():
        raise WrongUsage("filters go with --all, not with ids")
    counts: Counter[str] = Counter()
    async with opened() as client:
        found: dict[str, Letter | None]
        found = {one.id: one async for one in letters(client, which)} if every else await chosen(client, ids)
        for identity, letter in found.items():
            if letter is None:
                done = Done(identity, "not there", "sent again or dropped before, or older than what is kept")
            elif dry_run:
                write(as_json(letter) if output is Output.jsonl else as_line(letter))
                continue
            else:
                done = await settle(client, letter)
            counts[done.outcome] += 1
            write(done_json(done) if output is Output.jsonl else done_line(done))
    if dry_run:
        say(f"jade: dry run: {sum(one is not None for one in found.values())} dead letters would be taken")
    else:
        say(
            "jade: "
            + (", ".join(f"{count} {outcome}" for outcome, count in counts.items()) or "no dead letters")
        )
    return INCOMPLETE if counts["gone"] + counts["still wrong"] else CLEAN


def wanted(
    subject: str | None, consumer: str | None, kind: Kind | None, reason: str | None, since: str | None
) -> "Wanted":
    """The filters of the flags."""
    from jade_cli.onbus import moments  # noqa: PLC0415
    from jade_cli.onbus.letters import Wanted  # noqa: PLC0415

    return Wanted(subject, consumer, None if kind is None else kind.value, reason, moments.since(since))


def opened() -> "Client":
    """A client of the running stack."""
    from jade_cli.onbus.publishing import SOURCE  # noqa: PLC0415
    from jade_cli.settings import load  # noqa: PLC0415
    from jade_cli.stack import nats_url  # noqa: PLC0415
    from jade_common.client import Client  # noqa: PLC0415
    from jade_common.settings import NatsSettings  # noqa: PLC0415

    return Client(load(NatsSettings, url=nats_url()), source=SOURCE)


def as_json(letter: "Letter") -> str:
    """The letter on one line."""
    import orjson  # noqa: PLC0415

    return orjson.dumps(letter.row()).decode() + "\n"


def as_line(letter: "Letter") -> str:
    """The letter on one line for people."""
    from jade_cli.onbus.letters import SHORT  # noqa: PLC0415
    from jade_cli.terminal import one_line  # noqa: PLC0415

    row = letter.row()
    where = row.get("consumer") or row["subject"]
    return (
        one_line(
            f"{row['id'][:SHORT]}  {row['time'][:19]}  {row['kind']:<14}  {where}  {row['reason'][:200]}"
        )
        + "\n"
    )


def done_json(done: "Done") -> str:
    """What became of a letter, on one line."""
    import orjson  # noqa: PLC0415

    return orjson.dumps(done._asdict()).decode() + "\n"


def done_line(done: "Done") -> str:
    """The same for people."""
    from jade_cli.onbus.letters import SHORT  # noqa: PLC0415
    from jade_cli.terminal import one_line  # noqa: PLC0415

    return one_line(f"{done.id[:SHORT]}  {done.outcome:<12}  {done.said}") + "\n"
