"""One JSON document into plain Python values, within the limits."""

import json
import re
from typing import Any

import orjson

from jade_policy.limits import MAX_DEPTH
from jade_policy.yaml_document import BrokenDocumentError, Document, Flaw, check_size, too_deep

_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def read_json_document(text: bytes) -> Document | None:
    """Read one document; None when it is null.

    Raises:
        BrokenDocumentError: it is no JSON, or beyond a limit.
    """
    check_size(text)
    root = parse_json(text)
    if root is None:
        return None
    blank = len(text) - len(text.lstrip())
    return Document(root, text.count(b"\n", 0, blank) + 1, _duplicate_key(text))


def parse_json(text: bytes) -> Any:
    """Parse JSON no deeper than MAX_DEPTH; NaN, infinities and lone surrogates are refused.

    Raises:
        BrokenDocumentError: it is no JSON, or nested too deep.
    """
    if _deeper_than(text, MAX_DEPTH):
        raise too_deep(1)
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BrokenDocumentError(
            error.lineno, f"not valid JSON: {error.msg} at column {error.colno}; correct the syntax"
        ) from error


def _deeper_than(text: bytes, limit: int) -> bool:
    """Count brackets outside strings, so that no parser recurses first."""
    brackets = _STRINGS.sub(b"", text).translate(None, _NOT_BRACKETS)
    if len(brackets) <= limit:
        return False
    depth = 0
    for bracket in brackets:
        if bracket in b"[{":
            depth += 1
            if depth > limit:
                return True
        else:
            depth -= 1
    return False


class _DuplicateKeyError(Exception):
    pass


def _duplicate_key(text: bytes) -> Flaw | None:
    try:
        json.loads(text, object_pairs_hook=_unique)
    except _DuplicateKeyError as error:
        key = str(error)
        pattern = re.escape(json.dumps(key, ensure_ascii=False).encode()) + rb"\s*:"
        at = [match.start() for match in re.finditer(pattern, text)]
        line = text.count(b"\n", 0, at[-1]) + 1 if at else 1
        return Flaw(line, f"the key {key!r} stands twice in one mapping; remove one of the two")
    return None


def _unique(pairs: list[tuple[str, Any]]) -> None:
    seen = set()
    for key, _ in pairs:
        if key in seen:
            raise _DuplicateKeyError(key)
        seen.add(key)
