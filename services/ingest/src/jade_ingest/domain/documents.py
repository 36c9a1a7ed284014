"""The manifests that a report is about, found again by the place and the name that the scanner gives."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from jade_common.events import ReportFile
from jade_policy.manifests import Manifest, Skipped, Unread, read_manifests
from jade_policy.resources import ResourceId, identity

DEFAULT_NAMESPACE = "default"
"""Scanners write it where the manifest names no namespace."""

_WORDS = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:-]*")


@dataclass(frozen=True)
class Documents:
    """The documents of a report's files."""

    files: tuple[ReportFile, ...]
    unread: list[Unread] = field(default_factory=list)
    said: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """How often the same was said of documents of one name, see :meth:`nth`."""

    def __iter__(self) -> Iterator[Manifest]:
        """Go over all documents, in the order of the files."""
        return (manifest for path in self._read for manifest in self._read[path])

    def named(
        self, kind: str, namespace: str, name: str, *, path: str = "", api_version: str = ""
    ) -> list[Manifest]:
        """The documents of that name, in order.

        Args:
            kind: Kind of the object.
            namespace: Its namespace; ``default`` and none also stand for each other.
            name: Its name.
            path: The file as the scanner names it; it may be absolute, or start at another folder. All files
                where it is empty.
            api_version: Only where it is given does it matter.
        """
        fitting = self._by_name.get((kind, name), [])
        if path:
            wanted = set(self._files_named(path))
            fitting = [one for one in fitting if one.path in wanted]
        if api_version:
            fitting = [one for one in fitting if identity(one.obj).api_version == api_version] or fitting
        exact = [one for one in fitting if identity(one.obj).namespace == namespace]
        if exact or namespace not in {"", DEFAULT_NAMESPACE}:
            return exact
        return [one for one in fitting if identity(one.obj).namespace in {"", DEFAULT_NAMESPACE}]

    def find(self, path: str, line: int | None, kind: str, namespace: str, name: str) -> Manifest | None:
        """The document that a scanner means.

        Args:
            path: The file as the scanner names it.
            line: A 1-based line inside the document, where the scanner gives one.
            kind: Kind of the object.
            namespace: Its namespace.
            name: Its name.

        Returns:
            The document, or ``None`` where no document, or more than one, fits.
        """
        fitting = self.named(kind, namespace, name, path=path) if path else []
        if len(fitting) > 1 and line is not None:
            # Two documents of one name in a file: the one that begins last, at or before the line.
            before = [manifest for manifest in fitting if manifest.line <= line]
            fitting = [max(before, key=lambda manifest: manifest.line)] if before else []
        return fitting[0] if len(fitting) == 1 else None

    def nth(self, same: Sequence[Manifest], said: tuple[str, ...]) -> Manifest | None:
        """Of documents that nothing tells apart, the next one each time that the same is said of them."""
        if len(same) < 2:  # noqa: PLR2004  # two are what makes it unclear
            return same[0] if same else None
        self.said[said] += 1
        return same[min(self.said[said], len(same)) - 1]

    def only(self, path: str) -> Manifest | None:
        """The document of a file that holds one."""
        files = self._files_named(path)
        found = self._read[files[0]] if len(files) == 1 else []
        return found[0] if len(found) == 1 else None

    def at(self, path: str, line: int) -> Manifest | None:
        """The document that covers a line, its separator above it included."""
        files = self._files_named(path)
        if len(files) != 1:
            return None
        begins, manifests = self._spans[files[0]]
        place = bisect_right(begins, line) - 1
        return manifests[place] if place >= 0 else None

    def end_of(self, manifest: Manifest) -> int:
        """The last line before the next document of the file, or a large number where there is none."""
        begins, _ = self._spans[manifest.path]
        place = bisect_right(begins, manifest.line)
        return begins[place] - 1 if place < len(begins) else 2**31 - 1

    def containing(self, path: str, line: int, namespace: str, name: str) -> Manifest | None:
        """The document that holds a line, if its name is ``name`` or the part of it before a dot.

        Args:
            path: The file as the scanner names it.
            line: 1-based.
            namespace: Of the object; ``default`` also stands for none.
            name: What the scanner calls it.
        """
        found = self.at(path, line)
        if found is None:
            return None
        own = identity(found.obj)
        fits = own.name and f"{name}.".startswith(f"{own.name}.")
        return found if fits and namespace in {own.namespace, own.namespace or DEFAULT_NAMESPACE} else None

    def mentioned(self, path: str, message: str) -> list[Manifest]:
        """The documents of a file whose kind and name both stand in a message, in order."""
        words = {word.rstrip(".:-") for word in _WORDS.findall(message)}
        lowered = {word.lower() for word in words}
        return [
            manifest
            for file in self._files_named(path)
            for word in sorted(words)
            for manifest in self._names[file].get(word, ())
            if identity(manifest.obj).kind.lower() in lowered and _is_meant(manifest, message)
        ]

    @cached_property
    def _read(self) -> dict[str, list[Manifest]]:
        return {
            path: [one for one in found if isinstance(one, Manifest)] for path, found in self._all.items()
        }

    @cached_property
    def _all(self) -> dict[str, list[Manifest | Unread | Skipped]]:
        found = {file.path: list(read_manifests(file.content.encode(), file.path)) for file in self.files}
        self.unread.extend(one for outcomes in found.values() for one in outcomes if isinstance(one, Unread))
        return found

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], list[Manifest]]:
        index: dict[tuple[str, str], list[Manifest]] = defaultdict(list)
        for manifest in self:
            own: ResourceId = identity(manifest.obj)
            index[own.kind, own.name].append(manifest)
            if not _has_name(manifest):  # tools write nothing for what `generateName` will make
                index[own.kind, ""].append(manifest)
        return dict(index)

    @cached_property
    def _names(self) -> dict[str, dict[str, list[Manifest]]]:
        index: dict[str, dict[str, list[Manifest]]] = {path: defaultdict(list) for path in self._read}
        for manifest in self:
            index[manifest.path][identity(manifest.obj).name].append(manifest)
        return index

    @cached_property
    def _spans(self) -> dict[str, tuple[list[int], list[Manifest | None]]]:
        """For each file the lines where its documents begin, and these; ``None`` for what is no manifest."""
        spans: dict[str, tuple[list[int], list[Manifest | None]]] = {}
        for path, found in self._all.items():
            pairs = sorted(((_begin(one), number) for number, one in enumerate(found)))
            spans[path] = (
                [line for line, _ in pairs],
                [one if isinstance(one := found[number], Manifest) else None for _, number in pairs],
            )
        return spans

    @cached_property
    def _by_file(self) -> dict[str, list[str]]:
        """The files by the last part of their paths."""
        index: dict[str, list[str]] = defaultdict(list)
        for path in self._read:
            index[PurePosixPath(path).name].append(path)
        return index

    def _files_named(self, path: str) -> Sequence[str]:
        """The files whose path ends as ``path`` does, the longest common end first; an exact one alone."""
        if path in self._read:
            return [path]
        wanted = PurePosixPath(path).parts
        found = [
            (common_end(wanted, PurePosixPath(name).parts), name)
            for name in self._by_file.get(PurePosixPath(path).name, ())
        ]
        best = max((shared for shared, _ in found), default=0)
        return [name for shared, name in found if shared == best]


def _has_name(manifest: Manifest) -> bool:
    metadata = manifest.obj.get("metadata")
    return isinstance(metadata, dict) and bool(metadata.get("name"))


def _is_meant(manifest: Manifest, message: str) -> bool:
    """Whether a message is about it: "in 'shop' namespace" is not about the Namespace."""
    own = identity(manifest.obj)
    return own.kind != "Namespace" or bool(re.search(rf"Namespace[/ '\"]+{re.escape(own.name)}\b", message))


def _begin(document: Manifest | Unread | Skipped) -> int:
    """The line where a document begins, with its separator and what stands above it."""
    return document.source.line if isinstance(document, Manifest) and not document.pointer else document.line


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
