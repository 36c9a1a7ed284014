"""The line on which each field of a document stands."""

import re
from collections.abc import Callable
from typing import Any

import orjson
from yaml import MappingEndEvent, MappingStartEvent, SequenceEndEvent, SequenceStartEvent, YAMLError
from yaml._yaml import CParser

from jade_policy.pointers import escape
from jade_policy.scalars import key_text, resolve

# JSON writes a character beyond U+FFFF as two escapes, which libyaml refuses. (`\\.` skips other escapes.)
_ESCAPE = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\.")


def lines_of(text: bytes) -> dict[str, int]:
    """Map the JSON pointer of every field of one document, YAML or JSON, to its 1-based line in the text.

    A field of a mapping is where its key is. What an alias or a merge key brings in has no entry, nor has
    what follows JSON that is no YAML (a key of more than 1,024 characters); the whole document ("") has one.
    """
    lines = {"": 1}
    next_event: Callable[[], Any] = CParser(_ESCAPE.sub(_join_surrogates, text)).get_event
    try:
        next_event()
        next_event()
        event = next_event()
        lines[""] = event.start_mark.line + 1
        _enter(event, "", lines, next_event)
    except YAMLError:
        return lines
    return lines


def _enter(event: Any, pointer: str, lines: dict[str, int], next_event: Callable[[], Any]) -> None:
    kind = event.__class__
    if kind is MappingStartEvent:
        while (event := next_event()).__class__ is not MappingEndEvent:
            key = event.value if event.style else key_text(resolve(event.value)) or event.value
            child = f"{pointer}/{escape(key)}"
            lines[child] = event.start_mark.line + 1
            _enter(next_event(), child, lines, next_event)
    elif kind is SequenceStartEvent:
        index = 0
        while (event := next_event()).__class__ is not SequenceEndEvent:
            child = f"{pointer}/{index}"
            lines[child] = event.start_mark.line + 1
            _enter(event, child, lines, next_event)
            index += 1


def _join_surrogates(match: re.Match[bytes]) -> bytes:
    pair = match[0].startswith((b"\\ud", b"\\uD"))
    return str(orjson.loads(b'"%b"' % match[0])).encode() if pair else match[0]
