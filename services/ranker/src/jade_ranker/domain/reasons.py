"""Why a policy stands where it stands, in words: the features that counted most."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from jade_policy.verdicts import Verdict
from jade_ranker.domain.feature_names import RESOURCE, TEXT, WORDED
from jade_ranker.domain.pairs import Pairs
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.terms import CACHED_WORDS, terms

Numbers = Sequence[float]

SHOWN = 4
"""Reasons of a policy; a fifth has never changed anybody's mind."""

WORDS_SHOWN = 4
CONCEPTS_SHOWN = 2
"""How many a reason names; the rarest and the surest tell most."""

WORD = re.compile(r"[A-Za-z][\w.-]*\w")

LEAST = 0.1
"""What adds less to a score (in nats) is no reason."""

NEAR = 1.5
"""What texts that mean much the same add at least, in nats: any two sentences are a little alike, and one about apple
pie adds 0.9 to its nearest policy."""

WORDS = frozenset(
    [
        *(f"words of its {view}" for view in WORDED),
        "words of name and description",
        "nearest by the words of name and description",
        "all of its name is said",
    ]
)
SPELLING = frozenset({"spelling of its name", "nearest by spelling"})
CONCEPTS = frozenset(
    {
        "concepts",
        "what people call it",
    }
)
MEANING = frozenset(
    {
        "meaning",
        "nearest by meaning",
        "meaning of what people call it",
        "nearest by the meaning of what people call it",
        "meaning of all that people call it",
        "nearest by the meaning of all that people call it",
    }
)
VIOLATED = frozenset({"violated", "one of few violated"})

GROUPS = {
    feature: name
    for name, members in (
        ("words", WORDS), ("spelling", SPELLING), ("concepts", CONCEPTS), ("meaning", MEANING), ("violated", VIOLATED),
    )
    for feature in members
}  # fmt: skip
"""What a reason is given for, by feature: several say one thing, and any other says its own."""

SILENT = frozenset({"severity", "reliability", "unknown"})
"""What every policy has some of, and no reason names."""

OF_TEXT = tuple("" if name in SILENT else GROUPS.get(name, name) for name in TEXT)
OF_RESOURCE = tuple("" if name in SILENT else GROUPS.get(name, name) for name in RESOURCE)
"""The group of each feature, none of one that no reason names."""


PLAIN = {
    "violated": "the resource violates it",
    "features that it names": "the resource has features that it names",
    "spelling": "its name is spelt alike",
    "meaning": "means much the same",
    "a field that it reads is named": "the finding names a field that it reads",
    "the kind that it is for is named": "the finding names the kind that it is for",
    "the same number of the benchmark": "both have the same number of the CIS benchmark",
}
"""What is said of a group of features, whatever the finding."""


class Reason(NamedTuple):
    """Why a policy stands where it stands. What is first in order counts most.

    Attributes:
        order: minus what it adds to the score.
        text: in words.
        shown: the same with what it adds.
    """

    order: float
    text: str
    shown: str


class Spoken(NamedTuple):
    """A finding, with what reasons say of it whatever the policy.

    Attributes:
        words: its words in lower case, each with its terms.
        concepts: what it speaks of, and how sure that is.
    """

    finding: Finding
    words: Mapping[str, frozenset[str]]
    concepts: Mapping[str, float]


class Reasons:
    """Says why, for the policies of one library."""

    def __init__(self, pairs: Pairs) -> None:
        """Speak of the policies whose features ``pairs`` computes."""
        self._pairs = pairs
        self._held = [
            frozenset(term for view in WORDED for term in terms(one.view(view))) for one in pairs.descriptions
        ]

    @staticmethod
    def spoken(finding: Finding, concepts: Mapping[str, float]) -> Spoken:
        """Take a finding that speaks of ``concepts`` apart, once for all policies."""
        words = {word.lower(): terms_of(word) for word in WORD.findall(finding.text())}
        return Spoken(finding, words, concepts)

    def of_text(self, row: int, spoken: Spoken, values: Numbers, weights: Numbers) -> tuple[Reason, ...]:
        """What a text says for a row, by its features and what they weigh."""
        groups = added(OF_TEXT, values, weights)
        return reasons_of(groups, lambda name: self._said(name, groups[name], row, spoken))

    def _said(self, name: str, added: float, row: int, spoken: Spoken) -> str:
        if name == "meaning" and added < NEAR:
            return "means something a little like it"
        if name == "words":
            common = self._words(row, spoken)
            return f"shares the words {', '.join(common)}" if common else ""
        if name == "concepts":
            common = self._concepts(row, spoken)
            return f"both speak of {' and '.join(common)}" if common else ""
        if name == "known rule":
            return f"{spoken.finding.tool} {spoken.finding.rule_id} is known to be about it"
        return PLAIN.get(name, "")

    def _words(self, row: int, spoken: Spoken) -> list[str]:
        """The words that a finding and a policy share, as the finding spells them, the rarest first."""
        held = self._held[int(self._pairs.rows[row])]
        rare = {
            word: max([self._pairs.rareness(term) for term in common])
            for word, own in spoken.words.items()
            if (common := own & held)
        }
        return sorted(rare, key=lambda word: (-rare[word], word))[:WORDS_SHOWN]

    def _concepts(self, row: int, spoken: Spoken) -> list[str]:
        """What a finding and a policy both speak of, the surest first."""
        own = self._pairs.concepts[int(self._pairs.rows[row])]
        both = {concept: own[concept] * sure for concept, sure in spoken.concepts.items() if concept in own}
        best = sorted(both, key=lambda concept: (-both[concept], concept))[:CONCEPTS_SHOWN]
        return [self._pairs.thesaurus.explain(concept) for concept in best]


@lru_cache(maxsize=CACHED_WORDS)
def terms_of(word: str) -> frozenset[str]:
    """The terms of a word."""
    return frozenset(terms(word))


def of_resource(values: Numbers, weights: Numbers) -> tuple[Reason, ...]:
    """What a resource says for a row, by its features and what they weigh."""
    return reasons_of(added(OF_RESOURCE, values, weights), lambda name: PLAIN.get(name, ""))


def of_field(verdict: Verdict, added: float) -> Reason:
    """What is said where the field that a finding names is the one that makes a policy fail."""
    return reason(added, f"fails by the field that is named: {verdict.path}")


def reason(added: float, text: str) -> Reason:
    """A reason that adds so much to a score."""
    return Reason(-added, text, f"{text} (+{added:.1f})")


def best(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """The reasons that counted most, each with what it added to the score."""
    return tuple([one.shown for one in sorted(reasons)[:SHOWN]])


def added(groups: Sequence[str], values: Numbers, weights: Numbers) -> dict[str, float]:
    """What the features of each group add to a score."""
    found: dict[str, float] = {}
    for name, value, weight in zip(groups, values, weights, strict=True):
        if value and weight and name:
            found[name] = found.get(name, 0.0) + value * weight
    return found


def reasons_of(groups: Mapping[str, float], said: Callable[[str], str]) -> tuple[Reason, ...]:
    """A reason for each group of features that counts and of which there is something to say."""
    texts = ((added, said(name)) for name, added in groups.items() if added >= LEAST)
    return tuple([reason(added, text) for added, text in texts if text])
