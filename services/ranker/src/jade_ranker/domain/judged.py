"""Features of a resource and a policy: what the verdict says, and what METADATA says of the policy itself."""

from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from jade_policy.library import Library
from jade_policy.verdicts import Verdict
from jade_ranker.domain.feature_names import ASKED, PATH, RESOURCE
from jade_ranker.domain.meaning import SAME_FIELD, nearness

Floats = NDArray[np.float32]

SEVERITY = {"critical": 1.0, "high": 0.75, "medium": 0.5, "low": 0.25, "info": 0.0}
RELIABILITY = {"high": 1.0, "medium": 0.5}

FACTS = 3
"""Features that a policy names and the resource has, from which more say no more."""

VERDICT = {"violated": 0, "passed": 1, "not_applicable": 2, "unknown": 3}
FEW, NAMED = RESOURCE.index("one of few violated"), RESOURCE.index("features that it names")


class Judged:
    """Computes what resources say of the policies of one library. A row is a policy under one constraint."""

    def __init__(self, library: Library) -> None:
        """Prepare what does not depend on a resource."""
        policies = [policy for policy in library.policies for _ in library.constraints_of(policy.id)]
        self._features = [frozenset(policy.features) for policy in policies]
        self._unjudged = np.zeros((len(policies), len(RESOURCE)), np.float32)
        self._unjudged[:, RESOURCE.index("severity")] = [SEVERITY.get(one.severity, 0.5) for one in policies]
        self._unjudged[:, RESOURCE.index("reliability")] = [
            RELIABILITY.get(one.reliability, 0.0) for one in policies
        ]

    def unjudged(self) -> Floats:
        """What is said of each row where there is no resource, shape (rows, len(RESOURCE))."""
        return self._unjudged.copy()

    def of_resource(self, verdicts: Sequence[Verdict], facts: frozenset[str]) -> Floats:
        """What a resource says of each row, shape (rows, len(RESOURCE)); verdicts in the library's order."""
        found = self.unjudged()
        columns = np.array([VERDICT[verdict.verdict] for verdict in verdicts], np.intp)
        found[np.arange(len(columns)), columns] = 1.0
        violated = int((columns == VERDICT["violated"]).sum())
        if violated:
            found[:, FEW] = found[:, VERDICT["violated"]] / np.float32(1.0 + log(violated))
        if facts:
            found[:, NAMED] = [min(len(own & facts), FACTS) / FACTS for own in self._features]
        return found


def fields_of(verdicts: Sequence[Verdict]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The rows that are violated by fields that are known, each with these fields."""
    return tuple(
        (row, fields)
        for row, verdict in enumerate(verdicts)
        if (fields := tuple(one.path for one in verdict.violations if one.path is not None))
    )


def of_path(path: str, fields: Sequence[tuple[int, Sequence[str]]], rows: int) -> Floats:
    """What the field that a finding names says of each row, shape (rows, len(PATH)); see :func:`fields_of`."""
    found = np.zeros((rows, len(PATH)), np.float32)
    for row, own in fields:
        near = max(nearness(path, one) for one in own)
        found[row] = max(near, 0.0) / SAME_FIELD, min(near, 0.0)
    return found


def nothing_asked() -> Floats:
    """The features of a question without a finding, shape (len(ASKED),)."""
    found = np.zeros(len(ASKED), np.float32)
    found[ASKED.index("always")] = 1.0
    return found


def asked_beside(asked: Floats, *, violated: bool) -> Floats:
    """The features of a question that comes with a resource, which is ``violated`` by some policy or by none."""
    found = asked.copy()
    found[ASKED.index("a resource is given")] = 1.0
    found[ASKED.index("something is violated")] = violated
    return found
