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
from jade_common.tools.locate import Tool, ToolNotFoundError, cache_root, cached_executable, find, tools_bin
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


def install(spec: ToolSpec, routes: Sequence[Route], say: Say) -> Tool:
    """Makes a tool findable: as it is where it serves, else from the cache, else by its ways in turn.

    Safe beside other installations of the same tool: the first one brings it, the others wait for it.

    Raises:
        ToolInstallError: no way led to it, or Jade does not install this one.
        ToolNotFoundError: its variable names something that does not serve.
    """
    present = _present(spec)
    if present is not None:
        say("present", f"{present.version} at {present.path} ({present.origin})")
        return present
    ways = [route for route in routes if route.serves(spec)]
    if not ways:
        raise ToolInstallError(f"Jade does not install {spec.name}: {spec.remedy}")
    executable = cached_executable(spec)
    with _locked(spec, say):
        if _in_cache(spec, executable):
            say("cache", f"{executable}")
        else:
            _bring(spec, ways, say)
    _link(spec, executable)
    return find(spec.name)


def _present(spec: ToolSpec) -> Tool | None:
    """The tool as it is found now, unless a newer pin or a missing link asks for work."""
    try:
        tool = find(spec.name)
    except ToolNotFoundError:
        if os.environ.get(spec.env):
            raise
        return None
    if tool.origin in {spec.env, "PATH"}:
        return tool
    ours = ".tools/bin" if tools_bin() is not None else "cache"
    return tool if tool.origin == ours and tool.version == spec.version else None


def _in_cache(spec: ToolSpec, executable: Path) -> bool:
    try:
        return known_version(spec, executable, cache_root()) == spec.version
    except VersionUnknownError:
        return False


def _bring(spec: ToolSpec, ways: Sequence[Route], say: Say) -> None:
    """Tries the ways in turn; the cache entry appears whole and asked for its version, or not at all."""
    entry = cache_root() / f"{spec.name}-{spec.version}"
    failures = []
    for way in ways:
        scratch = Path(tempfile.mkdtemp(prefix=f".{spec.name}-", dir=cache_root()))
        started = time.monotonic()
        try:
            way.bring(spec, scratch, say)
            _verify(spec, scratch / cached_executable(spec).relative_to(entry))
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


def _link(spec: ToolSpec, executable: Path) -> None:
    folder = tools_bin()
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{spec.name}-{os.getpid()}"
    fresh.symlink_to(executable)
    fresh.replace(folder / spec.name)


@contextlib.contextmanager
def _locked(spec: ToolSpec, say: Say) -> Iterator[None]:
    """Holds the lock of this tool's cache entry; the kernel gives it back when the process dies."""
    root = cache_root()
    root.mkdir(parents=True, exist_ok=True)
    with (root / f"{spec.name}-{spec.version}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("lock", "another process installs it; waiting")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
