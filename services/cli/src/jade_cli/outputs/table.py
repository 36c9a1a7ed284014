"""The output for people: findings by file, what could not be read, and a summary."""

from itertools import groupby

from jade_cli.scan.findings import Finding
from jade_cli.scan.report import Report
from jade_cli.terminal import Paint, counted, one_line


def render(report: Report, paint: Paint) -> str:
    """The report as text."""
    lines: list[str] = []
    width = max((len(finding.name) for finding in report.findings), default=0)
    for source, findings in groupby(report.findings, key=lambda finding: finding.source):
        lines.append(paint("bold", one_line(source)))
        for finding in findings:
            lines += rows(finding, width, paint)
        lines.append("")
    if report.unread:
        lines.append(paint("bold", "could not be read or evaluated"))
        lines += [f"  {paint('high', one_line(str(unread)))}" for unread in report.unread]
        lines.append("")
    if report.stale:
        lines.append(paint("bold", "suppressions that should go"))
        lines += [f"  {paint('medium', one_line(str(use)))}" for use in report.stale]
        lines.append("")
    return "\n".join([*lines, summary(report, paint)]) + "\n"


def rows(finding: Finding, width: int, paint: Paint) -> list[str]:
    """One finding: line, severity, rule, message, resource; and the policies of another scanner's finding."""
    said = one_line(finding.message)
    severity = paint(finding.severity, f"{finding.severity:8}")
    resource = paint("dim", f"[{one_line(str(finding.resource))}]")
    new = paint("bold", "new  ") if finding.new else ""
    rows = [f"  {finding.line:>5}  {severity}  {one_line(finding.name):{width}}  {new}{said}  {resource}"]
    if finding.seen:
        rows.append(f"{'':9}{paint('dim', one_line(finding.seen))}")
    for policy in finding.policies or () if finding.policy_id is not None else ():
        verdict = paint("high" if policy["verdict"] == "violated" else "dim", policy["verdict"])
        said = f": {one_line(policy['message'])}" if policy.get("message") else ""
        rows.append(f"{'':9}{policy['id']} {verdict}{said}")
    return rows


def summary(report: Report, paint: Paint) -> str:
    """Counts, in two or three lines."""
    counts = [
        paint(severity, f"{count} {severity}") for severity, count in report.by_severity.items() if count
    ]
    found = counted(len(report.findings), "finding") + (f": {', '.join(counts)}" if counts else "")
    if report.new is not None:
        found += f"; {report.new} not in the baseline, {report.gone} of the baseline gone"
    if report.suppressed:
        found += f"; {len(report.suppressed)} more suppressed"
    if report.folded:
        found += f"; {report.folded}"
    documents, files = counted(report.documents, "document"), counted(len(report.files), "file")
    read = f"{documents} of {files}, {report.policies} policies"
    if report.skipped:
        read += f", {report.skipped} documents not for Kubernetes skipped"
    if report.undecided:
        read += f", {report.undecided} verdicts undecided: they need more of the cluster than was given"
    return f"{found}\n{read}"
