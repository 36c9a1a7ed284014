"""Checkov's JSON: an object for one framework, an array for several, and a bare summary where nothing applied.

Read: ``check_id``, ``bc_check_id``, ``check_name``, ``check_result.evaluated_keys``, ``file_path``,
``file_line_range``, ``resource``, ``severity``, ``guideline``, ``details`` of ``results.failed_checks``. Checkov says
nothing of a resource but ``Kind.namespace.name``, so the object is looked up in the report's files. Source: Checkov
3.3 ``common/output/report.py`` and ``record.py``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jade_common.errors import InvalidEventError
from jade_common.events import ScanFinding
from jade_ingest.domain.building import finding
from jade_ingest.domain.content import Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.entries import at, listed, mapping, named, text
from jade_ingest.domain.formats import Entry
from jade_ingest.domain.rejects import Aside, Reject
from jade_ingest.domain.rules import aliases
from jade_policy.pointers import of, split
from jade_policy.resources import ResourceId

NAME = "checkov"
SUMMARY_KEYS = {"passed", "failed", "skipped", "parsing_errors", "resource_count", "checkov_version"}
FRAMEWORKS = {"kubernetes", "helm", "kustomize"}
"""The check types that are about Kubernetes objects."""

RESULTS = ("results", "checks")
"""Where the records stand; ``checks`` in a report for Checkov's own platform."""

ASIDES = {"passed_checks": "passed", "skipped_checks": "suppressed"}
LISTS = ("failed_checks", "passed_checks", "skipped_checks", "parsing_errors")


def recognises(content: Content) -> bool:
    """Whether it is one of Checkov's three shapes."""
    reports = content.sketch if isinstance(content.sketch, list) else [content.sketch]
    return bool(reports) and content.form == "json" and all(is_report(one) for one in reports)


def is_report(value: Any) -> bool:
    """Whether a value is the report of one framework, or the summary."""
    return isinstance(value, dict) and (isinstance(value.get("check_type"), str) or is_summary(value))


def is_summary(report: dict[str, Any]) -> bool:
    """Whether a report is the bare summary that Checkov writes where it has no checks for anything."""
    return "checkov_version" in report and set(report) <= SUMMARY_KEYS


def read(content: Content, documents: Documents) -> Iterator[Entry]:
    """The failed checks of all frameworks that are about Kubernetes."""
    if content.says_nothing:
        return
    if not recognises(content):
        raise InvalidEventError(
            "not a Checkov report: expected an object with check_type and results, an array of them, or a bare "
            f"summary; it is {content.seen}"
        )
    several = isinstance(content.sketch, list)
    root = "*." if several else ""
    outline = content.outline(*(f"{root}{results}.{name}" for results in RESULTS for name in LISTS))
    reports = outline if several else [outline]
    for number, report in enumerate(reports):
        if not is_report(report):
            yield Reject(f"[{number}]", "no check_type: not the report of a framework")
        elif not is_summary(report):
            yield from problems(report)
    for results in lists_of(reports):
        yield from beside(content, f"{root}{results}", [mapping(report, results) for report in reports])
        for indices, record in content.each(f"{root}{results}.failed_checks.*"):
            report = reports[indices[0]] if several else outline
            if is_report(report):
                yield read_record(indices[-1], record, report, documents)


def beside(content: Content, path: str, results: list[Mapping[str, Any]]) -> Iterator[Entry]:
    """What stands beside the failed checks; a list that no report has is not looked for: a pass takes seconds."""
    for name, kind in ASIDES.items():
        if any(name in one for one in results):
            yield Aside(kind, sum(1 for _ in content.each(f"{path}.{name}.*")))
    for indices, entry in content.each(f"{path}.parsing_errors.*"):
        yield Reject(text(entry) or f"parsing_errors[{indices[-1]}]", "Checkov could not parse this file")


def lists_of(reports: list[Any]) -> list[str]:
    """Where the records of any of the reports stand."""
    return [name for name in RESULTS if any(name in mapping(report) for report in reports)]


def problems(report: Mapping[str, Any]) -> Iterator[Reject]:
    """What keeps the records of a framework from being read."""
    framework = text(report, "check_type")
    results = next((report[name] for name in RESULTS if name in report), None)
    if not isinstance(results, dict):
        yield Reject(framework, "the report has no results")
        return
    failed = results.get("failed_checks")
    if not isinstance(failed, list | None):
        yield Reject(framework, f"failed_checks is {named(failed)}, expected a list")


def read_record(index: int, record: Any, report: Mapping[str, Any], documents: Documents) -> Entry:
    """What one failed check says."""
    framework = text(report, "check_type")
    where = f"{framework} failed_checks[{index}]"
    rule = record.get("check_id") if isinstance(record, dict) else None
    if not isinstance(rule, str) or not text(rule):
        return Reject(where, "not a check: check_id is missing")
    if framework not in FRAMEWORKS:
        return Reject(f"{where} {text(rule)}", f"{framework} checks are not about Kubernetes objects")
    return found(record, text(report, "summary", "checkov_version"), documents)


def found(record: dict[str, Any], version: str, documents: Documents) -> ScanFinding:
    """The finding of one failed check."""
    path = text(record, "file_path").lstrip("/")
    lines = listed(record, "file_line_range")
    line, end_line = [one if isinstance(one, int) and 0 < one < 2**31 else None for one in (*lines, 0, 0)[:2]]
    reference = text(record, "resource")
    kind, namespace, name = [*reference.split(".", 2), "", ""][:3]
    manifest = documents.find(path, line, kind, namespace, name)
    if manifest is None and kind == "Pod" and line is not None:
        # The Pod of a workload's template is named after the workload and its labels: Pod.shop.cart.app-cart
        manifest = documents.containing(path, line, namespace, name)
    pointers = [one for one in evaluated(record) if manifest is None or split(one)[0] in manifest.obj]
    rule = text(record, "check_id")
    return finding(
        tool=NAME,
        rule=rule,
        aliases=aliases(rule, text(record, "bc_check_id")),
        title=text(record, "check_name"),
        message=", ".join(str(detail) for detail in listed(record, "details")),
        severity=text(record, "severity"),
        manifest=manifest,
        named=ResourceId("", kind, namespace, name),
        reference=reference,
        path=path,
        line=None if manifest is not None else line,
        end_line=None if manifest is not None else end_line,
        pointer=pointers[0] if pointers else None,
        url=text(record, "guideline"),
        version=version,
    )


def evaluated(record: Mapping[str, Any]) -> list[str]:
    """JSON pointers of the fields that Checkov looked at.

    >>> evaluated({"check_result": {"evaluated_keys": ["spec/containers/[0]/image"]}})
    ['/spec/containers/0/image']
    """
    keys = at(mapping(record, "check_result"), "evaluated_keys")
    return [
        of(step.strip("[]") for step in key.split("/") if step)
        for key in (keys if isinstance(keys, list) else [])
        if isinstance(key, str) and key.strip("/")
    ]
