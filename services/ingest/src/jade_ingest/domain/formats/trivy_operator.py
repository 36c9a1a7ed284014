"""The reports that trivy-operator keeps in a cluster about configuration, ``aquasecurity.github.io/v1alpha1``.

ConfigAuditReport, RbacAssessmentReport, InfraAssessmentReport and their Cluster kinds. Read: the labels
``trivy-operator.resource.*`` and the owner reference (whose report it is), ``report.scanner``, ``report.checks[]``
with ``checkID``, ``severity``, ``success``, ``title``, ``messages``, ``description``, ``remediation``. A failed check
has a message for each thing that it found, and each is a finding. Source: trivy-operator
``pkg/apis/aquasecurity/v1alpha1``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jade_common.errors import InvalidEventError
from jade_common.events import ScanFinding
from jade_ingest.domain.building import finding
from jade_ingest.domain.content import Broken, Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.entries import at, listed, mapping, text
from jade_ingest.domain.fieldpaths import hinted
from jade_ingest.domain.formats import Entry
from jade_ingest.domain.formats.trivy import FIELDS
from jade_ingest.domain.kubernetes import objects_are, version_known
from jade_ingest.domain.rejects import Aside, Reject
from jade_ingest.domain.rules import aliases, trivy_rule
from jade_policy.resources import ResourceId

NAME = "trivy-operator"
GROUP = "aquasecurity.github.io"
VERSIONS = {"v1alpha1"}
KINDS = {"ConfigAuditReport", "RbacAssessmentReport", "InfraAssessmentReport"}
LABEL = "trivy-operator.resource."
TOOL = "trivy"
"""The rules are Trivy's: the same problem from both has one name."""


def recognises(content: Content) -> bool:
    """Whether all its objects are of trivy-operator's group."""
    return objects_are(content, is_report)


def is_report(obj: Mapping[str, Any]) -> bool:
    """Whether an object is one of trivy-operator's reports, about whatever."""
    return text(obj, "apiVersion").partition("/")[0] == GROUP and text(obj, "kind").removesuffix(
        "List"
    ).endswith("Report")


def read(content: Content, documents: Documents) -> Iterator[Entry]:
    """The checks that did not succeed; reports about images are named."""
    if not recognises(content):
        raise InvalidEventError(
            f"not trivy-operator's reports: expected objects of {GROUP}/v1alpha1; it is {content.seen}"
        )
    for where, report in content.objects():
        if isinstance(report, Broken) or not isinstance(report, dict) or not is_report(report):
            yield Reject(where, str(report) if isinstance(report, Broken) else f"not a report of {GROUP}")
            continue
        version_known(report, GROUP, VERSIONS)
        kind = text(report, "kind").removesuffix("List")
        place = f"{where} {kind} {text(report, 'metadata', 'name')}".rstrip()
        if kind.removeprefix("Cluster") not in KINDS:
            yield Reject(place, f"a {kind} is not about the configuration of a resource")
            continue
        yield from of_report(place, report, documents)


def of_report(where: str, report: Mapping[str, Any], documents: Documents) -> Iterator[Entry]:
    """What one report says of its resource."""
    who = owner(report)
    same = documents.named(who.kind, who.namespace, who.name)
    manifest = same[0] if len(same) == 1 else None
    version = text(report, "report", "scanner", "version")
    for index, check in enumerate(listed(report, "report", "checks")):
        place = f"{where} checks[{index}]"
        success = at(check, "success")
        if not text(check, "checkID") or not isinstance(success, bool):
            yield Reject(place, "not a check: checkID or success is missing")
        elif success:
            yield Aside("passed")
        else:
            for message in listed(check, "messages") or [""]:
                pointer = None
                if manifest is not None:
                    field = FIELDS.get(trivy_rule(text(check, "checkID")))
                    pointer = hinted(manifest.obj, text(message), field)
                yield found(
                    check, text(message), manifest=manifest, named=who, pointer=pointer, version=version
                )


def owner(report: Mapping[str, Any]) -> ResourceId:
    """Whose report it is."""
    metadata = mapping(report, "metadata")
    labels = mapping(metadata, "labels")
    references = listed(metadata, "ownerReferences")
    reference = mapping(references[0]) if references else {}
    return ResourceId(
        text(reference, "apiVersion"),
        text(labels, f"{LABEL}kind") or text(reference, "kind"),
        text(labels, f"{LABEL}namespace") or text(metadata, "namespace"),
        text(labels, f"{LABEL}name") or text(reference, "name"),
    )


def found(check: Mapping[str, Any], message: str, **known: Any) -> ScanFinding:
    """The finding of one message of a check."""
    raw = text(check, "checkID")
    rule = trivy_rule(raw)
    return finding(
        tool=TOOL,
        rule=rule,
        aliases=aliases(rule, raw),
        title=text(check, "title"),
        message=message or text(check, "description"),
        severity=text(check, "severity"),
        remediation=text(check, "remediation"),
        **known,
    )
