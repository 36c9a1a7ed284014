"""GitHub workflow commands: annotations on the lines of a pull request.

Source: docs.github.com, "Workflow commands for GitHub Actions".
"""

from jade_cli.scan.findings import Report
from jade_cli.terminal import Paint, printable

LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "notice", "info": "notice"}


def render(report: Report, paint: Paint) -> str:  # noqa: ARG001  # GitHub colours by level
    """A command a line; none where nothing was found."""
    lines = [
        command(
            LEVELS[finding.severity],
            {"file": finding.source, "line": str(finding.line), "title": finding.name},
            f"{finding.message} [{finding.resource}]",
        )
        for finding in report.findings
    ]
    for unread in report.unread:
        place = {"file": unread.path} | ({} if unread.line is None else {"line": str(unread.line)})
        lines.append(command("error", {**place, "title": "could not be read or evaluated"}, unread.reason))
    return "".join(f"{line}\n" for line in lines)


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
