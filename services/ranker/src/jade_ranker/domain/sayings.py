"""How near a text is to what people say of the things that a policy is about, by meaning."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jade_ranker.domain.products import Rows
from jade_ranker.domain.thesaurus import Thesaurus

Floats = NDArray[np.float32]

OWN = 0.1
"""How sure a policy must be about a concept that its phrases count."""

TINY = 1e-9


def phrases_of(thesaurus: Thesaurus) -> tuple[str, ...]:
    """All phrases, each once, in their order; a word alone means too many things."""
    return tuple(
        dict.fromkeys(
            phrase for concept in thesaurus.concepts.values() for phrase in concept.says if " " in phrase
        )
    )


class Near(NamedTuple):
    """How near a text is to what people say.

    Attributes:
        nearest: of each policy, by the nearest phrase of what it is about, shape (policies,).
        whole: the same by all phrases together.
        beyond: of the nearest phrase of what no policy is about.
    """

    nearest: Floats
    whole: Floats
    beyond: float


class Sayings:
    """The phrases of all concepts, and which of them a library's policies are about."""

    def __init__(
        self, thesaurus: Thesaurus, of_each: Sequence[Mapping[str, float]], vectors: Mapping[str, Floats]
    ) -> None:
        """Take the phrases of what each policy is about.

        Args:
            thesaurus: What people say.
            of_each: By policy, how far it is about which concept.
            vectors: By phrase, shape (dimensions,), unit length.
        """
        held = {
            concept: found
            for concept, body in thesaurus.concepts.items()
            if (found := [vectors[phrase] for phrase in body.says if phrase in vectors])
        }
        rows = [row for own in held.values() for row in own]
        self._phrases = Rows(np.stack(rows) if rows else np.zeros((0, 0), np.float32))
        self._begins = np.cumsum([0, *(len(own) for own in held.values())])[:-1]
        self._middles = Rows(
            np.stack([unit(np.sum(own, axis=0)) for own in held.values()])
            if rows
            else np.zeros((0, 0), np.float32)
        )
        places = {concept: place for place, concept in enumerate(held)}
        # Before each policy's concepts stands one that is as near as nothing: a maximum is taken over spans, and none
        # of them may be empty.
        owns = [
            [
                (-1, 0.0),
                *((places[one], sure) for one, sure in own.items() if sure >= OWN and one in places),
            ]
            for own in of_each
        ]
        self._policies = np.cumsum([0, *(len(own) for own in owns)])[:-1]
        self._owned = np.array([place for own in owns for place, _ in own], np.intp)
        self._sure = np.sqrt(np.array([sure for own in owns for _, sure in own], np.float32))
        self._owners = np.repeat(np.arange(len(owns)), [len(own) for own in owns])
        self._free = self._nobodys(None)

    def near(self, vector: Floats, absent: NDArray[np.bool_] | None = None) -> Near:
        """How near a text with this ``vector`` is, in cosines, times the root of how far a policy is about that.

        Args:
            vector: Shape (dimensions,), unit length.
            absent: Policies that are not looked at, shape (policies,).
        """
        if not len(self._phrases) or not len(self._policies):
            nothing = np.zeros(len(self._policies), np.float32)
            return Near(nothing, nothing, 0.0)
        near = np.maximum.reduceat(self._phrases.times(vector), self._begins)
        free = self._free if absent is None else self._nobodys(absent)
        return Near(self._best(near), self._best(self._middles.times(vector)), float((near * free).max()))

    def _best(self, of_concepts: Floats) -> Floats:
        every = np.append(of_concepts, np.float32(0))
        found: Floats = np.maximum.reduceat(every[self._owned] * self._sure, self._policies)
        return found

    def _nobodys(self, absent: NDArray[np.bool_] | None) -> Floats:
        """Of each concept, how far no policy is about it, shape (concepts,)."""
        held = np.zeros(len(self._begins) + 1, np.float32)
        sure = self._sure if absent is None else np.where(absent[self._owners], np.float32(0), self._sure)
        np.maximum.at(held, self._owned, sure)
        return 1 - held[:-1]


def unit(vector: Floats) -> Floats:
    """The vector with the length of one; nothing stays nothing."""
    found: Floats = vector / max(float(np.linalg.norm(vector)), TINY)
    return found
