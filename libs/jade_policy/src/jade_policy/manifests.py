"""Kubernetes manifests out of a file's bytes, each document standing alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from jade_policy.documents import split_documents
from jade_policy.json_document import read_json_document
from jade_policy.limits import MAX_DOCUMENTS_PER_FILE
from jade_policy.lines import lines_of
from jade_policy.pointers import parent
from jade_policy.resources import wrapped
from jade_policy.shape import find_misfit, name_type
from jade_policy.yaml_document import BrokenDocumentError, Document, read_yaml_document


@dataclass(frozen=True)
class Source:
    """The text that a document was read from, and the 1-based line of the file where that text begins."""

    text: bytes = field(repr=False)
    line: int

    @cached_property
    def _lines(self) -> dict[str, int]:
        return lines_of(self.text)

    def line_of(self, pointer: str) -> int:
        """Give the 1-based line of the file of a pointer into the document, or of its nearest parent."""
        while pointer not in self._lines:
            pointer = parent(pointer)
        return self.line + self._lines[pointer] - 1


@dataclass(frozen=True)
class Manifest:
    """One Kubernetes object of a file.

    Attributes:
        obj: the object; values that YAML aliases name are shared, so treat it as read-only.
        path: the file, as it was given to `read_manifests`.
        line: 1-based line of the file where the object begins.
        index: 0-based position among the objects read from the file.
        source: the text of the document.
        pointer: where the object stands in its document: "" or a place in a list ("/items/3").
    """

    obj: dict[str, Any]
    path: str
    line: int
    index: int
    source: Source
    pointer: str = ""

    def line_of(self, pointer: str) -> int:
        """Give the 1-based line of the file of a field of the object, or of its nearest existing parent."""
        return self.source.line_of(self.pointer + pointer)


@dataclass(frozen=True)
class Unread:
    """What could not be read: where (1-based line of the file), why, and what to do about it."""

    path: str
    line: int
    reason: str


@dataclass(frozen=True)
class Skipped:
    """A document that is no Kubernetes object and does not claim to be one (values.yaml, a compose file)."""

    path: str
    line: int
    reason: str


def read_manifests(data: bytes, path: str) -> Iterator[Manifest | Unread | Skipped]:
    """Read YAML or JSON, document by document; nothing in `data` makes it raise.

    Items of lists and the object of an AdmissionReview come one by one, each judged on its own.
    """
    problem = _encoding_problem(data)
    if problem:
        yield Unread(path, 1, problem)
        return
    index = 0
    pieces = split_documents(data.removeprefix(b"\xef\xbb\xbf"))
    for line, text in islice(pieces, MAX_DOCUMENTS_PER_FILE):
        for outcome in _read_document(text, path, line, index):
            yield outcome
            index += isinstance(outcome, Manifest)
    for line, _ in islice(pieces, 1):
        yield Unread(
            path,
            line,
            f"more than {MAX_DOCUMENTS_PER_FILE:,} documents in one file; the rest was not read: split it",
        )


def _encoding_problem(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"\0" in data[:4] and len(data) > 1):
        return (
            "the file is UTF-16 or UTF-32, manifests are UTF-8: convert it, for example with `iconv -t utf-8`"
        )
    return None


def _read_document(text: bytes, path: str, line: int, index: int) -> Iterator[Manifest | Unread | Skipped]:
    try:
        document = _parse(text, path)
    except BrokenDocumentError as error:
        yield Unread(path, line + error.line - 1, error.reason)
        return
    if document is None:
        return
    first = line + document.line - 1
    root = document.root
    foreign = _foreign(root) if isinstance(root, dict) else None
    if foreign:
        yield Skipped(path, first, foreign)
    elif document.flaw:
        yield Unread(path, line + document.flaw.line - 1, document.flaw.reason)
    elif not isinstance(root, dict):
        advice = "put the objects into separate documents" if isinstance(root, list) else "write a mapping"
        yield Unread(path, first, f"a Kubernetes object is a mapping, not {name_type(root)}; {advice}")
    else:
        yield from _objects(root, path, first, index, Source(text, line))


def _parse(text: bytes, path: str) -> Document | None:
    """Parse JSON as JSON; what only looks like it may be YAML in flow style."""
    if not text.lstrip().startswith((b"{", b"[")):
        return read_yaml_document(text)
    try:
        return read_json_document(text)
    except BrokenDocumentError:
        if path.endswith(".json"):
            raise
        return read_yaml_document(text)


def _foreign(root: dict[str, Any]) -> str | None:
    if "apiVersion" not in root and "kind" not in root:
        return "neither apiVersion nor kind: no Kubernetes object"
    chart = "kind" not in root and root["apiVersion"] in ("v1", "v2")
    if chart and "name" in root and "version" in root:
        return "a Helm chart's Chart.yaml: no Kubernetes object"
    return None


def _objects(
    root: dict[str, Any], path: str, first: int, index: int, source: Source
) -> Iterator[Manifest | Unread | Skipped]:
    waiting: list[tuple[str, Any]] = [("", root)]
    while waiting:
        pointer, obj = waiting.pop()
        members = wrapped(obj) if isinstance(obj, dict) else None
        if members is not None:
            waiting.extend((pointer + suffix, member) for suffix, member in reversed(members))
            continue
        misfit = find_misfit(obj)
        if misfit is None:
            yield Manifest(obj, path, source.line_of(pointer) if pointer else first, index, source, pointer)
            index += 1
        else:
            at = pointer + misfit.pointer
            yield Unread(path, source.line_of(at), f"{at or 'the document'} {misfit.reason}; correct it")
