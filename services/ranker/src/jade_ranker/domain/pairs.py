"""Features of a finding and a policy: nothing in them is a policy's own, so that one never seen ranks as well."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jade_policy.library import Library
from jade_policy.reads import Read
from jade_ranker.domain.asked import Asked, asked_of
from jade_ranker.domain.bm25 import Bm25
from jade_ranker.domain.concepts import Concepts
from jade_ranker.domain.crosswalk import Crosswalk
from jade_ranker.domain.descriptions import VIEWS, descriptions_of, named
from jade_ranker.domain.feature_names import ASKED, COLUMN, FADING, NEAREST, SPELT, TEXT, WORDED
from jade_ranker.domain.metric import Metric
from jade_ranker.domain.ngrams import Ngrams
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.sayings import Sayings
from jade_ranker.domain.semantics import Meanings
from jade_ranker.domain.shares import Tokens
from jade_ranker.domain.side_by_side import SideBySide
from jade_ranker.domain.terms import terms
from jade_ranker.domain.thesaurus import Thesaurus

Floats = NDArray[np.float32]

SIDES = frozenset(VIEWS) - {"reasons"}

WORDS = 0.2
"""The share of a text's words that some policy has, from which words count in full; titles have twice that."""

APART = np.float32(4)
"""How many of the rarest words one policy must have more than another for more not to count."""

FADED = np.array([COLUMN[name] for name in FADING], np.intp)
LETTERS = np.array([COLUMN[name] for name in SPELT], np.intp)
BEHIND = np.array([COLUMN[name] for name in NEAREST], np.intp)
BEST = np.array([COLUMN[name] for name in NEAREST.values()], np.intp)

BEST_OF = {
    "best spelling": COLUMN["spelling of its name"],
    "best meaning of what people call it": COLUMN["meaning of what people call it"],
    "known rule": COLUMN["known rule"],
}
"""What a text says of itself, by what it says most of any policy."""


class Said(NamedTuple):
    """What a text says.

    Attributes:
        pairs: of each row, shape (rows, len(TEXT)).
        asked: of itself, shape (len(ASKED),).
        concepts: what it speaks of, and how sure that is.
    """

    pairs: Floats
    asked: Floats
    concepts: Mapping[str, float]


class Pairs:
    """Computes the features of one library. A row is a policy under one constraint."""

    def __init__(
        self,
        library: Library,
        reads: Mapping[str, Sequence[Read]],
        thesaurus: Thesaurus,
        crosswalk: Crosswalk,
        meanings: Meanings | None = None,
        phrases: Mapping[str, Floats] | None = None,
    ) -> None:
        """Index what does not depend on a question.

        Args:
            library: The policies.
            reads: By id, the fields that decide a policy's verdict.
            thesaurus: What people call things.
            crosswalk: Which rule of which tool is known to be which policy.
            meanings: Vectors of the policies' sentences; without them nothing is compared by meaning.
            phrases: Vectors of the phrases of ``thesaurus``.
        """
        self.descriptions = descriptions_of(library, reads)
        self.thesaurus = thesaurus
        self._crosswalk = crosswalk
        self._metric = None if phrases is None else Metric.fitted(thesaurus, phrases)
        if self._metric is not None and meanings is not None and phrases is not None:
            meanings = meanings.through(self._metric)
            phrases = dict(zip(phrases, self._metric.of(np.stack(list(phrases.values()))), strict=True))
        self._meanings = meanings
        self._places = {policy.id: place for place, policy in enumerate(library.policies)}
        self.rows = np.array(
            [self._places[one.id] for one in library.policies for _ in library.constraints_of(one.id)],
            np.intp,
        )
        self._one_each = np.array_equal(self.rows, np.arange(len(self.descriptions)))
        self._names = Tokens([frozenset(terms(one.name)) for one in self.descriptions])
        self._spelling = Ngrams([one.name for one in self.descriptions])
        self._concepts = Concepts(thesaurus, self.descriptions)
        views = [Bm25([terms(one.view(view)) for one in self.descriptions]) for view in WORDED]
        told = Bm25([terms(f"{one.name} {one.description}") for one in self.descriptions])
        self._sayings = Bm25([thesaurus.vocabulary(one) for one in self._concepts.of_each])
        self._words = SideBySide([*views, told, self._sayings])
        self._word = np.float32(self._sayings.best_possible([""]))  # of one that nobody says
        self._sayings_meant = None if phrases is None else Sayings(thesaurus, self._concepts.of_each, phrases)
        self._fields = Tokens(
            [
                frozenset(step.lower() for path in one.paths for step in named(path))
                for one in self.descriptions
            ]
        )
        self._kinds = Tokens([frozenset(kind.lower() for kind in one.kinds) for one in self.descriptions])
        self._for_all = np.array([not one.kinds for one in self.descriptions])

    @property
    def concepts(self) -> Sequence[Mapping[str, float]]:
        """What each policy is about, and how sure that is, in the library's order."""
        return self._concepts.of_each

    @property
    def compares_meaning(self) -> bool:
        """Whether there are vectors to compare with."""
        return self._meanings is not None

    def rareness(self, term: str) -> float:
        """How rarely policies use a term to describe themselves."""
        return self._words.idf(WORDED.index("description"), term)

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
        asked = asked_of(finding, self._kinds)
        if links is None:
            known = self._crosswalk.of(finding.tool, finding.rule_id)
            links = {link.policy: link.confidence for link in known}
        lacking = None if absent is None or not absent.any() else self._lacking(absent)
        spoken = self.thesaurus.concepts_of(terms(asked.text))
        columns = self._by_words(asked, hidden) | self._by_names(asked, hidden)
        columns |= {"concepts": self._concepts.scores(spoken, hidden), "known rule": self._known(links)}
        spelling = None if "name" in hidden else asked.text
        beyond = {"speaks of what no policy is about": self._concepts.beyond(spoken, lacking)}
        if vector is not None and self._meanings is not None:
            compared = vector if self._metric is None else self._metric.of(vector)
            columns |= self._by_meaning(self._meanings, compared, hidden)
            if self._sayings_meant is not None:
                near = self._sayings_meant.near(compared, lacking)
                columns["meaning of what people call it"] = near.nearest
                columns["meaning of all that people call it"] = near.whole
                beyond["means what no policy is about"] = near.beyond
        return Said(*self._assembled(columns, beyond, absent, spelling), spoken)

    def _by_words(self, asked: Asked, hidden: frozenset[str]) -> dict[str, Floats]:
        *views, told, called = self._words.shares(asked.terms)
        by_view = {view: found for view, found in zip(WORDED, views, strict=True) if view not in hidden}
        columns = {f"words of its {view}": found for view, found in by_view.items()}
        seen = [by_view[view] for view in ("name", "description") if view in by_view]
        if seen:
            columns["words of name and description"] = told if len(seen) > 1 else seen[0]
        if "name" not in hidden:
            columns["all of its name is said"] = self._names.covered(asked.terms)
        columns["what people call it"] = called
        scores = self._sayings.scores(asked.widened)
        possible = self._sayings.best_possible(asked.widened)
        columns["what people call it in other words"] = scores / np.float32(possible or 1.0)
        # A share falls with all that a sentence says beside; a sum grows with every word that fits.
        columns["nearest by all words that people call it"] = scores / (APART * self._word)
        return columns

    def _by_names(self, asked: Asked, hidden: frozenset[str]) -> dict[str, Floats]:
        columns: dict[str, Floats] = {}
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
        return columns

    def _known(self, links: Mapping[str, float]) -> Floats:
        known = np.zeros(len(self.descriptions), np.float32)
        for policy, confidence in links.items():
            if policy in self._places:
                known[self._places[policy]] = confidence
        return known

    def _by_meaning(self, meanings: Meanings, vector: Floats, hidden: frozenset[str]) -> dict[str, Floats]:
        columns = {"meaning": meanings.similarities(vector, hidden | {"reasons"})}
        if "reasons" not in hidden:
            columns["meaning of its reasons"] = meanings.similarities(vector, SIDES)
        return columns

    def _lacking(self, absent: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The policies all of whose rows are ``absent``."""
        lacking = np.ones(len(self.descriptions), np.bool_)
        lacking[self.rows[~absent]] = False
        return lacking

    def _assembled(
        self,
        columns: Mapping[str, Floats],
        beyond: Mapping[str, float],
        absent: NDArray[np.bool_] | None,
        spelling: str | None,
    ) -> tuple[Floats, Floats]:
        found = np.zeros((len(TEXT), len(self.rows)), np.float32)
        self._fill(found, columns, absent)
        words = found[: len(WORDED)].max(initial=0.0)
        told = min(words / np.float32(WORDS), np.float32(1))
        if spelling is not None and told < 1:  # else letters count nothing
            self._fill(found, {"spelling of its name": self._spelling.scores(spelling)}, absent)
        # A difference, not a ratio: the best of what is all low is no better than the rest.
        compared = found[BEST]
        found[BEHIND] = np.maximum(
            compared - compared.max(axis=1, initial=0.0, keepdims=True), np.float32(-1)
        )
        of_itself = {
            "always": 1.0,
            "best words": words,
            **{name: found[column].max(initial=0.0) for name, column in BEST_OF.items()},
            **beyond,
        }
        if told < 1:
            found[FADED] *= told
            found[LETTERS] *= 1 - told
            of_itself["best spelling"] *= 1 - told
        return found.T, np.array([of_itself.get(name, 0.0) for name in ASKED], np.float32)

    def _fill(self, found: Floats, columns: Mapping[str, Floats], absent: NDArray[np.bool_] | None) -> None:
        for name, values in columns.items():
            column = found[COLUMN[name]]
            column[:] = values if self._one_each else values[self.rows]
            if absent is not None:
                column[absent] = 0.0
