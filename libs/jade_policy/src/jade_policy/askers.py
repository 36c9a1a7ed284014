"""Who asked for an admission: never read into an event, and taken out of the messages that name them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jade_policy.redaction import REDACTED

FIELDS = frozenset({
    "request_username", "request_user_uid", "request_user_groups", "request_usergroups", "requestusername",
    "requestuseruid", "requestusergroups", "user", "user_info", "userinfo", "username", "groups", "uid",
})  # fmt: skip
"""In lower case: what Gatekeeper 3.23 writes, and what an AdmissionReview calls it."""

DENIED = "denied admission: "
"""What the webhook's log puts before the policy's own message."""

LEAST = 3
"""A shorter name would be found in any word."""

SERVICE_ACCOUNT = re.compile(r"system:serviceaccount:[a-z0-9.-]+:[a-z0-9.-]+|system:node:[a-z0-9.-]+")
"""Names that tell by themselves that they are users."""


def unnamed(message: str, record: Mapping[str, Any]) -> str:
    """The message without the users that the record names.

    >>> unnamed("jane@example.com may not", {"requestUsername": "jane@example.com"})
    'REDACTED may not'
    >>> unnamed("system:serviceaccount:ci:deployer may not", {})
    'REDACTED may not'
    """
    names = sorted({name for name in askers(record) if len(name) >= LEAST}, key=len, reverse=True)
    if names:
        either = "|".join(map(re.escape, names))
        message = re.sub(rf"(?<![\w.-])(?:{either})(?![\w-])", REDACTED, message)
    return SERVICE_ACCOUNT.sub(REDACTED, message)


def askers(record: Mapping[str, Any]) -> Iterator[str]:
    """Names, ids and groups of who asked."""
    for key, value in record.items():
        if key.lower() in FIELDS:
            yield from _texts(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
