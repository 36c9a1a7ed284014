"""Which fields the types of Kubernetes have; made by infra/kubernetes/fields.py."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

ANY_MEMBER, ANYTHING_BELOW = "*", "**"
_UNTYPED = "*"
_LIST, _MAP = "[]", "{}"


class KubernetesFields:
    """Answers whether an object of a kind can have a field.

    Attributes:
        releases: the oldest and the newest release whose fields are known; those of both count.
    """

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.releases: tuple[str, ...] = tuple(body["releases"])
        self._kinds: Mapping[str, str] = body["kinds"]
        self._types: Mapping[str, Mapping[str, str] | str] = body["types"]

    def type_of(self, group: str, kind: str) -> str | None:
        """The type of a kind; None of one that is not Kubernetes' own, which may have any field."""
        return self._kinds.get(f"{group}/{kind}" if group else kind)

    def possible(self, type_name: str, path: Sequence[str]) -> bool:
        """Whether a path can lead anywhere in an object of a type.

        Args:
            type_name: for instance `Deployment`, `PodTemplateSpec` or `Container`.
            path: its components; `*` is any member, `**` anything below.

        >>> kubernetes_fields().possible("Container", ["securityContext", "privileged"])
        True
        >>> kubernetes_fields().possible("Container", ["securityContext", "priviledged"])
        False
        """
        if not path or path[0] == ANYTHING_BELOW or type_name == _UNTYPED:
            return True
        key, rest = path[0], path[1:]
        if type_name.startswith(_LIST):
            return (key == ANY_MEMBER or key.isdecimal()) and self.possible(type_name[len(_LIST) :], rest)
        if type_name.startswith(_MAP):
            return self.possible(type_name[len(_MAP) :], rest)
        fields = self._types.get(type_name, "")
        if isinstance(fields, str):
            return bool(fields) and self.possible(fields, path)
        wanted = fields.values() if key == ANY_MEMBER else [fields[key]] if key in fields else []
        return any(self.possible(each, rest) for each in wanted)

    def form(self, type_name: str, path: Sequence[str]) -> str:
        """The type of what a path leads to: `[]Type` of a list, `{}Type` of a map; "" of a scalar or an unknown.

        >>> kubernetes_fields().form("Container", ["ports"]), kubernetes_fields().form("Container", ["image"])
        ('[]ContainerPort', '')
        """
        for key in path:
            if type_name.startswith((_LIST, _MAP)):
                type_name = type_name[len(_LIST) :]
                continue
            fields = self._types.get(type_name, "")
            type_name = fields.get(key, "") if not isinstance(fields, str) else ""
        if type_name.startswith((_LIST, _MAP)):
            return type_name
        return "" if isinstance(self._types.get(type_name, ""), str) else type_name  # a Quantity is a scalar


@cache
def kubernetes_fields() -> KubernetesFields:
    """The fields of the releases that Jade knows."""
    source = files("jade_policy") / "kubernetes_fields.json"
    return KubernetesFields(json.loads(source.read_text(encoding="utf-8")))
