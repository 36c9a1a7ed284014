"""Polaris's JSON (``polaris audit --format json``), output version 1.0.

Read: ``Results[]`` with ``Name``, ``Namespace``, ``Kind``, and the failed ones of its ``Results``, of those of
``PodResult`` and of ``PodResult.ContainerResults``: ``ID``, ``Message``, ``Details``, ``Severity``. It names no file:
the resource is looked up by its name, and the line comes from the field that the check looks at. Source: Polaris 10.2
``pkg/validator/output.go``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jade_common.errors import InvalidEventError
from jade_ingest.domain.building import finding
from jade_ingest.domain.content import Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.entries import at, listed, mapping, text
from jade_ingest.domain.fieldpaths import placed
from jade_ingest.domain.formats import Entry
from jade_ingest.domain.rejects import Aside, Reject
from jade_policy.manifests import Manifest
from jade_policy.resources import ResourceId

NAME = "polaris"
VERSIONS = ("1.0",)

FIELDS = {
    "automountServiceAccountToken": "pod/automountServiceAccountToken",
    "clusterrolebindingClusterAdmin": "/roleRef",
    "clusterrolebindingPodExecAttach": "/roleRef",
    "clusterrolePodExecAttach": "/rules",
    "cpuLimitsMissing": "container/resources/limits/cpu",
    "cpuRequestsMissing": "container/resources/requests/cpu",
    "dangerousCapabilities": "container/securityContext/capabilities",
    "deploymentMissingReplicas": "/spec/replicas",
    "hostIPCSet": "pod/hostIPC",
    "hostNetworkSet": "pod/hostNetwork",
    "hostPIDSet": "pod/hostPID",
    "hostPathSet": "pod/volumes",
    "hostPortSet": "container/ports",
    "hostProcess": "pod/securityContext/windowsOptions",
    "hpaMaxAvailability": "/spec/maxReplicas",
    "hpaMinAvailability": "/spec/minReplicas",
    "insecureCapabilities": "container/securityContext/capabilities",
    "linuxHardening": "container/securityContext",
    "livenessProbeMissing": "container/livenessProbe",
    "memoryLimitsMissing": "container/resources/limits/memory",
    "memoryRequestsMissing": "container/resources/requests/memory",
    "metadataAndInstanceMismatched": "/metadata/labels",
    "notReadOnlyRootFilesystem": "container/securityContext/readOnlyRootFilesystem",
    "pdbDisruptionsIsZero": "/spec",
    "priorityClassNotSet": "pod/priorityClassName",
    "privilegeEscalationAllowed": "container/securityContext/allowPrivilegeEscalation",
    "procMount": "container/securityContext/procMount",
    "pullPolicyNotAlways": "container/imagePullPolicy",
    "readinessProbeMissing": "container/readinessProbe",
    "rolebindingClusterAdminClusterRole": "/roleRef",
    "rolebindingClusterAdminRole": "/roleRef",
    "rolebindingClusterRolePodExecAttach": "/roleRef",
    "rolebindingRolePodExecAttach": "/roleRef",
    "rolePodExecAttach": "/rules",
    "runAsPrivileged": "container/securityContext/privileged",
    "runAsRootAllowed": "container/securityContext/runAsNonRoot",
    "sensitiveConfigmapContent": "/data",
    "sensitiveContainerEnvVar": "container/env",
    "tagNotSpecified": "container/image",
    "tlsSettingsMissing": "/spec/tls",
    "topologySpreadConstraint": "pod/topologySpreadConstraints",
}
"""The field that a check looks at; the checks of 10.2."""


def recognises(content: Content) -> bool:
    """Whether it is an audit of Polaris."""
    report = content.sketch
    return content.form == "json" and isinstance(report, dict) and "PolarisOutputVersion" in report


def read(content: Content, documents: Documents) -> Iterator[Entry]:
    """The checks that did not succeed."""
    if not recognises(content):
        raise InvalidEventError(
            f"not a Polaris audit: expected an object with PolarisOutputVersion and Results; it is {content.seen}"
        )
    version = at(content.sketch, "PolarisOutputVersion")
    if version not in VERSIONS:
        raise InvalidEventError(
            f"PolarisOutputVersion is {version!r}; known is {', '.join(sorted(VERSIONS))}: a newer Jade may read it"
        )
    for (index,), entry in content.each("Results.*"):
        if not isinstance(entry, dict) or not text(entry, "Kind"):
            yield Reject(f"Results[{index}]", "not an audited resource: Kind is missing")
            continue
        who = ResourceId("", text(entry, "Kind"), text(entry, "Namespace"), text(entry, "Name"))
        same = documents.named(who.kind, who.namespace, who.name)
        # There is no file name: documents of one name are told apart by their order.
        manifest = documents.nth(same, (str(who),))
        for where, container, result in results_of(entry):
            yield read_result(f"Results[{index}] {who} {where}", result, who, manifest, container)


def results_of(entry: Mapping[str, Any]) -> Iterator[tuple[str, str | None, Any]]:
    """The results of a resource, of its pod and of its containers: where it stands, the container, the result."""
    pod = mapping(entry, "PodResult")
    parts: list[tuple[str, str | None, Mapping[str, Any]]] = [
        ("Results", None, entry),
        ("PodResult", None, pod),
    ]
    for part in listed(pod, "ContainerResults"):
        name = text(part, "Name")
        parts.append((f"ContainerResults {name}", name, mapping(part)))
    for where, container, part in parts:
        results = at(part, "Results")
        if results is not None and not isinstance(results, dict):
            yield where, container, results
            continue
        for key, result in (results or {}).items():
            yield f"{where} {key}", container, result


def read_result(
    where: str, result: Any, who: ResourceId, manifest: Manifest | None, container: str | None
) -> Entry:
    """What one check says."""
    rule, success = text(result, "ID"), at(result, "Success")
    if not rule or not isinstance(success, bool):
        return Reject(where, "not a result: ID or Success is missing")
    if success:
        return Aside("passed")
    pointer = None
    if manifest is not None and rule in FIELDS:
        pointer = placed(manifest.obj, FIELDS[rule], container)
    details = ", ".join(str(detail) for detail in listed(result, "Details"))
    message = text(result, "Message")
    if container:
        message = f"container {container!r}: {message}"
    return finding(
        tool=NAME,
        rule=rule,
        title=text(result, "Message"),
        message=f"{message}: {details}" if details else message,
        severity=text(result, "Severity"),
        manifest=manifest,
        named=who,
        pointer=pointer,
    )
