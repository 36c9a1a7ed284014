"""Which concept a field of Kubernetes belongs to, by the end of its path."""

import re
from collections.abc import Iterable
from typing import NamedTuple

ABOVE = 0.7
"""How far a concept has a field below its own: `livenessProbe.httpGet.port` for `livenessProbe`."""
KIND_ALONE = 0.3
"""How far a policy is about a concept of its kind when no field says so."""
ANY_MEMBER = 0.4
"""How far a concept has a member of what is read whole: `resources.limits.memory` for `resources.limits.*`."""
BESIDE = 0.4
"""What a guard counts beside a field that is no guard."""
GUARDS = frozenset(
    {
        *(
            ("apiVersion",),
            ("kind",),
            ("metadata", "name"),
            ("metadata", "namespace"),
            ("metadata", "generateName"),
        ),
        *(("containers", "image"), ("containers", "name"), ("os", "name"), ("spec", "restartPolicy")),
    }
)
"""Fields by which policies mostly tell what they leave alone: exempt images and namespaces, Windows, Jobs."""
FEW = 3  # kinds of a policy that may be about what is special of a kind; workload policies have nineteen

_STEP = re.compile(r"[A-Za-z0-9_-]+")
_PLACEHOLDER = re.compile(r"\{[^}]*\}|\[[^\]]*\]|\*+")
_LISTS = ("initContainers", "ephemeralContainers")


class Suffix(NamedTuple):
    """The field of a concept."""

    steps: tuple[str, ...]
    concept: str
    kinds: frozenset[str]

    def counts_in(self, kinds: frozenset[str]) -> bool:
        """Whether it says something of objects of ``kinds``, none for all."""
        return not (kinds and self.kinds) or bool(kinds & self.kinds)


class Fields:
    """Finds concepts by fields."""

    def __init__(self, concepts: Iterable[tuple[str, Iterable[str], frozenset[str]]]) -> None:
        """Prepare the fields of ``concepts``: id, path suffixes and the kinds where these count, none for all."""
        self._suffixes: dict[str, list[Suffix]] = {}
        self._members: dict[str, list[Suffix]] = {}
        self._kinds: list[tuple[str, frozenset[str]]] = []
        for concept, fields, kinds in concepts:
            if kinds:
                self._kinds.append((concept, kinds))
            for field in fields:
                steps = steps_of(field)
                suffix = Suffix(steps, concept, kinds)
                self._suffixes.setdefault(steps[-1], []).append(suffix)
                if len(steps) > 1:
                    self._members.setdefault(steps[-2], []).append(suffix)

    def concepts(self, paths: Iterable[str], kinds: frozenset[str]) -> dict[str, float]:
        """How far each concept's own field is among ``paths`` of objects of ``kinds``."""
        found: dict[str, float] = {}
        guards: dict[str, float] = {}
        for path in paths:
            steps = steps_of(path)
            into = guards if steps[-2:] in GUARDS or steps in GUARDS else found
            for concept, weight in self._of_path(steps, kinds, whole=path.endswith("*")):
                into[concept] = max(into.get(concept, 0.0), weight)
        beside = BESIDE if found else 1.0
        for concept, weight in guards.items():
            found[concept] = max(found.get(concept, 0.0), beside * weight)
        if kinds and len(kinds) <= FEW:
            for concept, own in self._kinds:
                if kinds <= own:
                    found.setdefault(concept, KIND_ALONE)
        return found

    def _of_path(
        self, steps: tuple[str, ...], kinds: frozenset[str], *, whole: bool
    ) -> Iterable[tuple[str, float]]:
        """The concepts of the longest suffixes; what ends further up counts less, and not inside a longer one."""
        spans: list[tuple[int, int, str]] = []
        for end in range(len(steps), 0, -1):
            for suffix in self._suffixes.get(steps[end - 1], ()):
                start = end - len(suffix.steps)
                if start >= 0 and steps[start:end] == suffix.steps and suffix.counts_in(kinds):
                    spans.append((start, end, suffix.concept))
        for start, end, concept in spans:
            inside = any(
                first <= start and end <= last and last - first > end - start for first, last, _ in spans
            )
            deeper = any(last > end for _, last, _ in spans)
            if not inside:
                yield concept, (1.0 if end == len(steps) else ABOVE) * (ABOVE if deeper else 1.0)
        for suffix in self._members.get(steps[-1], ()) if whole and steps else ():
            if steps[-len(suffix.steps) + 1 :] == suffix.steps[:-1] and suffix.counts_in(kinds):
                yield suffix.concept, ANY_MEMBER


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
