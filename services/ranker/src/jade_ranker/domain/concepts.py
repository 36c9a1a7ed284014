"""What a text speaks of beside what policies speak of, concept by concept."""

from collections.abc import Mapping, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from jade_ranker.domain.descriptions import Description
from jade_ranker.domain.terms import terms
from jade_ranker.domain.thesaurus import Thesaurus

Floats = NDArray[np.float32]

ABOUT = {"name": 1.0, "description": 1.0, "messages": 1.0, "fields": 1.0, "reasons": 0.25, "fix": 0.25}
"""What a concept counts by the view in which it is found: why there is a policy and how to mend it mentions much else.
Fields are read for concepts of their own, the other views are sentences."""


class Concepts:
    """The concepts of a library's policies, from what they say and from what they read."""

    def __init__(self, thesaurus: Thesaurus, descriptions: Sequence[Description]) -> None:
        """Find out what each of ``descriptions`` speaks of."""
        views = {
            view: [thesaurus.concepts_of(terms(one.view(view))) for one in descriptions]
            for view in ABOUT
            if view != "fields"
        }
        views["fields"] = [
            thesaurus.concepts_of_fields([".".join(path) for path in one.paths], one.kinds)
            for one in descriptions
        ]
        names = sorted({concept for found in views.values() for one in found for concept in one})
        self._columns = {concept: column for column, concept in enumerate(names)}
        self._views = {view: self._matrix(found) for view, found in views.items()}
        self._about = about = self._all(frozenset())
        self._held = about.max(axis=0, initial=0.0)
        self.of_each = [
            {names[column]: float(row[column]) for column in np.flatnonzero(row).tolist()} for row in about
        ]
        holders = (about > 0).sum(axis=0)
        self._weights = np.array(
            [log(1 + len(descriptions) / max(int(count), 1)) for count in holders], np.float32
        )
        self._unknown = log(1 + len(descriptions))
        # By concept, not by policy: a text speaks of a few of them.
        self._seen = np.ascontiguousarray(self._normal(about).T)

    def scores(self, asked: Mapping[str, float], hidden: frozenset[str] = frozenset()) -> Floats:
        """How near each policy is to what is ``asked`` (weight by concept).

        Args:
            asked: The concepts of a text.
            hidden: Views that are not looked at.

        Returns:
            Cosines, shape (policies,).
        """
        known = {self._columns[one]: weight for one, weight in asked.items() if one in self._columns}
        columns = np.array(list(known), np.intp)
        vector: Floats = np.array(list(known.values()), np.float32) * self._weights[columns]
        beside = sum(
            (weight * self._unknown) ** 2 for one, weight in asked.items() if one not in self._columns
        )
        length = float(np.sqrt(vector @ vector + beside))
        if not length:
            return np.zeros(self._seen.shape[1], np.float32)
        vector = (vector / length).astype(np.float32)
        seen = self._normal(self._all(hidden)).T if hidden else self._seen
        found: Floats = vector @ seen[columns]
        return found

    def beyond(self, asked: Mapping[str, float], absent: NDArray[np.bool_] | None = None) -> float:
        """How sure the surest of the concepts is that are ``asked`` of and that no policy is about.

        Args:
            asked: The concepts of a text.
            absent: Policies that are not looked at, shape (policies,).
        """
        held = self._held if absent is None else self._about[~absent].max(axis=0, initial=0.0)
        free = (
            weight * (1 - float(held[self._columns[one]])) if one in self._columns else weight
            for one, weight in asked.items()
        )
        return max(free, default=0.0)

    def _matrix(self, found: Sequence[Mapping[str, float]]) -> Floats:
        matrix = np.zeros((len(found), len(self._columns)), np.float32)
        for row, one in enumerate(found):
            for concept, weight in one.items():
                matrix[row, self._columns[concept]] = weight
        return matrix

    def _all(self, hidden: frozenset[str]) -> Floats:
        """How far each policy is about each concept, in 0..1; 1 for what it is most about."""
        total = np.zeros_like(self._views["fields"])
        for view, matrix in self._views.items():
            if view not in hidden:
                total += ABOUT[view] * matrix
        most = total.max(axis=1, keepdims=True, initial=0.0)
        found: Floats = np.divide(total, most, out=total, where=most > 0)
        return found

    def _normal(self, matrix: Floats) -> Floats:
        weighed = matrix * self._weights
        lengths = np.sqrt((weighed * weighed).sum(axis=1, keepdims=True))
        normal: Floats = np.divide(weighed, lengths, out=np.zeros_like(weighed), where=lengths > 0)
        return normal
