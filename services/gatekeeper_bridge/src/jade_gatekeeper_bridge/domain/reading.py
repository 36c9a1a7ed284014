"""Typed reading of what Gatekeeper wrote, where any value may be missing, null, or something else altogether."""

import re
from collections.abc import Mapping
from typing import Any

MAX_TEXT = 65_536
"""Of a text of an event, see ``jade_common.events``; longer ones end with ``…``."""

MAX_SHORT = 1_024
"""Of an identifier of an event."""

# What steers a terminal: CSI and OSC sequences, two-character escapes, other control characters but tab and line feed.
_STEERING = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-_]?|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)


def cleaned(text: str, limit: int = MAX_TEXT) -> str:
    r"""The text without what steers a terminal, within the limit.

    >>> cleaned("\x1b[31mno limits\x1b[0m ")
    'no limits'
    """
    text = _STEERING.sub("", text).strip()
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def at(value: Any, *keys: str) -> Any:
    """What stands below ``keys``, or ``None``."""
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def text(value: Any, *keys: str, limit: int = MAX_TEXT) -> str:
    """The text below ``keys``, cleaned; empty where there is none."""
    found = at(value, *keys)
    return cleaned(found, limit) if isinstance(found, str) else ""


def short(value: Any, *keys: str) -> str | None:
    """The identifier below ``keys``; ``None`` where there is none."""
    return text(value, *keys, limit=MAX_SHORT) or None


def mapping(value: Any, *keys: str) -> Mapping[str, Any]:
    """The object below ``keys``, empty where there is none."""
    found = at(value, *keys)
    return found if isinstance(found, dict) else {}


def listed(value: Any, *keys: str) -> list[Any]:
    """The list below ``keys``, empty where there is none."""
    found = at(value, *keys)
    return found if isinstance(found, list) else []


def api_version(group: str, version: str) -> str:
    """The apiVersion of a group and a version; some fields hold it whole.

    >>> api_version("apps", "v1"), api_version("", "v1"), api_version("apps", "apps/v1")
    ('apps/v1', 'v1', 'apps/v1')
    """
    return f"{group}/{version}" if group and "/" not in version else version


def named(value: Any) -> str:
    """What kind of JSON value this is, for messages."""
    names = {dict: "an object", list: "an array", str: "a text", bool: "a truth value", type(None): "null"}
    return names.get(type(value), "a number")
