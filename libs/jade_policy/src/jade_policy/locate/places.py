"""The fields that a policy reads, found in one resource: where they are, or where they would be."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from jade_policy.kubernetes_fields import kubernetes_fields
from jade_policy.match import group_of
from jade_policy.pointers import join, parent, split
from jade_policy.reads import Read
from jade_policy.reads.fields import CONTAINER, POD
from jade_policy.resources import containers, pod_pointer, pod_spec

MEMBER = "*"
_AMOUNTS: Mapping[str, Sequence[str]] = {
    "limits": ("cpu", "memory", "ephemeral-storage"),
    "requests": ("cpu", "memory", "ephemeral-storage"),
}
"""Members of the maps of a container's resources: a policy may get them from a function's argument."""
_MAPS = frozenset({"labels", "annotations", "matchLabels", "nodeSelector"})
MAX_MEMBERS = 12  # of a list or map; the first ones tell as much as all


class Place(NamedTuple):
    """One field in one resource.

    Attributes:
        pointer: where it is, or would be.
        rest: what a value put there must hold to reach what is read, of a list that is not there; else empty.
        read: the field in the policy's terms: places of one read lie beside each other, in each container.
        holds: whether it is not read itself, but holds what is.
    """

    pointer: str
    rest: tuple[str, ...]
    read: str
    holds: bool = False


def places_of(obj: Mapping[str, Any], reads: Sequence[Read], keys: Sequence[str]) -> list[Place]:
    """Where a resource has, or would have, what a policy reads; each pointer once.

    Args:
        obj: The resource.
        reads: What is read.
        keys: Names that the policy speaks of: members that a map may lack.
    """
    found: dict[str, Place] = {}
    frame = _frame(dict(obj))
    for read in [*reads, *_open_maps(reads)]:
        for root, path in _roots(dict(obj), read):
            for pointer, rest in _walk(
                _at(obj, root), root, path, _AMOUNTS.get(read.path[-2] if read.path[1:] else "", keys)
            ):
                for place in (Place(pointer, rest, str(read)), *_above(obj, pointer, read)):
                    if place.pointer not in frame:
                        found.setdefault(place.pointer, place)
    return sorted((one for one in found.values() if possible(obj, one.pointer)), key=_unlikely)


def _open_maps(reads: Sequence[Read]) -> Iterator[Read]:
    """The labels and annotations of which a default names one: a parameter may ask for another."""
    for read in reads:
        if read.path[-2:-1] and read.path[-2] in _MAPS and read.path[-1] != MEMBER:
            yield Read((*read.path[:-1], MEMBER), read.lists)


def _unlikely(place: Place) -> tuple[bool, bool]:
    """Sort key: what only names or exempts comes last, where the number of variants is bounded."""
    return place.pointer.endswith("/name"), "/metadata/" in place.pointer


def possible(obj: Mapping[str, Any], pointer: str) -> bool:
    """Whether the kind of a resource can have a field; the kinds that Kubernetes does not have can have any."""
    fields = kubernetes_fields()
    kind = fields.type_of(group_of(obj.get("apiVersion")), str(obj.get("kind")))
    return kind is None or fields.possible(kind, split(pointer))


def _above(obj: Mapping[str, Any], pointer: str, read: Read) -> Iterator[Place]:
    """What is missing above a missing field: to set that may be enough."""
    levels = 0
    while (pointer := parent(pointer)) and _at(obj, pointer) is None:
        levels += 1
        yield Place(pointer, (), f"{read}^{levels}", holds=True)


def _frame(obj: dict[str, Any]) -> set[str]:
    """What makes a resource what it is: without it, a policy has nothing to look at."""
    found = {at.pointer for at in containers(obj)}
    spec = pod_spec(obj)
    found |= {spec[0]} if spec is not None else set()
    return {"", "/apiVersion", "/kind", "/metadata/ownerReferences"} | {
        above for one in found for above in (one, *_ancestors(one))
    }


def _ancestors(pointer: str) -> Iterator[str]:
    while pointer := parent(pointer):
        yield pointer


def own_places(obj: Mapping[str, Any]) -> list[Place]:
    """All values of a resource that are no name of it and hold no others, deepest first."""
    found = [Place(pointer, (), pointer) for pointer in _leaves(obj, "")]
    return sorted(found, key=lambda one: (-one.pointer.count("/"), one.pointer))


def _roots(obj: dict[str, Any], read: Read) -> Iterator[tuple[str, Sequence[str]]]:
    head, *path = read.path
    if head == CONTAINER:
        for at in containers(obj):
            if not read.lists or at.list_name in read.lists:
                yield at.pointer, path
    elif head == POD:
        if pod_spec(obj) is not None:
            yield pod_pointer(obj), path
    else:
        yield "", read.path
        if head == "metadata" and pod_pointer(obj):
            yield pod_pointer(obj), read.path


def _walk(
    value: Any, pointer: str, path: Sequence[str], keys: Sequence[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not path or path[0] == "**":
        yield pointer, ()
    elif path[0] == MEMBER:
        yield from _members(value, pointer, path, keys)
    elif not isinstance(value, list):
        inner = value.get(path[0]) if isinstance(value, Mapping) else None
        yield from _walk(inner, join(pointer, path[0]), path[1:], keys)


def _members(
    value: Any, pointer: str, path: Sequence[str], keys: Sequence[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The members of a list or map, those included that a map may lack; itself where it lacks them all."""
    rest = path[1:]
    if isinstance(value, list):
        for index, member in enumerate(value[:MAX_MEMBERS]):
            yield from _walk(member, join(pointer, index), rest, keys)
    elif isinstance(value, Mapping):
        for key in dict.fromkeys([*list(value)[:MAX_MEMBERS], *keys]):
            yield from _walk(value.get(key), join(pointer, str(key)), rest, keys)
    elif not rest:
        for key in keys:
            yield join(pointer, key), ()
    if not value:
        yield pointer, tuple(path)


def _leaves(value: Any, pointer: str) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        for key, member in value.items():
            if pointer or key not in {"apiVersion", "kind"}:
                yield from _leaves(member, join(pointer, str(key)))
    elif isinstance(value, list) and value:
        for index, member in enumerate(value[:MAX_MEMBERS]):
            yield from _leaves(member, join(pointer, index))
    elif not pointer.endswith("/name"):
        yield pointer


def _at(obj: Any, pointer: str) -> Any:
    for token in split(pointer):
        obj = (
            obj[int(token)] if isinstance(obj, list) else obj.get(token) if isinstance(obj, Mapping) else None
        )
    return obj
