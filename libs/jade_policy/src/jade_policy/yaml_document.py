"""One YAML document into plain Python values, within the limits, straight from libyaml's events."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from yaml import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    MarkedYAMLError,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)
from yaml._yaml import CParser
from yaml.reader import ReaderError

from jade_policy.errors import PolicyError
from jade_policy.limits import MAX_ALIAS_NODES, MAX_DEPTH, MAX_DOCUMENT_BYTES
from jade_policy.scalars import Scalar, key_text, resolve

_TAG = "tag:yaml.org,2002:"
_TYPED_SCALARS: dict[str, tuple[type, ...]] = {
    f"{_TAG}bool": (bool,),
    f"{_TAG}float": (int, float),
    f"{_TAG}int": (int,),
    f"{_TAG}null": (type(None),),
}
_RENDER_FIRST = "render it first if it is a template, for example with `helm template`,"
_COLLECTION_TAGS = frozenset({None, "!", f"{_TAG}map", f"{_TAG}seq"})


class BrokenDocumentError(PolicyError):
    """A document that cannot be read.

    Attributes:
        line: 1-based line within the document.
        reason: what is wrong there and what to do about it.
    """

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


class Flaw(NamedTuple):
    """What Kubernetes refuses in a document that is YAML or JSON all the same; `line` is 1-based."""

    line: int
    reason: str


class Document(NamedTuple):
    """A document's value, the 1-based line where it begins, and its first flaw."""

    root: Any
    line: int
    flaw: Flaw | None


class _Anchored(NamedTuple):
    value: Any
    nodes: int
    characters: int


def read_yaml_document(text: bytes) -> Document | None:
    """Read one document; None when it is empty or null.

    Nothing is built beyond the limits: depth and aliases are counted event by event. Values that aliases name
    are shared, not copied.

    Raises:
        BrokenDocumentError: it is no YAML, or beyond a limit.
    """
    check_size(text)
    try:
        return _Builder(CParser(text)).build()
    except ReaderError as error:
        line = text.count(b"\n", 0, error.position) + 1
        raise BrokenDocumentError(
            line, f"not UTF-8 text without control characters ({error.reason}); save the file as UTF-8"
        ) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        last = text.rstrip().count(b"\n") + 1  # what is not closed is noticed after blank lines
        raise BrokenDocumentError(min(mark.line + 1, last) if mark else 1, _explain(error, text)) from error


def check_size(text: bytes) -> None:
    """Refuse a document of more than MAX_DOCUMENT_BYTES bytes.

    Raises:
        BrokenDocumentError: it is larger.
    """
    if len(text) > MAX_DOCUMENT_BYTES:
        raise BrokenDocumentError(
            1, f"the document has {len(text):,} bytes, more than the {MAX_DOCUMENT_BYTES:,} allowed; split it"
        )


def too_deep(line: int) -> BrokenDocumentError:
    """Make the error of a document that nests deeper than MAX_DEPTH."""
    return BrokenDocumentError(
        line, f"nested deeper than the {MAX_DEPTH} levels allowed; flatten the document"
    )


def _explain(error: MarkedYAMLError, text: bytes) -> str:
    where = f" at column {error.problem_mark.column + 1}" if error.problem_mark else ""
    context = f", {error.context}" if error.context and error.problem else ""
    advice = f"{_RENDER_FIRST} or correct the syntax" if b"{{" in text else "correct the syntax"
    return f"not valid YAML: {error.problem or error.context}{where}{context}; {advice}"


def _no_key(value: Scalar) -> str:
    return "null" if value is None else "a number that would change when it becomes text"


class _Builder:
    """Builds one document's values from a parser's events.

    Collections are read by recursion, which MAX_DEPTH bounds.
    """

    def __init__(self, parser: CParser) -> None:
        self._next: Callable[[], Any] = parser.get_event
        self._flaw: Flaw | None = None
        self._anchors: dict[
            str, _Anchored | None
        ] = {}  # None while the anchored collection is still being read
        self._nodes = 0
        self._alias_nodes = 0
        self._alias_characters = 0
        self._last: Any = None  # the event that ended the last collection

    def build(self) -> Document | None:
        """Read the only document of the stream."""
        self._next()  # the start of the stream
        if self._next().__class__ is StreamEndEvent:
            return None
        event = self._next()
        line = event.start_mark.line + 1
        root = self._value(event, 0)
        self._next()  # the end of the document
        event = self._next()
        if event.__class__ is not StreamEndEvent:
            raise BrokenDocumentError(
                event.start_mark.line + 1,
                "content after the end of the document; begin a new one with a line `---`",
            )
        return None if root is None else Document(root, line, self._flaw)

    def _value(self, event: Any, depth: int) -> Any:
        kind = event.__class__
        if kind is ScalarEvent:
            return self._scalar(event)
        if kind is AliasEvent:
            return self._alias(event)
        if depth >= MAX_DEPTH:
            raise too_deep(event.start_mark.line + 1)
        if event.tag not in _COLLECTION_TAGS:
            self._note_tag(event)
        if event.anchor is None:
            return self._mapping(depth) if kind is MappingStartEvent else self._sequence(depth)
        return self._anchored(event, depth)

    def _mapping(self, depth: int) -> dict[str, Any]:
        next_event = self._next
        members: dict[str, Any] = {}
        merged: list[Any] = []
        while (event := next_event()).__class__ is not MappingEndEvent:
            key = self._key(event)
            value_event = next_event()
            if value_event.__class__ is ScalarEvent:
                value = self._scalar(value_event)
            else:
                value = self._value(value_event, depth + 1)
            if key == "<<" and event.style == "":
                merged.extend(self._merge_sources(value_event, value))
                continue
            if key in members:
                self._note(event, f"the key {key!r} stands twice in one mapping; remove one of the two")
            members[key] = value
        for source in merged:  # the keys that stand in the mapping itself win, then the first source
            members = {**source, **members}
        self._nodes += len(members)
        self._last = event
        return members

    def _sequence(self, depth: int) -> list[Any]:
        next_event = self._next
        items: list[Any] = []
        while (event := next_event()).__class__ is not SequenceEndEvent:
            items.append(
                self._scalar(event) if event.__class__ is ScalarEvent else self._value(event, depth + 1)
            )
        self._nodes += len(items)
        self._last = event
        return items

    def _key(self, event: Any) -> str:
        if event.__class__ is not ScalarEvent:
            raise BrokenDocumentError(
                event.start_mark.line + 1,
                f"a key must be text, no mapping, list or alias; {_RENDER_FIRST} or write the key out",
            )
        value = self._scalar(event)
        if value.__class__ is str:
            return str(value)
        key = key_text(value)
        if key is None:
            self._note(event, f"the key `{event.value}` is {_no_key(value)}; quote it")
        return event.value if key is None else key

    def _scalar(self, event: Any) -> Scalar:
        text: str = event.value
        value: Scalar = text if event.style else resolve(text)
        if event.tag is not None:
            value = self._tagged(event, text)
        if value.__class__ is float and not math.isfinite(value):
            self._note(event, f"{text} is no number that JSON knows; quote it if text is meant")
            value = text
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, 1, len(text))
        return value

    def _tagged(self, event: Any, text: str) -> Scalar:
        if event.tag in {"!", f"{_TAG}str"}:
            return text
        value = resolve(text)
        if event.tag not in _TYPED_SCALARS:
            self._note_tag(event)
        elif value.__class__ not in _TYPED_SCALARS[event.tag]:
            self._note(
                event, f"{text!r} is no !!{event.tag.removeprefix(_TAG)}; correct the value or remove the tag"
            )
        return value

    def _anchored(self, event: Any, depth: int) -> Any:
        self._anchors[event.anchor] = None
        nodes = self._nodes + self._alias_nodes
        characters = self._alias_characters - event.start_mark.index
        value = self._mapping(depth) if event.__class__ is MappingStartEvent else self._sequence(depth)
        self._anchors[event.anchor] = _Anchored(
            value,
            self._nodes + self._alias_nodes - nodes + 1,
            self._alias_characters + self._last.end_mark.index + characters,
        )
        return value

    def _alias(self, event: Any) -> Any:
        line = event.start_mark.line + 1
        if event.anchor not in self._anchors:
            raise BrokenDocumentError(
                line, f"the alias *{event.anchor} has no anchor above it; write the value out"
            )
        anchored = self._anchors[event.anchor]
        if anchored is None:
            raise BrokenDocumentError(
                line, f"the alias *{event.anchor} stands in what it names; write it out"
            )
        self._alias_nodes += anchored.nodes
        self._alias_characters += anchored.characters
        if self._alias_nodes > MAX_ALIAS_NODES:
            raise BrokenDocumentError(
                line,
                f"aliases expand to more than {MAX_ALIAS_NODES:,} nodes; write the values out",
            )
        if self._alias_characters > MAX_DOCUMENT_BYTES:
            raise BrokenDocumentError(
                line,
                f"aliases expand to more than {MAX_DOCUMENT_BYTES:,} characters; write the values out",
            )
        return anchored.value

    def _merge_sources(self, event: Any, value: Any) -> list[Any]:
        sources = value if isinstance(value, list) else [value]
        if all(isinstance(source, dict) for source in sources):
            return sources
        self._note(event, "`<<` merges mappings only; give it a mapping or a list of mappings")
        return []

    def _note_tag(self, event: Any) -> None:
        tag = event.tag.replace(_TAG, "!!", 1)
        self._note(event, f"the tag {tag} is none that Kubernetes manifests use; remove it")

    def _note(self, event: Any, reason: str) -> None:
        if self._flaw is None:
            self._flaw = Flaw(event.start_mark.line + 1, reason)
