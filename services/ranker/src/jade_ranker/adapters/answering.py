"""Answers lines of ``jade rank`` and findings from the bus: question, verdicts, ranking, answer."""

from collections.abc import AsyncIterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Literal, NamedTuple

import orjson
from cachetools import LRUCache

from jade_common.delivery import Outcome, Received
from jade_common.errors import InvalidEventError
from jade_common.events import FindingRanked, ScanFinding
from jade_common.publishing import Outgoing, Written
from jade_policy.library import Library
from jade_policy.resources import identity
from jade_policy.verdicts import Review, Verdict
from jade_ranker.adapters.asking import Sighting, finding_question, line_question, line_sighting
from jade_ranker.adapters.locating import Locating
from jade_ranker.adapters.query_vectors import Vector
from jade_ranker.adapters.serving import Rankers
from jade_ranker.adapters.verdicts import Verdicts
from jade_ranker.domain import answers
from jade_ranker.domain.answering import Answer, names_no_field
from jade_ranker.domain.meaning import Meaning, Meant, Shares, fields_of
from jade_ranker.domain.problems import NOBODY, Subject, identity_of, subject_of
from jade_ranker.domain.questions import Finding, Question, QuestionError, prepared
from jade_ranker.domain.ranking import Ranker, unjudged
from jade_ranker.domain.semantics import text_of

TEXTS = 5_000
"""Findings' texts whose words stay weighed, of 13 kB each: a scanner has a few hundred rules, and of each as many
messages as there are containers."""

Looking = Literal["never", "in time", "always"]
"""Whether what a text means is looked at: not, as far as it is known in time, or however long that takes."""


class Known(NamedTuple):
    """All that does not depend on a finding's words: what a resource is, and what it says of each policy."""

    subject: Subject
    """What the problem's id needs to know of it."""
    verdicts: tuple[Verdict, ...]
    base: Any
    """What the ranker makes of it."""
    unplaced: bool
    """Whether some policy fails and does not say where."""


class Said(NamedTuple):
    """All that follows from a finding's words alone."""

    text: Any
    """What the ranker makes of it."""
    shares: Shares
    meant: bool
    """Whether its meaning was looked at."""


class Made:
    """What one ranker made of resources and texts; an answer is made of what is one ranker's alone."""

    def __init__(self, ranker: Ranker, nothing: tuple[Verdict, ...], resources: int) -> None:
        """Begin with nothing but what ``ranker`` makes of no resource; keep the last ``resources``."""
        self.ranker = ranker
        self.unjudged = Known(NOBODY, nothing, ranker.unjudged(), unplaced=False)
        self.known: LRUCache[bytes, Known] = LRUCache(resources)
        self.texts: LRUCache[Finding, Said] = LRUCache(TEXTS)


class Answering:
    """Ranks the policies of one library. What is known of a resource stays in this process: findings come in flocks."""

    def __init__(
        self,
        library: Library,
        verdicts: Verdicts,
        locating: Locating,
        rankers: Rankers,
        *,
        engine: str,
        resources: int,
    ) -> None:
        """Rank a library's policies.

        Args:
            library: The policies.
            verdicts: What they say of resources.
            locating: Asked for the fields that the shown policies do not name themselves.
            rankers: Who puts them in order.
            engine: Version of what judges.
            resources: How many of the last ones are remembered.
        """
        self.library = library
        self.engine = engine
        self._verdicts = verdicts
        self._locating = locating
        self._rankers = rankers
        self._meaning = Meaning(library)
        self._nothing = unjudged(library)
        self._resources = resources
        self._latest = Made(rankers.current(), self._nothing, resources)

    async def lines(self, lines: Sequence[Any], top: int, *, explained: bool = False) -> list[dict[str, Any]]:
        """Answer lines of ``jade rank``, one for each and in their order.

        Args:
            lines: Parsed lines; one that cannot be answered gives ``{"id", "error"}``.
            top: How many policies; all for 0.
            explained: Whether each comes with the features that its score is made of.
        """
        asked = [line_question(line) for line in lines]
        sightings = [line_sighting(line) for line in lines]
        paths = [None if one is None else one.path for one in sightings]
        answered = await self._answered(asked, paths, top, explained=explained)
        return [
            answers.error_of(line, str(one))
            if isinstance(one, QuestionError)
            else answers.line_of(line["id"], one.ranking, sighting and problem_of(sighting, one))
            for line, sighting, one in zip(lines, sightings, answered, strict=True)
        ]

    async def findings(
        self, received: Sequence[Received[ScanFinding]], *, looking: Looking = "in time"
    ) -> list[Outcome]:
        """Answer findings from the bus, each with one ``finding.ranked`` or an error of its own.

        Args:
            received: The findings.
            looking: Whether what they mean is looked at.
        """
        asked = [finding_question(one.event) for one in received]
        paths = [one.event.path for one in received]
        answered = await self._answered(asked, paths, answers.TOP, looking=looking)
        return [
            InvalidEventError(str(found))
            if isinstance(found, QuestionError)
            else [self._outgoing(one, found)]
            for one, found in zip(received, answered, strict=True)
        ]

    def _outgoing(self, received: Received[ScanFinding], answer: Answer) -> Outgoing:
        finding_id, event = received.attributes.id, received.event
        sighting = Sighting(finding_id, event.tool, event.rule_id, event.rule_aliases, event.path)
        problem_id, seen = problem_of(sighting, answer)
        event_id, ranked = answers.event_of(
            finding_id,
            seen,
            problem_id,
            answer.ranking,
            self.library.digest,
            self.engine,
        )
        written = Written(FindingRanked.subject, orjson.dumps(ranked))
        return Outgoing(written, event_id, "ranker", received.attributes.correlation_id, finding_id)

    async def _answered(
        self,
        asked: Sequence[Question | QuestionError],
        paths: Sequence[str | None],
        top: int,
        *,
        explained: bool = False,
        looking: Looking = "in time",
    ) -> list[Answer | QuestionError]:
        """Rank, say what each finding means, and find the fields that the shown policies do not name."""
        made = self._made()
        if not self._rankers.by_meaning:
            looking = "never"  # else every text would be read again for what never comes
        findings = [one.finding for one in asked if isinstance(one, Question) and one.finding]
        said = await self._read(made, findings, looking)
        known = await self._all_known(made, asked)
        answered = [
            ask if isinstance(ask, QuestionError) else found if isinstance(found, QuestionError)
            else self._answer(made, ask, path, found, ask.finding and said[ask.finding], top, explained=explained)
            for ask, path, found in zip(asked, paths, known, strict=True)
        ]  # fmt: skip
        return await self._placed(answered, known)

    async def _placed(
        self, answered: list[Answer | QuestionError], known: Sequence[Known | QuestionError]
    ) -> list[Answer | QuestionError]:
        """The answers with the fields of what they show; one whose policies all name theirs stays as it is."""
        wanted: dict[tuple[bytes, Verdict], tuple[Review, Verdict]] = {}
        unplaced: list[tuple[int, Answer, Review, bytes]] = []
        for number, (one, found) in enumerate(zip(answered, known, strict=True)):
            if isinstance(one, QuestionError) or isinstance(found, QuestionError) or not found.unplaced:
                continue
            review, pathless = one.question.review, list(one.pathless())
            if pathless and review is not None:
                key = key_of(review)
                unplaced.append((number, one, review, key))
                wanted |= {(key, verdict): (review, verdict) for verdict in pathless}
        if wanted:
            located = dict(zip(wanted, await self._locating.of(list(wanted.values())), strict=True))
            for number, one, review, key in unplaced:
                answered[number] = one.with_fields(review, key, located)
        return answered

    def _answer(
        self,
        made: Made,
        ask: Question,
        path: str | None,
        known: Known,
        said: Said | None,
        top: int,
        *,
        explained: bool,
    ) -> Answer:
        of_text = None if said is None else said.text
        ranking = made.ranker.rank(known.base, of_text, path, top=top, explained=explained)
        if said is not None:
            meant = self._meaning.of(said.shares, path, known.subject.fields)
        else:  # of a bare resource, the first one that it violates
            first = ranking.violated
            meant = None if first is None else Meant(first.policy_id, first.path or "")
        return Answer(ask, path, known.subject, ranking, meant, known.verdicts)

    def _made(self) -> Made:
        """What the ranker of this moment made; whoever began with the one before goes on with that."""
        ranker = self._rankers.current()
        if ranker is not self._latest.ranker:
            self._latest = Made(ranker, self._nothing, self._resources)
        return self._latest

    async def _read(
        self, made: Made, findings: Sequence[Finding], looking: Looking
    ) -> Mapping[Finding, Said]:
        """What texts say, and what they mean as far as that is known in time."""
        known = {one: made.texts.get(one) for one in dict.fromkeys(findings)}
        texts = {one: text_of(one) for one, said in known.items() if not is_read(said, looking)}
        found = {one: said for one, said in known.items() if said is not None}
        if not texts:
            return found
        vectors: Mapping[str, Vector] = {}
        if looking != "never":
            vectors = await self._rankers.vectors(list(texts.values()), wait=looking == "always")
        for one, text in texts.items():
            vector = vectors.get(text)
            before = known[one]
            if before is None or before.meant or vector is not None or looking == "never":
                shares = self._meaning.shares(one) if before is None else before.shares
                said = Said(made.ranker.of_text(one, vector), shares, meant=vector is not None)
                found[one] = made.texts[one] = said
        return found

    async def _all_known(
        self, made: Made, asked: Sequence[Question | QuestionError]
    ) -> list[Known | QuestionError]:
        """What is known of the resource of each question, or why it cannot be asked."""
        keys: list[bytes | None] = []
        found: dict[bytes, Known | QuestionError] = {}
        missing: dict[bytes, Review] = {}
        for one in asked:
            review = one.review if isinstance(one, Question) else None
            key = None if review is None else key_of(review)
            keys.append(key)
            if key is None or review is None or key in found:
                continue
            known = made.known.get(key)
            if known is None:
                missing[key] = review
            else:
                found[key] = known
        if missing:
            found |= dict([pair async for pair in self._learned(made, missing)])
        return [
            one if isinstance(one, QuestionError) else made.unjudged if key is None else found[key]
            for key, one in zip(keys, asked, strict=True)
        ]

    async def _learned(
        self, made: Made, missing: Mapping[bytes, Review]
    ) -> AsyncIterator[tuple[bytes, Known | QuestionError]]:
        reviews: dict[bytes, Review] = {}
        for key, review in missing.items():
            try:
                reviews[key] = prepared(review)
            except QuestionError as error:
                yield key, error
        for (key, review), judged in zip(
            reviews.items(), await self._verdicts.of(list(reviews.values())), strict=True
        ):
            known = Known(
                about(review, judged.verdicts),
                judged.verdicts,
                made.ranker.of_resource(judged.verdicts, judged.facts),
                any(map(names_no_field, judged.verdicts)),
            )
            if not any(verdict.transient for verdict in judged.verdicts):
                made.known[key] = known
            yield key, known


def is_read(said: Said | None, looking: Looking) -> bool:
    """Whether a text is read as it is asked for."""
    return said is not None and said.meant == (looking != "never")


def key_of(review: Review) -> bytes:
    """What tells one review from another in this process; another order of the same keys is another review."""
    try:
        body = orjson.dumps(tuple(review))
    except TypeError:  # YAML has keys that are no text; to look for them takes longer than all the rest
        body = orjson.dumps(tuple(review), option=orjson.OPT_NON_STR_KEYS)
    return sha256(body).digest()


def problem_of(sighting: Sighting, answer: Answer) -> tuple[str, answers.Seen]:
    """Which problem a finding is, by its id, and what that is made of."""
    finding = answer.question.finding
    problem = identity_of(sighting.finding_id, finding, answer.subject, sighting.path, answer.meant)
    return problem.problem_id, answers.seen_of(sighting.tool, sighting.rule_id, sighting.aliases, problem)


def about(review: Review, verdicts: Sequence[Verdict]) -> Subject:
    """What a review is about."""
    obj = review.object or review.old_object
    if obj is None:
        return NOBODY
    return subject_of(identity(dict(obj)), obj, fields_of(verdicts))
