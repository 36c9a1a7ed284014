"""One-field changes of a workload: what people do about findings, one field at a time."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from jade_policy.locate.variants import NOTHING, put
from jade_policy.pointers import join
from jade_policy.resources import containers, pod_spec

PROBE = {"tcpSocket": {"port": 8080}}
DIGEST = "registry.example/x:1.2@sha256:" + "ab" * 32
CONTAINER: tuple[tuple[str, Any], ...] = (
    ("image", "registry.example/x:1.2"),
    ("image", DIGEST),
    ("imagePullPolicy", "Always"),
    ("resources/limits/cpu", "100m"),
    ("resources/limits/memory", "64Mi"),
    ("resources/limits/ephemeral-storage", "64Mi"),
    ("resources/requests/cpu", "100m"),
    ("resources/requests/memory", "64Mi"),
    ("resources/requests/ephemeral-storage", "64Mi"),
    ("securityContext/privileged", False),
    ("securityContext/allowPrivilegeEscalation", False),
    ("securityContext/readOnlyRootFilesystem", True),
    ("securityContext/runAsNonRoot", True),
    ("securityContext/runAsUser", 20_000),
    ("securityContext/runAsGroup", 20_000),
    ("securityContext/capabilities/drop", ["ALL"]),
    ("securityContext/capabilities/drop", ["NET_RAW"]),
    ("securityContext/capabilities/add", NOTHING),
    ("securityContext/seccompProfile", {"type": "RuntimeDefault"}),
    ("livenessProbe", PROBE),
    ("readinessProbe", PROBE),
    ("ports", NOTHING),
    ("env", NOTHING),
)
POD: tuple[tuple[str, Any], ...] = (
    ("automountServiceAccountToken", False),
    ("serviceAccountName", "own"),
    ("hostNetwork", NOTHING),
    ("hostPID", NOTHING),
    ("hostIPC", NOTHING),
    ("priorityClassName", "high"),
    ("restartPolicy", "Always"),
    ("volumes", NOTHING),
    ("securityContext/runAsNonRoot", True),
    ("securityContext/runAsUser", 20_000),
    ("securityContext/seccompProfile", {"type": "RuntimeDefault"}),
    ("affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution",
     [{"weight": 1, "podAffinityTerm": {"topologyKey": "kubernetes.io/hostname",
                                        "labelSelector": {"matchLabels": {"app": "x"}}}}]),
    ("dnsConfig/options", [{"name": "ndots", "value": "2"}]),
)  # fmt: skip
RESOURCE: tuple[tuple[str, Any], ...] = (
    ("metadata/namespace", "own"),
    ("metadata/labels/owner", "team"),
    ("metadata/labels/app", "x"),
    ("metadata/annotations/email", "a@example.com"),
    ("spec/replicas", 3),
    ("spec/strategy/type", "RollingUpdate"),
)


class Change(NamedTuple):
    """A field and what it becomes."""

    pointer: str
    value: Any
    obj: Mapping[str, Any]


def changes_of(obj: Mapping[str, Any]) -> Iterator[Change]:
    """Every change of a workload that changes something."""
    found = pod_spec(dict(obj))
    roots = [("", RESOURCE)]
    if found is not None:
        roots += [(found[0], POD), *((at.pointer, CONTAINER) for at in containers(dict(obj)))]
    for root, fields in roots:
        for field, value in fields:
            pointer = join(root, *field.split("/"))
            changed = put(obj, pointer, value)
            if changed != obj:
                yield Change(pointer, value, changed)
