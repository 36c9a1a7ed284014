"""A finding out of what a tool says and what is known of its resource."""

from collections.abc import Mapping, Sequence
from typing import Any

from jade_common.events import ResourceIdentity, ScanFinding, Severity, Source, SuggestedFix
from jade_ingest.domain.entries import MAX_SHORT, cleaned
from jade_ingest.domain.fieldpaths import existing
from jade_ingest.domain.severities import severity_of
from jade_policy.manifests import Manifest
from jade_policy.resources import ResourceId, identity

MAX_FIXES = 100
"""Of one finding: a control of Kubescape suggests one for each container and field."""


def finding(
    *,
    tool: str,
    rule: str,
    message: str = "",
    title: str = "",
    severity: str = "",
    normalised: Severity | None = None,
    manifest: Manifest | None = None,
    resource: Mapping[str, Any] | None = None,
    named: ResourceId | None = None,
    reference: str = "",
    path: str = "",
    line: int | None = None,
    end_line: int | None = None,
    pointer: str | None = None,
    remediation: str = "",
    url: str = "",
    aliases: Sequence[str] = (),
    fixes: Sequence[SuggestedFix] = (),
    version: str = "",
) -> ScanFinding:
    """Make a finding.

    Args:
        tool: Name of the tool, in lower case.
        rule: The rule, in its one spelling; not empty.
        message: What is wrong there.
        title: What the rule says.
        severity: As the tool says it; brought to one of five, unless ``normalised`` is given.
        normalised: The severity, where the tool's word alone does not tell it.
        manifest: The document that the finding is about.
        resource: The object that it is about, where the report brings it and no manifest is known.
        named: What the tool says of the resource, where neither is known.
        reference: The resource as the tool names it.
        path: The file as the tool names it; a manifest's own wins.
        line: 1-based, in that file; the line of the field wins where that is known.
        end_line: 1-based, the last one.
        pointer: JSON pointer of the field.
        remediation: What the tool says is to be done.
        url: Where more is written about the rule.
        aliases: Other spellings of the rule.
        fixes: What the tool would change.
        version: Of the tool.
    """
    obj = manifest.obj if manifest is not None else resource
    pointer = existing(None if obj is None else dict(obj), pointer)
    if manifest is not None:
        path = manifest.path
        if pointer is not None:
            line, end_line = manifest.line_of(pointer), None
        line = line or manifest.line
    who = identity(dict(obj)) if obj is not None else named
    return ScanFinding(
        tool=cleaned(tool, MAX_SHORT) or "unknown",
        tool_version=cleaned(version, MAX_SHORT) or None,
        rule_id=cleaned(rule, MAX_SHORT),
        rule_aliases=tuple(short for one in aliases if (short := cleaned(one, MAX_SHORT))),
        title=cleaned(title) or None,
        message=cleaned(message) or None,
        severity=normalised or severity_of(severity),
        raw_severity=cleaned(severity, MAX_SHORT) or None,
        resource=None if obj is None else dict(obj) if manifest is None else manifest.obj,
        resource_ref=reference or (reference_of(who) if who is not None else None),
        resource_identity=identity_of(who) if who is not None else None,
        source=Source(path=cleaned(path), line=line, end_line=end_line) if path else None,
        path=pointer,
        remediation=cleaned(remediation) or None,
        url=cleaned(url) or None,
        fixes=tuple(fixes[:MAX_FIXES]),
    )


def identity_of(resource: ResourceId) -> ResourceIdentity | None:
    """The identity as it travels; ``None`` where nothing is known."""
    known = {
        "api_version": cleaned(resource.api_version, MAX_SHORT) or None,
        "kind": cleaned(resource.kind, MAX_SHORT) or None,
        "namespace": cleaned(resource.namespace, MAX_SHORT) or None,
        "name": cleaned(resource.name, MAX_SHORT) or None,
    }
    return ResourceIdentity(**known) if any(known.values()) else None


def reference_of(resource: ResourceId) -> str | None:
    """The resource in Checkov's way, ``Kind.namespace.name``; ``None`` where nothing is known."""
    if not resource.kind and not resource.name:
        return None
    return cleaned(f"{resource.kind}.{resource.namespace or 'default'}.{resource.name}")


def api_version(group: str, version: str) -> str:
    """The apiVersion of a group and a version.

    >>> api_version("apps", "v1"), api_version("", "v1")
    ('apps/v1', 'v1')
    """
    return f"{group}/{version}" if group else version
