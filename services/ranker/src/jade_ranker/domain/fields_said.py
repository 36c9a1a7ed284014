"""Which concept a field of Kubernetes belongs to, by the end of its path."""

import re
from collections.abc import Iterable
from typing import NamedTuple

ABOVE = 0.7
"""How far a concept has a field below its own: `livenessProbe.httpGet.port` for `livenessProbe`."""
KIND_ALONE = 0.3
"""How far a policy is about a concept of its kind when no field says so."""
FEW = 3  # kinds of a policy that may be about what is special of a kind; workload policies have nineteen

_STEP = re.compile(r"[A-Za-z0-9_-]+")
_PLACEHOLDER = re.compile(r"\{[^}]*\}|\[[^\]]*\]|\*+")
_LISTS = ("initContainers", "ephemeralContainers")


class Suffix(NamedTuple):
    """The field of a concept."""

    steps: tuple[str, ...]
    concept: str
    kinds: frozenset[str]


class Fields:
    """Finds concepts by fields."""

    def __init__(self, concepts: Iterable[tuple[str, Iterable[str], frozenset[str]]]) -> None:
        """Prepare the fields of ``concepts``: id, path suffixes and the kinds where these count, none for all."""
        self._suffixes: dict[str, list[Suffix]] = {}
        self._kinds: list[tuple[str, frozenset[str]]] = []
        for concept, fields, kinds in concepts:
            if kinds:
                self._kinds.append((concept, kinds))
            for field in fields:
                steps = steps_of(field)
                self._suffixes.setdefault(steps[-1], []).append(Suffix(steps, concept, kinds))

    def concepts(self, paths: Iterable[str], kinds: frozenset[str]) -> dict[str, float]:
        """How far each concept's own field is among ``paths`` of objects of ``kinds``."""
        found: dict[str, float] = {}
        if len(kinds) <= FEW:
            found = {concept: KIND_ALONE for concept, own in self._kinds if kinds and kinds <= own}
        for path in paths:
            for concept, weight in self._of_path(steps_of(path), kinds):
                found[concept] = max(found.get(concept, 0.0), weight)
        return found

    def _of_path(self, steps: tuple[str, ...], kinds: frozenset[str]) -> Iterable[tuple[str, float]]:
        """The concepts of the longest suffixes; what ends further up counts less, and not inside a longer one."""
        spans: list[tuple[int, int, str]] = []
        for end in range(len(steps), 0, -1):
            for suffix in self._suffixes.get(steps[end - 1], ()):
                start = end - len(suffix.steps)
                fits = start >= 0 and steps[start:end] == suffix.steps
                if fits and not (kinds and suffix.kinds and not kinds & suffix.kinds):
                    spans.append((start, end, suffix.concept))
        for start, end, concept in spans:
            inside = any(
                first <= start and end <= last and last - first > end - start for first, last, _ in spans
            )
            deeper = any(last > end for _, last, _ in spans)
            if not inside:
                yield concept, (1.0 if end == len(steps) else ABOVE) * (ABOVE if deeper else 1.0)


def steps_of(path: str) -> tuple[str, ...]:
    """The named steps of a path.

    >>> steps_of("spec.containers[].securityContext.privileged")
    ('spec', 'containers', 'securityContext', 'privileged')
    >>> steps_of("{container}/ports/*/hostPort")
    ('containers', 'ports', 'hostPort')
    """
    named = _PLACEHOLDER.sub(" ", path.replace("{container}", "containers"))
    steps = [step for step in _STEP.findall(named) if not step.isdecimal()]
    return tuple("containers" if step in _LISTS else step for step in steps[:-1]) + tuple(steps[-1:])
