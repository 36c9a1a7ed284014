"""What a finding is known by from scan to scan: it stays when lines move and files are renamed.

It follows from the rule, the resource, the field and the message; neither file nor line goes in. Items of a list that
have a name are known by it, so that a container more, or another order, changes nothing for the others.
"""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from jade_cli.scan.findings import Finding, place
from jade_common.identity import ID_BYTES, derived_id
from jade_policy.pointers import unescape
from jade_policy.resources import ResourceId

SARIF_KEY = "jadeFingerprint/v1"
"""How a SARIF result calls its fingerprint; the number is that of the rules by which it is made."""

RULES_KEPT = 4096
"""More than any library has, each with its constraints."""

DIGITS = 9
"""Digits of a place in a list: a document is no longer, and Python takes no number of thousands of digits."""

LONE = "surrogatepass"
"""JSON may hold halves of a character, which UTF-8 does not."""


class Fingerprints:
    """Makes the fingerprints of one resource's findings.

    A scan makes tens of thousands, and what they share is hashed once: that takes a fifth of the time.
    """

    def __init__(self, resource: ResourceId, obj: Any) -> None:
        """For findings on ``resource``; ``obj`` is what their fields are looked up in."""
        self._resource = framed(resource.api_version, resource.kind, resource.namespace, resource.name)
        self._obj = obj
        self._fields: dict[str, bytes] = {}

    def of(self, tool: str, rule: str, constraint: str | None, pointer: str | None, message: str) -> str:
        """The fingerprint of what one rule says of one field."""
        pointer = pointer or ""
        field = self._fields.get(pointer)
        if field is None:
            field = self._fields[pointer] = framed(named(self._obj, pointer))
        what = self._resource + of_rule(tool, rule, constraint) + field + message.encode(errors=LONE)
        return blake2b(what, digest_size=ID_BYTES).hexdigest()


@lru_cache(RULES_KEPT)
def of_rule(tool: str, rule: str, constraint: str | None) -> bytes:
    """What goes into a fingerprint of a rule."""
    return framed(tool, rule, constraint or "")


def framed(*parts: str) -> bytes:
    """Each part behind its length: moving text from one part to the next changes a fingerprint."""
    data = [part.encode(errors=LONE) for part in parts]
    return b"".join(piece for part in data for piece in (len(part).to_bytes(8, "big"), part))


def named(obj: Any, pointer: str) -> str:
    """A JSON pointer with the names of list items in place of their numbers; what leads nowhere stays as it is.

    >>> pod = {"containers": [{"name": "web"}, {"args": ["a"]}]}
    >>> named(pod, "/containers/0/image"), named(pod, "/containers/1/args/0")
    ('/containers/[web]/image', '/containers/1/args/0')
    """
    parts = pointer.split("/")
    for number, token in enumerate(parts[1:], 1):
        if obj.__class__ is dict:
            obj = obj.get(unescape(token))
        elif obj.__class__ is list and token.isdecimal() and len(token) < DIGITS and int(token) < len(obj):
            obj = obj[int(token)]
            name = obj.get("name") if obj.__class__ is dict else None
            if name.__class__ is str:
                parts[number] = f"[{name}]"
        else:
            break
    return "/".join(parts)


def numbered(findings: Iterable[Finding]) -> list[Finding]:
    """The findings sorted, no two with the same fingerprint.

    Where the same is found again, in another file or document that describes the same resource, the second gets a
    fingerprint of its own. Which of the two that is may change; the fingerprints of both together do not.
    """
    seen: Counter[str] = Counter()
    done = sorted(findings, key=place)
    for position, finding in enumerate(done):
        what = finding.fingerprint
        seen[what] += 1
        if seen[what] > 1:
            done[position] = finding._replace(fingerprint=derived_id("again", what, str(seen[what])))
    return done
