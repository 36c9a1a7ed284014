"""Ids that are derived from what caused them, so that doing the work twice gives the same id."""

from hashlib import blake2b
from typing import Any

import orjson

ID_BYTES = 16  # 128 bits: a collision among 10^12 events has a chance of 10^-15


def canonical(value: Any) -> bytes:
    """JSON bytes of ``value`` that do not depend on the order of its keys."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)


def derived_id(*parts: str | bytes) -> str:
    """Id of what follows from ``parts``: 32 hexadecimal digits.

    Parts are separated before they are hashed, so moving text from one to the next changes the id.

    >>> derived_id("scan.finding", "a") == derived_id("scan.finding", "a")
    True
    >>> derived_id("ab", "c") == derived_id("a", "bc")
    False
    """
    pieces: list[bytes] = []
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        pieces += (len(data).to_bytes(8, "big"), data)
    return blake2b(b"".join(pieces), digest_size=ID_BYTES).hexdigest()
