"""What is asked and answered on core request/reply: the models that the documents of bus and REST show.

A line of ``jade rank`` travels as plain JSON and is judged by the worker that answers; these models
describe it.
"""

from typing import Any, NamedTuple

from pydantic import BaseModel, Field, RootModel

from jade_common.events import Model, RankAsk, RankedPolicy, Text
from jade_common.subjects import Ask


class FindingWords(Model):
    """The words of a scanner's finding."""

    tool: Text | None = None
    rule_id: Text | None = None
    title: Text | None = None
    message: Text | None = None
    path: Text | None = Field(None, description="The field that it names, as a JSON pointer.")
    rule_aliases: tuple[Text, ...] = Field((), description="Other spellings of the rule.")


class RankLine(Model):
    """Which policies matter for this resource, this finding, or both? Unknown fields are ignored."""

    id: Text | None = Field(None, description="Comes back with the answer.")
    resource: dict[str, Any] | None = Field(None, description="A Kubernetes object.")
    review: dict[str, Any] | None = Field(
        None,
        description="In place of `resource`: an AdmissionReview's request (object, oldObject, operation).",
    )
    inventory: dict[str, Any] | None = Field(None, description="Gatekeeper's `data.inventory`.")
    finding: FindingWords | None = None


class Violation(Model):
    """One thing that a policy says of the resource; ``path`` is a JSON pointer."""

    message: str
    path: str | None = None


class LinePolicy(RankedPolicy):
    """One policy of a line out; ``violations`` where it says more than one thing."""

    violations: tuple[Violation, ...] = ()
    needs_cluster: bool = Field(
        False, description="The verdict is unknown because more of the cluster must be known."
    )


class LineProblem(Model):
    """What the problem of a line's finding is made of."""

    tool: Text | None = None
    rule_id: Text | None = None
    rule_aliases: tuple[Text, ...] = ()
    subject: Text | None = Field(
        None, description="The resource; the namespace, or `cluster`, where the problem is theirs."
    )
    policy: Text | None = Field(None, description="The policy that says the same.")
    path: Text | None = Field(None, description="The field.")


class RankedLine(Model):
    """A line out: the policies that matter, best first, or the reason why there is no answer."""

    id: Text | None = None
    policies: tuple[LinePolicy, ...] = ()
    none_applies: bool | None = Field(
        None, description="Whether none applies: to the finding where one is given, else to the resource."
    )
    model: Text | None = Field(None, description="Name and version of what ranked.")
    problem_id: Text | None = Field(
        None,
        description="With a finding: the same for every finding of the same problem, whoever made it.",
    )
    problem: LineProblem | None = None
    error: str | None = Field(None, description="In place of the others: why this line has no answer.")


class RankedLines(RootModel[tuple[RankedLine, ...]]):
    """The answer to ``rank.ask``: a line for each that was asked, in their order."""


class Refused(Model):
    """Why there is no answer at all."""

    kind: str
    message: str


class Refusal(Model):
    """The answer where a question cannot be answered."""

    error: Refused


class Contract(NamedTuple):
    """Models of a question and of its answer."""

    question: type[BaseModel]
    answer: type[BaseModel]


ASKS: dict[Ask, Contract] = {Ask.RANK: Contract(RankAsk, RankedLines)}
"""The contract of each question."""
