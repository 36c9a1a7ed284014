"""A line of ``jade rank`` as it comes in over HTTP: bytes from anybody, made a question or refused."""

from typing import Any

import orjson

from jade_gateway.domain.problems import INVALID_JSON, TOO_DEEP, TOO_LARGE, Problem
from jade_policy.limits import MAX_DEPTH
from jade_policy.redaction import redact

LINE_DEPTH = MAX_DEPTH + 8
"""Levels of a line: a manifest's own, under ``inventory`` by scope, namespace, version, kind and name."""

LINE_PARTS = 50_000
"""Objects and arrays of a line: 1 MiB of real manifests has 21,000; 340,000 empty arrays fit into it as well,
and cost half a second."""


def line_of(body: bytes) -> dict[str, Any]:
    """The object in ``body``.

    Raises:
        Problem: It is empty, no UTF-8, no JSON, no object, or too deep.
    """
    if not body:
        raise Problem(INVALID_JSON, "The body is empty.")
    try:
        line = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if "depth limit" in str(error):
            raise too_deep() from None
        raise Problem(INVALID_JSON, f"{error.msg}: line {error.lineno} column {error.colno}") from None
    if not isinstance(line, dict):
        raise Problem(INVALID_JSON, f"One object is expected, this is {NAMES.get(type(line), 'a number')}.")
    check_shape(line)
    return line


NAMES = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}


def too_deep() -> Problem:
    """The problem of a body that nests too deeply."""
    return Problem(TOO_DEEP, f"At most {LINE_DEPTH} levels of objects and arrays are read.")


def check_shape(line: dict[str, Any]) -> None:
    """Refuse what is small on the wire and slow to walk; does not recurse.

    Raises:
        Problem: There are more than :data:`LINE_DEPTH` levels or :data:`LINE_PARTS` parts.
    """
    level: list[Any] = [line]
    parts = 0
    for _ in range(LINE_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        parts += len(level)
        if parts > LINE_PARTS:
            raise Problem(TOO_LARGE, f"At most {LINE_PARTS:,} objects and arrays are read.")
        if not level:
            return
    raise too_deep()


def redacted(value: Any) -> Any:
    """``value`` with the secrets taken out of every Kubernetes object in it, wherever that stands."""
    if isinstance(value, list):
        return [redacted(one) for one in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("kind"), str):
        value = redact(value)
    return {name: redacted(one) for name, one in value.items()}
