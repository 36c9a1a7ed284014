"""What Gatekeeper's formats have in common: how a rule is called, and where a message points."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from jade_common.events import ScanFinding
from jade_ingest.domain.building import api_version, finding
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.entries import mapping, text
from jade_ingest.domain.fieldpaths import hinted, pointer_of
from jade_ingest.domain.rejects import Reject
from jade_policy.askers import unnamed
from jade_policy.manifests import Manifest
from jade_policy.resources import ResourceId

TOOL = "gatekeeper"
"""One name, however Gatekeeper told it: the same violation from its audit and from gator is the same."""


def rule_title(kind: str, name: str) -> tuple[str, tuple[str, ...]]:
    """What stands for a rule beside its template's kind: a title, and the constraint as an alias.

    >>> rule_title("K8sRequiredLabels", "must-have-owner")
    ('K8sRequiredLabels/must-have-owner', ('K8sRequiredLabels/must-have-owner',))
    """
    full = f"{kind}/{name}" if name else kind
    return full, (full,) if name else ()


def pointer_in(details: Mapping[str, Any], message: str, obj: dict[str, Any] | None) -> str | None:
    """The field that a violation is about: what its details say, else what its message names."""
    said = pointer_of(text(details, "path")) or pointer_of(text(details, "field"))
    if said is not None or obj is None:
        return said
    return hinted(obj, message)


class Keys(NamedTuple):
    """How a way of telling calls what it tells."""

    constraint: str
    name_of_constraint: str
    group: str
    version: str
    kind: str
    namespace: str
    name: str


def told(
    where: str, record: Mapping[str, Any], keys: Keys, message: str, documents: Documents
) -> ScanFinding | Reject:
    """The finding of a record of a violation.

    Args:
        where: Its place in the report.
        record: What was told.
        keys: How it calls things.
        message: What the policy said.
        documents: Where the resource may be.
    """
    version = text(record, keys.version)
    who = ResourceId(
        version if "/" in version else api_version(text(record, keys.group), version),
        text(record, keys.kind),
        text(record, keys.namespace),
        text(record, keys.name),
    )
    constraint = text(record, keys.constraint), text(record, keys.name_of_constraint)
    if not constraint[0] or not who.kind:
        return Reject(where, f"not a violation: {keys.constraint} or {keys.kind} is missing")
    details = mapping(record, "details")
    said = unnamed(message, record)
    return violation(constraint=constraint, who=who, message=said, details=details, documents=documents)


def violation(
    *,
    constraint: tuple[str, str],
    who: ResourceId,
    message: str,
    details: Mapping[str, Any],
    documents: Documents,
) -> ScanFinding:
    """The finding of a violation that comes without its object.

    Args:
        constraint: Its kind and its name.
        who: The resource.
        message: What the policy said.
        details: What it returned beside.
        documents: Where the resource may be.
    """
    same = documents.named(who.kind, who.namespace, who.name, api_version=who.api_version)
    manifest: Manifest | None = same[0] if len(same) == 1 else None
    title, alias = rule_title(*constraint)
    return finding(
        tool=TOOL,
        rule=constraint[0],
        aliases=alias,
        title=title,
        message=message,
        manifest=manifest,
        named=who,
        pointer=pointer_in(details, message, None if manifest is None else manifest.obj),
    )
