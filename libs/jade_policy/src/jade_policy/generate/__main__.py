"""`python -m jade_policy.generate write|check`."""

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from jade_policy.generate.errors import SourceError
from jade_policy.generate.outputs import outputs, stale, write

_OWN_LIBRARY = Path(__file__).resolve().parents[1] / "policies_data"


def find_opa(named: str | None) -> str:
    """Find OPA: as named, `JADE_OPA_BIN`, on PATH, in `.tools/bin` of this folder or one above it.

    Raises:
        SourceError: there is none.
    """
    wanted = named or os.environ.get("JADE_OPA_BIN")
    if wanted:
        return wanted
    here = Path.cwd()
    tools = os.pathsep.join(str(folder / ".tools" / "bin") for folder in (here, *here.parents))
    found = shutil.which("opa") or shutil.which("opa", path=tools)
    if found is None:
        raise SourceError("there is no opa; run `make setup`, or name one with --opa or JADE_OPA_BIN")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check; gives the exit code: 0 as it should be, 1 stale, 2 a policy's source is wrong."""
    parser = argparse.ArgumentParser(prog="python -m jade_policy.generate", description=__doc__)
    parser.add_argument("action", choices=("write", "check"))
    parser.add_argument("--library", type=Path, default=_OWN_LIBRARY, help="folder that holds gatekeeper/")
    parser.add_argument("--opa", help="path of the opa binary")
    parser.add_argument(
        "--only",
        type=lambda text: [id_.strip() for id_ in text.split(",") if id_.strip()],
        default=[],
        metavar="ID,ID",
        help="read and write the folders of these policies alone; index, table and conftest pack stay as they are",
    )
    options = parser.parse_args(arguments)
    policies = options.library.resolve()
    try:
        files = outputs(policies, find_opa(options.opa), options.only)
    except (SourceError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command line
        return 2
    found = write(policies, files) if options.action == "write" else stale(policies, files)
    for path, problem in found.items():
        print(f"{problem}: {path.relative_to(policies)}")  # noqa: T201 - a command line
    if options.action == "check" and found:
        print("run `python -m jade_policy.generate write`", file=sys.stderr)  # noqa: T201 - a command line
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
