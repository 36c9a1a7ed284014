"""Asks a program for its version: by running it, else by the build information inside a Go binary."""

import functools
import mmap
import os
import re
import subprocess
from pathlib import Path

from jade_common.tools.specs import ToolSpec

ASK_SECONDS = 60.0  # Checkov's cold start took 26 s on two overloaded cores; opa's takes 0.03 s
GO_MODULE = re.compile(rb"\nmod\t([^\t\n]+)\tv(\d[^\t\n]*)\t")


class VersionUnknownError(ValueError):
    """The program does not start, or says nothing that reads as a version."""


def ask_version(spec: ToolSpec, path: Path) -> str:
    """The version of the program at path; asked once per process while the file stays the same.

    Raises:
        VersionUnknownError: it does not start, or says no version.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise VersionUnknownError(f"cannot be read: {error.strerror}") from error
    return _ask_once(spec, path, status.st_mtime_ns, status.st_size)


@functools.lru_cache(maxsize=64)
def _ask_once(spec: ToolSpec, path: Path, _modified_ns: int, _size: int) -> str:
    said = ""
    if spec.ask and spec.reads:
        said = _run(path, spec.ask)
        match = re.search(spec.reads, said, re.MULTILINE)
        if match:
            return match.group(1)
    built = _module_version(path, spec.module) if spec.module else None
    if built is None:
        first = said.strip().splitlines()[0][:200] if said.strip() else "nothing"
        raise VersionUnknownError(f"does not tell its version; it says: {first}")
    return built


def _run(path: Path, arguments: tuple[str, ...]) -> str:
    try:
        done = subprocess.run(
            [str(path), *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=ASK_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except OSError as error:
        raise VersionUnknownError(f"does not start: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise VersionUnknownError(f"did not tell its version within {ASK_SECONDS:.0f} s") from error
    return done.stdout + done.stderr


def _module_version(path: Path, module: str) -> str | None:
    """The main module's version that the Go linker wrote into the file; None when there is none.

    `go install MODULE@VERSION` writes the line "mod<TAB>path<TAB>version<TAB>sum"; the main package's path
    begins with the module's. See `go version -m`.
    """
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            return None  # an empty file cannot be mapped
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            for found in GO_MODULE.finditer(content):
                if module.startswith(found.group(1).decode("utf-8", "replace")):
                    return found.group(2).decode("ascii", "replace")
    return None


def known_version(spec: ToolSpec, path: Path, cache: Path) -> str:
    """The version of a program, without starting it where Jade itself installed it.

    A cache entry `<name>-<version>` appears only after the installer has asked the program in it. That saves
    a process start (opa 30 ms, Checkov 2 s) on each use.

    Raises:
        VersionUnknownError: it does not start, or says no version.
    """
    resolved = path.resolve()
    if resolved.is_relative_to(cache):
        entry = resolved.relative_to(cache).parts[0]
        if entry == f"{spec.name}-{spec.version}" and os.access(resolved, os.X_OK):
            return spec.version
    return ask_version(spec, path)
