"""Features of a pair, a finding and a policy: nothing in them is a policy's own, so that one never seen ranks as well.

What a finding's words say of each policy and what a resource says of each policy are kept apart: a model that adds
them up needs each only once for a text, once for a resource.
"""

import re
from collections.abc import Mapping, Sequence
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jade_policy.library import Library
from jade_policy.reads import Read
from jade_policy.verdicts import Verdict
from jade_ranker.domain.bm25 import Bm25
from jade_ranker.domain.concepts import Concepts
from jade_ranker.domain.crosswalk import Crosswalk
from jade_ranker.domain.descriptions import VIEWS, descriptions_of, named, references_of
from jade_ranker.domain.meaning import SAME_FIELD, nearness
from jade_ranker.domain.ngrams import Ngrams
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.semantics import Meanings
from jade_ranker.domain.shares import Tokens, relative
from jade_ranker.domain.terms import terms
from jade_ranker.domain.thesaurus import Thesaurus

Floats = NDArray[np.float32]

TEXT = (
    *(f"words of its {view}" for view in VIEWS),
    *(f"nearest by the words of its {view}" for view in VIEWS),
    "what people call it",
    "nearest by what people call it",
    "all of its name is said",
    "spelling of its name",
    "nearest by spelling",
    "concepts",
    "nearest by concepts",
    "concepts of the fields that it reads",
    "a field that it reads is named",
    "the kind that it is for is named",
    "other kinds are named",
    "the same number of the benchmark",
    "known rule",
    "known rule of another policy",
    "meaning",
    "nearest by meaning",
)
"""What a text says of a policy, each from 0 to 1 (or -1 to 0 for what speaks against it)."""

RESOURCE = (
    "violated",
    "passed",
    "not applicable",
    "unknown",
    "one of few violated",
    "features that it names",
    "severity",
    "reliability",
)
"""What a resource says of a policy, each from 0 to 1."""

PATH = ("the field that makes it fail is the one named", "another field makes it fail")
"""What the field that a finding names says of a policy that is violated."""

ASKED = (
    "always",
    "best words",
    "best of what people call it",
    "best concepts",
    "best spelling",
    "best meaning",
    "known words",
    "known rule",
    "a resource is given",
    "something is violated",
)
"""What decides that no policy is meant at all."""

COLUMN = {name: column for column, name in enumerate(TEXT)}

NEAREST = {f"nearest by the words of its {view}": f"words of its {view}" for view in VIEWS} | {
    "nearest by spelling": "spelling of its name",
    "nearest by concepts": "concepts",
    "nearest by what people call it": "what people call it",
}
"""Features that compare a policy with the best one, by what they compare."""

MESSAGE = 0.4
"""What a word of the message weighs where there is a title: messages hold names of containers and counts too."""

SPOKEN_WORDS = 4
SPOKEN_CONCEPTS = 2
"""How many a reason names; the rarest tell most."""

SEVERITY = {"critical": 1.0, "high": 0.75, "medium": 0.5, "low": 0.25, "info": 0.0}
RELIABILITY = {"high": 1.0, "medium": 0.5}
FACTS = 3
"""Features that a policy names and the resource has, from which more say no more."""

IDENTIFIER = re.compile(
    r"[a-z]+(?:[A-Z][A-Za-z0-9]*)+|(?<=[`'\"./=])[A-Za-z][A-Za-z0-9]*|[A-Za-z][A-Za-z0-9]*(?=[`'\"./=:]\S)"
)
"""What looks like a field: camelCase, in quotes, or a step of a path."""

WORD = re.compile(r"[A-Za-z][\w.-]*\w")
KIND = re.compile(r"\b[A-Z][a-z]+(?:[A-Z]+[a-z]*)*\b|\b[a-z]{3,}\b")


class Asked(NamedTuple):
    """A finding's words, as they are compared.

    Attributes:
        terms: what each term weighs.
    """

    terms: Mapping[str, float]
    text: str
    identifiers: frozenset[str]
    kinds: frozenset[str]
    references: frozenset[str]


class Said(NamedTuple):
    """What a text says.

    Attributes:
        pairs: of each row, shape (rows, len(TEXT)).
        asked: of itself, shape (len(ASKED),).
    """

    pairs: Floats
    asked: Floats


class Pairs:
    """Computes the features of one library. A row is a policy under one constraint."""

    def __init__(
        self,
        library: Library,
        reads: Mapping[str, Sequence[Read]],
        thesaurus: Thesaurus,
        crosswalk: Crosswalk,
        meanings: Meanings | None = None,
    ) -> None:
        """Index what does not depend on a question.

        Args:
            library: The policies.
            reads: By id, the fields that decide a policy's verdict.
            thesaurus: What people call things.
            crosswalk: Which rule of which tool is known to be which policy.
            meanings: Vectors of the policies' sentences; without them nothing is compared by meaning.
        """
        self.descriptions = descriptions_of(library, reads)
        self._thesaurus = thesaurus
        self._crosswalk = crosswalk
        self._meanings = meanings
        places = {policy.id: place for place, policy in enumerate(library.policies)}
        self.rows = np.array(
            [places[policy.id] for policy in library.policies for _ in library.constraints_of(policy.id)],
            dtype=np.intp,
        )
        self._places = places
        self._views = {view: Bm25([terms(one.view(view)) for one in self.descriptions]) for view in VIEWS}
        self._names = [frozenset(terms(one.name)) for one in self.descriptions]
        name = self._views["name"]
        self._name_weights = [sum(name.idf(term) for term in sorted(own)) or 1.0 for own in self._names]
        self._spelling = Ngrams([one.name for one in self.descriptions])
        self._concepts = Concepts(thesaurus, self.descriptions)
        self._sayings = Bm25([list(thesaurus.vocabulary(one)) for one in self._concepts.of_each])
        self._fields = Tokens(
            [
                frozenset(part.lower() for path in one.paths for part in named(path))
                for one in self.descriptions
            ]
        )
        self._kinds = Tokens([frozenset(kind.lower() for kind in one.kinds) for one in self.descriptions])
        self._for_all = np.array([not one.kinds for one in self.descriptions])
        self._severity = np.array(
            [SEVERITY.get(policy.severity, 0.5) for policy in library.policies], np.float32
        )
        self._reliability = np.array(
            [RELIABILITY.get(policy.reliability, 0.0) for policy in library.policies], np.float32
        )
        self._features = [frozenset(policy.features) for policy in library.policies]

    def asked(self, finding: Finding) -> Asked:
        """Take a finding's words apart."""
        weights: dict[str, float] = {}
        title = f"{finding.rule_id} {finding.title}"
        of_title = terms(title)
        for term in of_title:
            weights[term] = 1.0
        for term in terms(finding.message):
            weights.setdefault(term, MESSAGE if finding.title else 1.0)
        text = f"{title} {finding.message}"
        return Asked(
            terms=weights,
            text=text,
            identifiers=frozenset(found.lower() for found in IDENTIFIER.findall(text)),
            kinds=frozenset(
                form
                for found in KIND.findall(text)
                for form in (found.lower(), found.lower().removesuffix("s"))
                if form in self._kinds
            ),
            references=references_of(text),
        )

    def said(
        self,
        finding: Finding,
        vector: Floats | None = None,
        *,
        hidden: frozenset[str] = frozenset(),
        absent: NDArray[np.bool_] | None = None,
        links: Mapping[str, float] | None = None,
    ) -> Said:
        """What a finding's words say of each policy.

        Args:
            finding: The words.
            vector: What they mean, shape (dimensions,).
            hidden: Views that are not looked at: a model is trained as if policies were described less well.
            absent: Rows that are not looked at, as if the library lacked them.
            links: What is known of the rule, confidence by policy, in place of the crosswalk's word.
        """
        asked = self.asked(finding)
        columns: dict[str, Floats] = {}
        for view in VIEWS:
            if view not in hidden:
                possible = self._views[view].best_possible(asked.terms)
                if possible:
                    columns[f"words of its {view}"] = self._views[view].scores(asked.terms) / np.float32(
                        possible
                    )
        if "name" not in hidden:
            columns["all of its name is said"] = self._named(asked.terms)
            columns["spelling of its name"] = self._spelling.scores(asked.text)
        spoken, of_fields = self._concepts.scores(self._thesaurus.concepts_of(terms(asked.text)), hidden)
        columns["concepts"] = spoken
        columns["concepts of the fields that it reads"] = of_fields
        possible = self._sayings.best_possible(asked.terms)
        if possible:
            columns["what people call it"] = self._sayings.scores(asked.terms) / np.float32(possible)
        if "fields" not in hidden:
            columns["a field that it reads is named"] = self._fields.share(asked.identifiers)
        if asked.kinds:
            kinds = self._kinds.share(asked.kinds)
            columns["the kind that it is for is named"] = kinds
            columns["other kinds are named"] = -((kinds == 0) & ~self._for_all).astype(np.float32)
        if asked.references:
            columns["the same number of the benchmark"] = np.array(
                [not asked.references.isdisjoint(one.references) for one in self.descriptions], np.float32
            )
        columns |= self._known(finding, links)
        if self._meanings is not None and vector is not None:
            columns["meaning"] = self._meanings.similarities(vector, hidden)
        return self._assembled(asked, columns, absent)

    def _assembled(self, asked: Asked, columns: dict[str, Floats], absent: NDArray[np.bool_] | None) -> Said:
        found = np.zeros((len(self.rows), len(TEXT)), np.float32)
        for name, values in columns.items():
            found[:, COLUMN[name]] = values[self.rows]
        if absent is not None:
            found[absent] = 0.0
        for name, other in NEAREST.items():
            found[:, COLUMN[name]] = relative(found[:, COLUMN[other]])
        if "meaning" in columns:
            near = found[:, COLUMN["meaning"]]
            found[:, COLUMN["nearest by meaning"]] = near - near.max(initial=0.0)
        best = found.max(axis=0, initial=0.0)
        weight = sum(asked.terms.values())
        known = sum(
            weight
            for term, weight in asked.terms.items()
            if any(term in view for view in self._views.values())
        )
        of_itself = {
            "always": 1.0,
            "best words": best[: len(VIEWS)].max(),
            "best of what people call it": best[COLUMN["what people call it"]],
            "best concepts": best[COLUMN["concepts"]],
            "best spelling": best[COLUMN["spelling of its name"]],
            "best meaning": best[COLUMN["meaning"]],
            "known words": known / weight if weight else 0.0,
            "known rule": best[COLUMN["known rule"]],
        }
        return Said(found, np.array([of_itself.get(name, 0.0) for name in ASKED], np.float32))

    def _named(self, said: Mapping[str, float]) -> Floats:
        name = self._views["name"]
        return np.array(
            [
                sum(name.idf(term) for term in sorted(own & said.keys())) / weight
                for own, weight in zip(self._names, self._name_weights, strict=True)
            ],
            np.float32,
        )

    def _known(self, finding: Finding, links: Mapping[str, float] | None) -> dict[str, Floats]:
        if links is None:
            links = {
                link.policy: link.confidence for link in self._crosswalk.of(finding.tool, finding.rule_id)
            }
        known = np.zeros(len(self.descriptions), np.float32)
        for policy, confidence in links.items():
            if policy in self._places:
                known[self._places[policy]] = confidence
        if not known.any():
            return {}
        return {"known rule": known, "known rule of another policy": known - known.max()}

    def of_resource(self, verdicts: Sequence[Verdict], facts: frozenset[str]) -> Floats:
        """What a resource says of each row, shape (rows, len(RESOURCE)); verdicts in the library's order."""
        found = self.unjudged()
        names = [verdict.verdict for verdict in verdicts]
        violated = names.count("violated")
        few = 1.0 / (1.0 + log(violated)) if violated else 0.0
        for row, name in enumerate(names):
            found[row, ("violated", "passed", "not_applicable", "unknown").index(name)] = 1.0
            if name == "violated":
                found[row, 4] = few
        if facts:
            found[:, 5] = [min(len(self._features[place] & facts), FACTS) / FACTS for place in self.rows]
        return found

    def unjudged(self) -> Floats:
        """What is said of each row where there is no resource, shape (rows, len(RESOURCE))."""
        found = np.zeros((len(self.rows), len(RESOURCE)), np.float32)
        found[:, RESOURCE.index("severity")] = self._severity[self.rows]
        found[:, RESOURCE.index("reliability")] = self._reliability[self.rows]
        return found

    def of_path(self, path: str | None, verdicts: Sequence[Verdict]) -> Floats:
        """What the field that a finding names says of each row, shape (rows, len(PATH))."""
        found = np.zeros((len(self.rows), len(PATH)), np.float32)
        if path:
            for row, verdict in enumerate(verdicts):
                fields = [one.path for one in verdict.violations if one.path is not None]
                if fields:
                    near = max(nearness(path, one) for one in fields)
                    found[row] = max(near, 0.0) / SAME_FIELD, min(near, 0.0)
        return found

    @property
    def compares_meaning(self) -> bool:
        """Whether there are vectors to compare with."""
        return self._meanings is not None

    @staticmethod
    def nothing_asked() -> Floats:
        """The features of a question without a finding, shape (len(ASKED),)."""
        found = np.zeros(len(ASKED), np.float32)
        found[ASKED.index("always")] = 1.0
        return found

    def common_words(self, row: int, finding: Finding) -> list[str]:
        """The words that a finding and a policy share, as the finding spells them, the rarest first."""
        place = int(self.rows[row])
        own = {term for view in VIEWS for term in terms(self.descriptions[place].view(view))}
        rare: dict[str, float] = {}
        for word in WORD.findall(finding.text()):
            common = [term for term in terms(word) if term in own]
            if common:
                rare.setdefault(word.lower(), max(self._views["description"].idf(term) for term in common))
        return sorted(rare, key=lambda word: (-rare[word], word))[:SPOKEN_WORDS]

    def common_concepts(self, row: int, finding: Finding) -> list[str]:
        """What a finding and a policy both speak of, the surest first."""
        own = self._concepts.of_each[int(self.rows[row])]
        asked = self._thesaurus.concepts_of(terms(finding.text()))
        both = {concept: own[concept] * sure for concept, sure in asked.items() if concept in own}
        best = sorted(both, key=lambda concept: (-both[concept], concept))[:SPOKEN_CONCEPTS]
        return [self._thesaurus.explain(concept) for concept in best]

    @staticmethod
    def asked_of(asked: Floats, verdicts: Sequence[Verdict]) -> Floats:
        """The features of a question, of a resource as well."""
        found = asked.copy()
        found[ASKED.index("a resource is given")] = 1.0
        found[ASKED.index("something is violated")] = any(one.verdict == "violated" for one in verdicts)
        return found
