"""API keys: kept as SHA-256 digests, compared in constant time, each with a name for the logs.

SHA-256 without a salt is right for random keys of 128 bits and more; it would be wrong for passwords.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest
from typing import Any

HASHED = "sha256:"
DIGEST_BYTES = 32
SHORTEST = 16
"""Characters of a safe key: 16 random letters and digits are 95 bits, out of reach of guessing."""


class KeysError(ValueError):
    """The list of keys cannot be read; the text names the entry, never its value."""


class Keys:
    """The keys that may ask."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        """Keep the digests of ``secrets`` (name → key, or ``sha256:`` and its hex digest).

        Raises:
            KeysError: A digest is none.
        """
        self._digests = [(name, digest_of(name, secret)) for name, secret in secrets.items()]
        self.short = [
            name
            for name, secret in secrets.items()
            if not secret.startswith(HASHED) and len(secret) < SHORTEST
        ]
        """Names of keys that are too short to be safe."""

    def __bool__(self) -> bool:
        return bool(self._digests)

    def owner(self, presented: bytes) -> str | None:
        """Name of the key that was presented, if it is one; takes the same time wherever it matches."""
        digest = sha256(presented).digest()
        found = None
        for name, known in self._digests:
            if compare_digest(known, digest):
                found = name
        return found


def digest_of(name: str, secret: str) -> bytes:
    """Digest of a configured key.

    Raises:
        KeysError: It says that it is a digest and is none.
    """
    if not secret.startswith(HASHED):
        return sha256(secret.encode()).digest()
    try:
        digest = bytes.fromhex(secret.removeprefix(HASHED))
    except ValueError:
        digest = b""
    if len(digest) != DIGEST_BYTES:
        raise KeysError(f"API key {name!r}: after {HASHED!r} there must be 64 hexadecimal digits")
    return digest


def entries(value: Any) -> dict[str, Any]:
    """Names and keys of a setting; a key without a name is called by its place.

    >>> entries("a-secret, sha256:00")
    {'key-1': 'a-secret', 'key-2': 'sha256:00'}
    >>> entries('{"ci": "a-secret"}')
    {'ci': 'a-secret'}

    Raises:
        KeysError: It is neither a comma list nor a JSON list or object of texts.
    """
    if isinstance(value, str):
        value = parsed(value)
    if isinstance(value, list | tuple):
        value = {f"key-{place}": one for place, one in enumerate(value, start=1)}
    if not isinstance(value, dict):
        raise KeysError("API keys must be a comma list, a JSON list or a JSON object of names and keys")
    for name, one in value.items():
        if not isinstance(one, str) and not hasattr(one, "get_secret_value"):
            raise KeysError(f"API key {name!r} must be a text")
        if one == "":
            raise KeysError(f"API key {name!r} is empty")
    return dict(value)


def parsed(text: str) -> Any:
    """The list or object in ``text``."""
    if text.lstrip().startswith(("[", "{")):
        try:
            return json.loads(text)
        except ValueError:
            raise KeysError("API keys look like JSON and are none") from None
    return [part for part in (part.strip() for part in text.split(",")) if part]
