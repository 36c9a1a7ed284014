"""Whether the fields that policies read have the types that the API server requires."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from jade_policy.pod_templates import group_kind, template_path
from jade_policy.pointers import escape


class Misfit(NamedTuple):
    """A value of a wrong type: the JSON pointer to it, and what is wrong."""

    pointer: str
    reason: str


Check = Callable[[Any], Misfit | None]


def shape_problem(obj: Any) -> str | None:
    """Say why an object is odd or wrongly typed, naming the JSON pointer; None when it is fine.

    What is absent or null is fine. A string where a policy expects a boolean is not: the policy would not see
    the violation, and the API server refuses the object.

    >>> shape_problem({"apiVersion": "v1", "kind": "Pod", "spec": {"hostNetwork": "true"}})
    '/spec/hostNetwork must be true or false, not a string'
    """
    misfit = find_misfit(obj)
    return f"{misfit.pointer or 'the document'} {misfit.reason}" if misfit else None


def find_misfit(obj: Any) -> Misfit | None:
    """Find the first wrongly typed field that policies read; None when there is none."""
    if not isinstance(obj, dict):
        return Misfit("", f"must be a mapping, not {name_type(obj)}")
    for key in ("apiVersion", "kind"):
        value = obj.get(key)
        if not isinstance(value, str) or not value:
            if key not in obj:
                return Misfit("", f"has no {key}")
            return Misfit(f"/{key}", f"must be a non-empty string, not {name_type(value)}")
    misfit = _OBJECT(obj)
    if misfit:
        return misfit
    path = template_path(obj)
    if path is not None:
        check = _POD_TEMPLATES.get(path)
        if check is None:
            check = _POD_TEMPLATES[path] = _template_at(path)
        return _WORKLOAD(obj) or check(obj)
    special = _KINDS.get(group_kind(obj))
    return special(obj) if special else None


def name_type(value: Any) -> str:
    """Name a value's type as authors of YAML know it."""
    if isinstance(value, str) and not value:
        return "an empty string"
    return _TYPE_NAMES.get(type(value), type(value).__name__)


_TYPE_NAMES = {
    dict: "a mapping",
    list: "a list",
    str: "a string",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    type(None): "null",
}


def _of_type(*types: type, wanted: str) -> Check:
    def check(value: Any) -> Misfit | None:
        return None if value.__class__ in types else Misfit("", f"must be {wanted}, not {name_type(value)}")

    return check


def _mapping(fields: Mapping[str, Check] | None = None) -> Check:
    checks = tuple((fields or {}).items())

    def check(value: Any) -> Misfit | None:
        if value.__class__ is not dict:
            return Misfit("", f"must be a mapping, not {name_type(value)}")
        get = value.get
        for name, field in checks:
            member = get(name)
            if member is not None:
                misfit = field(member)
                if misfit is not None:
                    return Misfit(f"/{escape(name)}{misfit.pointer}", misfit.reason)
        return None

    return check


def _map_of(value_check: Check) -> Check:
    def check(value: Any) -> Misfit | None:
        if value.__class__ is not dict:
            return Misfit("", f"must be a mapping, not {name_type(value)}")
        for name, member in value.items():
            if member is not None:
                misfit = value_check(member)
                if misfit is not None:
                    return Misfit(f"/{escape(name)}{misfit.pointer}", misfit.reason)
        return None

    return check


def _list_of(item_check: Check) -> Check:
    def check(value: Any) -> Misfit | None:
        if value.__class__ is not list:
            return Misfit("", f"must be a list, not {name_type(value)}")
        for index, item in enumerate(value):
            misfit = item_check(item)
            if misfit is not None:
                return Misfit(f"/{index}{misfit.pointer}", misfit.reason)
        return None

    return check


def _template_at(path: tuple[str, ...]) -> Check:
    if not path:
        return _mapping({"spec": _pod_spec})  # a Pod: its metadata was checked as that of every object
    check = _POD_TEMPLATE
    for key in reversed(path):
        check = _mapping({key: check})
    return check


_text = _of_type(str, wanted="a string")
_flag = _of_type(bool, wanted="true or false")
_number = _of_type(int, float, wanted="a number")
_quantity = _of_type(str, int, float, wanted="a quantity")
_port = _of_type(str, int, wanted="a port number or name")
_texts = _list_of(_text)
_text_map = _map_of(_text)
_seccomp = _mapping({"type": _text, "localhostProfile": _text})
_selinux = _mapping({"type": _text, "user": _text, "role": _text})
_windows = _mapping({"hostProcess": _flag})

_security_context: dict[str, Check] = {
    "privileged": _flag,
    "allowPrivilegeEscalation": _flag,
    "readOnlyRootFilesystem": _flag,
    "runAsNonRoot": _flag,
    "runAsUser": _number,
    "runAsGroup": _number,
    "procMount": _text,
    "capabilities": _mapping({"add": _texts, "drop": _texts}),
    "seccompProfile": _seccomp,
    "appArmorProfile": _seccomp,
    "seLinuxOptions": _selinux,
    "windowsOptions": _windows,
}
_pod_security_context: dict[str, Check] = {
    "runAsNonRoot": _flag,
    "runAsUser": _number,
    "runAsGroup": _number,
    "fsGroup": _number,
    "supplementalGroups": _list_of(_number),
    "sysctls": _list_of(_mapping({"name": _text, "value": _text})),
    "seccompProfile": _seccomp,
    "appArmorProfile": _seccomp,
    "seLinuxOptions": _selinux,
    "windowsOptions": _windows,
}
_probe = _mapping(
    {"httpGet": _mapping({"port": _port, "host": _text}), "exec": _mapping({"command": _texts})}
)
_container = _mapping(
    {
        "name": _text,
        "image": _text,
        "imagePullPolicy": _text,
        "command": _texts,
        "args": _texts,
        "securityContext": _mapping(_security_context),
        "resources": _mapping({"limits": _map_of(_quantity), "requests": _map_of(_quantity)}),
        "env": _list_of(_mapping({"name": _text, "value": _text, "valueFrom": _mapping()})),
        "envFrom": _list_of(_mapping()),
        "ports": _list_of(_mapping({"containerPort": _number, "hostPort": _number, "name": _text})),
        "volumeMounts": _list_of(_mapping({"name": _text, "mountPath": _text, "readOnly": _flag})),
        "livenessProbe": _probe,
        "readinessProbe": _probe,
        "startupProbe": _probe,
        "lifecycle": _mapping({"postStart": _mapping(), "preStop": _mapping()}),
    }
)
_containers = _list_of(_container)
_metadata = _mapping(
    {
        "name": _text,
        "generateName": _text,
        "namespace": _text,
        "labels": _text_map,
        "annotations": _text_map,
        "ownerReferences": _list_of(_mapping()),
        "finalizers": _texts,
    }
)
_pod_spec = _mapping(
    {
        "containers": _containers,
        "initContainers": _containers,
        "ephemeralContainers": _containers,
        "securityContext": _mapping(_pod_security_context),
        "volumes": _list_of(_mapping({"name": _text, "hostPath": _mapping({"path": _text, "type": _text})})),
        "hostNetwork": _flag,
        "hostPID": _flag,
        "hostIPC": _flag,
        "hostUsers": _flag,
        "shareProcessNamespace": _flag,
        "automountServiceAccountToken": _flag,
        "serviceAccountName": _text,
        "serviceAccount": _text,
        "nodeSelector": _text_map,
        "tolerations": _list_of(_mapping()),
        "imagePullSecrets": _list_of(_mapping({"name": _text})),
        "affinity": _mapping(),
    }
)
_OBJECT = _mapping({"metadata": _metadata})
_WORKLOAD = _mapping({"spec": _mapping({"replicas": _number, "selector": _mapping()})})
_POD_TEMPLATE = _mapping({"metadata": _metadata, "spec": _pod_spec})
_POD_TEMPLATES: dict[tuple[str, ...], Check] = {}

_selector = _mapping({"matchLabels": _text_map, "matchExpressions": _list_of(_mapping())})
_peers = _list_of(_mapping({"podSelector": _selector, "namespaceSelector": _selector, "ipBlock": _mapping()}))
_rules = _list_of(
    _mapping(
        {
            "verbs": _texts,
            "resources": _texts,
            "apiGroups": _texts,
            "resourceNames": _texts,
            "nonResourceURLs": _texts,
        }
    )
)
_subjects = _list_of(_mapping({"kind": _text, "name": _text, "namespace": _text}))
_role = _mapping({"rules": _rules})
_binding = _mapping({"subjects": _subjects, "roleRef": _mapping({"kind": _text, "name": _text})})
_KINDS: dict[tuple[str, str], Check] = {
    ("", "List"): _mapping({"items": _list_of(_mapping())}),
    ("", "ConfigMap"): _mapping({"data": _text_map, "binaryData": _text_map}),
    ("", "Secret"): _mapping({"data": _text_map, "stringData": _text_map, "type": _text}),
    ("", "Namespace"): _mapping({"spec": _mapping()}),
    ("", "ServiceAccount"): _mapping(
        {"automountServiceAccountToken": _flag, "secrets": _list_of(_mapping())}
    ),
    ("", "Service"): _mapping(
        {
            "spec": _mapping(
                {
                    "type": _text,
                    "selector": _text_map,
                    "ports": _list_of(_mapping({"port": _number, "targetPort": _port, "nodePort": _number})),
                    "externalIPs": _texts,
                    "loadBalancerSourceRanges": _texts,
                }
            )
        }
    ),
    ("networking.k8s.io", "NetworkPolicy"): _mapping(
        {
            "spec": _mapping(
                {
                    "podSelector": _selector,
                    "policyTypes": _texts,
                    "ingress": _list_of(_mapping({"from": _peers, "ports": _list_of(_mapping())})),
                    "egress": _list_of(_mapping({"to": _peers, "ports": _list_of(_mapping())})),
                }
            )
        }
    ),
    ("networking.k8s.io", "Ingress"): _mapping(
        {
            "spec": _mapping(
                {"rules": _list_of(_mapping({"host": _text})), "tls": _list_of(_mapping({"hosts": _texts}))}
            )
        }
    ),
    ("rbac.authorization.k8s.io", "Role"): _role,
    ("rbac.authorization.k8s.io", "ClusterRole"): _role,
    ("rbac.authorization.k8s.io", "RoleBinding"): _binding,
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): _binding,
}
