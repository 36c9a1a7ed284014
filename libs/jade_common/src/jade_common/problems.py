"""Rankings folded into problems: each once, with the tools that saw it and the rules that they call it by."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from jade_common.events import FindingRanked, SeenProblem


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem, however many findings there are of it.

    Attributes:
        problem_id: the ranker's.
        resource: what it is about; ``Namespace NAME`` or ``cluster`` where it is theirs, None where nothing is known.
        policy: the policy that says the same; where findings mean several, the one that most mean.
        path: JSON pointer of the field, None where none is known.
        seen_by: the tools, sorted.
        aliases: their rules, ``tool:rule``, sorted, with all spellings.
        count: how many findings there are.
        findings: their ids, sorted.
    """

    problem_id: str
    resource: str | None
    policy: str | None
    path: str | None
    seen_by: tuple[str, ...]
    aliases: tuple[str, ...]
    count: int
    findings: tuple[str, ...]


def problems(ranked: Iterable[FindingRanked]) -> list[Problem]:
    """Fold rankings; their order and repetition change nothing.

    Returns:
        The problems, those with the most findings first, then by resource, path and id.
    """
    groups: dict[str, dict[str, SeenProblem | None]] = {}
    for one in ranked:
        groups.setdefault(one.problem_id, {})[one.finding_id] = one.problem
    found = [folded(problem_id, members) for problem_id, members in groups.items()]
    return sorted(found, key=lambda one: (-one.count, one.resource or "", one.path or "", one.problem_id))


def folded(problem_id: str, members: dict[str, SeenProblem | None]) -> Problem:
    """The problem of findings that share an id."""
    seen = [one for one in members.values() if one is not None]
    rules = {f"{one.tool}:{rule}" for one in seen for rule in (one.rule_id, *one.rule_aliases)}
    return Problem(
        problem_id,
        commonest([one.subject for one in seen]),
        commonest([one.policy for one in seen]),
        commonest([one.path for one in seen]),
        tuple(sorted({one.tool for one in seen})),
        tuple(sorted(rules)),
        len(members),
        tuple(sorted(members)),
    )


def commonest(values: Iterable[str | None]) -> str | None:
    """The value that most have, the first by name of several; ``None`` where none has one.

    >>> commonest(["b", "a", None, "b"]), commonest(["b", "a"]), commonest([None])
    ('b', 'a', None)
    """
    counts = Counter(value for value in values if value is not None)
    return min(counts, key=lambda value: (-counts[value], value)) if counts else None
