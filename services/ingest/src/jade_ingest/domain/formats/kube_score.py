"""kube-score's JSON (``-o json``, output version v2).

Read: of each object ``type_meta``, ``object_meta``, ``file_name``, ``file_row``, and of its ``checks`` ``check.id``,
``check.name``, ``check.comment``, ``grade``, ``skipped``, ``comments[].path/summary/description``. A failed check has
a comment for each thing that it found, and each is a finding; where it has none, the check is. Source: kube-score
1.20 ``renderer/json_v2/api.go``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jade_common.errors import InvalidEventError
from jade_common.events import ScanFinding, Severity
from jade_ingest.domain.building import finding
from jade_ingest.domain.content import Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.entries import at, line_number, listed, mapping, text
from jade_ingest.domain.fieldpaths import placed
from jade_ingest.domain.formats import Entry
from jade_ingest.domain.rejects import Aside, Reject
from jade_policy.manifests import Manifest
from jade_policy.resources import ResourceId

NAME = "kube-score"

ALL_OK = 10
"""The best grade; 7 is almost, 5 a warning, 1 critical."""

GRADES: dict[Any, tuple[str, Severity]] = {
    1: ("critical", "high"),
    5: ("warning", "medium"),
    7: ("almost ok", "low"),
}
"""Its word for a grade, and what that means; its own SARIF calls the worst ``HIGH``."""

FIELDS = {
    "container-cpu-requests-equal-limits": "container/resources",
    "container-ephemeral-storage-request-and-limit": "container/resources",
    "container-ephemeral-storage-request-equals-limit": "container/resources",
    "container-image-pull-policy": "container/imagePullPolicy",
    "container-image-tag": "container/image",
    "container-memory-requests-equal-limits": "container/resources",
    "container-ports-check": "container/ports",
    "container-resource-requests-equal-limits": "container/resources",
    "container-resources": "container/resources",
    "container-seccomp-profile": "pod/securityContext/seccompProfile",
    "container-security-context-privileged": "container/securityContext/privileged",
    "container-security-context-readonlyrootfilesystem": "container/securityContext/readOnlyRootFilesystem",
    "container-security-context-user-group-id": "container/securityContext",
    "cronjob-has-deadline": "/spec/startingDeadlineSeconds",
    "deployment-has-host-podantiaffinity": "pod/affinity",
    "deployment-pod-selector-labels-match-template-metadata-labels": "/spec/selector",
    "deployment-replicas": "/spec/replicas",
    "deployment-strategy": "/spec/strategy",
    "deployment-targeted-by-hpa-does-not-have-replicas-configured": "/spec/replicas",
    "environment-variable-key-duplication": "container/env",
    "horizontalpodautoscaler-replicas": "/spec/minReplicas",
    "ingress-targets-service": "/spec/rules",
    "label-values": "/metadata/labels",
    "pod-probes": "container/readinessProbe",
    "pod-probes-identical": "container/livenessProbe",
    "pod-topology-spread-constraints": "pod/topologySpreadConstraints",
    "service-targets-pod": "/spec/selector",
    "service-type": "/spec/type",
    "stable-version": "/apiVersion",
    "statefulset-has-host-podantiaffinity": "pod/affinity",
    "statefulset-has-servicename": "/spec/serviceName",
    "statefulset-pod-selector-labels-match-template-metadata-labels": "/spec/selector",
}
"""The field that a check looks at; the checks of 1.20."""


def recognises(content: Content) -> bool:
    """Whether it is a list of scored objects."""
    return content.lists("object_name", "checks")


def read(content: Content, documents: Documents) -> Iterator[Entry]:
    """The comments of failed checks; the word ``null`` where no object was there to score."""
    if content.says_nothing:
        return
    if not recognises(content):
        raise InvalidEventError(
            "not a kube-score report of output version v2: expected an array of objects with object_name and "
            f"checks; it is {content.seen}"
        )
    for (index,), scored in content.each("*"):
        where = f"[{index}] {text(scored, 'object_name')}".rstrip()
        checks = at(scored, "checks")
        if not isinstance(checks, list):
            yield Reject(where, "no checks: not a scored object")
            continue
        subject = Subject(scored, documents)
        for number, check in enumerate(checks):
            yield from subject.read(f"{where} checks[{number}]", check)


class Subject:
    """One scored object."""

    def __init__(self, scored: Mapping[str, Any], documents: Documents) -> None:
        """Look it up: its row is that of the separator above it."""
        self._path, self._row = text(scored, "file_name"), line_number(scored, "file_row")
        kind, meta = mapping(scored, "type_meta"), mapping(scored, "object_meta")
        self._who = ResourceId(
            text(kind, "apiVersion"), text(kind, "kind"), text(meta, "namespace"), text(meta, "name")
        )
        self._manifest = self._looked_up(documents)

    def _looked_up(self, documents: Documents) -> Manifest | None:
        who = self._who
        line = None if self._row is None else self._row + 1
        found = documents.find(self._path, line, who.kind, who.namespace, who.name)
        return found or documents.find(self._path, self._row, who.kind, who.namespace, who.name)

    def read(self, where: str, check: Any) -> Iterator[Entry]:
        """What one check says."""
        rule, grade = text(check, "check", "id"), at(check, "grade")
        if not rule or isinstance(grade, bool) or not isinstance(grade, int):
            yield Reject(f"{where} {rule}".rstrip(), "not a check: check.id or grade is missing")
        elif at(check, "skipped") is True:
            yield Aside("skipped")
        elif grade >= ALL_OK:
            yield Aside("passed")
        else:
            for comment in listed(check, "comments") or [{}]:
                yield self._finding(rule, grade, mapping(check, "check"), comment)

    def _finding(self, rule: str, grade: int, check: Mapping[str, Any], comment: Any) -> ScanFinding:
        summary, description = text(comment, "summary"), text(comment, "description")
        word, severity = GRADES.get(grade, (f"grade {grade}", "high" if grade < 5 else "low"))  # noqa: PLR2004  # as above
        pointer = None
        if self._manifest is not None and rule in FIELDS:
            pointer = placed(self._manifest.obj, FIELDS[rule], text(comment, "path") or None)
        return finding(
            tool=NAME,
            rule=rule,
            title=text(check, "name"),
            message=f"{summary}: {description}" if summary and description else summary or description,
            severity=word,
            normalised=severity,
            manifest=self._manifest,
            named=self._who,
            path=self._path,
            line=None if self._manifest is not None else self._row,
            pointer=pointer,
            remediation=description,
        )
