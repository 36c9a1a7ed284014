"""What a finding is known by from scan to scan: it stays when lines move and files are renamed.

It follows from the rule, the resource, the field and the message; neither file nor line goes in. Items of a list that
have a name are known by it, so that a container more, or another order, changes nothing for the others.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from jade_cli.scan.findings import Finding, place
from jade_common.identity import derived_id
from jade_policy.pointers import unescape
from jade_policy.resources import ResourceId

SARIF_KEY = "jadeFingerprint/v1"
"""How a SARIF result calls its fingerprint; the number is that of the rules by which it is made."""


def fingerprint(
    tool: str, rule: str, constraint: str | None, resource: ResourceId, field: str, message: str
) -> str:
    """The fingerprint of what one rule says of one field (see :func:`field_name`) of one resource."""
    return derived_id(
        "finding",
        tool,
        rule,
        constraint or "",
        resource.api_version,
        resource.kind,
        resource.namespace,
        resource.name,
        field,
        message,
    )


def field_name(obj: Any, pointer: str) -> str:
    """A JSON pointer with the names of list items in place of their numbers.

    >>> field_name({"containers": [{"name": "web"}, {"args": ["a"]}]}, "/containers/0/image")
    '/containers/[web]/image'
    >>> field_name({"containers": [{"name": "web"}, {"args": ["a"]}]}, "/containers/1/args/0")
    '/containers/1/args/0'
    """
    if not any(map(str.isdigit, pointer)):
        return pointer
    parts: list[str] = []
    for part in pointer.split("/")[1:]:
        if isinstance(obj, Mapping):
            obj = obj.get(unescape(part))
        elif isinstance(obj, list) and part.isdecimal() and int(part) < len(obj):
            obj = obj[int(part)]
            name = obj.get("name") if isinstance(obj, Mapping) else None
            if isinstance(name, str):
                parts.append(f"[{name}]")
                continue
        else:
            obj = None
        parts.append(part)
    return "/" + "/".join(parts)


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
