"""What a text speaks of beside what policies speak of, concept by concept."""

from collections.abc import Mapping, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from jade_ranker.domain.descriptions import Description
from jade_ranker.domain.terms import terms
from jade_ranker.domain.thesaurus import Thesaurus

Floats = NDArray[np.float32]

SPOKEN = ("name", "description", "reasons", "messages", "fix")
"""The views that are sentences; fields have concepts of their own."""


class Concepts:
    """The concepts of a library's policies, from what they say and from what they read."""

    def __init__(self, thesaurus: Thesaurus, descriptions: Sequence[Description]) -> None:
        """Find out what each of ``descriptions`` speaks of."""
        views = {
            view: [thesaurus.concepts_of(terms(one.view(view))) for one in descriptions] for view in SPOKEN
        }
        views["fields"] = [
            thesaurus.concepts_of_fields([".".join(path) for path in one.paths], one.kinds)
            for one in descriptions
        ]
        self.of_each = [
            {
                concept: max(found[place].get(concept, 0.0) for found in views.values())
                for concept in sorted({concept for found in views.values() for concept in found[place]})
            }
            for place in range(len(descriptions))
        ]
        names = sorted({concept for found in views.values() for one in found for concept in one})
        self._columns = {concept: column for column, concept in enumerate(names)}
        self._views = {view: self._matrix(found) for view, found in views.items()}
        holders = (self._all(frozenset()) > 0).sum(axis=0)
        self._weights = np.array(
            [log(1 + len(descriptions) / max(int(count), 1)) for count in holders], np.float32
        )
        self._unknown = log(1 + len(descriptions))
        # By concept, not by policy: a text speaks of a few of them.
        self._seen = np.ascontiguousarray(self._normal(self._all(frozenset())).T)
        self._read = np.ascontiguousarray(self._normal(self._views["fields"]).T)

    def scores(self, asked: Mapping[str, float], hidden: frozenset[str]) -> tuple[Floats, Floats]:
        """How near each policy is to what is ``asked`` (weight by concept): by all of it, and by its fields alone.

        Args:
            asked: The concepts of a text.
            hidden: Views that are not looked at.

        Returns:
            Cosines, shape (policies,) each.
        """
        known = {self._columns[one]: weight for one, weight in asked.items() if one in self._columns}
        columns = np.array(list(known), np.intp)
        vector: Floats = np.array(list(known.values()), np.float32) * self._weights[columns]
        beside = sum(
            (weight * self._unknown) ** 2 for one, weight in asked.items() if one not in self._columns
        )
        length = float(np.sqrt(vector @ vector + beside))
        if not length:
            nothing = np.zeros(self._seen.shape[1], np.float32)
            return nothing, nothing
        vector = (vector / length).astype(np.float32)
        seen = self._normal(self._all(hidden)).T if hidden else self._seen
        of_all: Floats = vector @ seen[columns]
        of_fields: Floats = np.zeros_like(of_all) if "fields" in hidden else vector @ self._read[columns]
        return of_all, of_fields

    def _matrix(self, found: Sequence[Mapping[str, float]]) -> Floats:
        matrix = np.zeros((len(found), len(self._columns)), np.float32)
        for row, one in enumerate(found):
            for concept, weight in one.items():
                matrix[row, self._columns[concept]] = weight
        return matrix

    def _all(self, hidden: frozenset[str]) -> Floats:
        shown = [matrix for view, matrix in self._views.items() if view not in hidden]
        return np.maximum.reduce(shown) if shown else np.zeros_like(self._views["fields"])

    def _normal(self, matrix: Floats) -> Floats:
        weighed = matrix * self._weights
        lengths = np.sqrt((weighed * weighed).sum(axis=1, keepdims=True))
        normal: Floats = np.divide(weighed, lengths, out=np.zeros_like(weighed), where=lengths > 0)
        return normal
