"""The findings of a report: format told, read, redacted, and each given the id that follows from what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from jade_common.errors import InvalidEventError
from jade_common.events import ReportFile, ScanFinding, ScanReport
from jade_common.identity import canonical, derived_id
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.formats import Format, formats, manifests
from jade_ingest.domain.rejects import Reject
from jade_policy.redaction import redact, redact_text

STDIN = "stdin"
"""Path of manifests that came without a file name."""


class Identified(NamedTuple):
    """A finding with its id."""

    id: str
    finding: ScanFinding


@dataclass(frozen=True, slots=True)
class Ingested:
    """All that a report gave: entries in = findings + repeated + rejects."""

    format: str
    findings: Sequence[Identified]
    rejects: Sequence[Reject]
    repeated: int = 0


def findings_of(report: ScanReport) -> Ingested:
    """Read a report.

    Returns:
        Its findings, each once, in the report's order, redacted; and what became no finding, with the reason.

    Raises:
        InvalidEventError: No format fits, or the report is not what its format says.
    """
    content = parsed(report.content)
    chosen = choose(report.format, content)
    files = report.files
    if chosen.NAME == manifests.NAME and report.content is not None:
        files = (*files, ReportFile(path=STDIN, content=report.content))
    documents = Documents(files)
    found: dict[str, ScanFinding] = {}
    rejects: list[Reject] = []
    entries = 0
    for entry in chosen.read(content, documents):
        if isinstance(entry, Reject):
            rejects.append(entry)
            continue
        entries += 1
        finding = redacted(entry.model_copy(update={"team": report.team}))
        found.setdefault(finding_id(finding), finding)
    unread = [Reject(f"{one.path}:{one.line}", one.reason) for one in documents.unread]
    if unread and not entries and not rejects:
        raise InvalidEventError(
            "nothing could be read: " + "; ".join(f"{one.where}: {one.reason}" for one in unread[:3])
        )
    rejects += unread
    return Ingested(
        chosen.NAME, [Identified(*pair) for pair in found.items()], rejects, repeated=entries - len(found)
    )


def finding_id(finding: ScanFinding) -> str:
    """The id that follows from what the finding says, so that the same report twice gives no second finding."""
    return derived_id("scan.finding", canonical(finding.model_dump(exclude_none=True)))


def redacted(finding: ScanFinding) -> ScanFinding:
    """The finding without secrets: before anything is published or derived from it."""
    return finding.model_copy(
        update={
            "title": redact_text(finding.title) if finding.title else finding.title,
            "message": redact_text(finding.message) if finding.message else finding.message,
            "resource": redact(finding.resource) if finding.resource else finding.resource,
        }
    )


def parsed(content: str | None) -> Any:
    """The JSON value of a report, or ``None`` where there is none or it is no JSON."""
    if content is None:
        return None
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None


def choose(name: str | None, content: Any) -> Format:
    """The format that was named, or the one that recognises the content.

    Raises:
        InvalidEventError: There is no such format, or none, or several recognise it.
    """
    known = formats()
    if name is not None:
        if name not in known:
            raise InvalidEventError(f"format is {name!r}; known are {', '.join(sorted(known))}")
        return known[name]
    fitting = [one for one in known.values() if one.recognises(content)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        seen = (
            f"a JSON object with {', '.join(sorted(content)[:8])}"
            if isinstance(content, dict)
            else type(content).__name__
        )
        raise InvalidEventError(
            f"the report's format was not recognised: it is {seen}; known are {', '.join(sorted(known))}. "
            "Name it in `format`"
        )
    raise InvalidEventError(
        f"the report could be {' or '.join(one.NAME for one in fitting)}: name it in `format`"
    )
