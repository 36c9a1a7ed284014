"""JUnit XML: a suite a file, a failed case a finding, an error for what was not read; a clean file passes.

Source: the schema that Jenkins' xUnit plug-in publishes (junit-10.xsd), which GitLab reads as well.
"""

from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from jade_cli.scan.findings import Finding, Report, Unevaluated
from jade_cli.terminal import Paint, printable


def render(report: Report, paint: Paint) -> str:  # noqa: ARG001  # colours are for people
    """The report as one XML document."""
    findings = {
        path: list(group) for path, group in groupby(report.findings, key=lambda finding: finding.source)
    }
    unread: dict[str, list[Unevaluated]] = {}
    for one in report.unread:
        unread.setdefault(one.path, []).append(one)
    root = Element("testsuites", name="jade")
    totals = [0, 0, 0]
    for path in sorted({*report.files, *findings, *unread}):
        counts = suite(root, path, findings.get(path, []), unread.get(path, []))
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
    root.attrib |= dict(zip(("tests", "failures", "errors"), map(str, totals), strict=True))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def suite(
    root: Element, path: str, findings: list[Finding], unread: list[Unevaluated]
) -> tuple[int, int, int]:
    """The suite of one file; gives its tests, failures and errors."""
    counts = max(1, len(findings) + len(unread)), len(findings), len(unread)
    numbers = dict(zip(("tests", "failures", "errors"), map(str, counts), strict=True))
    element = SubElement(root, "testsuite", {"name": printable(path), **numbers})
    for finding in findings:
        case = SubElement(
            element,
            "testcase",
            classname=printable(finding.name),
            name=printable(f"{finding.resource} ({finding.fingerprint})"),
        )
        failure = SubElement(case, "failure", message=printable(finding.message), type=finding.severity)
        failure.text = printable(f"{finding.source}:{finding.line}: {finding.message}")
    for one in unread:
        case = SubElement(element, "testcase", classname="jade", name=printable(str(one)))
        SubElement(case, "error", message=printable(one.reason), type="unread")
    if not findings and not unread:
        SubElement(element, "testcase", classname="jade", name="no violations")
    return counts
