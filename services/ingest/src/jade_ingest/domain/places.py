"""The manifests that a report names, and where they may lie: its paths begin at the folder that was scanned."""

from collections.abc import Iterator
from typing import NamedTuple

from jade_common.events import ScanFinding
from jade_ingest.domain.content import Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.entries import at, text
from jade_ingest.domain.formats import Format, checkov, kubescape, polaris, trivy

ROOTS = {
    kubescape.NAME: ("metadata", "targetMetadata", "directoryContextMetadata", "basePath"),
    polaris.NAME: ("SourceName",),
    trivy.NAME: ("ArtifactName",),
}
"""Where a report says which folder or file was scanned."""

NO_FILES = frozenset({polaris.NAME})
"""Formats that name what was scanned, but no file in it."""

CHECKOV_KEYS = ("file_abs_path", "file_path", "repo_file_path")


class Place(NamedTuple):
    """A file, or a folder of files, as a report names it, and the paths to try, in order."""

    path: str
    candidates: tuple[str, ...]


def places_of(format_: Format, content: Content) -> Iterator[Place]:
    """The files that a report names, each once."""
    if format_.NAME == checkov.NAME:
        yield from _of_checkov(content)
        return
    root = text(at(content.sketch, *ROOTS[format_.NAME])) if format_.NAME in ROOTS else ""
    if format_.NAME in NO_FILES:
        if root:
            yield Place(root, (root,))
        return
    done: set[str] = set()
    for entry in format_.read(content, Documents(())):
        path = entry.source.path if isinstance(entry, ScanFinding) and entry.source is not None else ""
        if path and path not in done:
            done.add(path)
            yield Place(path, (path, f"{root.rstrip('/')}/{path}", root) if root else (path,))


def _of_checkov(content: Content) -> Iterator[Place]:
    root = "*." if isinstance(content.sketch, list) else ""
    done: set[str] = set()
    first = content.sketch[0] if isinstance(content.sketch, list) else content.sketch
    for results in (name for name in checkov.RESULTS if name in first or root):
        for _, record in content.each(f"{root}{results}.failed_checks.*"):
            path = text(record, "file_path").lstrip("/")
            if path and path not in done:
                done.add(path)
                names = [text(record, key) for key in CHECKOV_KEYS]
                yield Place(
                    path, tuple(dict.fromkeys(n for one in names for n in (one, one.lstrip("/")) if n))
                )
