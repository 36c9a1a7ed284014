"""Units that need not be asked about a document, since what they need is nowhere in it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from jade_policy.opa.unknowns import Alternatives

MAX_REMEMBERED = 4_096  # sets of names; 2,911 real documents have a few hundred

_KEYS = re.compile(rb'"([^"\\]+)":')
_PLAIN = re.compile(r'[^":\\\x00-\x1f][^"\\\x00-\x1f]*')
"""Names that JSON holds as they are, and that the expression above finds wherever they are keys."""


class _Needs(NamedTuple):
    by_unit: Mapping[str, Sequence[AbstractSet[bytes]]]
    names: frozenset[bytes]
    remembered: dict[frozenset[bytes], frozenset[str]]


class IdleUnits:
    """Tells by the names of a document's fields which units can find nothing in it."""

    def __init__(self) -> None:
        """Of no unit anything is known yet."""
        self._needs = _Needs({}, frozenset(), {})

    def learn(self, needs: Mapping[str, Alternatives]) -> None:
        """Learn what units need, while others ask."""
        by_unit = {
            unit: [{name.encode() for name in names if _PLAIN.fullmatch(name)} for names in needed]
            for unit, needed in needs.items()
        }
        names = frozenset(name for needed in by_unit.values() for names in needed for name in names)
        self._needs = _Needs(by_unit, names, {})

    def among(self, units: Iterable[str], document: bytes) -> list[str]:
        """Those of `units` that can find nothing in a document, given in orjson's JSON."""
        needs = self._needs
        if not needs.by_unit:
            return []
        held = needs.names.intersection(_KEYS.findall(document))
        idle = needs.remembered.get(held)
        if idle is None:
            idle = frozenset(
                unit for unit, needed in needs.by_unit.items() if not any(names <= held for names in needed)
            )
            if len(needs.remembered) < MAX_REMEMBERED:
                needs.remembered[held] = idle
        return [unit for unit in units if unit in idle]
