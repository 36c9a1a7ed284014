"""JSON pointers (RFC 6901): the way Jade names a place in a document."""

from collections.abc import Iterable
from typing import Any


def escape(token: str) -> str:
    """Write one key as a token of a pointer.

    >>> escape("kubernetes.io/name~x")
    'kubernetes.io~1name~0x'
    """
    if "~" in token or "/" in token:
        return token.replace("~", "~0").replace("/", "~1")
    return token


def unescape(token: str) -> str:
    """Read one token of a pointer as a key."""
    return token.replace("~1", "/").replace("~0", "~")


def join(pointer: str, *tokens: str | int) -> str:
    """Extend a pointer by keys and list indices.

    >>> join("/spec/containers", 0, "image")
    '/spec/containers/0/image'
    """
    return pointer + "".join(f"/{token if isinstance(token, int) else escape(token)}" for token in tokens)


def of(tokens: Iterable[str | int]) -> str:
    """Make a pointer of keys and list indices; no tokens give "", the whole document."""
    return join("", *tokens)


def split(pointer: str) -> list[str]:
    """Split a pointer into its unescaped tokens.

    Raises:
        ValueError: the pointer is neither empty nor starts with a slash.
    """
    if not pointer:
        return []
    if not pointer.startswith("/"):
        raise ValueError(f"{pointer!r} is no JSON pointer: it must be empty or start with '/'")
    return [unescape(token) for token in pointer[1:].split("/")]


def parent(pointer: str) -> str:
    """Give the pointer of the enclosing value; that of the whole document is itself."""
    return pointer.rpartition("/")[0]


def get(document: Any, pointer: str) -> Any:
    """Give the value at a pointer.

    Raises:
        LookupError: nothing is there.
        ValueError: the pointer is malformed.
    """
    value = document
    for token in split(pointer):
        if isinstance(value, dict):
            value = value[token]
        elif isinstance(value, list) and token.isdecimal():
            value = value[int(token)]
        else:
            raise LookupError(f"nothing at {pointer!r}: no container above {token!r}")
    return value
