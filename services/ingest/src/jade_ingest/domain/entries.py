"""Typed reading of what a tool wrote, where any value may be missing, null, or something else altogether."""

import re
from collections.abc import Mapping
from typing import Any

MAX_TEXT = 65_536
"""Of a text of an event, see ``jade_common.events``; longer ones end with ``…``."""

MAX_SHORT = 1_024
"""Of an identifier of an event."""

# CSI and OSC sequences, two-character escapes, then every other control character but tab and line feed.
_STEERING = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-_]?|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")  # JSON may spell one alone; UTF-8 cannot


def cleaned(text: str, limit: int = MAX_TEXT) -> str:
    r"""The text without what steers a terminal, within the limit.

    >>> cleaned("\x1b[38;5;33mspec\x1b[0m: x")
    'spec: x'
    """
    if _STEERING.search(text):
        text = _STEERING.sub("", text)
    if not text.isascii() and _SURROGATE.search(text):
        text = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
    text = text.strip()
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def text(value: Any, *keys: str, limit: int = MAX_TEXT) -> str:
    """The text below ``keys``, cleaned; empty where there is none. A number or a truth value is written out."""
    found = at(value, *keys)
    if isinstance(found, str):
        return cleaned(found, limit)
    return cleaned(str(found), limit) if isinstance(found, int | float) else ""


def at(value: Any, *keys: str) -> Any:
    """What stands below ``keys``, or ``None``."""
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def mapping(value: Any, *keys: str) -> Mapping[str, Any]:
    """The object below ``keys``, empty where there is none."""
    found = at(value, *keys)
    return found if isinstance(found, dict) else {}


def listed(value: Any, *keys: str) -> list[Any]:
    """The list below ``keys``, empty where there is none."""
    found = at(value, *keys)
    return found if isinstance(found, list) else []


def line_number(value: Any, *keys: str) -> int | None:
    """The line below ``keys``, where it is one: from 1 on."""
    found = at(value, *keys)
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 < found < 2**31 else None


def named(value: Any) -> str:
    """What kind of JSON value this is, for messages."""
    names = {dict: "an object", list: "an array", str: "a text", bool: "a truth value", type(None): "null"}
    return names.get(type(value), "a number")
