"""Lines that are events ``scan.finding``, as ``jade ingest -o jsonl`` writes them: each with its problem."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from jade_cli.rank.streaming import Answer
from jade_cli.scan.problems import ranked
from jade_common.events import FindingRanked, ScanFinding
from jade_ranker.adapters.answering import RESOURCE_RULE, Answering

WORDS = ("tool", "rule_id", "title", "message", "path")


def with_events(asked: Answering, answer: Answer) -> Answer:
    """Answer lines and events alike.

    Args:
        asked: Who says which problem a finding is.
        answer: Answers lines of ``jade rank``.
    """

    async def answered(lines: Sequence[Any]) -> list[dict[str, Any]]:
        rows = await answer([as_line(line) for line in lines])
        events = {
            str(number): event
            for number, line in enumerate(lines)
            if is_event(line) and "error" not in rows[number] and (event := event_of(line)) is not None
        }
        for number, one in (await ranked(asked, events)).items():
            if isinstance(one, FindingRanked) and one.problem is not None:
                problem = one.problem.model_dump(mode="json", exclude_none=True)
                rows[int(number)] |= {"problem_id": one.problem_id, "problem": problem}
        return rows

    return answered


def is_event(line: Any) -> bool:
    """Whether a line is a finding itself, rather than a question that holds one."""
    return (
        isinstance(line, Mapping)
        and "finding" not in line
        and isinstance(line.get("tool"), str)
        and isinstance(line.get("rule_id"), str)
    )


def as_line(line: Any) -> Any:
    """An event as the question that it is; the finding that only asks about its resource is no finding."""
    if not is_event(line):
        return line
    about = {key: line[key] for key in ("id", "resource", "inventory") if key in line}
    if (line["tool"], line["rule_id"]) == RESOURCE_RULE:
        return about
    return {**about, "finding": {key: line[key] for key in WORDS if key in line}}


def event_of(line: Mapping[str, Any]) -> ScanFinding | None:
    """The event; ``None`` where it is none by its model, or nothing is known of its resource."""
    if not isinstance(line.get("resource"), Mapping):
        return None
    try:
        return ScanFinding.model_validate(line)
    except ValidationError:
        return None
