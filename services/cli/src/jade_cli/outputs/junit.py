"""JUnit XML: a suite a file, a failed case a finding, an error for what was not read; a clean file passes.

Source: the schema that Jenkins' xUnit plug-in publishes (junit-10.xsd), which GitLab reads as well.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from jade_cli.scan.findings import Finding, Unevaluated
from jade_cli.scan.report import Report
from jade_cli.scan.suppressions import Use
from jade_cli.terminal import Paint, printable

T = TypeVar("T")


class Counts(NamedTuple):
    """The numbers of a suite."""

    tests: int = 0
    failures: int = 0
    errors: int = 0
    skipped: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(*(mine + its for mine, its in zip(self, other, strict=True)))


def render(report: Report, paint: Paint) -> str:  # noqa: ARG001  # colours are for people
    """The report as one XML document; suppressed findings are skipped cases."""
    findings = by_file((finding.source, finding) for finding in (*report.findings, *report.suppressed))
    unread = by_file((one.path, one) for one in report.unread)
    stale = by_file((use.suppression.path, use) for use in report.stale)
    root = Element("testsuites", name="jade")
    total = Counts()
    for path in sorted({*report.files, *findings, *unread, *stale}):
        total = total.plus(
            suite(root, path, findings.get(path, []), unread.get(path, []), stale.get(path, []))
        )
    # The schema knows no number of skipped cases for all suites together.
    root.attrib |= {name: str(count) for name, count in total._asdict().items() if name != "skipped"}
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def by_file(things: Iterable[tuple[str, T]]) -> Mapping[str, list[T]]:
    """The things of each file."""
    found: dict[str, list[T]] = {}
    for path, thing in things:
        found.setdefault(path, []).append(thing)
    return found


def suite(
    root: Element, path: str, findings: list[Finding], unread: list[Unevaluated], stale: list[Use]
) -> Counts:
    """The suite of one file."""
    skipped = sum(finding.suppressed is not None for finding in findings)
    tests = max(1, len(findings) + len(unread) + len(stale))
    counts = Counts(tests, len(findings) - skipped, len(unread), skipped)
    numbers = {name: str(count) for name, count in counts._asdict().items()}
    element = SubElement(root, "testsuite", {"name": printable(path), **numbers})
    for finding in findings:
        case_of(element, finding)
    for one in unread:
        case = SubElement(element, "testcase", classname="jade", name=printable(str(one)))
        SubElement(case, "error", message=printable(one.reason), type="unread")
    for use in stale:
        case = SubElement(element, "testcase", classname="jade", name=printable(str(use)))
        SubElement(case, "system-out").text = printable(use.note)
    if not findings and not unread and not stale:
        SubElement(element, "testcase", classname="jade", name="no violations")
    return counts


def case_of(element: Element, finding: Finding) -> None:
    """The case of one finding."""
    case = SubElement(
        element,
        "testcase",
        classname=printable(finding.name),
        name=printable(f"{finding.resource} ({finding.fingerprint})"),
    )
    if (why := finding.suppressed) is not None:
        said = f"suppressed until {why.until}: {why.reason}"
        SubElement(case, "skipped", message=printable(said), type=finding.severity)
        return
    failure = SubElement(case, "failure", message=printable(finding.message), type=finding.severity)
    said = f"\n{finding.seen}" if finding.seen else ""
    failure.text = printable(f"{finding.source}:{finding.line}: {finding.message}{said}")
