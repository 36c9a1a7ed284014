"""How far a finding's words name a policy: the share of their weight that the policy's own words hold.

A word weighs the more the fewer policies use it. This is the first form; a learned model takes its place.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import log

SPLIT = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
"""Words of a text, with camelCase taken apart; digits are left out: rule numbers mean nothing to another
library."""

STOP = frozenset(
    [
        *(
            "a",
            "absolutely",
            "an",
            "and",
            "any",
            "apply",
            "appropriate",
            "are",
            "as",
            "assigned",
            "associated",
            "at",
            "be",
        ),
        *(
            "been",
            "by",
            "can",
            "ckv",
            "configured",
            "container",
            "containers",
            "do",
            "does",
            "ensure",
            "for",
            "from",
        ),
        *(
            "has",
            "have",
            "if",
            "in",
            "is",
            "it",
            "its",
            "k",
            "kind",
            "ksv",
            "lack",
            "minimize",
            "must",
            "necessary",
            "no",
        ),
        *(
            "not",
            "of",
            "on",
            "one",
            "only",
            "or",
            "other",
            "pod",
            "pods",
            "possible",
            "prefer",
            "resource",
            "resources",
        ),
        *(
            "s",
            "set",
            "should",
            "spec",
            "specify",
            "template",
            "that",
            "the",
            "their",
            "this",
            "to",
            "unless",
            "use",
        ),
        *("used", "uses", "using", "via", "when", "where", "which", "with", "without"),
    ]
)
"""Words that say nothing of a policy: English glue, and what every Kubernetes policy speaks of."""

SHORTEST_STEM = 4


def words(text: str) -> list[str]:
    """The stems of a text's words, without those that say nothing.

    >>> words("Containers should not allowPrivilegeEscalation")
    ['allow', 'privileg', 'escal']
    """
    return [stem(word) for raw in SPLIT.findall(text) if (word := raw.lower()) not in STOP]


@lru_cache(maxsize=20_000)  # scanners use a few thousand words
def stem(word: str) -> str:
    """The word without its common endings, so that ``privileged`` and ``privilege`` meet.

    >>> stem("policies"), stem("mounting"), stem("privileged")
    ('polic', 'mount', 'privileg')
    """
    for ending in ("ations", "ation", "ities", "ying", "ies", "ing", "ity", "ed", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word


class Vocabulary:
    """The words of a library's policies."""

    def __init__(self, policies: Sequence[Iterable[str]]) -> None:
        """Weigh the words of ``policies``, each given as its texts."""
        self._policies = [frozenset(word for text in texts for word in words(text)) for texts in policies]
        counts = Counter(word for policy in self._policies for word in policy)
        self._weights = {word: log(1 + len(self._policies) / count) for word, count in counts.items()}
        self._unknown = log(1 + len(self._policies))
        self._holders: dict[str, list[int]] = defaultdict(list)
        for number, policy in enumerate(self._policies):
            for word in policy:
                self._holders[word].append(number)

    def overlap(self, text: str) -> dict[int, tuple[float, tuple[str, ...]]]:
        """By the number of each policy that has words of ``text``: its share in 0..1 of their weight, and the words."""
        query = list(dict.fromkeys(words(text)))
        total = sum(self._weights.get(word, self._unknown) for word in query)
        common: dict[int, list[str]] = defaultdict(list)
        for word in query:
            for number in self._holders.get(word, ()):
                common[number].append(word)
        return {
            number: (sum(self._weights[word] for word in found) / total, tuple(found))
            for number, found in common.items()
        }
