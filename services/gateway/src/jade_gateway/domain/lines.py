"""A line of ``jade rank`` as it comes in over HTTP: bytes from anybody, made a question or refused."""

from typing import Any

import orjson

from jade_gateway.domain.problems import INVALID_JSON, TOO_DEEP, Problem
from jade_policy.limits import MAX_DEPTH
from jade_policy.redaction import redact

LINE_DEPTH = MAX_DEPTH + 8
"""Levels of a line: a manifest's own, under ``inventory`` by scope, namespace, version, kind and name."""


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
    if deeper(line, LINE_DEPTH):
        raise too_deep()
    return line


NAMES = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}


def too_deep() -> Problem:
    """The problem of a body that nests too deeply."""
    return Problem(TOO_DEEP, f"At most {LINE_DEPTH} levels of objects and arrays are read.")


def deeper(value: Any, limit: int) -> bool:
    """Whether ``value`` has more than ``limit`` levels of objects and arrays; does not recurse.

    >>> deeper([[1]], 2), deeper([[[]]], 2)
    (False, True)
    """
    level = [value]
    for _ in range(limit):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def redacted(value: Any) -> Any:
    """``value`` with the secrets taken out of every Kubernetes object in it, wherever that stands."""
    if isinstance(value, list):
        return [redacted(one) for one in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("kind"), str):
        value = redact(value)
    return {name: redacted(one) for name, one in value.items()}
