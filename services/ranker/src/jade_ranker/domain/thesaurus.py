"""What people call the things of Kubernetes: from a text, or from the fields that a policy reads, to concepts.

A text and a policy that share no word meet in a concept: "malware could persist on disk" and `readOnlyRootFilesystem`.
The concepts stand in `thesaurus_data/*.toml`; see docs/architecture/ranker-words.md for how to add one.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import log
from typing import Any, NamedTuple, Self

from jade_ranker.domain.fields_said import Fields
from jade_ranker.domain.phrases import Phrase, found_in
from jade_ranker.domain.terms import TOKEN, terms

WEIGHTS = (0.5, 0.75, 0.9, 0.95)
"""How sure a concept is from one phrase of one, two, three, or more terms: the longer, the less it says by chance."""
HINT = 0.2
"""From a word that others use too; three of them weigh as much as one phrase of a single term."""
COMMON = 0.65
"""How rare a single term that is left of a sentence must be to say anything, where 1 is a term of one concept only:
at most eight of two hundred concepts use it."""
PAIR = 2
OF_SENTENCE = 0.75
"""How sure two terms are that half of a sentence was left out around: "a pod without any Deployment"."""
LEAST = 0.05  # what less adds to a ranking, no figure shows


class Concept(NamedTuple):
    """A thing that findings and policies are about.

    Attributes:
        id: what everything else calls it.
        name: what a reason calls it, after "speaks of".
        says: phrases that mean it, as they were written.
        hints: phrases that may mean it.
        words: single words that come up where it is spoken of; no phrase, so they count by all that they are only.
        shared: those of `says` that other concepts hold too.
        fields: path suffixes of Kubernetes' own types.
        foreign_fields: those of annotations, labels and custom resources, which no schema here knows.
        kinds: where given, the fields count in these kinds only, and a policy for these kinds alone may be about it.
        near: concepts that it stands close to, with the share of its weight that they get, below 1.
    """

    id: str
    name: str
    says: tuple[str, ...]
    hints: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    shared: frozenset[str] = frozenset()
    fields: tuple[str, ...] = ()
    foreign_fields: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    near: Mapping[str, float] = {}

    @classmethod
    def parse(cls, name: str, body: Mapping[str, Any]) -> Self:
        """The concept of a table of a file.

        Raises:
            TypeError: if it has keys that a concept has not.
        """
        lists = {
            key: tuple(phrase for raw in body.get(key, "").split(";") if (phrase := " ".join(raw.split())))
            for key in ("says", "hints", "shared")
        }
        names = {
            key: tuple(body.get(key, "").split()) for key in ("words", "fields", "foreign_fields", "kinds")
        }
        plain = {key: value for key, value in body.items() if key not in lists and key not in names}
        return cls(
            id=name,
            says=(*lists["says"], *lists["shared"]),
            hints=lists["hints"],
            words=names["words"],
            shared=frozenset(lists["shared"]),
            fields=names["fields"],
            foreign_fields=names["foreign_fields"],
            kinds=frozenset(names["kinds"]),
            **plain,
        )


class Thesaurus:
    """Finds concepts."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        """Prepare the phrases and the fields of ``concepts``."""
        self.concepts: Mapping[str, Concept] = {one.id: one for one in concepts}
        said = [
            (concept, phrase, spoken)
            for concept in self.concepts.values()
            for phrase in (*concept.hints, *concept.says)
            if (spoken := tuple(dict.fromkeys(terms(phrase))))
        ]
        use = Counter(term for _, term in {(one.id, term) for one, _, spoken in said for term in spoken})
        rarest = log(2 * len(self.concepts))
        rareness = {term: 1 - log(count) / rarest for term, count in use.items()}
        weighed: dict[tuple[str, ...], dict[str, float]] = {}
        for concept, phrase, spoken in said:
            if sure := surety(concept, phrase, spoken, rareness):
                weighed.setdefault(spoken, {})[concept.id] = sure
        self._phrases: dict[str, list[Phrase]] = {}
        for spoken, held in weighed.items():
            anchor = min(spoken, key=lambda term: (use[term], term))
            self._phrases.setdefault(anchor, []).append(Phrase(spoken, frozenset(spoken), held))
        self._sayings: dict[str, Sequence[str]] = {}
        self._fields = Fields(
            (concept.id, (*concept.fields, *concept.foreign_fields), concept.kinds)
            for concept in self.concepts.values()
        )

    @classmethod
    def load(cls) -> Self:
        """That of the package; read once."""
        return cls(_concepts())

    def concepts_of(self, spoken: Sequence[str]) -> dict[str, float]:
        """What a text speaks of.

        Args:
            spoken: Its terms, see :func:`jade_ranker.domain.terms.terms`.

        Returns:
            By concept, how sure that is, in 0..1; the surest first. Several phrases make it surer, a phrase inside a
            longer one does not count, and what is close to a concept gets its share.

        >>> list(Thesaurus.load().concepts_of(terms("it can see every process of the node")))[0]
        'host-pid'
        """
        doubt: dict[str, float] = {}
        for match in found_in(spoken, self._phrases):
            for concept, sure in match.phrase.concepts.items():
                doubt[concept] = doubt.get(concept, 1.0) * (1 - sure * match.fit)
        return self._with_near({concept: 1 - left for concept, left in doubt.items()})

    def concepts_of_fields(self, paths: Iterable[str], kinds: Iterable[str] = ()) -> dict[str, float]:
        """What a policy is about, by what it reads.

        Args:
            paths: The fields, with dots or slashes between the steps; steps such as `*`, `[]` or `{pod}` do not matter.
            kinds: The kinds that it judges; none means any.

        Returns:
            By concept, how far a field is its own, in 0..1; the surest first.

        >>> list(Thesaurus.load().concepts_of_fields(["spec.containers[].securityContext.privileged"]))[0]
        'privileged'
        """
        return self._with_near(self._fields.concepts(paths, frozenset(kinds)))

    def explain(self, concept: str) -> str:
        """What a reason calls a concept, for instance "host process namespace"."""
        return self.concepts[concept].name

    def vocabulary(self, concepts: Mapping[str, float]) -> dict[str, float]:
        """The terms that people use for ``concepts``, each with the weight of its surest concept.

        A policy's text with these added is found by words that its author never thought of.
        """
        found: dict[str, float] = {}
        for concept, weight in concepts.items():
            for term in self._sayings_of(concept):
                if weight > found.get(term, 0.0):
                    found[term] = weight
        return found

    def _sayings_of(self, concept: str) -> Sequence[str]:
        known = self._sayings.get(concept)
        if known is None:
            said = self.concepts[concept]
            phrases = (*said.says, *said.hints, *said.words)
            known = tuple(dict.fromkeys(term for phrase in phrases for term in terms(phrase)))
            self._sayings[concept] = known
        return known

    def _with_near(self, sure: Mapping[str, float]) -> dict[str, float]:
        found = dict(sure)
        for concept, weight in sure.items():
            for other, share in self.concepts[concept].near.items():
                found[other] = max(found.get(other, 0.0), weight * share)
        best_first = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
        return {concept: weight for concept, weight in best_first if weight >= LEAST}


def surety(concept: Concept, phrase: str, spoken: Sequence[str], rareness: Mapping[str, float]) -> float:
    """How sure a concept is from one of its phrases.

    Common terms take away: "pod" and "node" may mean anything. So does what is left of a sentence: "without a
    password" is about passwords as little as about their absence.

    Args:
        concept: The concept.
        phrase: As it was written.
        spoken: Its terms.
        rareness: Of each term, from 0 to 1; 1 is that of a term which no other concept uses.
    """
    told = sum(rareness[term] for term in spoken)
    left_over = len(TOKEN.findall(phrase)) - len(spoken)
    if len(spoken) == 1 and left_over:
        return HINT if told > COMMON else 0.0
    if phrase in concept.hints:
        return HINT
    sure = WEIGHTS[min(len(spoken), len(WEIGHTS)) - 1] * min(1.0, told)
    return sure * (OF_SENTENCE if left_over >= len(spoken) == PAIR else 1.0)


@cache
def _concepts() -> tuple[Concept, ...]:
    folder = files("jade_ranker.domain") / "thesaurus_data"
    bodies = [
        tomllib.loads(file.read_text(encoding="utf-8"))
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".toml")
    ]
    return tuple(Concept.parse(name, body) for one in bodies for name, body in one.items())
