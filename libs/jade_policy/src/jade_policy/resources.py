"""A Kubernetes object as policies see it: identity, pod template, containers, digest."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from jade_policy.pod_templates import POD, group_kind, template_path
from jade_policy.shape import shape_problem as shape_problem  # noqa: PLC0414 - part of this module's interface

CONTAINER_LISTS = ("containers", "initContainers", "ephemeralContainers")


@dataclass(frozen=True, slots=True, order=True)
class ResourceId:
    """What tells one object of a cluster from another; `namespace` is "" where the manifest names none."""

    api_version: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        """Write it for people.

        >>> str(ResourceId("apps/v1", "Deployment", "shop", "cart"))
        'Deployment shop/cart'
        """
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


class ContainerAt(NamedTuple):
    """A container with the JSON pointer to it and the list that it stands in."""

    pointer: str
    list_name: str
    container: dict[str, Any]


def identity(obj: dict[str, Any]) -> ResourceId:
    """Identify an object; what is missing or no text is "", `generateName` stands in for a missing name."""
    metadata = obj.get("metadata")
    if not isinstance(metadata, dict):
        metadata = {}
    name = _text(metadata, "name") or _text(metadata, "generateName")
    return ResourceId(_text(obj, "apiVersion"), _text(obj, "kind"), _text(metadata, "namespace"), name)


def wrapped(obj: dict[str, Any]) -> list[tuple[str, Any]] | None:
    """Give what one list or AdmissionReview holds, with pointers into it; None for any other object."""
    kind = obj.get("kind")
    if not isinstance(kind, str):
        return None
    if kind == "AdmissionReview" and isinstance(obj.get("request"), dict):
        request = obj["request"]
        key = "object" if isinstance(request.get("object"), dict) else "oldObject"
        return [(f"/request/{key}", request[key])] if isinstance(request.get(key), dict) else None
    if not kind.endswith("List") or "spec" in obj:
        return None
    items = obj.get("items")
    if isinstance(items, list):
        return [(f"/items/{index}", _typed(item, obj)) for index, item in enumerate(items)]
    return [] if kind == "List" and items is None else None


def pod_pointer(obj: dict[str, Any]) -> str:
    """Give the JSON pointer that leads from a workload to its pod template; "" for a Pod and for other kinds.

    >>> pod_pointer({"apiVersion": "batch/v1", "kind": "CronJob"})
    '/spec/jobTemplate/spec/template'
    """
    path = template_path(obj)
    return "/" + "/".join(path) if path else ""


def pod_spec(obj: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Give the pod spec of a Pod or workload with the JSON pointer to it; None where there is none."""
    path = template_path(obj)
    if path is None:
        return None
    template = _descend(obj, path)
    spec = template.get("spec") if template is not None else None
    if not isinstance(spec, dict):
        return None
    return ("/" + "/".join((*path, "spec")), spec)


def containers(obj: dict[str, Any]) -> Iterator[ContainerAt]:
    """Go over all containers of a Pod or workload: normal ones, init containers, ephemeral containers."""
    found = pod_spec(obj)
    if found is None:
        return
    pointer, spec = found
    for list_name in CONTAINER_LISTS:
        members = spec.get(list_name)
        if isinstance(members, list):
            for index, container in enumerate(members):
                if isinstance(container, dict):
                    yield ContainerAt(f"{pointer}/{list_name}/{index}", list_name, container)


def as_pod(obj: dict[str, Any]) -> dict[str, Any] | None:
    """Make the Pod that a workload's template describes; None for a Pod and for kinds without a template.

    The Pod shares the template's values: read it, do not change it. Its name is the workload's with "-pod",
    as Gatekeeper's expansion names it, and its namespace is the workload's.
    """
    path = template_path(obj)
    if path is None or group_kind(obj) == POD:
        return None
    template = _descend(obj, path)
    if template is None or not isinstance(template.get("spec"), dict):
        return None
    owner = identity(obj)
    metadata = template.get("metadata")
    metadata = dict(metadata) if isinstance(metadata, dict) else {}
    metadata["name"] = f"{owner.name}-pod"
    if owner.namespace:
        metadata["namespace"] = owner.namespace
    else:
        metadata.pop("namespace", None)
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}


def digest(obj: Any) -> str:
    """Give 32 hex digits that are equal for equal objects, whatever the order of their keys."""
    return hashlib.blake2b(orjson.dumps(obj, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()


def _text(mapping: dict[str, Any], key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""


def _descend(obj: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any] | None:
    for key in path:
        member = obj.get(key)
        if not isinstance(member, dict):
            return None
        obj = member
    return obj


def _typed(item: Any, owner: dict[str, Any]) -> Any:
    """Give an item of a typed list (`PodList`) the kind that the API server leaves out there."""
    if not isinstance(item, dict) or "kind" in item or "apiVersion" in item or owner["kind"] == "List":
        return item
    return {"apiVersion": owner.get("apiVersion"), "kind": owner["kind"].removesuffix("List"), **item}
