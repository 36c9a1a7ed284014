"""What an expression of Rego may stand for: places in the input, constants, and things built of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

ANY = "*"  # any member of a list, or any key of an object
DEEP = "**"  # anything below, as `walk` gives it
MAX_ALTERNATIVES = 64  # a table of kinds has thirty entries; more says no more
MAX_DEPTH = 24  # components of a path; pod specs go to sixteen

Path = tuple[str, ...]


@dataclass(frozen=True)
class Value:
    """An abstract value; each attribute holds alternatives.

    Attributes:
        paths: places in the input (or ``data``) that it may be.
        scalars: constants that it may be.
        arrays: arrays whose members are known one by one.
        objects: objects whose members are known by key.
        members: what a member of it may be where it is a collection of unknown size.
        depends: places that decide what it is, or whether it is defined.
    """

    paths: frozenset[Path] = frozenset()
    scalars: frozenset[Any] = frozenset()
    arrays: tuple[tuple["Value", ...], ...] = ()
    objects: tuple[Mapping[str, "Value"], ...] = field(default=())
    members: "Value | None" = None
    depends: frozenset[Path] = frozenset()

    def __or__(self, other: "Value") -> "Value":
        """Either of two values."""
        if other is NOTHING or other == self:
            return self
        if self is NOTHING:
            return other
        both = [each for each in (self.members, other.members) if each is not None]
        return Value(
            self.paths | other.paths,
            self.scalars | other.scalars,
            _few((*self.arrays, *(each for each in other.arrays if each not in self.arrays))),
            _few((*self.objects, *(each for each in other.objects if each not in self.objects))),
            any_of(both) if both else None,
            self.depends | other.depends,
        )

    def depending(self, depends: frozenset[Path]) -> "Value":
        """The same value, decided by more."""
        if depends <= self.depends:
            return self
        return Value(
            self.paths, self.scalars, self.arrays, self.objects, self.members, self.depends | depends
        )

    def select(self, key: "Value") -> "Value":
        """The member under a key; under any where the key is not known."""
        # No key of JSON is null or a boolean: what may be one is a key that is not known.
        names = [name for name in key.scalars if not (name is None or isinstance(name, bool))]
        found = Value(
            frozenset(
                (*path, str(name)) if path[-1:] != (DEEP,) else path
                for path in self.paths
                if len(path) < MAX_DEPTH
                for name in (names or [ANY])
            ),
            depends=self.depends | key.depends | key.paths,
        )
        if self.members is not None:
            found |= self.members
        for array in self.arrays:
            wanted = [array[n] for n in names if isinstance(n, int) and n < len(array)] if names else array
            found |= any_of(wanted)
        for obj in self.objects:
            wanted = [obj[str(n)] for n in names if str(n) in obj] if names else list(obj.values())
            found |= any_of(wanted)
        return found

    def walk(self, keys: "Value") -> "Value":
        """The member at the end of a list of keys, as ``object.get`` takes it."""
        found = NOTHING
        if keys.scalars or not keys.arrays:
            found |= self.select(keys)
        for array in keys.arrays:
            for names in product(*(sorted(item.scalars, key=str) or [None] for item in array)):
                at = self
                for name in names:
                    at = at.select(NOTHING if name is None else scalar(name))
                found |= at
        return found.depending(keys.depends)

    @property
    def each(self) -> "Value":
        """Any member, as ``some x in value`` binds it."""
        return self.select(NOTHING)

    @property
    def keys(self) -> "Value":
        """Any key, as ``some k, _ in value`` binds it."""
        names = frozenset(name for obj in self.objects for name in obj)
        unknown = self.paths or self.members is not None or self.arrays
        return Value(scalars=frozenset() if unknown else names, depends=self.depends)

    @property
    def touched(self) -> frozenset[Path]:
        """All places that are looked at when this value is compared with something."""
        found = self.paths | self.depends
        for each in (
            *(v for array in self.arrays for v in array),
            *(v for o in self.objects for v in o.values()),
        ):
            found |= each.touched
        return found | self.members.touched if self.members is not None else found


NOTHING = Value()


def scalar(value: Any) -> Value:
    """A constant."""
    return Value(scalars=frozenset({value}))


def any_of(values: Iterable[Value]) -> Value:
    """One of several values."""
    found = NOTHING
    for value in values:
        found |= value
    return found


def _few(alternatives: tuple[Any, ...]) -> tuple[Any, ...]:
    return alternatives[:MAX_ALTERNATIVES]
