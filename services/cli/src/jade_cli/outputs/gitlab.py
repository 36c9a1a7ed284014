"""GitLab's code quality report: a JSON array, shown in merge requests.

Source: docs.gitlab.com, "Code Quality", section "Code Quality report format".
"""

from typing import Any

import orjson

from jade_cli.scan.findings import Finding, Unevaluated
from jade_cli.scan.report import Report
from jade_cli.terminal import Paint, counted, printable
from jade_common.identity import derived_id

SEVERITIES = {"critical": "critical", "high": "major", "medium": "minor", "low": "info", "info": "info"}
"""GitLab's words; its worst, `blocker`, is for what could not be read: then nothing is known at all."""


def render(report: Report, paint: Paint) -> str:  # noqa: ARG001  # colours are for people
    """The report as one JSON array; what is not in it counts as mended."""
    rows = [row_of(finding) for finding in report.findings]
    rows += [unread_row(one) for one in report.unread]
    if report.suppressed or report.stale:
        rows.append(suppressions_row(report))
    return orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def row_of(finding: Finding) -> dict[str, Any]:
    """One finding."""
    seen = f" ({finding.seen})" if finding.seen else ""
    said = printable(f"{finding.message} [{finding.resource}]{seen}")
    return row(
        said, finding.name, finding.fingerprint, SEVERITIES[finding.severity], finding.source, finding.line
    )


def unread_row(one: Unevaluated) -> dict[str, Any]:
    """What could not be read or evaluated."""
    known_by = derived_id("unread", one.path, one.reason)
    said = f"could not be read or evaluated: {printable(one.reason)}"
    return row(said, "jade-unread", known_by, "blocker", one.path, one.line)


def suppressions_row(report: Report) -> dict[str, Any]:
    """How much is suppressed: the format has no other place for it.

    Always known by the same fingerprint, so that GitLab does not call it new each time that the number changes.
    """
    said = f"{counted(len(report.suppressed), 'finding')} suppressed"
    if report.stale:
        said += f"; suppressions that should go: {'; '.join(map(str, report.stale))}"
    first = report.suppressions[0].suppression
    severity = "minor" if report.stale else "info"
    return row(
        printable(said), "jade-suppressions", derived_id("suppressions"), severity, first.path, first.line
    )


def row(
    description: str, check: str, fingerprint: str, severity: str, path: str, line: int | None
) -> dict[str, Any]:
    """What GitLab calls an issue."""
    return {
        "description": description,
        "check_name": check,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line or 1}},
    }
