"""The syntax tree of Rego, from OPA's own parser."""

import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson

from jade_policy.errors import EngineError, RegoError
from jade_policy.policies import Policy, RegoModule
from jade_policy.rego import SyntaxTree

PARSE_LIMIT_SECONDS = 10.0  # a module of 512 KiB takes 0.3 s
PARSER_THREADS = 4  # a process takes 14 ms, half of it waiting


def syntax_tree(module: RegoModule, opa: Path) -> SyntaxTree:
    """Parse a module: ``{"package", "imports", "rules"}``, each node with its ``location``.

    Raises:
        RegoError: the text is no Rego.
        EngineError: OPA cannot be run.
    """
    command = [str(opa), "parse", "--format", "json", "--json-include", "locations", "/dev/stdin"]
    if module.version == 0:
        command.insert(2, "--v0-compatible")
    try:
        done = subprocess.run(
            command,
            input=module.text.encode(),
            env={},
            capture_output=True,
            timeout=PARSE_LIMIT_SECONDS,
            check=False,
        )
    except OSError as error:
        raise EngineError(f"{opa} cannot be run ({error.strerror}); `make setup` installs it") from error
    except subprocess.TimeoutExpired as error:
        raise EngineError(f"{module.path}: opa parse took longer than {PARSE_LIMIT_SECONDS:.0f} s") from error
    if done.returncode != 0:
        raise _error(module, done.stderr)
    tree: SyntaxTree = orjson.loads(done.stdout)
    return tree


def syntax_trees(policies: Iterable[Policy], opa: Path) -> dict[RegoModule, SyntaxTree]:
    """Parse all modules of policies; equal texts (a library that many vendor) are parsed once.

    Raises:
        RegoError: a text is no Rego; policies that were compiled have none such.
        EngineError: OPA cannot be run.
    """
    modules = [module for policy in policies for module in (policy.module, *policy.libs)]
    distinct = {(module.text, module.version): module for module in modules}
    with ThreadPoolExecutor(PARSER_THREADS) as threads:
        trees = dict(
            zip(
                distinct, threads.map(lambda module: syntax_tree(module, opa), distinct.values()), strict=True
            )
        )
    return {module: trees[module.text, module.version] for module in modules}


def _error(module: RegoModule, output: bytes) -> RegoError:
    try:
        first = orjson.loads(output)["errors"][0]
        row, message = int(first["location"]["row"]), f"{first['message']} ({first['code']})"
    except (ValueError, KeyError, IndexError, TypeError):
        row, message = 1, output.decode(errors="replace").strip()
    line = module.line + row - 1
    return RegoError(f"{module.path}:{line}: {message:.500}", line)
