"""Values of which only the names in them are known, and what a document must hold for something to come of them."""

from typing import Any, NamedTuple

MAX_ALTERNATIVES = 24  # of what may be needed; a policy has at most six bodies, and more says too little

Names = frozenset[str]
Alternatives = frozenset[Names]
"""One of these sets of names is needed, all of it."""

NEVER: Alternatives = frozenset()
ALWAYS: Alternatives = frozenset({frozenset()})


def either(first: Alternatives, second: Alternatives) -> Alternatives:
    """One of either; an alternative that another is part of says nothing more."""
    together = first | second
    kept = frozenset(one for one in together if not any(other < one for other in together))
    return kept if len(kept) <= MAX_ALTERNATIVES else ALWAYS


def both(first: Alternatives, second: Alternatives) -> Alternatives:
    """One of each; the first ones alone, which is less, where these are too many."""
    if second == ALWAYS:
        return first
    if len(first) * len(second) > MAX_ALTERNATIVES**2:
        return first
    found = either(NEVER, frozenset(a | b for a in first for b in second))
    return first if found == ALWAYS else found


class Unknown(NamedTuple):
    """A value, as far as names go.

    Attributes:
        names: the keys of objects in it, at any depth, and the texts in its sets, that need not be keys in the
            document; None where they may be any.
        is_one_of: the constants of which it is one, where that is certain.
        members: the constants of which each of its members is one, where that is certain.
        keys: the texts that its own keys are, where it is an object with no others.
        filled: what is needed for it to have members.
    """

    names: Names | None
    is_one_of: frozenset[Any] | None = None
    members: frozenset[Any] | None = None
    keys: Names | None = None
    filled: Alternatives = ALWAYS

    def __or__(self, other: "Unknown") -> "Unknown":
        """Either of two."""
        return Unknown(
            together(self.names, other.names),
            together(self.is_one_of, other.is_one_of),
            together(self.members, other.members),
            together(self.keys, other.keys),
            either(self.filled, other.filled),
        )


ANYTHING = Unknown(None)
OF_THE_DOCUMENT = Unknown(frozenset())
"""All keys in it are keys in the document, or it has none: a field of the document, a number, a computed text."""


def together(first: frozenset[Any] | None, second: frozenset[Any] | None) -> frozenset[Any] | None:
    """Both sets; None where one is not known."""
    return None if first is None or second is None else first | second
