"""Finds the program to run: the variable, PATH, .tools/bin, this environment, the per-user cache."""

import os
import shutil
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jade_common.errors import JadeError
from jade_common.tools.specs import INFRA, ToolSpec, load_specs
from jade_common.tools.versions import VersionUnknownError, known_version


class ToolNotFoundError(JadeError):
    """A tool is not on this machine, or not in a version that serves; the message says where Jade looked."""


@dataclass(frozen=True)
class Tool:
    """A program that can be run."""

    name: str
    path: Path
    version: str
    origin: str  # the variable's name, "PATH", ".tools/bin", "cache" or "environment"


def cache_root() -> Path:
    """The per-user folder of installed tools, shared by all clones."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base).resolve() / "jade" / "tools"


def cached_executable(spec: ToolSpec) -> Path:
    """Where the pinned version of a tool lies in the cache once it is installed."""
    entry = cache_root() / f"{spec.name}-{spec.version}"
    return entry / "bin" / spec.name if spec.requirements else entry / spec.name


def tools_bin() -> Path | None:
    """The clone's .tools/bin; None when Jade runs from installed wheels.

    Never found from the working directory: `jade scan` in a hostile repository must not run its programs.
    """
    root = INFRA.resolve().parent
    return root / ".tools" / "bin" if (root / "uv.lock").is_file() else None


def find(name: str) -> Tool:
    """Finds a tool in a version that serves.

    Args:
        name: a tool of infra/tools.toml, such as "opa".

    Raises:
        ToolNotFoundError: it is nowhere, or its variable names something that does not serve.
        KeyError: infra/tools.toml knows no such tool.
    """
    spec = load_specs()[name]
    looked = []
    for origin, path in _candidates(spec):
        tool = _judge(spec, origin, path)
        if isinstance(tool, Tool):
            return tool
        if origin == spec.env:  # somebody asked for this one: another in its place would surprise
            raise ToolNotFoundError(
                f"{spec.env}={path} {tool}; Jade needs {name} {spec.wanted}: correct or unset it"
            )
        looked.append(f"{origin}: {path} {tool}")
    raise ToolNotFoundError(
        f"{name} {spec.wanted} not found ({spec.what}). Looked at {'; '.join(looked)}. "
        f"To do: {spec.remedy}, or set {spec.env}"
    )


def _candidates(spec: ToolSpec) -> Iterator[tuple[str, Path]]:
    override = os.environ.get(spec.env)
    if override:
        yield spec.env, Path(override).expanduser()
    on_path = shutil.which(spec.name)
    yield "PATH", Path(on_path or spec.name)
    local = tools_bin()
    if local is not None:
        yield ".tools/bin", local / spec.name
        if spec.name == "uv":
            yield ".tools/uv", local.parent / "uv" / "bin" / "uv"  # what make setup starts from
    yield "environment", Path(sysconfig.get_path("scripts"), spec.name)
    if spec.group is not None:
        yield "cache", cached_executable(spec)


def _judge(spec: ToolSpec, origin: str, path: Path) -> Tool | str:
    """The tool, or in words why it does not serve."""
    if not path.is_file():
        return "is not there"
    if not os.access(path, os.X_OK):
        return "is not executable"
    try:
        version = known_version(spec, path, cache_root())
    except VersionUnknownError as error:
        return str(error)
    if not spec.accepts(version):
        return f"is {version}"
    return Tool(spec.name, path.absolute(), version, origin)
