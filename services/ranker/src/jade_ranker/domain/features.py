"""Features of a resource, typed, over all its containers; they take 50 µs at most, so none is ever fetched."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from jade_policy.resources import containers, identity, pod_spec

ALLOWED_ADDITIONS = frozenset({"NET_BIND_SERVICE"})
"""The one capability that the restricted Pod Security Standard lets a container add."""

SAFE_SYSCTLS = frozenset(
    {
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
    }
)
"""The sysctls of the baseline Pod Security Standard."""

POD_SECCOMP = frozenset({"RuntimeDefault", "Localhost"})


class Features(NamedTuple):
    """What the heuristic sees of a resource.

    The first nine are those of the specification; the rest name what other policies ask for. ``None``
    means that the resource alone does not tell.
    """

    resource_kind: str
    namespace: str
    privileged: bool = False
    allow_privilege_escalation: bool = False
    image_tags: frozenset[str] = frozenset()
    host_path: bool = False
    wildcard_verbs: bool = False
    netpol_present: bool | None = None
    limits_missing: bool = False
    host_namespaces: frozenset[str] = frozenset()
    host_port: bool = False
    run_as_non_root: bool | None = None
    seccomp_missing: bool = False
    drops_all: bool | None = None
    adds_capabilities: bool = False
    unsafe_sysctl: bool = False

    def facts(self) -> frozenset[str]:
        """The features as policies name them in their METADATA: ``securityContext.privileged=true``."""
        named = {
            "securityContext.privileged": self.privileged,
            "securityContext.allowPrivilegeEscalation": self.allow_privilege_escalation,
            "volume.hostPath": self.host_path,
            "rbac.wildcard_verbs": self.wildcard_verbs,
            "netpol_present": self.netpol_present,
            "resources.limits.missing": self.limits_missing,
            "hostPort": self.host_port,
            "securityContext.runAsNonRoot": self.run_as_non_root,
            "seccompProfile.missing": self.seccomp_missing,
            "capabilities.drop_all": self.drops_all,
            "capabilities.added": self.adds_capabilities,
            "sysctl.unsafe": self.unsafe_sysctl,
        }
        facts = {
            f"{name}={'true' if value else 'false'}" for name, value in named.items() if value is not None
        }
        facts |= {f"image.tag={tag}" for tag in self.image_tags}
        facts |= {f"{name}=true" for name in self.host_namespaces}
        facts |= {f"resource_kind={self.resource_kind}", f"namespace={self.namespace}"}
        return frozenset(facts)


def extract(obj: Mapping[str, Any], *, netpol_present: bool | None = None) -> Features:
    """Features of one Kubernetes object.

    Args:
        obj: A parsed object; its shape has been checked.
        netpol_present: Whether its namespace holds a NetworkPolicy, where that is known.

    Returns:
        Its features; a container list counts whole: one privileged container makes the resource privileged.

    >>> extract({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "nginx"}]}}).image_tags
    frozenset({'latest'})
    """
    own = identity(obj)  # type: ignore[arg-type]
    base = Features(
        own.kind, own.namespace, wildcard_verbs=wildcard_verbs(obj), netpol_present=netpol_present
    )
    found = pod_spec(obj)  # type: ignore[arg-type]
    return base if found is None else of_pod(base, found[1], [at.container for at in containers(obj)])  # type: ignore[arg-type]


def of_pod(base: Features, spec: Mapping[str, Any], members: list[dict[str, Any]]) -> Features:
    """Add the features of a pod spec and its containers to ``base``."""
    pod = mapping(spec, "securityContext")
    own = [mapping(container, "securityContext") for container in members]
    capabilities = [mapping(context, "capabilities") for context in own]
    return base._replace(
        privileged=any(context.get("privileged") is True for context in own),
        # Kubernetes allows it unless it is refused.
        allow_privilege_escalation=any(
            context.get("allowPrivilegeEscalation") is not False for context in own
        ),
        image_tags=frozenset(
            tag(image) for container in members if isinstance(image := container.get("image"), str)
        ),
        host_path=any("hostPath" in volume for volume in mappings(spec, "volumes")),
        limits_missing=any(
            not {"cpu", "memory"} <= mapping(mapping(container, "resources"), "limits").keys()
            for container in members
        ),
        host_namespaces=frozenset(
            name for name in ("hostNetwork", "hostPID", "hostIPC") if spec.get(name) is True
        ),
        host_port=any(port.get("hostPort") for container in members for port in mappings(container, "ports")),
        run_as_non_root=all(context.get("runAsNonRoot", pod.get("runAsNonRoot")) is True for context in own),
        seccomp_missing=any(
            (mapping(context, "seccompProfile") or mapping(pod, "seccompProfile")).get("type")
            not in POD_SECCOMP
            for context in own
        ),
        drops_all=all("ALL" in texts(found, "drop") for found in capabilities),
        adds_capabilities=any(
            not ALLOWED_ADDITIONS.issuperset(texts(found, "add")) for found in capabilities
        ),
        unsafe_sysctl=any(entry.get("name") not in SAFE_SYSCTLS for entry in mappings(pod, "sysctls")),
    )


def wildcard_verbs(obj: Mapping[str, Any]) -> bool:
    """Whether a Role or ClusterRole grants all verbs."""
    return obj.get("kind") in {"Role", "ClusterRole"} and any(
        "*" in texts(rule, "verbs") for rule in mappings(obj, "rules")
    )


def tag(image: str) -> str:
    """The tag of an image; ``latest`` where there is neither tag nor digest, ``digest`` where only that.

    >>> tag("registry:5000/shop/cart"), tag("nginx:1.27"), tag("nginx@sha256:0")
    ('latest', '1.27', 'digest')
    """
    name, _, digest = image.partition("@")
    _, colon, found = name.rpartition("/")[2].partition(":")
    if colon and found:
        return found
    return "digest" if digest else "latest"


def mapping(parent: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The mapping under ``key``, empty where there is none."""
    value = parent.get(key)
    return value if isinstance(value, Mapping) else {}


def mappings(parent: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The mappings in the list under ``key``."""
    value = parent.get(key)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def texts(parent: Mapping[str, Any], key: str) -> list[str]:
    """The texts in the list under ``key``."""
    value = parent.get(key)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
