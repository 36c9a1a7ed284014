r"""Markdown for a summary page: GitHub's job summary, a comment on a merge request.

Names and messages come from files that anyone may write, so nothing in them may become markup, a link or a mention.
"""

import re
from collections import Counter
from collections.abc import Iterator

from jade_cli.scan.findings import SEVERITIES, Finding
from jade_cli.scan.report import Report
from jade_cli.terminal import Paint, counted, one_line

FINDINGS = 200
"""Findings that are listed, the new and the worst first: GitHub takes 1 MiB a step, GitLab's comments are as long."""

POLICIES = 30
LONGEST = 300
"""Characters of a message."""

_MARKUP = re.compile(r"[\\`*_\[\]#|~]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", ":": "&#58;"}
"""`@` would mention people; `:` makes links and emoji."""

VERDICTS = {"passed": "passed", "failed": "failed", "incomplete": "is incomplete"}


def render(report: Report, paint: Paint) -> str:  # noqa: ARG001  # Markdown has no colours
    """The report as one page."""
    lines = [f"## Jade {VERDICTS[report.verdict]}", "", *counts(report), ""]
    if report.unread:
        lines += ["### Could not be read or evaluated", ""]
        lines += [*limited([f"- {text(str(one))}" for one in report.unread]), ""]
    if report.findings:
        lines += [*policies(report), "", *findings(report), ""]
    if report.stale:
        lines += ["### Suppressions that should go", "", *(f"- {text(str(use))}" for use in report.stale), ""]
    if report.suppressed:
        lines += [*suppressed(report), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def counts(report: Report) -> Iterator[str]:
    """The numbers, in a table and a sentence."""
    yield f"| {' | '.join(SEVERITIES)} | suppressed |"
    yield "| " + " | ".join(["---:"] * (len(SEVERITIES) + 1)) + " |"
    yield f"| {' | '.join(map(str, report.by_severity.values()))} | {len(report.suppressed)} |"
    yield ""
    threshold = report.fail_on + (", new ones only" if report.fail_on_new else "")
    sentence = (
        f"{counted(len(report.findings), 'finding')}, {report.failing} at or above the threshold ({threshold}), "
        f"in {counted(report.documents, 'document')} of {counted(len(report.files), 'file')}; "
        f"{report.policies} policies."
    )
    if report.folded:
        sentence += f" {text(report.folded)}."
    if report.new is not None:
        sentence += f" Against the baseline: {report.new} new, {report.gone} gone."
    yield sentence


def policies(report: Report) -> Iterator[str]:
    """What is broken how often."""
    numbers = Counter((finding.name, finding.severity) for finding in report.findings)
    rows = sorted(numbers.items(), key=lambda row: (SEVERITIES.index(row[0][1]), -row[1], row[0][0]))
    yield "| policy | severity | findings |"
    yield "| --- | --- | ---: |"
    for (name, severity), number in rows[:POLICIES]:
        yield f"| {text(name)} | {severity} | {number} |"
    if len(rows) > POLICIES:
        yield f"| {len(rows) - POLICIES} more | | {sum(number for _, number in rows[POLICIES:])} |"


def findings(report: Report) -> Iterator[str]:
    """The first findings, folded away."""
    chosen = sorted(report.findings, key=lambda one: (one.new is False, SEVERITIES.index(one.severity)))
    shown = min(len(chosen), FINDINGS)
    title = (
        counted(shown, "finding") if shown == len(chosen) else f"the first {shown} of {len(chosen)} findings"
    )
    yield from ("<details>", f"<summary>{title}</summary>", "")
    folded = report.seen is not None
    yield f"| severity | policy | resource | message | where |{' seen by |' if folded else ''}"
    yield f"| --- | --- | --- | --- | --- |{' --- |' if folded else ''}"
    for one in chosen[:FINDINGS]:
        mark = " (new)" if one.new else ""
        cells = (one.name, str(one.resource), one.message, f"{one.source}:{one.line}")
        seen = f" {text(one.seen.removeprefix('seen by '))} |" if folded else ""
        yield f"| {one.severity}{mark} | {' | '.join(map(text, cells))} |{seen}"
    yield from ("", "</details>")


def suppressed(report: Report) -> Iterator[str]:
    """What is held back, by whom and for how long."""
    yield from (
        "<details>",
        f"<summary>{counted(len(report.suppressed), 'finding')} suppressed</summary>",
        "",
    )
    yield "| policy | resource | reason | until |"
    yield "| --- | --- | --- | --- |"
    yield from limited([row_of(one) for one in report.suppressed])
    yield from ("", "</details>")


def row_of(one: Finding) -> str:
    """The row of one suppressed finding."""
    why = one.suppressed
    said = f"{text(why.reason)} | {why.until}" if why is not None else " | "
    return f"| {text(one.name)} | {text(str(one.resource))} | {said} |"


def limited(rows: list[str]) -> list[str]:
    """The first rows, and how many more there are."""
    return rows if len(rows) <= FINDINGS else [*rows[:FINDINGS], f"\n{len(rows) - FINDINGS} more"]


def text(raw: str) -> str:
    r"""The text as Markdown that shows just this text.

    >>> text("a|b <img> @me [x](y)")
    'a\\|b &lt;img&gt; &#64;me \\[x\\](y)'
    """
    line = one_line(raw)
    line = line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
    return "".join(_ENTITIES.get(character, character) for character in _MARKUP.sub(r"\\\g<0>", line))
