"""The manifests that a report is about, found again by the place and the name that the scanner gives."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from jade_common.events import ReportFile
from jade_policy.manifests import Manifest, Skipped, Unread, read_manifests
from jade_policy.resources import identity

DEFAULT_NAMESPACE = "default"
"""Scanners write it where the manifest names no namespace."""


@dataclass(frozen=True)
class Documents:
    """The documents of a report's files."""

    files: tuple[ReportFile, ...]
    unread: list[Unread] = field(default_factory=list)

    def __iter__(self) -> Iterator[Manifest]:
        """Go over all documents, in the order of the files."""
        return iter([one for file in self._read for one in self._read[file]])

    def find(self, path: str, line: int | None, kind: str, namespace: str, name: str) -> Manifest | None:
        """The document that a scanner means.

        Args:
            path: The file as the scanner names it; it may be absolute, or start at another folder.
            line: A 1-based line inside the document, where the scanner gives one.
            kind: Kind of the object.
            namespace: Its namespace; ``default`` also stands for none.
            name: Its name.

        Returns:
            The document, or ``None`` where no document, or more than one, fits.
        """
        fitting = [
            manifest
            for file in self._files_named(path)
            for manifest in self._read[file]
            if self._is(manifest, kind, namespace, name)
        ]
        if len(fitting) > 1 and line is not None:
            # Two documents of one name in a file: the one that begins last, at or before the line.
            before = [manifest for manifest in fitting if manifest.line <= line]
            fitting = [max(before, key=lambda manifest: manifest.line)] if before else []
        return fitting[0] if len(fitting) == 1 else None

    def containing(self, path: str, line: int, namespace: str, name: str) -> Manifest | None:
        """The document that holds a line, if its name is ``name`` or the part of it before a dot.

        Args:
            path: The file as the scanner names it.
            line: 1-based.
            namespace: Of the object; ``default`` also stands for none.
            name: What the scanner calls it.
        """
        before = [one for file in self._files_named(path) for one in self._read[file] if one.line <= line]
        if not before:
            return None
        found = max(before, key=lambda manifest: manifest.line)
        own = identity(found.obj)
        named = own.name and f"{name}.".startswith(f"{own.name}.")
        return found if named and namespace in {own.namespace, own.namespace or DEFAULT_NAMESPACE} else None

    @cached_property
    def _read(self) -> dict[str, list[Manifest]]:
        return {file.path: list(self._documents(file)) for file in self.files}

    def _documents(self, file: ReportFile) -> Iterator[Manifest]:
        for document in read_manifests(file.content.encode(), file.path):
            if isinstance(document, Manifest):
                yield document
            elif isinstance(document, Unread):
                self.unread.append(document)
            elif not isinstance(document, Skipped):
                raise TypeError(f"unexpected {type(document).__name__}")

    def _files_named(self, path: str) -> Iterable[str]:
        """The files whose path ends as ``path`` does, the longest common end first; an exact one alone."""
        if path in self._read:
            return [path]
        wanted = PurePosixPath(path).parts
        found = [
            (shared, name) for name in self._read if (shared := common_end(wanted, PurePosixPath(name).parts))
        ]
        best = max((shared for shared, _ in found), default=0)
        return [name for shared, name in found if shared == best]

    @staticmethod
    def _is(manifest: Manifest, kind: str, namespace: str, name: str) -> bool:
        found = identity(manifest.obj)
        namespaces = {found.namespace or DEFAULT_NAMESPACE, found.namespace}
        return found.kind == kind and found.name == name and namespace in namespaces


def common_end(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    """How many path segments two paths share at their end.

    >>> common_end(("/", "repo", "shop", "cart.yaml"), ("shop", "cart.yaml"))
    2
    """
    shared = 0
    for one, other in zip(reversed(left), reversed(right), strict=False):
        if one != other:
            break
        shared += 1
    return shared
