"""Lines that are events ``scan.finding``, as ``jade ingest -o jsonl`` writes them, as the questions that they are."""

from collections.abc import Mapping
from typing import Any

WORDS = ("tool", "rule_id", "rule_aliases", "title", "message", "path")


def as_line(line: Any) -> Any:
    """An event as a line of ``jade rank``; anything else as it is."""
    if not is_event(line):
        return line
    about = {key: line[key] for key in ("id", "resource", "inventory") if key in line}
    return {**about, "finding": {key: line[key] for key in WORDS if key in line}}


def is_event(line: Any) -> bool:
    """Whether a line is a finding itself, rather than a question that holds one."""
    return (
        isinstance(line, Mapping)
        and "finding" not in line
        and isinstance(line.get("tool"), str)
        and isinstance(line.get("rule_id"), str)
    )
