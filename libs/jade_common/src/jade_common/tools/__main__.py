"""The command `python -m jade_common.tools`: list, which and install."""

import argparse
import sys
from collections.abc import Sequence

from jade_common.errors import JadeError
from jade_common.tools.install import install, open_routes
from jade_common.tools.locate import ToolNotFoundError, find
from jade_common.tools.places import Places
from jade_common.tools.specs import ToolSpec, load_specs

GROUPS = ("setup", "setup-dev")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one subcommand and returns its exit status: 0 done, 3 a tool is missing."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "which":
            print(find(options.name).path)  # noqa: T201
            return 0
        if options.command == "list":
            return _list()
        return _install(options.names, options.group)
    except JadeError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 3


def _parser() -> argparse.ArgumentParser:
    names = list(load_specs())
    parser = argparse.ArgumentParser(
        prog="python -m jade_common.tools", description="The programs that Jade runs."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="every tool: version, where from, path")
    which = commands.add_parser("which", help="print the path of one tool")
    which.add_argument("name", choices=names)
    adding = commands.add_parser("install", help="install tools into the per-user cache")
    adding.add_argument("names", nargs="*", metavar="NAME", help="one of the tools that Jade installs")
    adding.add_argument(
        "--group", action="append", default=[], choices=GROUPS, help="all tools of a make target"
    )
    return parser


def _list() -> int:
    for spec in load_specs().values():
        try:
            tool = find(spec.name)
        except ToolNotFoundError:
            print(f"{spec.name:13} {'missing':12} wanted {spec.wanted}")  # noqa: T201
        else:
            print(f"{tool.name:13} {tool.version:12} {tool.origin:12} {tool.path}")  # noqa: T201
    return 0


def _install(names: Sequence[str], groups: Sequence[str]) -> int:
    specs = _chosen(names, groups)
    failed = []
    places = Places.here()
    with open_routes() as routes:
        for spec in specs:

            def say(step: str, text: str, name: str = spec.name) -> None:
                print(f"{name}: {step}: {text}", file=sys.stderr, flush=True)  # noqa: T201

            try:
                install(spec, places, routes, say)
            except JadeError as error:  # the others are still wanted
                say("failed", str(error))
                failed.append(spec.name)
    return 3 if failed else 0


def _chosen(names: Sequence[str], groups: Sequence[str]) -> list[ToolSpec]:
    specs = load_specs()
    unknown = [name for name in names if name not in specs]
    if unknown:
        raise JadeError(f"no tool is called {unknown[0]}; there are {', '.join(specs)}")
    chosen = [spec for spec in specs.values() if spec.name in names or spec.group in groups]
    if not chosen:
        raise JadeError("nothing to install: name a tool or give --group setup")
    return chosen


if __name__ == "__main__":
    sys.exit(main())
