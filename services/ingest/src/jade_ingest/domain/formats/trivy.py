"""Trivy's JSON: configuration scans, ``trivy k8s`` in full and as a summary, and the layouts before schema 2.

Read: ``Results[].Target`` and of its ``Misconfigurations`` ``ID``, ``AVDID``, ``Title``, ``Message``, ``Severity``,
``Resolution``, ``PrimaryURL``, ``Status``, ``CauseMetadata.StartLine/EndLine``; of a cluster scan ``Resources[]``,
``Findings[]`` or the older top-level lists, with ``Namespace``, ``Kind``, ``Name``, ``Error``. A configuration scan
names no resource but in messages and lines: see ``sightings``. Source: Trivy 0.74 ``pkg/report/writer.go``,
``pkg/types/misconfiguration.go``, ``pkg/k8s/report/report.go``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jade_common.errors import InvalidEventError
from jade_common.events import ScanFinding
from jade_ingest.domain.building import finding
from jade_ingest.domain.content import Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.entries import at, line_number, listed, mapping, text
from jade_ingest.domain.fieldpaths import container_at, hinted
from jade_ingest.domain.formats import Entry
from jade_ingest.domain.rejects import Aside, Reject
from jade_ingest.domain.rules import aliases, trivy_rule
from jade_ingest.domain.sightings import Sightings
from jade_policy.resources import ResourceId

NAME = "trivy"
SCHEMAS = (1, 2)
"""Of ``SchemaVersion``; 1 stands for none at all, and is what cluster scans have said."""

CLUSTER = ("Resources", "Findings", "Misconfigurations", "Vulnerabilities")
"""Where a cluster scan keeps its resources: in full, as a summary, and (two lists) before schema 2."""

OTHERS = {"Vulnerabilities": "vulnerability", "Secrets": "secret", "Licenses": "licence"}
"""What Trivy finds in images and files, beside misconfigurations."""

MISCONFIGURATIONS = "Misconfigurations"

FIELDS = {
    "KSV-0003": "container/securityContext/capabilities/drop",
    "KSV-0004": "container/securityContext/capabilities/drop",
    "KSV-0005": "container/securityContext/capabilities/add",
    "KSV-0006": "pod/volumes",
    "KSV-0013": "container/image",
    "KSV-0022": "container/securityContext/capabilities/add",
    "KSV-0023": "pod/volumes",
    "KSV-0024": "container/ports",
    "KSV-0028": "pod/volumes",
    "KSV-0030": "container/securityContext/seccompProfile",
    "KSV-0036": "pod/automountServiceAccountToken",
    "KSV-0104": "container/securityContext/seccompProfile",
    "KSV-0105": "container/securityContext/runAsUser",
    "KSV-0106": "container/securityContext/capabilities/drop",
    "KSV-0110": "/metadata/namespace",
    "KSV-0117": "container/ports",
    "KSV-0118": "container/securityContext",
    "KSV-0119": "container/securityContext/capabilities/add",
    "KSV-0120": "container/securityContext/capabilities/add",
    "KSV-0121": "pod/volumes",
    "KSV-0125": "container/image",
}
"""Where a rule looks, for those whose messages do not say it, or say what is no field (``spec.template.volumes``)."""


def recognises(content: Content) -> bool:
    """Whether it looks like one of Trivy's layouts."""
    report = content.sketch
    if content.form != "json":
        return False
    if isinstance(report, list):
        return bool(report) and is_result(report[0])
    if not isinstance(report, dict):
        return False
    if "SchemaVersion" in report or "Trivy" in report:
        return True
    if "ClusterName" in report:
        return any(name in report for name in CLUSTER) or set(report) <= {"ClusterName", "ReportID"}
    return any(is_result(one) for one in listed(report, "Results")) or any(
        "Results" in mapping(one) for name in CLUSTER for one in listed(report, name)
    )


def is_result(value: Any) -> bool:
    """Whether a value is the result of one target."""
    return isinstance(value, dict) and "Target" in value and bool({"Class", "Type", *OTHERS} & set(value))


def read(content: Content, documents: Documents) -> Iterator[Entry]:
    """The misconfigurations of all targets; what else Trivy found is named."""
    if content.says_nothing:
        return
    if not recognises(content):
        raise InvalidEventError(
            "not a Trivy report: expected an object with SchemaVersion and Results, Resources or Findings; "
            f"it is {content.seen}"
        )
    schema = at(content.sketch, "SchemaVersion")
    if (
        isinstance(content.sketch, dict)
        and schema is not None
        and (schema not in SCHEMAS or isinstance(schema, bool))
    ):
        raise InvalidEventError(
            f"Trivy's SchemaVersion is {schema!r}; known is 2, and the layouts before it: a newer Jade may read it"
        )
    if isinstance(content.sketch, list):
        yield from Targets(content, "*", documents).entries("")
        return
    version = text(content.sketch, "Trivy", "Version")
    yield from Targets(content, "Results.*", documents).entries(version)
    for name in CLUSTER:
        if name not in content.sketch:  # a pass over a large report takes seconds
            continue
        for (index,), resource in content.each(f"{name}.*"):
            yield from of_resource(f"{name}[{index}]", resource, documents)


class Targets:
    """The results of a configuration scan: a target is a file."""

    def __init__(self, content: Content, results: str, documents: Documents) -> None:
        """Take the report, and the path of its results in it."""
        self._content, self._results = content, results
        self._sightings = Sightings(documents, drifting=True)

    def entries(self, version: str) -> Iterator[Entry]:
        """What the results hold; gone over twice, since findings tell of each other's resources."""
        lists = (MISCONFIGURATIONS, *OTHERS)
        prefix = "" if self._results == "*" else "Results."
        outline = self._content.outline(*(f"{self._results}.{name}" for name in lists))
        results = outline if isinstance(outline, list) else listed(outline, "Results")
        targets = [text(result, "Target") for result in results]
        for number, result in enumerate(results):
            if not isinstance(result, dict):
                yield Reject(f"{prefix}[{number}]", "not a result: an object with Target is expected")
        for (number, _), entry in self._content.each(f"{self._results}.{MISCONFIGURATIONS}.*"):
            cause = mapping(entry, "CauseMetadata")
            start, end = line_number(cause, "StartLine"), line_number(cause, "EndLine")
            self._sightings.learn(targets[number], start, end, text(entry, "Message"))
        for (number, index), entry in self._content.each(f"{self._results}.{MISCONFIGURATIONS}.*"):
            where = f"{targets[number]} {MISCONFIGURATIONS}[{index}]"
            problem = problem_of(entry, where)
            yield problem or self._finding(entry, targets[number], version)
        for name in (one for one in OTHERS if any(one in mapping(result) for result in results)):
            for (number, index), entry in self._content.each(f"{self._results}.{name}.*"):
                yield other(name, f"{targets[number]} {name}[{index}]", entry)

    def _finding(self, entry: Mapping[str, Any], target: str, version: str) -> ScanFinding:
        cause, message = mapping(entry, "CauseMetadata"), text(entry, "Message")
        seen = self._sightings.place(
            target, line_number(cause, "StartLine"), line_number(cause, "EndLine"), message
        )
        pointer = None
        if seen.manifest is not None:
            container = container_at(seen.manifest, seen.line)
            pointer = hinted(seen.manifest.obj, message, FIELDS.get(rule_of(entry)), container)
        return misconfiguration(
            entry,
            pointer=pointer,
            manifest=seen.manifest,
            path=target,
            line=seen.line,
            end_line=seen.end_line,
            version=version,
        )


def of_resource(where: str, resource: Any, documents: Documents) -> Iterator[Entry]:
    """What a cluster scan says of one resource."""
    if not isinstance(resource, dict):
        yield Reject(where, "not a resource: an object with Kind and Results is expected")
        return
    who = ResourceId("", text(resource, "Kind"), text(resource, "Namespace"), text(resource, "Name"))
    if text(resource, "Error"):
        yield Reject(f"{where} {who}", f"Trivy could not scan it: {text(resource, 'Error')}")
    found = documents.named(who.kind, who.namespace, who.name)
    manifest = found[0] if len(found) == 1 else None
    for result in listed(resource, "Results"):
        for index, entry in enumerate(listed(result, MISCONFIGURATIONS)):
            place = f"{where} {who} {MISCONFIGURATIONS}[{index}]"
            pointer = (
                None
                if manifest is None
                else hinted(manifest.obj, text(entry, "Message"), FIELDS.get(rule_of(entry)))
            )
            yield problem_of(entry, place) or misconfiguration(
                entry, manifest=manifest, named=who, pointer=pointer
            )
        for name in OTHERS:
            for index, entry in enumerate(listed(result, name)):
                yield other(name, f"{where} {who} {name}[{index}]", entry)


def problem_of(entry: Any, where: str) -> Entry | None:
    """Why an entry is no finding; ``None`` for one that is."""
    if not isinstance(entry, dict) or not rule_of(entry):
        return Reject(where, "not a misconfiguration: ID is missing")
    status = text(entry, "Status").upper() or "FAIL"
    if status == "FAIL":
        return None
    return Aside({"PASS": "passed", "EXCEPTION": "suppressed"}.get(status, f"status {status}"))


def other(name: str, where: str, entry: Any) -> Reject:
    """Says that Trivy found something that no manifest causes."""
    which = text(entry, "VulnerabilityID") or text(entry, "RuleID") or text(entry, "Name")
    return Reject(
        f"{where} {which}".rstrip(), f"a {OTHERS[name]}, which is no misconfiguration of a resource"
    )


def rule_of(entry: Any) -> str:
    """The rule in its one spelling; empty where there is none."""
    return trivy_rule(text(entry, "ID") or text(entry, "AVDID"))


def misconfiguration(entry: Mapping[str, Any], **known: Any) -> ScanFinding:
    """The finding of one entry."""
    rule = rule_of(entry)
    return finding(
        tool=NAME,
        rule=rule,
        aliases=aliases(rule, text(entry, "ID"), text(entry, "AVDID")),
        title=text(entry, "Title"),
        message=text(entry, "Message"),
        severity=text(entry, "Severity"),
        remediation=text(entry, "Resolution"),
        url=text(entry, "PrimaryURL"),
        **known,
    )
