"""Variants of a resource that differ in one field each, or in one field of all its containers."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from jade_policy.kubernetes_fields import kubernetes_fields
from jade_policy.locate.constants import Scalar
from jade_policy.locate.places import MEMBER, Place, own_places, places_of
from jade_policy.match import group_of
from jade_policy.pointers import split
from jade_policy.reads import Read
from jade_policy.resources import identity

MAX_VARIANTS = 200  # 0.1 s of one policy's time; libraries' policies need 10 to 120

NOTHING = object()
_DIGEST = "registry.example/x:1@sha256:" + "0" * 64
_SCALARS: tuple[Any, ...] = (
    True,
    False,
    "1Gi",
    100_000,
    "x",
    1,
    "1m",
    _DIGEST,
    "RuntimeDefault",
    "Always",
    0,
)
_LISTS: tuple[Any, ...] = (["ALL"], ["x"], [])
_OBJECTS: tuple[Any, ...] = ({"x": "x"},)


class Variant(NamedTuple):
    """A resource with something else in one place.

    Attributes:
        places: the fields that differ; more than one where a field was changed in all containers alike.
        value: what was put there; `NOTHING` where the field was dropped.
        obj: the resource, sharing all else with the original.
    """

    places: tuple[str, ...]
    value: Any
    obj: Mapping[str, Any]

    @property
    def drops(self) -> bool:
        """Whether the field was dropped."""
        return self.value is NOTHING


def variants_of(
    obj: Mapping[str, Any], reads: Sequence[Read], constants: Sequence[Scalar], *, most: int = MAX_VARIANTS
) -> list[Variant]:
    """The variants that tell which field a policy's verdict hangs on, most telling first.

    Args:
        obj: The resource.
        reads: The fields that the policy reads; all of the resource's own where there are none.
        constants: Values that the policy may want.
        most: How many at most.
    """
    keys = [one for one in constants if isinstance(one, str)]
    constants = [*constants, identity(dict(obj)).name]  # a label may have to say it
    places = places_of(obj, reads, keys) if reads else own_places(obj)
    changes = [(place, _values(obj, place, constants)) for place in places]
    variants: dict[str, Variant] = {}
    for turn in range(
        max((len(values) for _, values in changes), default=0)
    ):  # every place gets its first value first
        together: dict[str, list[tuple[Place, Any]]] = defaultdict(list)
        for place, values in changes:
            if turn < len(values):
                together[place.read].append((place, values[turn]))
        for members in together.values():
            groups = [[member] for member in members] + ([members] if len(members) > 1 else [])
            for group in groups:
                if len(variants) >= most:
                    return list(variants.values())
                variant = _variant(obj, group)
                variants.setdefault(repr((variant.places, variant.value)), variant)
    return list(variants.values())


def _variant(obj: Mapping[str, Any], group: Sequence[tuple[Place, Any]]) -> Variant:
    changed: Any = obj
    for place, value in reversed(group):  # from the end: dropping a member of a list moves those behind it
        changed = _with(changed, split(place.pointer), _nested(place.rest, value))
    return Variant(tuple(place.pointer for place, _ in group), group[0][1], changed)


def _values(obj: Mapping[str, Any], place: Place, constants: Sequence[Scalar]) -> list[Any]:
    """What to put in a place, the likeliest first."""
    now = _at(obj, split(place.pointer))
    form = "" if place.rest else _form(obj, place.pointer)
    texts = [one for one in constants if isinstance(one, str)]
    wanted: list[Any]
    if now is NOTHING or now is None:
        if form.startswith("["):
            wanted = [*_LISTS, *([one] for one in texts)]
        elif form or place.holds:
            wanted = [*_OBJECTS]
        else:
            wanted = [*_SCALARS[:4], *constants, *_SCALARS[4:], *_LISTS[:1], *_OBJECTS]
    elif isinstance(now, bool):
        wanted = [not now, NOTHING]
    elif isinstance(now, int | float):
        wanted = [100_000, 1, NOTHING, 0, *(one for one in constants if not isinstance(one, str))]
    elif isinstance(now, str):
        wanted = [_DIGEST, NOTHING, "x", *constants, "1Gi", "1m", f"{now}x"]
    elif isinstance(now, list):
        wanted = [*_LISTS, NOTHING, *([*now, one] for one in texts)]
    else:
        wanted = [NOTHING, {}, *_OBJECTS]
    return [one for one in wanted if one is NOTHING or one != now]


def _form(obj: Mapping[str, Any], pointer: str) -> str:
    fields = kubernetes_fields()
    kind = fields.type_of(group_of(obj.get("apiVersion")), str(obj.get("kind")))
    return fields.form(kind, split(pointer)) if kind is not None else ""


def _nested(rest: Sequence[str], value: Any) -> Any:
    """A value that holds ``value`` where ``rest`` leads: what lies below a list that is not there."""
    if value is NOTHING:
        return NOTHING
    for step in reversed(rest):
        value = [value] if step == MEMBER else {step: value}
    return value


def _at(value: Any, tokens: Sequence[str]) -> Any:
    for token in tokens:
        if isinstance(value, Mapping) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        else:
            return NOTHING
    return value


def put(obj: Mapping[str, Any], pointer: str, value: Any) -> Mapping[str, Any]:
    """A copy with another value at a pointer; `NOTHING` drops it. What is on the way and not there is made."""
    if value is NOTHING and _at(obj, split(pointer)) is NOTHING:
        return obj
    changed: Mapping[str, Any] = _with(obj, split(pointer), value)
    return changed


def _with(value: Any, tokens: Sequence[str], new: Any) -> Any:
    """A copy with another value in one place; what is on the way and not there is made."""
    if not tokens:
        return new
    token, rest = tokens[0], tokens[1:]
    if isinstance(value, list):
        return list(_list_with(value, int(token), rest, new)) if token.isdecimal() else value
    members = dict(value) if isinstance(value, Mapping) else {}
    inner = _with(members.get(token), rest, new)
    if inner is NOTHING:
        members.pop(token, None)
    elif inner is not None or token in members:
        members[token] = inner
    return members


def _list_with(members: list[Any], index: int, rest: Sequence[str], new: Any) -> Iterator[Any]:
    for number, member in enumerate(members):
        changed = _with(member, rest, new) if number == index else member
        if changed is not NOTHING:
            yield changed
