"""``jade policies crosswalk``: which policy is about another tool's rule, and the other way round."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from jade_ranker.domain.crosswalk import Crosswalk, Link

Output = StrEnum("Output", ["table", "json", "jsonl"])


def crosswalk(
    tool: Annotated[str | None, typer.Argument(metavar="TOOL", help="The other tool.")] = None,
    rule: Annotated[
        str | None, typer.Argument(metavar="RULE", help="One of its rules. [default: all]")
    ] = None,
    policy: Annotated[
        str | None, typer.Option("--policy", metavar="ID", help="Only rules that this policy is about.")
    ] = None,
    output: Annotated[Output, typer.Option("-o", "--output", help="Output format.")] = Output.table,
) -> None:
    """Say which of Jade's policies is about a rule of another tool, the surest first.

    Found by machine, each with a confidence (docs/crosswalk.md). Without a link, a policy may still be about it.
    """
    from jade_cli.commands.policies import as_json  # noqa: PLC0415
    from jade_cli.terminal import write  # noqa: PLC0415
    from jade_ranker.adapters.crosswalk import own_crosswalk  # noqa: PLC0415

    links = asked(own_crosswalk(), tool, rule, policy)
    rows = [plain(link) for link in links]
    if output is Output.json:
        write(as_json({"schema": "jade.policies.crosswalk/v1", "links": rows}))
    elif output is Output.jsonl:
        write("".join(f"{as_json(row, indent=False)}\n" for row in rows))
    else:
        write(table(links))


def asked(known: "Crosswalk", tool: str | None, rule: str | None, policy: str | None) -> tuple["Link", ...]:
    """The links that are asked for.

    Raises:
        WrongUsage: No link is known of that tool, rule or policy; the nearest known ones are named.
    """
    from jade_cli.failures import WrongUsage  # noqa: PLC0415

    links = known.links
    if tool is not None:
        links = known.of_tool(tool)
        if not links:
            raise WrongUsage(f"no rule of {tool!r} is known; {nearest(tool, known.tools(), 'known are')}")
    if rule is not None and tool is not None:
        rules = sorted({link.rule_id for link in links})
        links = known.of(tool, rule)
        if not links:
            where = f"`jade policies crosswalk {known.of_tool(tool)[0].tool}` lists what is known"
            raise WrongUsage(f"no link is known of rule {rule!r} of {tool}; {nearest(rule, rules, where)}")
    if policy is not None:
        about = known.of_policy(policy)
        if not about:
            policies = sorted({link.policy for link in known.links})
            where = "`jade policies list` names all policies"
            raise WrongUsage(f"no rule is linked with policy {policy!r}; {nearest(policy, policies, where)}")
        links = tuple(link for link in about if link in set(links))
    return links


def nearest(word: str, known: Collection[str], otherwise: str) -> str:
    """A hint at what was meant; where nothing is near, what else there is."""
    from difflib import get_close_matches  # noqa: PLC0415

    by_lower = {one.lower(): one for one in known}
    near = [by_lower[one] for one in get_close_matches(word.lower(), by_lower, 3, 0.5)]
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"{otherwise} {', '.join(known)}" if otherwise.endswith("are") else otherwise


def plain(link: "Link") -> dict[str, Any]:
    """A link as plain values, in the order of the file."""
    from dataclasses import asdict  # noqa: PLC0415

    return {**asdict(link), "how": list(link.how)}


def table(links: Sequence["Link"]) -> str:
    """One link a line: confidence, rule, policy, what found it."""
    from jade_cli.terminal import one_line  # noqa: PLC0415

    rows = [("CONFIDENCE", "TOOL", "RULE", "POLICY", "FOUND BY")]
    rows += [(f"{one.confidence:.2f}", one.tool, one.rule_id, one.policy, found_by(one)) for one in links]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "".join(
        f"{'  '.join(f'{one_line(cell):{width}}' for cell, width in zip(row[:4], widths, strict=True))}  {row[4]}\n"
        for row in rows
    )


def found_by(link: "Link") -> str:
    """What speaks for a link, in words."""
    said = []
    if link.flips:
        said.append(f"flips in {link.flips} of {link.pairs} pairs")
    if "co-violation" in link.how and link.agreement is not None:
        said.append(f"{link.agreement:.0%} same verdicts")
    if link.same_field:
        said.append(f"{link.same_field:.0%} same fields")
    if link.words:
        said.append(f"{link.words:.0%} same words")
    return ", ".join(said)
