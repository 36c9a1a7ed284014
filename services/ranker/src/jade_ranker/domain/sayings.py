"""How near a text is to what people say of the things that a policy is about, by meaning."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from jade_ranker.domain.thesaurus import Thesaurus

Floats = NDArray[np.float32]

OWN = 0.5
"""How sure a policy must be about a concept that its phrases count."""


def phrases_of(thesaurus: Thesaurus) -> tuple[str, ...]:
    """All phrases, each once, in their order; a word alone means too many things."""
    return tuple(
        dict.fromkeys(
            phrase for concept in thesaurus.concepts.values() for phrase in concept.says if " " in phrase
        )
    )


class Sayings:
    """The phrases of the concepts that a library's policies are about."""

    def __init__(
        self, thesaurus: Thesaurus, of_each: Sequence[Mapping[str, float]], vectors: Mapping[str, Floats]
    ) -> None:
        """Take the phrases of what each policy is about.

        Args:
            thesaurus: What people say.
            of_each: By policy, how sure it is about which concept.
            vectors: By phrase, shape (dimensions,), unit length.
        """
        wanted = sorted({concept for one in of_each for concept, sure in one.items() if sure >= OWN})
        held = {
            concept: [vectors[phrase] for phrase in thesaurus.concepts[concept].says if phrase in vectors]
            for concept in wanted
        }
        rows = [row for own in held.values() for row in own]
        self._rows = np.stack(rows) if rows else np.zeros((0, 0), np.float32)
        # Before each concept's phrases, and before each policy's concepts, stands one that is as near as nothing: a
        # maximum is taken over spans, and none of them may be empty.
        self._phrases, self._concepts = spans([len(own) for own in held.values()])
        places = {concept: place for place, concept in enumerate(held)}
        owns = [[places[concept] for concept, sure in one.items() if sure >= OWN] for one in of_each]
        _, self._policies = spans([len(own) for own in owns])
        self._owned = np.array([place for own in owns for place in (-1, *own)], np.intp)

    def similarities(self, vector: Floats) -> Floats:
        """The cosine with the nearest phrase of each policy, shape (policies,); 0 where it has none."""
        if not len(self._rows) or not len(self._policies):
            return np.zeros(len(self._policies), np.float32)
        near = np.zeros(len(self._rows) + len(self._concepts), np.float32)
        near[self._phrases] = self._rows @ vector
        best = np.append(np.maximum.reduceat(near, self._concepts), np.float32(0))
        found: Floats = np.maximum.reduceat(best[self._owned], self._policies)
        return found


def spans(sizes: Sequence[int]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where the members of groups stand, and where the groups begin, each after one place that is kept free.

    >>> spans([2, 0, 1])
    (array([1, 2, 5]), array([0, 3, 4]))
    """
    begins = np.cumsum([0, *(size + 1 for size in sizes)])[:-1] if sizes else np.zeros(0, np.intp)
    members = [
        begin + 1 + number
        for begin, size in zip(begins.tolist(), sizes, strict=True)
        for number in range(size)
    ]
    return np.array(members, np.intp), begins.astype(np.intp)
