"""Kubescape's JSON, format version v2 (``--format json``).

Read: ``resources[]`` with ``resourceID``, ``object`` (its ``sourcePath`` is ``FILE:NUMBER``, where the number counts
the file's documents from 0); ``results[].controls[]`` with ``controlID``, ``name``, ``severity``, ``status.status``,
and of their rules ``paths[]``: ``failedPath``, ``reviewPath``, ``deletePath``, ``fixPath``; ``scoreFactor`` where a
control says no severity. A failed control of a resource is one finding, with all its fixes. Source: Kubescape 4.0
``core/pkg/resultshandling``, armoapi-go ``armotypes/posturetypes.go``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from jade_common.errors import InvalidEventError
from jade_common.events import ScanFinding, SuggestedFix
from jade_ingest.domain.building import finding
from jade_ingest.domain.content import Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.entries import at, listed, mapping, text
from jade_ingest.domain.fieldpaths import pointer_of
from jade_ingest.domain.formats import Entry
from jade_ingest.domain.rejects import Aside, Reject
from jade_ingest.domain.severities import severity_of, severity_of_score
from jade_policy.manifests import Manifest
from jade_policy.resources import identity

NAME = "kubescape"
VERSION = "v2"
PLACEHOLDER = "YOUR_"
"""How the value of a fix begins where a person must give it (``UserValuePrefix`` in ``fixhandler.go``)."""

OWN_FIELDS = ("sourcePath", "relatedObjects")
"""What Kubescape adds to the objects that it looked at."""


MAX_RELATED = 100
"""Roles and bindings of one ServiceAccount; real ones have a handful."""

RELATED = re.compile(r"/relatedObjects/(\d{1,4})(/.*)?$")
"""A field of one of them."""


class Found(NamedTuple):
    """A resource of the report: its document, or the object as the report has it, and its file."""

    manifest: Manifest | None
    obj: Mapping[str, Any]
    path: str
    related: tuple["Found", ...] = ()
    """What the resource was judged with: the roles and bindings of a ServiceAccount."""


def recognises(content: Content) -> bool:
    """Whether it is a report of Kubescape; format v1, an array, as well."""
    report = content.sketch
    if content.form != "json":
        return False
    if isinstance(report, list):
        return bool(report) and isinstance(report[0], dict) and "controlReports" in report[0]
    if not isinstance(report, dict):
        return False
    return "formatVersion" in mapping(report, "metadata", "scanMetadata") or {
        "summaryDetails",
        "results",
    } <= set(report)


def read(content: Content, documents: Documents) -> Iterator[Entry]:
    """The controls that failed."""
    if not recognises(content):
        raise InvalidEventError(
            "not a Kubescape report: expected an object with metadata, summaryDetails and results; "
            f"it is {content.seen}"
        )
    version = at(content.sketch, "metadata", "scanMetadata", "formatVersion")
    if isinstance(content.sketch, list) or version != VERSION:
        seen = "v1" if isinstance(content.sketch, list) else repr(version)
        raise InvalidEventError(
            f"Kubescape's formatVersion is {seen}; known is {VERSION}: scan with --format json "
            f"--format-version {VERSION}"
        )
    outline = content.outline("resources", "results", "summaryDetails.frameworks")
    tool = text(outline, "metadata", "scanMetadata", "kubescapeVersion")
    controls = mapping(outline, "summaryDetails", "controls")
    known = {
        text(entry, "resourceID"): looked_up(entry, documents)
        for _, entry in content.each("resources.*")
        if isinstance(entry, dict)
    }
    for (index,), result in content.each("results.*"):
        identifier = text(result, "resourceID")
        if not identifier:
            yield Reject(f"results[{index}]", "not a result: resourceID is missing")
            continue
        for number, control in enumerate(listed(result, "controls")):
            where = f"results[{index}] {identifier} controls[{number}]"
            yield read_control(where, control, identifier, known.get(identifier), controls, tool)


def looked_up(entry: Mapping[str, Any], documents: Documents) -> Found:
    """The document of a resource: that of its place in its file if it has its name, else the one of its name."""
    original = mapping(entry, "object")
    obj = {key: value for key, value in original.items() if key not in OWN_FIELDS}
    related = tuple(
        looked_up({"object": one}, documents) for one in listed(original, "relatedObjects")[:MAX_RELATED]
    )
    if related and "metadata" not in obj:  # it stands for a ServiceAccount: kind, name and namespace alone
        names = {key: obj.pop(key) for key in ("name", "namespace") if key in obj}
        obj |= {"apiVersion": "v1", "metadata": names}
    path, _, number = text(original, "sourcePath").rpartition(":")
    path = path or text(entry, "source", "relativePath")
    who = identity(obj)
    same = documents.named(who.kind, who.namespace, who.name, path=path)
    at_place = [one for one in same if number.isdecimal() and one.index == int(number[:9])]
    if at_place or len(same) == 1:
        return Found((at_place or same)[0], {}, path, related)
    equal = [one for one in same if one.obj.get("spec") == obj.get("spec")]
    return Found(equal[0], {}, path, related) if equal else Found(None, obj, path, related)


def read_control(
    where: str,
    control: Any,
    identifier: str,
    resource: Found | None,
    controls: Mapping[str, Any],
    version: str,
) -> Entry:
    """What one control says of one resource."""
    rule, status = text(control, "controlID"), text(control, "status", "status")
    if not rule or not status:
        return Reject(where, "not a control: controlID or status.status is missing")
    if status in {"passed", "skipped"}:
        return Aside(status)
    if status != "failed":
        return Reject(f"{where} {rule}", f"its status is {status!r}; known are failed, passed and skipped")
    summary = mapping(controls, rule)
    severity = text(control, "severity") or text(summary, "severity")
    score = at(summary, "scoreFactor")
    return found(
        control,
        identifier,
        resource,
        severity=severity or (text(summary, "scoreFactor") if score is not None else ""),
        normalised=severity_of(severity) or severity_of_score(score),
        version=version,
    )


def found(control: Mapping[str, Any], identifier: str, resource: Found | None, **known: Any) -> ScanFinding:
    """The finding of one failed control."""
    paths = [
        mapping(path)
        for rule in listed(control, "rules")
        if text(rule, "status") in {"failed", ""}
        for path in listed(rule, "paths")
    ]
    rule = text(control, "controlID")
    pointers = [
        pointer
        for keys in (("failedPath",), ("deletePath",), ("reviewPath",), ("fixPath", "path"))
        for path in paths
        if (pointer := pointer_of(text(path, *keys)))
    ]
    pointer = pointers[0] if pointers else None
    if (
        resource is not None
        and (match := RELATED.match(pointer or ""))
        and int(match[1]) < len(resource.related)
    ):
        resource, pointer = resource.related[int(match[1])], match[2]
    return finding(
        tool=NAME,
        rule=rule,
        title=text(control, "name"),
        manifest=None if resource is None else resource.manifest,
        resource=resource.obj or None if resource is not None else None,
        reference="" if resource is not None and (resource.manifest or resource.obj) else identifier,
        path="" if resource is None else resource.path,
        pointer=pointer,
        fixes=list(fixes_of(paths)),
        url=f"https://kubescape.io/docs/controls/{rule.lower()}/",
        **known,
    )


def fixes_of(paths: list[Mapping[str, Any]]) -> Iterator[SuggestedFix]:
    """What Kubescape would set and delete."""
    for path in paths:
        pointer, value = pointer_of(text(path, "fixPath", "path")), text(path, "fixPath", "value")
        if pointer is not None:
            needs_value = value.startswith(PLACEHOLDER)
            yield SuggestedFix(action="set", path=pointer, value=value, needs_value=needs_value)
        pointer = pointer_of(text(path, "deletePath"))
        if pointer is not None:
            yield SuggestedFix(action="delete", path=pointer)
