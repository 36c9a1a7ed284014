"""Finds the program to run: the variable, PATH, .tools/bin, this environment, the per-user cache."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jade_common.errors import JadeError
from jade_common.tools.places import Places
from jade_common.tools.specs import ToolSpec, load_specs
from jade_common.tools.versions import VersionUnknownError, known_version

NOT_THERE = "is not there"
NOT_INSTALLED = "not installed"


class ToolNotFoundError(JadeError):
    """A tool is not on this machine, or not in a version that serves; the message says where Jade looked.

    Attributes:
        why: the same in a few words.
    """

    def __init__(self, message: str, why: str) -> None:
        super().__init__(message)
        self.why = why


@dataclass(frozen=True)
class Tool:
    """A program that can be run."""

    name: str
    path: Path
    version: str
    origin: str  # the variable's name, "PATH", ".tools/bin", "environment" or "cache"


def find(name: str) -> Tool:
    """Finds a tool in a version that serves.

    Args:
        name: a tool of infra/tools.toml, such as "opa".

    Raises:
        ToolNotFoundError: it is nowhere, or its variable names something that does not serve.
        KeyError: infra/tools.toml knows no such tool.
    """
    return find_in(Places.here(), load_specs()[name])


def find_in(places: Places, spec: ToolSpec) -> Tool:
    """Finds a tool among these places; errors as for find()."""
    looked: list[tuple[str, Path, str]] = []
    for origin, path in _candidates(places, spec):
        tool = _judge(places, spec, origin, path)
        if isinstance(tool, Tool):
            return tool
        if origin == spec.env:  # somebody asked for this one: another in its place would surprise
            why = f"{spec.env}={path} {tool}"
            raise ToolNotFoundError(f"{why}; Jade needs {spec.name} {spec.wanted}: correct or unset it", why)
        looked.append((origin, path, tool))
    unfit = [f"{path} {reason}" for _, path, reason in looked if reason != NOT_THERE]
    raise ToolNotFoundError(
        f"{spec.name} {spec.wanted} not found ({spec.what}). "
        f"Looked at {'; '.join(f'{origin}: {path} {reason}' for origin, path, reason in looked)}. "
        f"To do: {spec.remedy}, or set {spec.env}",
        unfit[0] if unfit else NOT_INSTALLED,
    )


def _candidates(places: Places, spec: ToolSpec) -> Iterator[tuple[str, Path]]:
    override = places.variables.get(spec.env)
    if override:
        yield spec.env, Path(override).expanduser()
    on_path = shutil.which(spec.name, path=places.variables.get("PATH", ""))
    yield "PATH", Path(on_path or spec.name)
    if places.local_bin is not None:
        yield ".tools/bin", places.local_bin / spec.name
    yield "environment", places.scripts / spec.name
    if spec.group is not None:
        yield "cache", places.cached(spec)


def _judge(places: Places, spec: ToolSpec, origin: str, path: Path) -> Tool | str:
    """The tool, or in words why it does not serve."""
    if not path.is_file():
        return NOT_THERE
    if not os.access(path, os.X_OK):
        return "is not executable"
    try:
        version = known_version(spec, path, places.cache)
    except VersionUnknownError as error:
        return str(error)
    if not spec.accepts(version):
        return f"is {version}"
    return Tool(spec.name, path.absolute(), version, origin)
