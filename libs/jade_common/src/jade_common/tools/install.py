"""Installs a tool once per user and links it into the clone, saying each step and why it went on."""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from jade_common.errors import JadeError
from jade_common.tools.golang import GoFromPyPIRoute, GoOnPathRoute
from jade_common.tools.locate import Tool, ToolNotFoundError, find_in
from jade_common.tools.places import Places
from jade_common.tools.python import PythonEnvironmentRoute
from jade_common.tools.release import ReleaseRoute
from jade_common.tools.routes import Route, RouteError, Say
from jade_common.tools.specs import ToolSpec
from jade_common.tools.versions import VersionUnknownError, ask_version, known_version


class ToolInstallError(JadeError):
    """No way led to the tool; the message names each and why it failed."""


@contextlib.contextmanager
def open_routes() -> Iterator[tuple[Route, ...]]:
    """All ways in their order; what they share (a Go toolchain) is removed at the end."""
    toolchain = GoFromPyPIRoute()
    try:
        yield (PythonEnvironmentRoute(), ReleaseRoute(), GoOnPathRoute(), toolchain)
    finally:
        toolchain.close()


def install(spec: ToolSpec, places: Places, routes: Sequence[Route], say: Say) -> Tool:
    """Makes a tool findable: as it is where it serves, else from the cache, else by its ways in turn.

    Safe beside other installations of the same tool: the first one brings it, the others wait for it.

    Raises:
        ToolInstallError: no way led to it, or Jade does not install this one.
        ToolNotFoundError: its variable names something that does not serve.
    """
    present = _present(spec, places)
    if present is not None:
        say("present", f"{present.version} at {present.path} ({present.origin})")
        return present
    ways = [route for route in routes if route.serves(spec)]
    if not ways:
        raise ToolInstallError(f"Jade does not install {spec.name}: {spec.remedy}")
    executable = places.cached(spec)
    with _locked(spec, places, say):
        if _in_cache(spec, places):
            say("cache", f"{executable}")
        else:
            _bring(spec, places, ways, say)
    if places.local_bin is not None:
        _link(places.local_bin / spec.name, executable)
    return find_in(places, spec)


def _present(spec: ToolSpec, places: Places) -> Tool | None:
    """The tool as it is found now, unless a newer pin or a missing link asks for work."""
    try:
        tool = find_in(places, spec)
    except ToolNotFoundError:
        if places.variables.get(spec.env):
            raise
        return None
    if tool.origin in {spec.env, "PATH"}:
        return tool
    ours = ".tools/bin" if places.local_bin is not None else "cache"
    return tool if tool.origin == ours and tool.version == spec.version else None


def _in_cache(spec: ToolSpec, places: Places) -> bool:
    try:
        return known_version(spec, places.cached(spec), places.cache) == spec.version
    except VersionUnknownError:
        return False


def _bring(spec: ToolSpec, places: Places, ways: Sequence[Route], say: Say) -> None:
    """Tries the ways in turn; the cache entry appears whole and asked for its version, or not at all."""
    entry = places.entry(spec)
    failures = []
    for way in ways:
        scratch = Path(tempfile.mkdtemp(prefix=f".{spec.name}-", dir=places.cache))
        started = time.monotonic()
        try:
            way.bring(spec, scratch, say)
            _verify(spec, scratch / places.cached(spec).relative_to(entry))
            shutil.rmtree(entry, ignore_errors=True)  # a broken one: a good one would have been taken
            scratch.chmod(0o755)
            scratch.rename(entry)
        except RouteError as error:
            say(way.step, f"no: {error}")
            failures.append(f"{way.step}: {error}")
        else:
            say(way.step, f"done in {time.monotonic() - started:.0f} s: {entry}")
            return
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    raise ToolInstallError(
        f"{spec.name} {spec.version} could not be installed. {'; '.join(failures)}. "
        f"To do: install {spec.name} {spec.wanted} by hand and put it on PATH or name it in {spec.env}"
    )


def _verify(spec: ToolSpec, executable: Path) -> None:
    try:
        version = ask_version(spec, executable)
    except VersionUnknownError as error:
        raise RouteError(f"what came {error}") from error
    if version != spec.version:
        raise RouteError(f"what came is {version}, not {spec.version}")


def _link(link: Path, executable: Path) -> None:
    """Points .tools/bin/NAME at the cache, in one step."""
    link.parent.mkdir(parents=True, exist_ok=True)
    fresh = link.with_name(f".{link.name}-{os.getpid()}")
    fresh.symlink_to(executable)
    fresh.replace(link)


@contextlib.contextmanager
def _locked(spec: ToolSpec, places: Places, say: Say) -> Iterator[None]:
    """Holds the lock of this tool's cache entry; the kernel gives it back when the process dies."""
    places.cache.mkdir(parents=True, exist_ok=True)
    with (places.cache / f"{spec.name}-{spec.version}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("lock", "another process installs it; waiting")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
