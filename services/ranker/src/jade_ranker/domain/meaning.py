"""Which policy, of those that a resource violates, says what a finding says: by their words, and by the field.

A ranking says what matters for a finding. This says what the finding *is*: two scanners that mean the same policy
and the same field see one problem, so being wrong here costs more than saying nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import log
from typing import NamedTuple

from jade_policy.library import Library
from jade_policy.pointers import split
from jade_policy.policies import Policy
from jade_policy.resources import CONTAINER_LISTS
from jade_policy.verdicts import Verdict
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.words import words

NEEDED = 0.7
"""What words (0 to 1) and field (-1 to 0.5) must come to: a third of the words at the very field, half of them
where no field is known, most of them beside it."""
SAME_FIELD, FIELD_UNKNOWN, BESIDE, ELSEWHERE = 0.5, 0.2, -0.1, -1.0

MESSAGE = 0.1
"""What counts more where the message itself says a policy's name: rules about two fields name both."""

ABBREVIATED = {"uid": ("user", "id"), "gid": ("group", "id"), "uids": ("user", "id"), "gids": ("group", "id")}
"""What system administrators write for words that policies spell out."""

KEYED = frozenset({"labels", "annotations"})
"""Maps whose members have nothing to do with each other."""

NAMESPACE_WIDE = frozenset(
    {"{namespace}/LimitRange", "{namespace}/ResourceQuota", "{namespace}/NetworkPolicy"}
)
"""What is missing once for a whole namespace, whatever document a tool reports it on: one object settles all."""

POLARITY = frozenset(words("deny require restrict ensure disallow forbid missing not"))
"""Words of a policy's name that any rule may share or lack."""


class Meant(NamedTuple):
    """The policy that says the same as a finding, and where.

    Attributes:
        policy: its id.
        path: the policy's own pointer to the field; "" where it names none.
        namespace_wide: the problem is the namespace's, and comes again with each of its resources.
    """

    policy: str
    path: str
    namespace_wide: bool = False


Shares = Sequence[tuple[int, float]]
"""How far the words of a finding name each policy, from 0 to 1: the rows that the very field would be enough for, in
their order."""

Fields = Mapping[int, Sequence[str]]
"""The fields of each policy that a resource violates, by row."""


class Meaning:
    """Knows the words of a library's policies."""

    def __init__(self, library: Library) -> None:
        """Prepare what does not depend on the finding."""
        rows = [policy for policy in library.policies for _ in library.constraints_of(policy.id)]
        spoken = {one.id: distinct([*names(one), one.description]) for one in library.policies}
        counts: dict[str, int] = {}
        for found in spoken.values():
            for word in found:
                counts[word] = counts.get(word, 0) + 1
        self._weights = {word: log(1 + len(spoken) / count) for word, count in counts.items()}
        self._holders: dict[str, list[int]] = {}
        self._named: dict[str, list[int]] = {}
        self._name_weights: list[float] = []
        for number, policy in enumerate(rows):
            own = distinct(names(policy))
            self._name_weights.append(sum(self._weights[word] for word in own))
            for word in spoken[policy.id]:
                self._holders.setdefault(word, []).append(number)
            for word in own:
                self._named.setdefault(word, []).append(number)
        self._rows = [policy.id for policy in rows]
        self._wide = [namespace_wide(one) for one in rows]

    def shares(self, finding: Finding) -> Shares:
        """Weigh the words of a finding, once for all resources that it is said of.

        The share is the harmonic mean of two: how much of what is said is in the policy's texts, and how much of
        the policy's name is said. What only the message says (names of containers, counts) takes nothing away.
        """
        rule = [word for word in distinct([finding.rule_id, finding.title]) if word in self._weights]
        message = {word for word in distinct([finding.message]) if word in self._weights}
        text = rule + [word for word in distinct([finding.message]) if word in message]
        of_rule: dict[int, float] = {}
        of_text: dict[int, float] = {}
        of_name: dict[int, float] = {}
        of_message: dict[int, float] = {}
        rule_weight = text_weight = 0.0
        for place, word in enumerate(dict.fromkeys(text)):
            weight = self._weights[word]
            text_weight += weight
            if place < len(rule):
                rule_weight += weight
                for number in self._holders[word]:
                    of_rule[number] = of_rule.get(number, 0.0) + weight
            for number in self._holders[word]:
                of_text[number] = of_text.get(number, 0.0) + weight
            for number in self._named.get(word, ()):
                of_name[number] = of_name.get(number, 0.0) + weight
                if word in message:
                    of_message[number] = of_message.get(number, 0.0) + weight
        shares: dict[int, float] = {}
        for number, named in of_name.items():
            precision = of_text[number] / text_weight
            if number in of_rule:
                precision = max(precision, of_rule[number] / rule_weight)
            recall = named / self._name_weights[number]
            told = of_message.get(number, 0.0) / self._name_weights[number]
            shares[number] = 2 * precision * recall / (precision + recall) + MESSAGE * told
        return tuple(
            (number, share) for number, share in sorted(shares.items()) if share + SAME_FIELD > NEEDED
        )

    def of(self, shares: Shares, path: str | None, fields: Fields) -> Meant | None:
        """The policy that a finding means.

        Args:
            shares: What its words say.
            path: The field that it names, a JSON pointer.
            fields: What the resource violates, see :func:`fields_of`.
        """
        best, row, where = NEEDED, -1, ""
        for number, share in shares:
            paths = fields.get(number)
            if paths is None or share + SAME_FIELD <= best:
                continue
            fits, nearest_path = nearest(path, paths)
            if share + fits > best:
                best, row, where = share + fits, number, nearest_path
        if row < 0:
            return None
        wide = self._wide[row]
        return Meant(self._rows[row], "" if wide else where, wide)


def fields_of(verdicts: Sequence[Verdict]) -> Fields:
    """What a resource violates, or may violate for all that is known of the cluster: by row, the fields, sorted."""
    return {
        number: tuple(sorted({one.path for one in verdict.violations if one.path is not None}))
        for number, verdict in enumerate(verdicts)
        if verdict.verdict == "violated" or verdict.needs_cluster
    }


def namespace_wide(policy: Policy) -> bool:
    """Whether what the policy asks for is missing once for a whole namespace."""
    return any(step.path in NAMESPACE_WIDE for step in policy.remediation)


def names(policy: Policy) -> list[str]:
    """What a policy is called."""
    return [policy.id.replace("-", " "), policy.title]


def distinct(texts: Iterable[str]) -> list[str]:
    """The stems of all words that tell policies apart, each once, in their order: sums must not depend on hashes."""
    spelt = (full for text in texts for word in words(text) for full in ABBREVIATED.get(word, (word,)))
    return list(dict.fromkeys(word for word in spelt if word not in POLARITY))


def nearest(path: str | None, fields: Sequence[str]) -> tuple[float, str]:
    """How near a policy's fields are to the one that a finding names, and the nearest; the first of equal ones."""
    if not path or not fields:
        return FIELD_UNKNOWN, fields[0] if fields else ""
    return max(((nearness(path, one), one) for one in fields), key=lambda pair: pair[0])


@lru_cache(maxsize=50_000)
def nearness(one: str, other: str) -> float:
    """How near the field of a policy (``other``) is to the one that a finding names.

    >>> nearness("/spec/containers/0/image", "/spec/containers/0/image")
    0.5
    >>> nearness("/spec/containers/0/image", "/spec/containers/1/image")
    -1.0
    >>> nearness("/spec/containers/0/resources", "/spec/containers/0/resources/limits/cpu") > 0
    True
    """
    left, right = split(one), split(other)
    common = 0
    for mine, yours in zip(left, right, strict=False):
        if mine != yours:
            break
        common += 1
    begin = max(own_depth(left), own_depth(right))
    longer = max(len(left), len(right))
    if common == longer:
        return SAME_FIELD
    if common == len(left):  # the tool is less exact
        inside = max(common - begin, 0) / (longer - begin)
        return FIELD_UNKNOWN + (SAME_FIELD - FIELD_UNKNOWN) * inside
    if common == len(right):  # the policy looks at more than the field
        return 0.0
    if common and left[common - 1] in KEYED:
        return ELSEWHERE
    both = in_container(left) and in_container(right)
    return ELSEWHERE if both and common < begin else BESIDE


def own_depth(path: Sequence[str]) -> int:
    """How many steps lead to the container, or to what is no container's: they say nothing of the field."""
    for number, token in enumerate(path):
        if token in CONTAINER_LISTS:
            return number + 2
    return len(path) - path[::-1].index("spec") if "spec" in path else 0


def in_container(path: Sequence[str]) -> bool:
    """Whether a path leads into a container."""
    return any(token in CONTAINER_LISTS for token in path)
