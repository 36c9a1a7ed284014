"""Whether a constraint applies to a resource: Gatekeeper's match, with its semantics to the letter.

Source: gatekeeper 3.23, pkg/mutation/match. A cluster always knows whether a resource has a namespace; a
manifest may leave its namespace open. Such a manifest is in a namespace that no name or label is known of,
as for gator; only the built-in kinds that are cluster-scoped are taken for that (`gator test` takes even
those for namespaced).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from jade_policy.errors import MatchError, PolicyError
from jade_policy.policies import KindSelector, Match, Requirement

Source = Literal["Original", "Generated"]
CONSTRAINT_GROUP = "constraints.gatekeeper.sh"  # every kind in it is cluster-scoped
_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")
CLUSTER_SCOPED = frozenset(
    {
        *(("", kind) for kind in ("Namespace", "Node", "PersistentVolume", "ComponentStatus")),
        *(("rbac.authorization.k8s.io", kind) for kind in ("ClusterRole", "ClusterRoleBinding")),
        *(("storage.k8s.io", kind) for kind in ("StorageClass", "CSIDriver", "CSINode", "VolumeAttachment")),
        ("storage.k8s.io", "VolumeAttributesClass"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("apiregistration.k8s.io", "APIService"),
        ("scheduling.k8s.io", "PriorityClass"),
        ("node.k8s.io", "RuntimeClass"),
        ("networking.k8s.io", "IngressClass"),
        ("certificates.k8s.io", "CertificateSigningRequest"),
        ("policy", "PodSecurityPolicy"),
        *(
            ("admissionregistration.k8s.io", f"{verb}{what}")
            for verb in ("Validating", "Mutating")
            for what in ("WebhookConfiguration", "AdmissionPolicy", "AdmissionPolicyBinding")
        ),
        *(("flowcontrol.apiserver.k8s.io", kind) for kind in ("FlowSchema", "PriorityLevelConfiguration")),
        ("templates.gatekeeper.sh", "ConstraintTemplate"),
    }
)  # of Kubernetes 1.37, and what stands in any cluster with Gatekeeper
_NO_LABELS: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Target:
    """A resource that a match is asked about.

    Attributes:
        group: API group, empty for the core group.
        namespace_object: the Namespace that the resource lives in, None when it is not known.
        source: `Generated` for the Pod that a workload's template makes.
    """

    group: str
    kind: str
    metadata: Mapping[str, Any]
    namespace_object: Mapping[str, Any] | None = None
    source: Source = "Original"

    @classmethod
    def of(
        cls,
        obj: Mapping[str, Any],
        namespace_object: Mapping[str, Any] | None = None,
        source: Source = "Original",
    ) -> "Target":
        """Read what a match needs of a resource; fields of a wrong type count as absent."""
        api_version, kind, metadata = obj.get("apiVersion"), obj.get("kind"), obj.get("metadata")
        return cls(
            group=group_of(api_version),
            kind=kind if isinstance(kind, str) else "",
            metadata=metadata if isinstance(metadata, Mapping) else _NO_LABELS,
            namespace_object=namespace_object,
            source=source,
        )

    def text(self, name: str) -> str:
        """One string of the metadata, empty when it is absent or no string."""
        value = self.metadata.get(name)
        return value if isinstance(value, str) else ""

    @property
    def is_namespace(self) -> bool:
        """Whether this is a core Namespace."""
        return self.kind == "Namespace" and not self.group

    @property
    def has_namespace(self) -> bool:
        """Whether this lives in a namespace, named or not."""
        named = bool(self.text("namespace")) or self.namespace_object is not None
        return named or ((self.group, self.kind) not in CLUSTER_SCOPED and self.group != CONSTRAINT_GROUP)

    @property
    def namespace(self) -> str:
        """The namespace that counts for a match: a Namespace's own name, else the one it lives in."""
        if self.is_namespace:
            return self.text("name")
        if self.namespace_object is not None:
            return str(_metadata(self.namespace_object).get("name", ""))
        return self.text("namespace")


def group_of(api_version: object) -> str:
    """The API group of an apiVersion.

    >>> group_of("apps/v1"), group_of("v1")
    ('apps', '')
    """
    return api_version.rpartition("/")[0] if isinstance(api_version, str) else ""


def matches(match: Match, target: Target) -> bool:
    """Whether `match` applies to `target`.

    Raises:
        MatchError: a namespaceSelector was asked and the Namespace is not known.
    """
    return all(test(match, target) for test in _TESTS)


def kinds_match(kinds: Sequence[KindSelector], group: str, kind: str) -> bool:
    """Whether any selector takes this group and kind; no selector takes all."""
    return not kinds or any(
        _takes(selector.kinds, kind) and _takes(selector.api_groups, group) for selector in kinds
    )


def glob(pattern: str, candidate: str) -> bool:
    """Gatekeeper's wildcard: one `*` at the beginning, at the end, or both; elsewhere a plain character.

    >>> glob("kube-*", "kube-system"), glob("*-system", "kube-system"), glob("k*m", "kube-system")
    (True, True, False)
    """
    if pattern.startswith("*") and pattern.endswith("*"):
        return pattern.removeprefix("*").removesuffix("*") in candidate
    if pattern.startswith("*"):
        return candidate.endswith(pattern[1:])
    if pattern.endswith("*"):
        return candidate.startswith(pattern[:-1])
    return pattern == candidate


def parse_match(spec: object) -> Match:
    """Read a constraint's `spec.match`.

    Raises:
        PolicyError: a field has the wrong type or an unknown value, named in the message.
    """
    if spec is None:
        return Match()
    body = _mapping(spec, "spec.match")
    source: Literal["All", "Original", "Generated"] = body.get("source") or "All"
    if source not in {"All", *get_args(Source)}:
        raise PolicyError(f"spec.match.source is {source!r}; it is All, Original or Generated")
    return Match(
        kinds=tuple(
            KindSelector(
                _texts(entry.get("apiGroups"), f"spec.match.kinds[{index}].apiGroups"),
                _texts(entry.get("kinds"), f"spec.match.kinds[{index}].kinds"),
            )
            for index, entry in enumerate(_mappings(body.get("kinds"), "spec.match.kinds"))
        ),
        namespaces=_texts(body.get("namespaces"), "spec.match.namespaces"),
        excluded_namespaces=_texts(body.get("excludedNamespaces"), "spec.match.excludedNamespaces"),
        labels=_selector(body.get("labelSelector"), "spec.match.labelSelector"),
        namespace_labels=_selector(body.get("namespaceSelector"), "spec.match.namespaceSelector"),
        scope=str(body.get("scope") or "*"),
        name=str(body.get("name") or ""),
        source=source,
    )


def _takes(allowed: Sequence[str], value: str) -> bool:
    return not allowed or "*" in allowed or value in allowed


def _kinds(match: Match, target: Target) -> bool:
    return kinds_match(match.kinds, target.group, target.kind)


def _scope(match: Match, target: Target) -> bool:
    if match.scope == "Cluster":
        return target.is_namespace or not target.has_namespace
    if match.scope == "Namespaced":
        return target.has_namespace and not target.is_namespace
    return True  # Gatekeeper takes any other word, also a misspelt one, for "*"


def _namespaces(match: Match, target: Target) -> bool:
    return (
        not match.namespaces
        or _outside_namespaces(target)
        or any(glob(pattern, target.namespace) for pattern in match.namespaces)
    )


def _excluded_namespaces(match: Match, target: Target) -> bool:
    return (
        not match.excluded_namespaces
        or _outside_namespaces(target)
        or not any(glob(pattern, target.namespace) for pattern in match.excluded_namespaces)
    )


def _outside_namespaces(target: Target) -> bool:
    return not target.has_namespace and not target.is_namespace


def _labels(match: Match, target: Target) -> bool:
    return match.labels is None or _select(match.labels, target.metadata.get("labels"))


def _namespace_labels(match: Match, target: Target) -> bool:
    if match.namespace_labels is None:
        return True
    if target.is_namespace:
        return _select(match.namespace_labels, target.metadata.get("labels"))
    if target.namespace_object is not None:
        return _select(match.namespace_labels, _metadata(target.namespace_object).get("labels"))
    if not target.has_namespace:
        return True
    name = target.text("namespace")
    which = (
        f"of Namespace {name!r}, which is not known; give it in the inventory"
        if name
        else ("of the Namespace, and the resource does not say which that is; set metadata.namespace")
    )
    raise MatchError(f"the constraint selects by labels {which}")


def _name(match: Match, target: Target) -> bool:
    if not match.name or glob(match.name, target.text("name")):
        return True
    generated = target.text("generateName")  # an exact or suffix pattern can never be sure of it
    return match.name.endswith("*") and glob(match.name, generated)


def _source(match: Match, target: Target) -> bool:
    return match.source in {"All", target.source}


_TESTS: tuple[Callable[[Match, Target], bool], ...] = (
    _kinds, _scope, _namespaces, _excluded_namespaces, _labels, _namespace_labels, _name, _source,
)  # fmt: skip  # in Gatekeeper's order: an earlier "no" hides a later error


def _select(requirements: Sequence[Requirement], labels: object) -> bool:
    present = labels if isinstance(labels, Mapping) else _NO_LABELS
    return all(_meets(requirement, present) for requirement in requirements)


def _meets(requirement: Requirement, labels: Mapping[str, Any]) -> bool:
    has, value = requirement.key in labels, labels.get(requirement.key)
    match requirement.operator:
        case "In":
            return has and value in requirement.values
        case "NotIn":
            return not has or value not in requirement.values
        case "Exists":
            return has
        case "DoesNotExist":
            return not has


def _selector(value: object, where: str) -> tuple[Requirement, ...] | None:
    if value is None:
        return None
    body = _mapping(value, where)
    wanted = [
        Requirement(str(key), "In", (str(label),))
        for key, label in sorted(_mapping(body.get("matchLabels") or {}, f"{where}.matchLabels").items())
    ]
    for index, entry in enumerate(_mappings(body.get("matchExpressions"), f"{where}.matchExpressions")):
        here = f"{where}.matchExpressions[{index}]"
        operator = entry.get("operator")
        if operator not in _OPERATORS:
            raise PolicyError(f"{here}.operator is {operator!r}; it is one of {', '.join(_OPERATORS)}")
        wanted.append(
            Requirement(str(entry.get("key", "")), operator, _texts(entry.get("values"), f"{here}.values"))
        )
    return tuple(wanted)


def _metadata(obj: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = obj.get("metadata")
    return metadata if isinstance(metadata, Mapping) else _NO_LABELS


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise PolicyError(f"{where} is a {type(value).__name__}; it must be an object")
    return value


def _mappings(value: object, where: str) -> list[Mapping[str, Any]]:
    if not isinstance(value, list | None):
        raise PolicyError(f"{where} is a {type(value).__name__}; it must be a list of objects")
    return [_mapping(entry, f"{where}[{index}]") for index, entry in enumerate(value or [])]


def _texts(value: object, where: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise PolicyError(f"{where} must be a list of strings, it is {value!r:.60}")
    return tuple(value)
