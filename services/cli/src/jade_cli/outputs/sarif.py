"""SARIF 2.1.0, for code scanning and editors. Source: OASIS SARIF 2.1.0; GitHub's page on SARIF support."""

from importlib.metadata import version
from typing import Any
from urllib.parse import quote

import orjson

from jade_cli.scan.findings import Finding, Report, Rule, Unevaluated
from jade_cli.terminal import Paint

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "0.0"}
"""GitHub's `security-severity`: the middle of the range that it shows under the same word."""


def render(report: Report, paint: Paint) -> str:  # noqa: ARG001  # colours are for people
    """The report as one SARIF log with one run."""
    names = sorted({finding.name for finding in report.findings} | set(report.rules))
    places = {name: place for place, name in enumerate(names)}
    titles = {one.name: one.rule["title"] for one in report.findings if one.rule is not None}
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
            }
        ],
        "columnKind": "utf16CodeUnits",
        "results": [result(finding, places[finding.name]) for finding in report.findings],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return orjson.dumps(log, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def rule(found: Rule) -> dict[str, Any]:
    """What SARIF calls a reporting descriptor."""
    row: dict[str, Any] = {"id": found.id, "shortDescription": {"text": found.title or found.id}}
    if found.description:
        row["fullDescription"] = {"text": found.description}
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
    return {
        "ruleId": finding.name,
        "ruleIndex": place,
        "level": LEVELS[finding.severity],
        "message": {"text": finding.message or finding.name},
        "locations": [
            {
                "physicalLocation": location(finding.source, finding.line),
                "logicalLocations": [{"fullyQualifiedName": str(finding.resource), "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"jadeFingerprint/v1": finding.fingerprint},
        "properties": properties,
    }


def notification(unread: Unevaluated) -> dict[str, Any]:
    """What could not be read or evaluated."""
    return {
        "level": "error",
        "message": {"text": unread.reason},
        "locations": [{"physicalLocation": location(unread.path, unread.line)}],
    }


def location(path: str, line: int | None) -> dict[str, Any]:
    """A place in a file; a relative path is relative to where Jade ran."""
    uri = quote(path)
    row: dict[str, Any] = {"artifactLocation": {"uri": f"file://{uri}" if path.startswith("/") else uri}}
    if line is not None:
        row["region"] = {"startLine": line}
    return row
