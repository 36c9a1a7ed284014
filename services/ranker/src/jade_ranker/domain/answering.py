"""An answer on its way: what is known of a question before and after the fields are found that no policy names."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from jade_policy.locate import stated_path
from jade_policy.verdicts import Review, Verdict
from jade_ranker.domain.meaning import Meant
from jade_ranker.domain.problems import Subject, exists
from jade_ranker.domain.questions import Question
from jade_ranker.domain.ranking import Ranked, Ranking

Located = Mapping[tuple[bytes, Verdict], Verdict]
"""By the key of a review and a verdict without a field: the verdict with its field."""


class Answer(NamedTuple):
    """A question with its ranking.

    Attributes:
        path: the field that the finding names.
        meant: the policy that says the same as the finding.
        verdicts: of all policies, in the library's order.
    """

    question: Question
    path: str | None
    subject: Subject
    ranking: Ranking
    meant: Meant | None
    verdicts: Sequence[Verdict]

    def pathless(self) -> Iterator[Verdict]:
        """The verdicts that are shown, or meant, and that name no field."""
        for one in self.ranking.policies:
            if names_no_field(one.verdict):
                yield one.verdict
        if self.meant is not None and not self.meant.path and not self.meant.namespace_wide:
            yield from filter(names_no_field, self.meant_verdicts())

    def with_fields(self, review: Review, key: bytes, located: Located) -> "Answer":
        """The answer with the fields that were found."""
        ranking = self.ranking._replace(
            policies=tuple(with_field(one, located.get((key, one.verdict))) for one in self.ranking.policies)
        )
        answer = self._replace(ranking=ranking)
        meant = self.meant
        obj = review.object or review.old_object
        if meant is None or meant.path or meant.namespace_wide or obj is None:
            return answer
        # The experiment first: it finds the same field, whatever a scanner says of it.
        paths = [located.get((key, one), one).path for one in self.meant_verdicts()]
        path = (
            next((one for one in paths if one is not None), None) or stated_path(obj, self.path or "") or ""
        )
        missing = frozenset() if not path or exists(obj, path) else frozenset({path})
        return answer._replace(
            meant=meant._replace(path=path),
            subject=self.subject._replace(missing=self.subject.missing | missing),
        )

    def meant_verdicts(self) -> Iterator[Verdict]:
        """What the policy that is meant says, under each of its constraints."""
        for one in self.verdicts:
            if self.meant is not None and one.policy_id == self.meant.policy:
                yield one


def names_no_field(verdict: Verdict) -> bool:
    """Whether a policy fails and does not say where."""
    return verdict.verdict == "violated" and verdict.path is None


def with_field(ranked: Ranked, verdict: Verdict | None) -> Ranked:
    """The policy in its place, with the verdict that has its field."""
    return ranked if verdict is None else ranked._replace(verdict=verdict)
