"""Checkov's JSON: an object for one framework, an array for several, and a bare summary where nothing applied.

Read: ``check_id``, ``check_name``, ``check_result.evaluated_keys``, ``file_path``, ``file_line_range``,
``resource``, ``severity``, ``guideline`` of ``results.failed_checks``. Checkov says nothing of a resource
but ``Kind.namespace.name``, so the object is looked up in the report's files. Source: Checkov 3.3
``common/output/report.py`` and ``record.py``.
"""

from collections.abc import Iterator
from typing import Any, get_args

from jade_common.errors import InvalidEventError
from jade_common.events import ScanFinding, Severity, Source
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.rejects import Reject
from jade_policy.pointers import of, split

NAME = "checkov"
SUMMARY_KEYS = {"passed", "failed", "skipped", "parsing_errors", "resource_count", "checkov_version"}
FRAMEWORKS = {"kubernetes", "helm", "kustomize"}
"""The check types that are about Kubernetes objects."""

SEVERITIES = set(get_args(Severity))


def recognises(content: Any) -> bool:
    """Whether it is one of Checkov's three shapes."""
    reports = content if isinstance(content, list) else [content]
    return bool(reports) and all(
        isinstance(one, dict) and ("check_type" in one or is_summary(one)) for one in reports
    )


def is_summary(report: dict[str, Any]) -> bool:
    """Whether a report is the bare summary that Checkov writes where it has no checks for anything."""
    return "checkov_version" in report and set(report) <= SUMMARY_KEYS


def read(content: Any, documents: Documents) -> Iterator[ScanFinding | Reject]:
    """The failed checks of all frameworks that are about Kubernetes."""
    if not recognises(content):
        raise InvalidEventError(
            "not a Checkov report: expected an object with check_type and results, an array of them, or a bare summary"
        )
    for report in content if isinstance(content, list) else [content]:
        if not is_summary(report):
            yield from read_framework(report, documents)


def read_framework(report: dict[str, Any], documents: Documents) -> Iterator[ScanFinding | Reject]:
    """The failed checks of one framework."""
    framework = str(report["check_type"])
    results = report.get("results", report.get("checks"))
    if not isinstance(results, dict):
        yield Reject(framework, "the report has no results")
        return
    for entry in results.get("parsing_errors") or []:
        yield Reject(str(entry), "Checkov could not parse this file")
    failed = results.get("failed_checks")
    if not isinstance(failed, list | None):
        yield Reject(framework, f"failed_checks is a {type(failed).__name__}, expected a list")
        return
    for index, record in enumerate(failed or []):
        where = f"{framework} failed_checks[{index}]"
        if not isinstance(record, dict) or not isinstance(record.get("check_id"), str):
            yield Reject(where, "not a check: check_id is missing")
        elif framework not in FRAMEWORKS:
            yield Reject(
                f"{where} {record['check_id']}", f"{framework} checks are not about Kubernetes objects"
            )
        else:
            yield finding(record, documents)


def finding(record: dict[str, Any], documents: Documents) -> ScanFinding:
    """The finding of one failed check."""
    path = text(record, "file_path").lstrip("/")
    lines = record.get("file_line_range")
    line = (
        lines[0] if isinstance(lines, list) and lines and isinstance(lines[0], int) and lines[0] > 0 else None
    )
    reference = text(record, "resource")
    kind, namespace, name = [*reference.split(".", 2), "", ""][:3]
    manifest = documents.find(path, line, kind, namespace, name)
    if manifest is None and kind == "Pod" and line is not None:
        # The Pod of a workload's template is named after the workload and its labels: Pod.shop.cart.app-cart
        manifest = documents.containing(path, line, namespace, name)
    pointers = [found for found in evaluated(record) if manifest is None or split(found)[0] in manifest.obj]
    pointer = pointers[0] if pointers else None
    if manifest is not None:
        path = manifest.path
        line = manifest.line_of(pointer) if pointer is not None else manifest.line
    severity = text(record, "severity").lower()
    return ScanFinding(
        tool=NAME,
        rule_id=record["check_id"],
        title=text(record, "check_name") or None,
        message=", ".join(str(detail) for detail in record.get("details") or []) or None,
        severity=severity if severity in SEVERITIES else None,
        resource=manifest.obj if manifest is not None else None,
        resource_ref=reference or None,
        source=Source(path=path, line=line) if path else None,
        path=pointer,
    )


def evaluated(record: dict[str, Any]) -> list[str]:
    """JSON pointers of the fields that Checkov looked at.

    >>> evaluated({"check_result": {"evaluated_keys": ["spec/containers/[0]/image"]}})
    ['/spec/containers/0/image']
    """
    result = record.get("check_result")
    keys = result.get("evaluated_keys") if isinstance(result, dict) else None
    if not isinstance(keys, list):
        return []
    return [
        of(step.strip("[]") for step in key.split("/") if step)
        for key in keys
        if isinstance(key, str) and key
    ]


def text(record: dict[str, Any], key: str) -> str:
    """A text of the record, empty where it is missing or no text."""
    value = record.get(key)
    return value if isinstance(value, str) else ""
