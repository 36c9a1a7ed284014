"""kube-linter's JSON (``--format json``).

Read: ``Reports[]`` with ``Check``, ``Diagnostic.Message``, ``Remediation``, ``Object.Metadata.FilePath``,
``Object.K8sObject``; ``Checks[].description``; ``Summary.KubeLinterVersion``. It has no schema version, no severity
and no line: the line comes from the field that the check looks at. Source: kube-linter 0.8.3 ``pkg/run/run.go``,
``pkg/lintcontext/context.go``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jade_common.errors import InvalidEventError
from jade_common.events import ScanFinding
from jade_ingest.domain.building import api_version, finding
from jade_ingest.domain.content import Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.entries import listed, mapping, named, text
from jade_ingest.domain.fieldpaths import hinted
from jade_ingest.domain.formats import Entry
from jade_ingest.domain.rejects import Reject
from jade_policy.resources import ResourceId

NAME = "kube-linter"

FIELDS = {
    "access-to-create-pods": "/rules",
    "access-to-secrets": "/rules",
    "cluster-admin-role-binding": "/roleRef",
    "dangling-horizontalpodautoscaler": "/spec/scaleTargetRef",
    "dangling-ingress": "/spec/rules",
    "dangling-networkpolicy": "/spec/podSelector",
    "dangling-service": "/spec/selector",
    "dangling-servicemonitor": "/spec/selector",
    "default-service-account": "pod/serviceAccountName",
    "deprecated-service-account-field": "pod/serviceAccount",
    "dnsconfig-options": "pod/dnsConfig",
    "docker-sock": "pod/volumes",
    "drop-net-raw-capability": "container/securityContext/capabilities",
    "duplicate-env-var": "container/env",
    "env-value-from": "container/env",
    "env-var-secret": "container/env",
    "exposed-services": "/spec/type",
    "host-ipc": "pod/hostIPC",
    "host-network": "pod/hostNetwork",
    "host-pid": "pod/hostPID",
    "hpa-minimum-three-replicas": "/spec/minReplicas",
    "invalid-target-ports": "/spec/ports",
    "job-ttl-seconds-after-finished": "/spec/ttlSecondsAfterFinished",
    "latest-tag": "container/image",
    "liveness-port": "container/livenessProbe",
    "minimum-three-replicas": "/spec/replicas",
    "mismatching-selector": "/spec/selector",
    "no-anti-affinity": "pod/affinity",
    "no-extensions-v1beta": "/apiVersion",
    "no-liveness-probe": "container/livenessProbe",
    "no-node-affinity": "pod/affinity",
    "no-read-only-root-fs": "container/securityContext/readOnlyRootFilesystem",
    "no-readiness-probe": "container/readinessProbe",
    "no-rolling-update-strategy": "/spec/strategy",
    "non-existent-service-account": "pod/serviceAccountName",
    "pdb-max-unavailable": "/spec/maxUnavailable",
    "pdb-min-available": "/spec/minAvailable",
    "pdb-unhealthy-pod-eviction-policy": "/spec/unhealthyPodEvictionPolicy",
    "priority-class-name": "pod/priorityClassName",
    "privilege-escalation-container": "container/securityContext/allowPrivilegeEscalation",
    "privileged-container": "container/securityContext/privileged",
    "privileged-ports": "container/ports",
    "read-secret-from-env-var": "container/env",
    "readiness-port": "container/readinessProbe",
    "required-annotation-email": "/metadata/annotations",
    "required-label-owner": "/metadata/labels",
    "restart-policy": "pod/restartPolicy",
    "run-as-non-root": "container/securityContext/runAsNonRoot",
    "sensitive-host-mounts": "pod/volumes",
    "ssh-port": "container/ports",
    "startup-port": "container/startupProbe",
    "unsafe-proc-mount": "container/securityContext/procMount",
    "unsafe-sysctls": "pod/securityContext/sysctls",
    "unset-cpu-requirements": "container/resources",
    "unset-memory-requirements": "container/resources",
    "use-namespace": "/metadata/namespace",
    "wildcard-in-rules": "/rules",
    "writable-host-mount": "container/volumeMounts",
}
"""The field that a check looks at; the built-in checks of 0.8.3."""


def recognises(content: Content) -> bool:
    """Whether it is a report of kube-linter."""
    report = content.sketch
    return (
        content.form == "json"
        and isinstance(report, dict)
        and {"Checks", "Reports", "Summary"} <= set(report)
    )


def read(content: Content, documents: Documents) -> Iterator[Entry]:
    """Its reports; ``null`` where there is none."""
    if not recognises(content):
        raise InvalidEventError(
            f"not a kube-linter report: expected an object with Checks, Reports and Summary; it is {content.seen}"
        )
    outline = content.outline("Reports")
    if not isinstance(outline["Reports"], list | None):
        raise InvalidEventError(
            f"kube-linter's Reports is {named(outline['Reports'])}, expected an array or null"
        )
    titles = {text(check, "name"): text(check, "description") for check in listed(outline, "Checks")}
    version = text(outline, "Summary", "KubeLinterVersion")
    for (index,), entry in content.each("Reports.*"):
        rule = text(entry, "Check")
        if not rule or not mapping(entry, "Object", "K8sObject"):
            yield Reject(
                f"Reports[{index}] {rule}".rstrip(), "not a report: Check or Object.K8sObject is missing"
            )
            continue
        yield found(entry, documents, title=titles.get(rule, ""), version=version)


def found(entry: Mapping[str, Any], documents: Documents, *, title: str, version: str) -> ScanFinding:
    """The finding of one report."""
    obj, rule = mapping(entry, "Object", "K8sObject"), text(entry, "Check")
    kind = mapping(obj, "GroupVersionKind")
    who = ResourceId(
        api_version(text(kind, "Group"), text(kind, "Version")),
        text(kind, "Kind"),
        text(obj, "Namespace"),
        text(obj, "Name"),
    )
    path = text(entry, "Object", "Metadata", "FilePath")
    message = text(entry, "Diagnostic", "Message")
    same = documents.named(who.kind, who.namespace, who.name, path=path, api_version=who.api_version)
    manifest = documents.nth(same, (rule, message, path, str(who)))
    return finding(
        tool=NAME,
        rule=rule,
        title=title,
        message=message,
        manifest=manifest,
        named=who,
        path=path,
        pointer=None if manifest is None else hinted(manifest.obj, message, FIELDS.get(rule)),
        remediation=text(entry, "Remediation"),
        version=version,
    )
