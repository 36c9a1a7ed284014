"""The finding of a violation, as the export, the log and the status of a constraint tell it.

All three give the same finding, with the same id, for the same violation. Of the constraint's annotations and the
resource's labels nothing is read, and of the details only the field that they name.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from jade_common.events import ResourceIdentity, ScanFinding
from jade_gatekeeper_bridge.domain.entries import Entry, Made, Reject, content_id
from jade_gatekeeper_bridge.domain.reading import MAX_SHORT, api_version, cleaned, mapping, short, text
from jade_policy.askers import DENIED, unnamed
from jade_policy.pointers import of
from jade_policy.redaction import redact_text

TOOL = "gatekeeper"
MAX_PATH = 4_096
_STEP = re.compile(r"\[(?:\"([^\"\]]*)\"|'([^'\]]*)'|([^\]]*))\]|([^./\[\]]+)")


class Violation(NamedTuple):
    """What is known of a violation."""

    constraint_kind: str
    constraint_name: str
    api_version: str
    kind: str
    namespace: str
    name: str
    message: str
    details: Mapping[str, Any]
    record: Mapping[str, Any]
    audit: str = ""


def exported(record: Mapping[str, Any]) -> Violation:
    """A message of the export. Source: Gatekeeper 3.23 ``pkg/export/util/util.go``."""
    return Violation(
        text(record, "kind"),
        text(record, "name"),
        api_version(text(record, "resourceGroup"), text(record, "resourceAPIVersion")),
        text(record, "resourceKind"),
        text(record, "resourceNamespace"),
        text(record, "resourceName"),
        text(record, "message"),
        mapping(record, "details"),
        record,
        text(record, "id"),
    )


def logged(record: Mapping[str, Any]) -> Violation:
    """A line of the log. Source: Gatekeeper 3.23 ``pkg/audit/manager.go``, ``pkg/webhook/policy.go``."""
    return Violation(
        text(record, "constraint_kind"),
        text(record, "constraint_name"),
        api_version(text(record, "resource_group"), text(record, "resource_api_version")),
        text(record, "resource_kind"),
        text(record, "resource_namespace"),
        text(record, "resource_name"),
        (text(record, "event_msg") or text(record, "msg")).removeprefix(DENIED),
        mapping(record, "details"),
        record,
        text(record, "audit_id"),
    )


def listed_in(constraint: Mapping[str, Any], entry: Any) -> Violation:
    """An entry of a constraint's ``status.violations``."""
    return Violation(
        text(constraint, "kind"),
        text(constraint, "metadata", "name"),
        api_version(text(entry, "group"), text(entry, "version")),
        text(entry, "kind"),
        text(entry, "namespace"),
        text(entry, "name"),
        text(entry, "message"),
        mapping(entry, "details"),
        {},
        text(constraint, "status", "auditTimestamp"),
    )


def finding(seen: Violation, team: str | None = None) -> Entry:
    """The finding of a violation, without secrets and without who asked."""
    if not seen.constraint_kind or not seen.kind:
        missing = "the constraint's kind" if not seen.constraint_kind else "the resource's kind"
        return Reject(f"a violation without {missing}")
    rule = cleaned(seen.constraint_kind, MAX_SHORT)
    full = f"{seen.constraint_kind}/{seen.constraint_name}" if seen.constraint_name else ""
    found = ScanFinding(
        tool=TOOL,
        rule_id=rule,
        rule_aliases=(cleaned(full, MAX_SHORT),) if full else (),
        title=full or rule,
        message=redact_text(unnamed(seen.message, seen.record)) or None,
        resource_ref=cleaned(f"{seen.kind}.{seen.namespace or 'default'}.{seen.name}"),
        resource_identity=ResourceIdentity(
            api_version=cleaned(seen.api_version, MAX_SHORT) or None,
            kind=cleaned(seen.kind, MAX_SHORT),
            namespace=cleaned(seen.namespace, MAX_SHORT) or None,
            name=cleaned(seen.name, MAX_SHORT) or None,
        ),
        path=pointer_of(text(seen.details, "path")) or pointer_of(text(seen.details, "field")),
        team=team,
    )
    return Made(found, content_id(found), short({"audit": seen.audit}, "audit"))


def pointer_of(path: str) -> str | None:
    """The JSON pointer of a path as policies write it; ``None`` for what is none.

    >>> pointer_of("spec.containers[0].image"), pointer_of("/spec/a~1b"), pointer_of("see the docs")
    ('/spec/containers/0/image', '/spec/a~1b', None)
    """
    if not path or len(path) > MAX_PATH or any(mark in path for mark in " \n<>"):
        return None
    if "~" in path and path.startswith("/"):  # a JSON pointer, with its escapes
        return path.rstrip("/")
    steps = [next(part for part in match if part) for match in _STEP.findall(path) if any(match)]
    return of(steps) if steps else None
