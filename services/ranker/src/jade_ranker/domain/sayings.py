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
        self._spans: list[slice] = []
        rows: list[Floats] = []
        places = {concept: number for number, concept in enumerate(wanted)}
        for concept in wanted:
            held = [vectors[phrase] for phrase in thesaurus.concepts[concept].says if phrase in vectors]
            self._spans.append(slice(len(rows), len(rows) + len(held)))
            rows += held
        self._rows = np.stack(rows) if rows else np.zeros((0, 0), np.float32)
        self._owns = [
            np.array([places[concept] for concept, sure in one.items() if sure >= OWN], np.intp)
            for one in of_each
        ]

    def similarities(self, vector: Floats) -> Floats:
        """The cosine with the nearest phrase of each policy, shape (policies,); 0 where it has none."""
        if not len(self._rows):
            return np.zeros(len(self._owns), np.float32)
        near = self._rows @ vector
        best = np.array([near[span].max(initial=0.0) for span in self._spans], np.float32)
        return np.array([best[own].max(initial=0.0) for own in self._owns], np.float32)
