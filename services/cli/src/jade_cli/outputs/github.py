"""GitHub workflow commands: annotations on the lines of a pull request, the worst first.

GitHub shows ten errors, ten warnings and ten notices of a step, so what comes first is what is seen.
Source: docs.github.com, "Workflow commands for GitHub Actions".
"""

from jade_cli.scan.findings import SEVERITIES, Finding
from jade_cli.scan.report import Report
from jade_cli.terminal import Paint, counted, printable

LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "notice", "info": "notice"}


def render(report: Report, paint: Paint) -> str:  # noqa: ARG001  # GitHub colours by level
    """A command a line; none where nothing was found."""
    lines: list[str] = []
    for unread in report.unread:
        place = {"file": unread.path} | ({} if unread.line is None else {"line": str(unread.line)})
        lines.append(command("error", {**place, "title": "could not be read or evaluated"}, unread.reason))
    for finding in sorted(report.findings, key=urgency):
        place = {"file": finding.source, "line": str(finding.line), "title": finding.name}
        seen = f" ({finding.seen})" if finding.seen else ""
        said = f"{finding.message} [{finding.resource}]{seen}"
        lines.append(command(LEVELS[finding.severity], place, said))
    for use in report.stale:
        one = use.suppression
        place = {"file": one.path} | ({} if one.line is None else {"line": str(one.line)})
        said = f"the suppression of {one.rule} {use.note}"
        lines.append(command("warning", {**place, "title": f"{use.state} suppression"}, said))
    if report.suppressed:
        said = f"{counted(len(report.suppressed), 'finding')} suppressed"
        lines.append(command("notice", {"title": "jade"}, said))
    return "".join(f"{line}\n" for line in lines)


def urgency(finding: Finding) -> tuple[bool, int]:
    """What a reader wants to see first: what is new, then what is worse."""
    return finding.new is False, SEVERITIES.index(finding.severity)


def command(level: str, properties: dict[str, str], message: str) -> str:
    r"""One workflow command, escaped as GitHub's own toolkit does.

    >>> command("error", {"file": "a,b.yaml"}, "50 %\nof it")
    '::error file=a%2Cb.yaml::50 %25%0Aof it'
    """
    values = ",".join(f"{name}={escaped(value, ':,')}" for name, value in properties.items())
    return f"::{level} {values}::{escaped(message)}"


def escaped(text: str, more: str = "") -> str:
    """The text with what would end the command encoded."""
    for character in f"%\r\n{more}":
        text = text.replace(character, f"%{ord(character):02X}")
    return printable(text)
