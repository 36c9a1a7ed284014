"""The files that a command line names: given ones as they are, folders walked in a fixed order."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from jade_policy.manifests import Unread

STDIN = "-"
SUFFIXES = (".yaml", ".yml", ".json")
SKIPPED_FOLDERS = frozenset({"node_modules", ".venv", "venv", "__pycache__"})
"""Folders of other people's files; hidden ones (.git and the like) are left out as well."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read.

    Attributes:
        path: how it is called in every output.
        file: where it is; None for stdin.
        given: what the user named: this file itself, or the folder that it was found in.
        named: whether it was named itself, so that it must hold something for Kubernetes.
    """

    path: str
    file: Path | None
    given: str
    named: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that cannot be opened; `unread` says why."""

    given: str
    unread: Unread


@dataclass(frozen=True, slots=True)
class Again:
    """A file that was found under another of the given paths already."""

    given: str


@dataclass
class Walk:
    """Goes over the files of a command line, each once."""

    exclude: Sequence[str] = ()
    stdin_name: str = "stdin"
    _seen: set[str] = field(default_factory=set)

    def files(self, paths: Sequence[str]) -> Iterator[Found | Missing | Again]:
        """The files of ``paths``, in the order given, those of a folder sorted by name."""
        for given in paths:
            if given == STDIN:
                yield Found(self.stdin_name, None, given, named=True) if self._new(STDIN) else Again(given)
                continue
            try:
                mode = Path(given).stat().st_mode
            except (OSError, ValueError) as error:
                yield missing(given, given, error)
                continue
            if stat.S_ISDIR(mode):
                yield from self._folder(given)
            else:
                new = self._new(os.path.realpath(given))
                yield Found(shown(given), Path(given), given, named=True) if new else Again(given)

    def _folder(self, given: str) -> Iterator[Found | Missing | Again]:
        problems: list[OSError] = []
        for folder, folders, names in os.walk(given, onerror=problems.append):
            folders[:] = sorted(
                name
                for name in folders
                if not hidden(name) and not self._excluded(given, str(Path(folder, name)))
            )
            for name in sorted(names):
                file = str(Path(folder, name))
                if name.endswith(SUFFIXES) and not hidden(name) and not self._excluded(given, file):
                    yield from self._file(given, file)
        for problem in problems:
            yield missing(given, str(problem.filename or given), problem)

    def _file(self, given: str, file: str) -> Iterator[Found | Missing | Again]:
        try:
            mode = Path(file).stat().st_mode
        except OSError as error:
            yield missing(given, file, error)
            return
        if not stat.S_ISREG(mode):
            reason = "neither a file nor a folder; name it on the command line to read it"
            yield Missing(given, Unread(shown(file), 1, reason))
        else:
            new = self._new(os.path.realpath(file))
            yield Found(shown(file), Path(file), given, named=False) if new else Again(given)

    def _excluded(self, given: str, file: str) -> bool:
        """Whether a pattern names the file, its path below the given folder, or a folder on the way."""
        relative = PurePosixPath(os.path.relpath(file, given))
        return any(
            fnmatchcase(str(candidate), pattern.rstrip("/"))
            for pattern in self.exclude
            for candidate in (relative, relative.name, shown(file))
        )

    def _new(self, real: str) -> bool:
        if real in self._seen:
            return False
        self._seen.add(real)
        return True


def hidden(name: str) -> bool:
    """Whether a walk leaves out a file or folder of that name."""
    return name.startswith(".") or name in SKIPPED_FOLDERS


def shown(path: str) -> str:
    """A path as outputs write it: normalised, with `/`, and always text.

    >>> shown("./shop//cart.yaml")
    'shop/cart.yaml'
    """
    return os.fsencode(Path(os.path.normpath(path)).as_posix()).decode("utf-8", "replace")


def missing(given: str, path: str, error: Exception) -> Missing:
    """Why a path cannot be opened."""
    if isinstance(error, FileNotFoundError):
        reason = "is a link to nothing" if Path(path).is_symlink() else "does not exist; check the path"
    elif isinstance(error, OSError):
        reason = f"cannot be read: {error.strerror}"
    else:
        reason = f"is no path: {error}"
    return Missing(given, Unread(shown(path) if path else '""', 0, reason))
