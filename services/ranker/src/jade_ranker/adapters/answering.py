"""Answers lines of ``jade rank`` and findings from the bus: question, verdicts, ranking, answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from cachetools import LRUCache

from jade_common.delivery import Outcome, Received
from jade_common.events import ScanFinding
from jade_common.errors import InvalidEventError
from jade_common.publishing import Outgoing
from jade_policy.library import Library
from jade_policy.redaction import redact
from jade_policy.resources import ResourceId, identity
from jade_policy.verdicts import Review
from jade_ranker.adapters.verdicts import Judged, Verdicts
from jade_ranker.domain import answers
from jade_ranker.domain.questions import Finding, Question, QuestionError, checked, question
from jade_ranker.domain.ranking import Heuristic, Overlap, Ranking

TEXTS = 5_000
"""Findings' texts whose words stay weighed: a scanner has a few hundred rules."""

RESOURCE_RULE = ("jade", "resource")
"""The finding that only asks what matters for its resource."""


class Answering:
    """Ranks the policies of one library."""

    def __init__(self, library: Library, verdicts: Verdicts) -> None:
        """Rank ``library`` with ``verdicts``."""
        self.library = library
        self._verdicts = verdicts
        self._heuristic = Heuristic(library)
        self._unjudged = Judged(frozenset(), self._heuristic.unjudged())
        self._texts: LRUCache[str, list[Overlap]] = LRUCache(TEXTS)

    async def lines(self, lines: Sequence[Any], top: int) -> list[dict[str, Any]]:
        """Answer lines of ``jade rank``, one for each and in their order.

        Args:
            lines: Parsed lines; one that cannot be answered gives ``{"id", "error"}``.
            top: How many policies; all for 0.
        """
        asked = [self._asked(line) for line in lines]
        questions = [one for one in asked if isinstance(one, Question)]
        rankings = iter(await self.rank(questions))
        return [
            answers.line_of(line["id"], next(rankings), top) if isinstance(one, Question) else answers.error_of(line, one)
            for line, one in zip(lines, asked, strict=True)
        ]

    async def rank(self, questions: Sequence[Question]) -> list[Ranking]:
        """Rank for each question."""
        judged = iter(await self._verdicts.of([one.review for one in questions if one.review is not None]))
        return [
            self._ranking(one.finding, next(judged) if one.review is not None else self._unjudged) for one in questions
        ]

    def _ranking(self, finding: Finding | None, judged: Judged) -> Ranking:
        overlaps = None if finding is None else self._overlaps(finding)
        return self._heuristic.rank(judged.facts, judged.verdicts, overlaps)

    def _overlaps(self, finding: Finding) -> list[Overlap]:
        text = finding.text()
        if text not in self._texts:
            self._texts[text] = self._heuristic.overlaps(finding)
        return self._texts[text]

    @staticmethod
    def _asked(line: Any) -> Question | str:
        if not isinstance(line, Mapping):
            return f"a line must be a JSON object, it is {type(line).__name__}"
        if not isinstance(line.get("id"), str | int):
            return "`id` is missing, or neither text nor number"
        try:
            return question(line)
        except QuestionError as error:
            return str(error)

    async def findings(self, received: Sequence[Received[ScanFinding]]) -> list[Outcome]:
        """Answer findings from the bus, each with one ``finding.ranked`` or an error of its own."""
        asked = [question_of(one.event) for one in received]
        good = [one for one in asked if isinstance(one, Question)]
        rankings = iter(await self.rank(good))
        return [
            [self._outgoing(one, ask, next(rankings))] if isinstance(ask, Question) else ask
            for one, ask in zip(received, asked, strict=True)
        ]

    def _outgoing(self, received: Received[ScanFinding], ask: Question, ranking: Ranking) -> Outgoing:
        finding_id = received.attributes.id
        event_id, event = answers.event_of(
            finding_id, ask.finding, resource_of(ask.review), ask.path, ranking, self.library.digest
        )
        return Outgoing(event, event_id, "ranker", received.attributes.correlation_id, finding_id)


def question_of(event: ScanFinding) -> Question | InvalidEventError:
    """The question of a finding; its resource is redacted before anything is derived from it."""
    finding = None
    if (event.tool, event.rule_id) != RESOURCE_RULE:
        finding = Finding(event.tool, event.rule_id, event.title or "", event.message or "")
    if event.resource is None:
        if finding is None:
            return InvalidEventError("a finding of jade/resource must carry its resource")
        return Question(None, finding, event.path)
    try:
        return Question(Review(redact(checked(event.resource, "resource"))), finding, event.path)
    except QuestionError as error:
        return InvalidEventError(str(error))


def resource_of(review: Review | None) -> ResourceId | None:
    """What a review is about."""
    return identity(dict(review.object)) if review is not None and review.object is not None else None


