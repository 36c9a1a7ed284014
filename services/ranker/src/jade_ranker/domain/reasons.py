"""Why a policy stands where it stands, in words: the features that counted most."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from jade_policy.library import Library
from jade_policy.verdicts import Verdict
from jade_ranker.domain.descriptions import VIEWS
from jade_ranker.domain.pairs import Pairs
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.ranking import Contribution
from jade_ranker.domain.terms import terms

SHOWN = 4
"""Reasons of a policy; a fifth has never changed anybody's mind."""

WORDS_SHOWN = 4
CONCEPTS_SHOWN = 2
"""How many a reason names; the rarest and the surest tell most."""

WORD = re.compile(r"[A-Za-z][\w.-]*\w")

LEAST = 0.1
"""What adds less to a score (in nats) is no reason."""

WORDS = frozenset(
    [f"words of its {view}" for view in VIEWS]
    + [f"nearest by the words of its {view}" for view in VIEWS]
    + ["all of its name is said"]
)
SPELLING = frozenset({"spelling of its name", "nearest by spelling"})
CONCEPTS = frozenset(
    {
        "concepts",
        "nearest by concepts",
        "concepts of the fields that it reads",
        "what people call it",
        "nearest by what people call it",
    }
)
MEANING = frozenset({"meaning", "nearest by meaning"})
VIOLATED = frozenset({"violated", "one of few violated"})

SILENT = frozenset({"severity", "reliability", "unknown"})
"""What every policy has some of, and no reason names."""


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

    def __init__(self, library: Library, pairs: Pairs) -> None:
        """Speak of ``library``, whose features ``pairs`` computes."""
        self._policies = [policy for policy in library.policies for _ in library.constraints_of(policy.id)]
        self._pairs = pairs
        self._held = [
            frozenset(term for view in VIEWS for term in terms(one.view(view))) for one in pairs.descriptions
        ]

    def spoken(self, finding: Finding) -> Spoken:
        """Take a finding apart, once for all policies."""
        text = finding.text()
        words = {word.lower(): frozenset(terms(word)) for word in WORD.findall(text)}
        return Spoken(finding, words, self._pairs.thesaurus.concepts_of(terms(text)))

    def of(
        self, row: int, verdict: Verdict, spoken: Spoken | None, features: Sequence[Contribution]
    ) -> tuple[str, ...]:
        """The reasons for a row, those that counted most first, each with what it added to the score."""
        groups: dict[str, float] = {}
        for one in features:
            if one.feature not in SILENT:
                name = group(one.feature)
                groups[name] = groups.get(name, 0.0) + one.added
        said: list[str] = []
        for name, added in sorted(groups.items(), key=lambda pair: (-pair[1], pair[0])):
            if added < LEAST or len(said) == SHOWN:
                break
            if text := self._text(name, row, verdict, spoken):
                said.append(f"{text} (+{added:.1f})")
        return tuple(said)

    def _text(self, name: str, row: int, verdict: Verdict, spoken: Spoken | None) -> str:
        if name == "violated":
            return "the resource violates it"
        if name == "features that it names":
            return "the resource has features that it names"
        if spoken is None:
            return ""
        if name == "words":
            common = self._words(row, spoken)
            return f"shares the words {', '.join(common)}" if common else ""
        if name == "concepts":
            common = self._concepts(row, spoken)
            return f"both speak of {' and '.join(common)}" if common else ""
        texts = {
            "spelling": "its name is spelt alike",
            "meaning": "means much the same",
            "known rule": f"{spoken.finding.tool} {spoken.finding.rule_id} is known to be about it",
            "a field that it reads is named": "the finding names a field that it reads",
            "the kind that it is for is named": "the finding names the kind that it is for",
            "the same number of the benchmark": "both have the same number of the CIS benchmark",
            "the field that makes it fail is the one named": f"fails by the field that is named: {verdict.path}",
        }
        return texts.get(name, "")

    def _words(self, row: int, spoken: Spoken) -> list[str]:
        """The words that a finding and a policy share, as the finding spells them, the rarest first."""
        held = self._held[int(self._pairs.rows[row])]
        rare = {
            word: max(self._pairs.rareness(term) for term in own & held)
            for word, own in spoken.words.items()
            if own & held
        }
        return sorted(rare, key=lambda word: (-rare[word], word))[:WORDS_SHOWN]

    def _concepts(self, row: int, spoken: Spoken) -> list[str]:
        """What a finding and a policy both speak of, the surest first."""
        own = self._pairs.concepts[int(self._pairs.rows[row])]
        both = {concept: own[concept] * sure for concept, sure in spoken.concepts.items() if concept in own}
        best = sorted(both, key=lambda concept: (-both[concept], concept))[:CONCEPTS_SHOWN]
        return [self._pairs.thesaurus.explain(concept) for concept in best]


def group(feature: str) -> str:
    """What a reason is given for: several features say one thing."""
    for name, members in (
        ("words", WORDS), ("spelling", SPELLING), ("concepts", CONCEPTS), ("meaning", MEANING), ("violated", VIOLATED),
    ):  # fmt: skip
        if feature in members:
            return name
    return feature
