"""Findings printed as they are read: JSON, JSON lines, or a table for people."""

from collections.abc import Callable
from typing import Any, Protocol

import orjson

from jade_cli.ingest.counting import Counts
from jade_cli.terminal import Paint, one_line
from jade_common.events import ScanFinding
from jade_ingest.domain.findings import Identified
from jade_ingest.domain.rejects import Reject

SCHEMA = "jade.ingest/v1"
UNKNOWN = "-"


class Printer(Protocol):
    """Writes what comes, in order."""

    def finding(self, one: Identified) -> bool:
        """One finding; False when nobody reads any more."""

    def reject(self, report: str, reject: Reject) -> bool:
        """What became none."""

    def end(self, reports: list[Counts]) -> bool:
        """The counts."""


def document(one: Identified) -> dict[str, Any]:
    """A finding as the event ``scan.finding``, with its id; what is not known is left out."""
    return {"id": one.id, **one.finding.model_dump(mode="json", exclude_defaults=True)}


def rejected(report: str, reject: Reject) -> dict[str, Any]:
    """What became no finding; ``count`` entries, where that is not one."""
    count = {} if reject.count == 1 else {"count": reject.count}
    return {"report": report, "where": reject.where, "reason": reject.reason, **count}


class Json:
    """One document, written piece by piece: its findings are never all held."""

    def __init__(self, write: Callable[[bytes], bool]) -> None:
        """Begin it."""
        self._write = write
        self._before = f'{{"schema": "{SCHEMA}",\n "findings": ['.encode()
        self._rejects: list[dict[str, Any]] = []

    def finding(self, one: Identified) -> bool:
        """One element of its list."""
        before, self._before = self._before, b","
        return self._write(before + b"\n  " + orjson.dumps(document(one), option=orjson.OPT_SORT_KEYS))

    def reject(self, report: str, reject: Reject) -> bool:
        """Kept for the end: text only."""
        self._rejects.append(rejected(report, reject))
        return True

    def end(self, reports: list[Counts]) -> bool:
        """Rejects and counts."""
        counts = [one.document() for one in reports]
        names = ("in", "findings", "repeated", "rejects", "without_resource")
        summary = {name: sum(one[name] for one in counts) for name in names} | {"reports": counts}
        before = self._before.removesuffix(b",")
        rejects = orjson.dumps(self._rejects)
        return self._write(
            before + b'],\n "rejects": ' + rejects + b',\n "summary": ' + orjson.dumps(summary) + b"}\n"
        )


class JsonLines:
    """A finding a line; a reject is a line with ``reject``."""

    def __init__(self, write: Callable[[bytes], bool]) -> None:
        """Write lines."""
        self._write = write

    def finding(self, one: Identified) -> bool:
        """One line."""
        return self._write(
            orjson.dumps(document(one), option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
        )

    def reject(self, report: str, reject: Reject) -> bool:
        """One line."""
        said = {"reject": rejected(report, reject)}
        return self._write(orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE))

    def end(self, reports: list[Counts]) -> bool:  # noqa: ARG002  # they stand on stderr
        """Nothing more."""
        return True


class Table:
    """Two lines a finding: what and where, and what is wrong there."""

    def __init__(self, write: Callable[[bytes], bool], paint: Paint) -> None:
        """Write lines."""
        self._write, self._paint = write, paint

    def finding(self, one: Identified) -> bool:
        """Two lines."""
        finding = one.finding
        severity = finding.severity or UNKNOWN
        first = (
            f"{self._paint(severity, f'{severity:<8}')} {one_line(finding.tool)} {one_line(finding.rule_id)}  "
            f"{one_line(resource_of(finding))}  {one_line(place_of(finding))}"
        )
        second = one_line(" ".join(part for part in (finding.path, finding.message or finding.title) if part))
        return self._write(f"{first}\n         {second}\n".encode("utf-8", "replace"))

    def reject(self, report: str, reject: Reject) -> bool:  # noqa: ARG002  # they stand on stderr
        """Nothing here."""
        return True

    def end(self, reports: list[Counts]) -> bool:  # noqa: ARG002  # they stand on stderr
        """Nothing more."""
        return True


def resource_of(finding: ScanFinding) -> str:
    """The resource for people."""
    who = finding.resource_identity
    if who is None:
        return finding.resource_ref or UNKNOWN
    name = f"{who.namespace}/{who.name or UNKNOWN}" if who.namespace else who.name or UNKNOWN
    return f"{who.kind or UNKNOWN} {name}"


def place_of(finding: ScanFinding) -> str:
    """File and line."""
    if finding.source is None:
        return UNKNOWN
    return f"{finding.source.path}:{finding.source.line}" if finding.source.line else finding.source.path
