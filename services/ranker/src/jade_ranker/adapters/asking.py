"""What is asked: by lines of ``jade rank``, and by findings from the bus."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from jade_common.events import ScanFinding
from jade_policy.verdicts import Review
from jade_ranker.domain.questions import Question, QuestionError, question, read

RESOURCE_RULE = ("jade", "resource")
"""The finding that only asks what matters for its resource."""


class Sighting(NamedTuple):
    """That a tool saw a problem.

    Attributes:
        finding_id: what tells the finding from others, where nothing is known of its resource.
        aliases: other spellings of the rule.
        path: the field that it names.
    """

    finding_id: str
    tool: str
    rule_id: str
    aliases: tuple[str, ...]
    path: str | None


def line_question(line: Any) -> Question | QuestionError:
    """The question of a line of ``jade rank``."""
    if not isinstance(line, Mapping):
        return QuestionError(f"a line must be a JSON object, it is {type(line).__name__}")
    if isinstance(reject := line.get("reject"), Mapping) and "id" not in line:
        return QuestionError(
            f"a reject of `jade ingest`, which is no finding: {reject.get('where')}: {reject.get('reason')}"
        )
    if not isinstance(line.get("id"), str | int):
        return QuestionError("`id` is missing, or neither text nor number")
    try:
        asked = question(line)
    except QuestionError as error:
        return error
    if asked.finding is not None and asked.finding[:2] == RESOURCE_RULE:
        return about_resource(asked.review)
    return asked


def line_sighting(line: Any) -> Sighting | None:
    """What the finding of a line says beside its words; None where the line has none."""
    finding = line.get("finding") if isinstance(line, Mapping) else None
    if not isinstance(finding, Mapping):
        return None
    tool, rule_id, path = (
        value if isinstance(value := finding.get(key), str) else "" for key in ("tool", "rule_id", "path")
    )
    aliases = finding.get("rule_aliases")
    spellings = [one for one in aliases if isinstance(one, str)] if isinstance(aliases, list) else []
    return Sighting(str(line.get("id")), tool, rule_id, tuple(spellings), path or None)


def finding_question(event: ScanFinding) -> Question | QuestionError:
    """The question of a finding from the bus."""
    review = None if event.resource is None else Review(event.resource)
    if (event.tool, event.rule_id) == RESOURCE_RULE:
        return about_resource(review)
    return Question(review, read(event.tool, event.rule_id, event.title or "", event.message or ""))


def about_resource(review: Review | None) -> Question | QuestionError:
    """The question of a finding that only asks what matters for its resource."""
    if review is None:
        return QuestionError("a finding of jade/resource must carry its resource")
    return Question(review, None)
