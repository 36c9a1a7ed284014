"""The JSON of ``gator test -o json``; with ``--stats`` as well.

Read: of each violation ``msg``, ``metadata.details``, ``constraint``, ``enforcementAction``, ``violatingObject``. The
object itself is there; its document is found by its name and its fields. What Gatekeeper found in a Pod that a
workload would make is said of the workload. Source: Gatekeeper 3.23 ``pkg/gator/test/types.go``, frameworks
``constraint/pkg/types/validation.go``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jade_common.errors import InvalidEventError
from jade_common.events import ScanFinding
from jade_ingest.domain.building import finding
from jade_ingest.domain.content import Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.entries import mapping, text
from jade_ingest.domain.formats import Entry
from jade_ingest.domain.gatekeeper import TOOL, pointer_in, rule_title
from jade_ingest.domain.rejects import Reject
from jade_policy.manifests import Manifest
from jade_policy.resources import identity

NAME = "gator"


def recognises(content: Content) -> bool:
    """Whether it is a list of violations, or what ``--stats`` writes."""
    report = content.sketch
    if content.form != "json":
        return False
    if isinstance(report, dict):
        return set(report) == {"results", "stats"}
    return isinstance(report, list) and bool(report) and is_violation(report[0])


def is_violation(value: Any) -> bool:
    """Whether a value is a violation."""
    return isinstance(value, dict) and {"constraint", "violatingObject"} <= set(value)


def read(content: Content, documents: Documents) -> Iterator[Entry]:
    """The violations; the word ``null`` where there is none."""
    if content.says_nothing:
        return
    if not recognises(content):
        raise InvalidEventError(
            "not the output of `gator test -o json`: expected an array of violations with constraint and "
            f"violatingObject; it is {content.seen}"
        )
    lists = "results.*" if isinstance(content.sketch, dict) else "*"
    for (index,), violation in content.each(lists):
        rule = text(violation, "constraint", "kind")
        if not is_violation(violation) or not rule:
            yield Reject(f"[{index}]", "not a violation: constraint.kind or violatingObject is missing")
            continue
        yield found(violation, documents)


def found(violation: Mapping[str, Any], documents: Documents) -> ScanFinding:
    """The finding of one violation."""
    obj, message = dict(mapping(violation, "violatingObject")), text(violation, "msg")
    manifest = document_of(obj, documents)
    rule = text(violation, "constraint", "kind")
    title, alias = rule_title(rule, text(violation, "constraint", "metadata", "name"))
    return finding(
        tool=TOOL,
        rule=rule,
        aliases=alias,
        title=title,
        message=message,
        manifest=manifest,
        resource=obj or None,
        pointer=pointer_in(mapping(violation, "metadata", "details"), message, obj),
    )


def document_of(obj: dict[str, Any], documents: Documents) -> Manifest | None:
    """The document that an object was read from: of those of its name the one with its fields, else the only one."""
    who = identity(obj)
    same = documents.named(who.kind, who.namespace, who.name, api_version=who.api_version)
    equal = [one for one in same if all(one.obj.get(key) == obj[key] for key in obj if key != "metadata")]
    if equal:
        return equal[0]
    return same[0] if len(same) == 1 else None
