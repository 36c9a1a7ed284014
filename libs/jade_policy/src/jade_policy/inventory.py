"""What policies are told of the cluster: documents, as Gatekeeper's ``data.inventory``."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from jade_policy.library import Library
from jade_policy.policies import Policy
from jade_policy.resources import identity

NAMESPACE = ("v1", "Namespace")
_KIND = re.compile(r"(?P<version>(?:[a-z0-9.-]+/)?v[0-9][a-z0-9]*)/(?P<kind>[A-Z][A-Za-z0-9]*)")


def wanted_kinds(library: Library) -> frozenset[tuple[str, str]] | None:
    """The kinds that the library looks at, as (apiVersion, kind); None for all.

    A policy that says which (``networking.k8s.io/v1/NetworkPolicy``) gets these; one that reads the inventory without
    saying so gets everything. What nobody looks at is not sent along with every question.
    """
    kinds: set[tuple[str, str]] = set()
    for policy in library.policies:
        stated = [_KIND.fullmatch(entry) for entry in policy.inventory]
        if policy.inventory and all(stated):
            kinds |= {(match["version"], match["kind"]) for match in stated if match is not None}
        elif policy.inventory or reads_inventory(policy):
            return None
        if any("namespaceObject" in module.text for module in (policy.module, *policy.libs)):
            kinds.add(NAMESPACE)
    if any(constraint.match.namespace_labels is not None for constraint in library.constraints):
        kinds.add(NAMESPACE)
    return frozenset(kinds)


def reads_inventory(policy: Policy) -> bool:
    """Whether the policy's Rego speaks of the inventory."""
    return any("inventory" in module.text for module in (policy.module, *policy.libs))


def inventory_of(
    objects: Iterable[Mapping[str, Any]], kinds: frozenset[tuple[str, str]] | None
) -> dict[str, Any]:
    """Gatekeeper's inventory of ``objects``: ``cluster`` and ``namespace``, by apiVersion, kind and name.

    Never empty of meaning: an inventory without NetworkPolicies says that there are none.
    """
    cluster: dict[str, Any] = {}
    namespaces: dict[str, Any] = {}
    for obj in objects:
        one = identity(dict(obj))
        if kinds is not None and (one.api_version, one.kind) not in kinds:
            continue
        place = namespaces.setdefault(one.namespace, {}) if one.namespace else cluster
        place.setdefault(one.api_version, {}).setdefault(one.kind, {}).setdefault(one.name, obj)
    return {"cluster": cluster, "namespace": namespaces}
