"""The kinds that a policy matches, as METADATA names them and as Gatekeeper wants them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from jade_policy.generate.errors import SourceError
from jade_policy.pod_templates import POD, TEMPLATE_ITSELF, TEMPLATE_PATHS

WORKLOADS = "workloads"  # Pod and every kind with a pod template

# What the API server calls the resources of a kind, for those whose name is not simply the kind in lower case with
# an "s". A kind has the same name in every group that has it.
_PLURALS = {
    "CSIStorageCapacity": "csistoragecapacities",
    "DeviceClass": "deviceclasses",
    "Endpoints": "endpoints",
    "GatewayClass": "gatewayclasses",
    "Ingress": "ingresses",
    "IngressClass": "ingressclasses",
    "IPAddress": "ipaddresses",
    "MutatingAdmissionPolicy": "mutatingadmissionpolicies",
    "NetworkPolicy": "networkpolicies",
    "PodSecurityPolicy": "podsecuritypolicies",
    "PriorityClass": "priorityclasses",
    "RuntimeClass": "runtimeclasses",
    "StorageClass": "storageclasses",
    "ValidatingAdmissionPolicy": "validatingadmissionpolicies",
    "VolumeAttributesClass": "volumeattributesclasses",
    "VolumeSnapshotClass": "volumesnapshotclasses",
    **{
        kind: f"{kind.lower()}s"
        for kind in (
            *sorted({kind for _, kind in {POD, *TEMPLATE_ITSELF, *TEMPLATE_PATHS}}),
            "APIService",
            "CertificateSigningRequest",
            "ClusterRole",
            "ClusterRoleBinding",
            "ClusterTrustBundle",
            "ConfigMap",
            "ControllerRevision",
            "CSIDriver",
            "CSINode",
            "CustomResourceDefinition",
            "EndpointSlice",
            "Event",
            "FlowSchema",
            "Gateway",
            "GRPCRoute",
            "HTTPRoute",
            "HorizontalPodAutoscaler",
            "Lease",
            "LimitRange",
            "MutatingAdmissionPolicyBinding",
            "MutatingWebhookConfiguration",
            "Namespace",
            "Node",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "PodDisruptionBudget",
            "PriorityLevelConfiguration",
            "ResourceClaim",
            "ResourceClaimTemplate",
            "ResourceQuota",
            "Role",
            "RoleBinding",
            "Secret",
            "ServiceAccount",
            "ServiceCIDR",
            "TCPRoute",
            "TLSRoute",
            "UDPRoute",
            "ValidatingAdmissionPolicyBinding",
            "ValidatingWebhookConfiguration",
            "VolumeAttachment",
            "VolumeSnapshot",
        )
    },
}


@dataclass(frozen=True)
class KindGroup:
    """Kinds of one API group; "" is the core group."""

    api_group: str
    kinds: tuple[str, ...]

    def as_json(self) -> dict[str, list[str]]:
        """Give it as `match.kinds` of a constraint holds it."""
        return {"apiGroups": [self.api_group], "kinds": list(self.kinds)}


def expand_kinds(names: Iterable[str], path: Path) -> tuple[KindGroup, ...]:
    """Read `workloads`, `Service` (core) or `networking.k8s.io/Ingress`; groups and kinds come out sorted.

    >>> expand_kinds(["apps/Deployment", "Pod"], Path("policy.rego"))
    (KindGroup(api_group='', kinds=('Pod',)), KindGroup(api_group='apps', kinds=('Deployment',)))

    Raises:
        SourceError: a name is empty or does not end in a kind.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for name in names:
        if name == WORKLOADS:
            for group, kind in {POD, *TEMPLATE_ITSELF, *TEMPLATE_PATHS}:
                found[group].add(kind)
            continue
        group, _, kind = name.rpartition("/")
        if not kind[:1].isupper():
            raise SourceError(
                f"{path}: METADATA: {name!r} is no kind; write {WORKLOADS!r}, 'Kind' or 'group/Kind'"
            )
        found[group].add(kind)
    return tuple(KindGroup(group, tuple(sorted(found[group]))) for group in sorted(found))


def plural(kind: str, path: Path) -> str:
    """Give the name of a kind's resources, `networkpolicies`.

    Raises:
        SourceError: it is not known; the API server alone could tell.
    """
    try:
        return _PLURALS[kind]
    except KeyError:
        raise SourceError(
            f"{path}: METADATA: the resource name of {kind} is not known; add it to _PLURALS in {Path(__file__).name}"
        ) from None
