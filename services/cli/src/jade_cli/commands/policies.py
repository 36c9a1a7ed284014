"""``jade policies list|show|check``; ``crosswalk`` is a file of its own."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jade_cli.commands.crosswalk import crosswalk
from jade_cli.flags import group

if TYPE_CHECKING:
    from jade_policy.library import Library

Output = StrEnum("Output", ["table", "json"])
LibraryFlag = Annotated[
    Path | None, typer.Option("--library", metavar="DIR", help="The policies. [default: Jade's own]")
]
OutputFlag = Annotated[Output, typer.Option("-o", "--output", help="Output format.")]


def register(app: typer.Typer) -> None:
    """Put the commands on ``app``."""
    commands = group(app, "policies", "Look at a policy library.")
    commands.command("list")(list_)
    commands.command("show")(show)
    commands.command("check")(check)
    commands.command("crosswalk")(crosswalk)


def list_(library: LibraryFlag = None, output: OutputFlag = Output.table) -> None:
    """List the policies of a library; what was skipped is said on stderr."""
    from jade_cli.scan.offline import load  # noqa: PLC0415
    from jade_cli.terminal import write  # noqa: PLC0415

    loaded = load(library)
    rows = rows_of(loaded)
    if output is Output.json:
        write(as_json({"schema": "jade.policies/v1", "policies": rows, "problems": problems(loaded)}))
    else:
        write(table(rows))
    raise typer.Exit(tell(loaded))


def show(
    policy_id: Annotated[str, typer.Argument(metavar="ID", help="The policy.")],
    library: LibraryFlag = None,
    output: OutputFlag = Output.table,
) -> None:
    """Show all that is known of one policy."""
    from difflib import get_close_matches  # noqa: PLC0415

    from jade_cli.failures import WrongUsage  # noqa: PLC0415
    from jade_cli.scan.offline import load  # noqa: PLC0415
    from jade_cli.terminal import write  # noqa: PLC0415

    loaded = load(library)
    try:
        row = described(loaded, policy_id)
    except KeyError:
        near = get_close_matches(policy_id, [policy.id for policy in loaded.policies], 3)
        hint = f"did you mean {' or '.join(near)}?" if near else "`jade policies list` names them"
        raise WrongUsage(f"there is no policy {policy_id!r}; {hint}") from None
    write(as_json(row) if output is Output.json else "".join(page(row)))


def check(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder of templates and constraints, or of .rego files.")
    ],
    output: OutputFlag = Output.table,
) -> None:
    """Compile a policy library; say, with file and line, which policies cannot be used and why.

    Exit codes: 0 all can be used, 3 some cannot.
    """
    from jade_cli.terminal import say, write  # noqa: PLC0415
    from jade_common.tools import find  # noqa: PLC0415
    from jade_policy.opa import check_library  # noqa: PLC0415

    checked = check_library(folder, find("opa").path)
    if output is Output.json:
        document = {"schema": "jade.policies.check/v1", "policies": [one.id for one in checked.policies]}
        write(as_json({**document, "problems": problems(checked)}))
    else:
        write("".join(f"{problem}\n" for problem in checked.problems))
    say(f"jade: {len(checked.policies)} policies can be used, {len(checked.problems)} problems")
    raise typer.Exit(code(checked))


def rows_of(library: "Library") -> list[dict[str, Any]]:
    """The library as plain values, one object a policy."""
    return [
        {
            "id": policy.id,
            "kind": policy.kind,
            "title": policy.title,
            "severity": policy.severity,
            "path": policy.module.path,
            "constraints": [one.name for one in library.constraints_of(policy.id) if one.name is not None],
        }
        for policy in library.policies
    ]


def problems(library: "Library") -> list[dict[str, Any]]:
    """What had to be left out, as plain values."""
    return [
        {
            key: value
            for key, value in (
                ("path", one.path),
                ("line", one.line),
                ("policy_id", one.policy_id),
                ("reason", one.reason),
            )
            if value is not None
        }
        for one in library.problems
    ]


def tell(library: "Library") -> int:
    """Say what was skipped; gives the exit code."""
    from jade_cli.terminal import say  # noqa: PLC0415

    for problem in library.problems:
        say(f"jade: skipped: {problem}")
    return code(library)


def code(library: "Library") -> int:
    """The exit code: a policy that cannot be used is something that could not be read."""
    from jade_cli.exits import CLEAN, INCOMPLETE  # noqa: PLC0415

    return INCOMPLETE if library.problems or not library.policies else CLEAN


def described(library: "Library", policy_id: str) -> dict[str, Any]:
    """One policy as plain values.

    Raises:
        KeyError: There is none of that id.
    """
    policy = library.policy(policy_id)
    constraints = [
        {
            "name": one.name,
            "parameters": dict(one.parameters),
            "enforcement": one.enforcement_action,
            "path": one.path,
        }
        for one in library.constraints_of(policy_id)
        if one.name is not None
    ]
    row: dict[str, Any] = {"id": policy.id, "title": policy.title, "description": policy.description}
    row |= {"severity": policy.severity, "reliability": policy.reliability or None, "kind": policy.kind}
    row |= {"tags": list(policy.tags), "features": list(policy.features), "inventory": list(policy.inventory)}
    row["remediation"] = [step.note or f"{step.operation} {step.path}" for step in policy.remediation]
    return row | {"path": policy.module.path, "constraints": constraints}


def page(row: dict[str, Any]) -> list[str]:
    """One policy for people, field by field."""
    from jade_cli.terminal import one_line  # noqa: PLC0415

    lines = []
    for key, value in row.items():
        if key == "constraints":
            lines += [
                f"{'constraint':12} {one['name']} {as_json(one['parameters'], indent=False)}\n"
                for one in value
            ]
        elif value:
            lines.append(
                f"{key:12} {one_line(', '.join(value) if isinstance(value, list) else str(value))}\n"
            )
    return lines


def table(rows: list[dict[str, Any]]) -> str:
    """One policy a line."""
    from jade_cli.terminal import one_line  # noqa: PLC0415

    width = max((len(row["id"]) for row in rows), default=0)
    return "".join(
        f"{one_line(row['id']):{width}}  {row['severity']:8}  {one_line(row['title'])}\n" for row in rows
    )


def as_json(value: Any, *, indent: bool = True) -> str:
    """JSON text."""
    import orjson  # noqa: PLC0415

    option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE if indent else 0
    return orjson.dumps(value, option=option | orjson.OPT_NON_STR_KEYS).decode()
