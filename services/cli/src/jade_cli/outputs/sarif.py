"""SARIF 2.1.0, for code scanning and editors. Source: OASIS SARIF 2.1.0; GitHub's page on SARIF support."""

from importlib.metadata import version
from typing import Any
from urllib.parse import quote

import orjson

from jade_cli.scan.findings import Edit, Finding, Fix, Rule, Suppressed, Unevaluated
from jade_cli.scan.fingerprints import SARIF_KEY
from jade_cli.scan.report import Report
from jade_cli.scan.suppressions import Use
from jade_cli.terminal import Paint

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "0.0"}
"""GitHub's `security-severity`: the middle of the range that it shows under the same word."""

KINDS = {"annotation": "inSource", "jade.yaml": "external"}
"""What SARIF calls the places of a suppression."""


def render(report: Report, paint: Paint) -> str:  # noqa: ARG001  # colours are for people
    """The report as one SARIF log with one run; suppressed findings are results with their suppression."""
    found = [*report.findings, *report.suppressed]
    names = sorted({finding.name for finding in found} | set(report.rules))
    places = {name: place for place, name in enumerate(names)}
    titles = {one.name: one.rule["title"] for one in found if one.rule is not None}
    run = {
        "tool": {
            "driver": {
                "name": "Jade",
                "semanticVersion": version("jade-cli"),
                "rules": [rule(report.rules.get(name, Rule(name, titles.get(name, name)))) for name in names],
            }
        },
        "invocations": [
            {
                "executionSuccessful": not report.unread,
                "toolExecutionNotifications": [notification(one) for one in report.unread],
                "toolConfigurationNotifications": [stale(use) for use in report.stale],
            }
        ],
        "columnKind": "utf16CodeUnits",
        "results": [result(finding, places[finding.name]) for finding in found],
        "properties": {"summary": report.summary()},
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return orjson.dumps(log, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def rule(found: Rule) -> dict[str, Any]:
    """What SARIF calls a reporting descriptor."""
    row: dict[str, Any] = {"id": found.id, "shortDescription": {"text": found.title or found.id}}
    if found.description:
        row["fullDescription"] = {"text": found.description}
        row["help"] = {"text": found.description}
    row["defaultConfiguration"] = {"level": LEVELS[found.severity]}
    row["properties"] = {"security-severity": SCORES[found.severity], "tags": ["security", "kubernetes"]}
    return row


def result(finding: Finding, place: int) -> dict[str, Any]:
    """One finding."""
    properties: dict[str, Any] = {"severity": finding.severity}
    if finding.constraint is not None:
        properties["constraint"] = finding.constraint
    if finding.path is not None:
        properties["path"] = finding.path
    if finding.policies is not None:
        properties["policies"] = finding.policies
    if (problem := finding.problem) is not None:
        properties |= {"problem_id": problem.problem_id, "subject": problem.resource}
        properties |= {"seen_by": problem.seen_by, "aliases": problem.aliases}
        properties["fingerprints"] = problem.findings
    row: dict[str, Any] = {
        "ruleId": finding.name,
        "ruleIndex": place,
        "level": LEVELS[finding.severity],
        "message": {"text": f"{finding.message or finding.name}{seen(finding)}"},
        "locations": [
            {
                "physicalLocation": location(finding.source, finding.line),
                "logicalLocations": [{"fullyQualifiedName": str(finding.resource), "kind": "resource"}],
            }
        ],
        "partialFingerprints": {SARIF_KEY: finding.fingerprint},
    }
    if finding.problem is not None:
        row["occurrenceCount"] = finding.problem.count
    if finding.new is not None:
        row["baselineState"] = "new" if finding.new else "unchanged"
    if finding.suppressed is not None:
        row["suppressions"] = [suppression(finding.suppressed)]
    if finding.fix is not None:
        row["fixes"] = [fix(finding.fix)]
    row["properties"] = properties
    return row


def seen(finding: Finding) -> str:
    """Who saw it, for the message: viewers show nothing else."""
    return f" ({finding.seen})" if finding.seen else ""


def suppression(found: Suppressed) -> dict[str, Any]:
    """Why a result does not count."""
    return {
        "kind": KINDS[found.by],
        "status": "accepted",
        "justification": found.reason,
        "properties": {"until": found.until.isoformat()},
    }


def fix(found: Fix) -> dict[str, Any]:
    """A change that mends the finding."""
    files: dict[str, list[Edit]] = {}
    for edit in found.edits:
        files.setdefault(edit.path, []).append(edit)
    return {
        "description": {"text": found.description},
        "artifactChanges": [
            {
                "artifactLocation": artifact(path),
                "replacements": [replacement(edit) for edit in edits],
            }
            for path, edits in files.items()
        ],
    }


def replacement(edit: Edit) -> dict[str, Any]:
    """Whole lines: from the beginning of the first to the beginning of the one after the last."""
    region = {"startLine": edit.first, "startColumn": 1, "endLine": edit.last + 1, "endColumn": 1}
    return {"deletedRegion": region, "insertedContent": {"text": edit.text}}


def notification(unread: Unevaluated) -> dict[str, Any]:
    """What could not be read or evaluated."""
    return {
        "level": "error",
        "message": {"text": unread.reason},
        "locations": [{"physicalLocation": location(unread.path, unread.line)}],
    }


def stale(use: Use) -> dict[str, Any]:
    """A suppression that should go."""
    one = use.suppression
    return {
        "level": "warning",
        "message": {"text": f"the suppression of {one.rule} {use.note}"},
        "locations": [{"physicalLocation": location(one.path, one.line)}],
    }


def location(path: str, line: int | None) -> dict[str, Any]:
    """A place in a file."""
    row: dict[str, Any] = {"artifactLocation": artifact(path)}
    if line is not None:
        row["region"] = {"startLine": line}
    return row


def artifact(path: str) -> dict[str, Any]:
    """A file; a relative path is relative to where Jade ran."""
    uri = quote(path)
    return {"uri": f"file://{uri}" if path.startswith("/") else uri}
