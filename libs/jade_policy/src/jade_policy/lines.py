"""The line on which each field of a document stands."""

from typing import Any

from yaml import (
    MappingEndEvent,
    MappingStartEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml._yaml import CParser

from jade_policy.pointers import escape


def lines_of(text: bytes) -> dict[str, int]:
    """Map the JSON pointer of every field of one YAML or JSON document to its 1-based line in the text.

    A mapping's field is where its key is; what an alias or a merge key brings in has no entry.
    """
    next_event = CParser(text).get_event
    next_event()
    next_event()
    event = next_event()
    lines = {"": event.start_mark.line + 1}
    _enter(event, "", lines, next_event)
    return lines


def _enter(event: Any, pointer: str, lines: dict[str, int], next_event: Any) -> None:
    kind = event.__class__
    if kind is MappingStartEvent:
        while (event := next_event()).__class__ is not MappingEndEvent:
            child = f"{pointer}/{escape(event.value)}"
            lines[child] = event.start_mark.line + 1
            _enter(next_event(), child, lines, next_event)
    elif kind is SequenceStartEvent:
        index = 0
        while (event := next_event()).__class__ is not SequenceEndEvent:
            child = f"{pointer}/{index}"
            lines[child] = event.start_mark.line + 1
            _enter(event, child, lines, next_event)
            index += 1
