"""What a tool wrote, whatever its form and size: one JSON value, JSON lines, YAML documents, or only text.

A small value is parsed whole; a large one is read from its file as often as it is asked, see ``streams``. Formats see
no difference.
"""

import re
from collections.abc import Collection, Iterator
from functools import cached_property
from io import BytesIO
from typing import Any, BinaryIO, Literal, cast

import ijson
import orjson

from jade_common.errors import InvalidEventError
from jade_ingest.domain import streams
from jade_ingest.domain.entries import cleaned, named
from jade_policy.documents import split_documents
from jade_policy.resources import wrapped
from jade_policy.yaml_document import BrokenDocumentError, read_yaml_document

Form = Literal["json", "lines", "documents", "text"]

WHOLE = 4 * 1024 * 1024
"""Bytes up to which JSON is parsed at once: about 40 MB of Python objects."""

HEAD = 64 * 1024
"""Bytes of the beginning that tell the form."""

MAX_YAML = 64 * 1024 * 1024
"""Bytes of YAML that are read: documents are at most 1 MiB each, so this only bounds how many."""

MAX_LINE = 4 * 1024 * 1024
"""Of a line of JSON: Gatekeeper writes at most 64 KiB."""

_JSON_BEGINS = re.compile(rb"\s*(?:[{\[\"]|null\b|true\b|false\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\s*\Z)")
_CHATTER = re.compile(rb"\s*(?:Applying \d+ polic|Loading test)")
"""How Kyverno's output begins where it says what it does before it writes the report, on the same stdout."""

_REPORT_BEGINS = re.compile(rb"^(?:apiVersion:|kind:|[{\[]\s*$|[{\[][\"{])", re.MULTILINE)
_ARRAY_ENDS = re.compile(rb"^\][ \t]*\r?$", re.MULTILINE)


class Content:
    """A report as it was written.

    Attributes:
        form: ``json``: one value; ``lines``: a JSON object a line, maybe among other lines; ``documents``:
            YAML; ``text``: none of these.
        sketch: What tells the format: the value with each list cut to its first element; of lines and
            documents, the list of them (the first 100 lines that are JSON).
        head: The beginning as text.
    """

    def __init__(self, source: bytes | BinaryIO) -> None:
        """Look at the content; nothing is read yet.

        Args:
            source: The bytes, or a file that can be read from its beginning again.

        Raises:
            InvalidEventError: There is nothing, or broken JSON.
        """
        self._stream: BinaryIO = BytesIO(source) if isinstance(source, bytes) else source
        self._stream.seek(0)
        head = self._stream.read(HEAD)
        if _CHATTER.match(head):
            self._stream.seek(0)
            report = _without_chatter(self._stream.read(MAX_YAML))
            self._stream, head = BytesIO(report), report[:HEAD]
        if head.startswith(b"\xef\xbb\xbf"):
            self._stream = cast("BinaryIO", _After(self._stream, 3))
            head = head[3:]
        if not head.strip():
            raise InvalidEventError("the report is empty: the tool wrote nothing, which is no clean report")
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise InvalidEventError("the report is UTF-16: convert it, for example with `iconv -t utf-8`")
        self.large = self._size() > WHOLE
        self._exact = False
        self.head = cleaned(head.decode("utf-8", "replace"), HEAD)
        self.form, self.sketch = self._looked_at(head)

    def outline(self, *large: str) -> Any:
        """The JSON value; lists at the paths ``large`` may be without their elements."""
        return streams.outline(self._stream, large, exact=self._exact) if self.large else self._value

    def each(self, path: str) -> Iterator[tuple[tuple[int, ...], Any]]:
        """The elements at ``path`` (``runs.*.results.*``), each with its indices, in order."""
        if self.large:
            yield from streams.each(self._stream, path, exact=self._exact)
        else:
            yield from _each(self._value, path.split("."), ())

    def objects(self) -> Iterator[tuple[str, Any]]:
        """The values of a report that may be one, an array, lines or documents; each with where it stands.

        Lists of Kubernetes objects are opened. A line that is no JSON, and a document that is broken, comes
        as a :class:`Broken`.
        """
        if self.form == "lines":
            yield from self._lines()
        elif self.form == "documents":
            for where, value in self.sketch:
                yield from _opened(where, value)
        elif isinstance(self.sketch, list):
            for (index,), value in self.each("*"):
                yield from _opened(f"[{index}]", value)
        elif isinstance(self.sketch, dict) and isinstance(self.sketch.get("items"), list):
            head = self.outline("items")
            for (index,), value in self.each("items.*"):
                typed = (wrapped({**head, "items": [value]}) or [("", value)])[0][1]
                yield from _opened(f"items[{index}]", typed)
        elif self.form == "json":
            yield "the report", self.outline()

    def text(self) -> str:
        """All of it."""
        self._stream.seek(0)
        return self._stream.read().decode("utf-8", "replace")

    def lists(self, *keys: str) -> bool:
        """Whether it is JSON, and a list whose first object has these keys."""
        first = self.sketch[0] if isinstance(self.sketch, list) and self.sketch else None
        return self.form == "json" and isinstance(first, dict) and set(keys) <= set(first)

    @property
    def says_nothing(self) -> bool:
        """Whether it is ``null`` or ``[]``: many tools write that where they found nothing."""
        return self.form == "json" and (self.sketch is None or self.sketch == [])

    @property
    def seen(self) -> str:
        """What it is, for messages."""
        if self.form == "json":
            keys = (
                f" with {', '.join(sorted(map(str, self.sketch))[:8])}"
                if isinstance(self.sketch, dict) and self.sketch
                else ""
            )
            if isinstance(self.sketch, list) and self.sketch and isinstance(self.sketch[0], dict):
                keys = f" of objects with {', '.join(sorted(self.sketch[0])[:8])}"
            return f"JSON: {named(self.sketch)}{keys}"
        if self.form == "lines":
            return f"JSON lines with {', '.join(sorted(self.sketch[0])[:8])}"
        return "YAML documents" if self.form == "documents" else "text that is neither JSON nor YAML"

    @cached_property
    def _value(self) -> Any:
        self._stream.seek(0)
        return orjson.loads(self._stream.read())

    def _size(self) -> int:
        return self._stream.seek(0, 2)

    def _looked_at(self, head: bytes) -> tuple[Form, Any]:
        if _JSON_BEGINS.match(head):
            try:
                return "json", self._large_sketch() if self.large else _sketch(self._value, 0)
            except (orjson.JSONDecodeError, ijson.JSONError, RecursionError) as error:
                problem = error
            form, sketch = self._other_form(head)
            if form == "text" or (form == "lines" and not head.lstrip().startswith(b"{")):
                raise InvalidEventError(f"the report is broken or cut off: it begins as JSON, but {problem}")
            return form, sketch
        return self._other_form(head)

    def _large_sketch(self) -> Any:
        try:
            return streams.sketch(self._stream)
        except ijson.JSONError:
            self._exact = True
            return streams.sketch(self._stream, exact=True)

    def _other_form(self, head: bytes) -> tuple[Form, Any]:
        complete = head.splitlines() if len(head) < HEAD else head.splitlines()[:-1]
        objects = [value for line in complete[:100] if isinstance(value := _line(line), dict)]
        # YAML may hold objects in JSON's way, but hardly at the beginning of a line.
        if objects and any(line.startswith(b"{") for line in complete[:100]):
            return "lines", objects
        documents = self._documents()
        if documents:
            return "documents", documents
        return ("lines", objects) if objects else ("text", None)

    def _lines(self) -> Iterator[tuple[str, Any]]:
        self._stream.seek(0)
        number = 0
        while line := self._stream.readline(MAX_LINE):
            number += 1
            if line.strip():
                yield f"line {number}", _line(line)

    def _documents(self) -> list[tuple[str, Any]]:
        self._stream.seek(0)
        found: list[tuple[str, Any]] = []
        for line, piece in split_documents(self._stream.read(MAX_YAML)):
            try:
                document = read_yaml_document(piece)
            except BrokenDocumentError as error:
                found.append((f"line {line + error.line - 1}", Broken(error.reason)))
                continue
            if document is not None:
                found.append((f"line {line}", document.root))
        return found if any(isinstance(value, dict) for _, value in found) else []


class Broken(str):
    """What could not be read, in place of its value: the reason."""

    __slots__ = ()


class _After:
    """A file without its first bytes (a byte order mark)."""

    def __init__(self, stream: BinaryIO, skipped: int) -> None:
        self._stream, self._skipped = stream, skipped
        self.read, self.readline = stream.read, stream.readline

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place, counted after what is skipped."""
        return self._stream.seek(offset + self._skipped if whence == 0 else offset, whence) - self._skipped


def _without_chatter(text: bytes) -> bytes:
    """The report within what Kyverno writes; all of it where there is none."""
    begin = _REPORT_BEGINS.search(text)
    if begin is None:
        return text
    report = text[begin.start() :]
    if report.startswith(b"["):  # the rows of `kyverno test -o json`, and a summary below
        end = _ARRAY_ENDS.search(report)
        return report[: end.end()] if end is not None else report
    return report


def _line(line: bytes) -> Any:
    begin = line.find(b"{")  # a log collector may put a time or a name before it
    if begin < 0:
        return Broken("not JSON")
    try:
        return orjson.loads(line[begin:].strip())
    except (orjson.JSONDecodeError, RecursionError):
        return Broken("not JSON")


def _opened(where: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The object, or the items of a list of objects."""
    items = wrapped(value) if isinstance(value, dict) else None
    if items is None:
        yield where, value
        return
    for pointer, item in items:
        yield f"{where} {pointer}", item


def _each(
    value: Any, steps: Collection[str], indices: tuple[int, ...]
) -> Iterator[tuple[tuple[int, ...], Any]]:
    if not steps:
        yield indices, value
        return
    first, *rest = steps
    if first == "*":
        if isinstance(value, list):
            for index, element in enumerate(value):
                yield from _each(element, rest, (*indices, index))
    elif isinstance(value, dict) and first in value:
        yield from _each(value[first], rest, indices)


def _sketch(value: Any, depth: int) -> Any:
    if isinstance(value, list):
        return [_sketch(one, depth + 1) for one in value[:1]] if depth < streams.MAX_DEPTH else None
    if isinstance(value, dict):
        if depth >= streams.MAX_DEPTH:
            return None
        kept = list(value.items())[: streams.MAX_KEYS]
        return {key: _sketch(one, depth + 1) for key, one in kept}
    return value
