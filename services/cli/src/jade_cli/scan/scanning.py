"""One scan, from paths to a report: read, judge, compare, suppress."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from jade_cli.scan.baseline import compared
from jade_cli.scan.findings import Finding, Unevaluated
from jade_cli.scan.fingerprints import numbered
from jade_cli.scan.judging import Judge, Judged, judged, rules_of
from jade_cli.scan.reading import Reading, read_all
from jade_cli.scan.report import Report
from jade_cli.scan.suppressions import Applied, Scanned, Suppression, annotated, apply
from jade_cli.scan.walking import Walk
from jade_cli.terminal import Progress
from jade_policy.inventory import inventory_of, wanted_kinds
from jade_policy.library import Library
from jade_policy.manifests import Manifest
from jade_policy.redaction import redact
from jade_policy.resources import identity


def today() -> date:
    """The day that suppressions are held to: that of UTC, so that it is the same in CI and at home."""
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class Request:
    """What to scan, how to call what comes from stdin, and what the findings are held to.

    Attributes:
        suppressions: of ``jade.yaml``; those on resources are found on the way.
        baseline: fingerprints of an earlier scan; None without one.
        reports: what other scanners wrote about the same files.
    """

    paths: Sequence[str]
    exclude: Sequence[str] = ()
    stdin_name: str = "stdin"
    fail_on: str = "low"
    top: int = 5
    allow_empty: bool = False
    suppressions: Sequence[Suppression] = ()
    baseline: frozenset[str] | None = None
    fail_on_new: bool = False
    reports: Sequence[str] = ()
    today: date = field(default_factory=today)


def scan(request: Request, way: AbstractContextManager[Judge], progress: Progress) -> Report:
    """Scan with Jade's engine or through the stack; one that starts does so while files are read."""
    with way as judge:
        documents: list[Mapping[str, Any]] = []

        def take(manifest: Manifest) -> None:
            documents.append(redact(manifest.obj))  # no policy can quote what it does not see
            judge.take(documents[-1])

        reading = read(request, progress, take)
        progress(f"judging {len(documents)} documents")
        inventory = inventory_of(documents, wanted_kinds(judge.library))
        result = judged(reading.manifests, judge.judge(inventory), rules_of(judge.library))
        return report(request, "jade", reading, result, judge.library)


def scan_with_checkov(request: Request, way: AbstractContextManager[Judge], progress: Progress) -> Report:
    """Let Checkov look, and rank the policies for each of its findings."""
    from jade_cli.scan import checkov, foreign  # noqa: PLC0415  # they need a third of a second

    with way as judge:
        reading = read(request, progress)
        progress(f"Checkov looks at {len(reading.files)} files")
        output, texts = checkov.run(reading.files)
        progress("asking for policies")
        result = foreign.rank(output, texts, "checkov", reading, judge, request.top)
        return report(request, "checkov", reading, result, judge.library)


def read(request: Request, progress: Progress, take: Callable[[Manifest], None] = lambda _: None) -> Reading:
    """Find and read all files of a scan; ``take`` gets each object at once."""
    progress("reading")
    files = Walk(request.exclude, request.stdin_name).files(request.paths)
    return read_all(files, request.paths, take, allow_empty=request.allow_empty)


def report(
    request: Request,
    scanner: str,
    reading: Reading,
    result: Judged,
    library: Library,
    *,
    seen: Mapping[str, int] | None = None,
) -> Report:
    """Put together what was read and judged, and hold it to baseline and suppressions.

    Args:
        request: What was asked for.
        scanner: Who looked.
        reading: What was looked at.
        result: What came of it.
        library: What was judged by.
        seen: How many findings each tool has, where those that are one problem are to be shown as one.
    """
    rules = rules_of(library)
    unread = [Unevaluated(one.path, one.line or None, one.reason) for one in reading.unread]
    unread += [
        Unevaluated(problem.path, problem.line, f"this policy cannot be used: {problem.reason}")
        for problem in library.problems
    ]
    unread += result.unread
    suppressions: list[Suppression] = []
    for manifest in reading.manifests:
        found, wrong = annotated(manifest)
        suppressions += found
        unread += wrong
    suppressions += request.suppressions
    findings = numbered(result.findings)
    fold: Callable[[Sequence[Finding]], Sequence[Finding]] = list
    if seen is not None:
        from jade_cli.scan import problems  # noqa: PLC0415  # they need the ranker

        # Suppressions are of resources, and a problem may be that of many: it is folded after them.
        findings, fold = problems.named(findings), problems.folded
    gone = None
    if request.baseline is not None:
        findings = compared(findings, request.baseline)
        gone = len(request.baseline.difference(one.fingerprint for one in findings))
    applied = Applied(findings, [], [])
    if suppressions:
        resources = [(identity(manifest.obj), manifest.path) for manifest in reading.manifests]
        scanned = Scanned(
            scanner, resources, frozenset(one.path for one in unread), rules, alone=seen is None
        )
        applied = apply(findings, suppressions, scanned, request.today)
    return Report(
        scanner=scanner,
        findings=fold(applied.counting),
        suppressed=fold(applied.suppressed),
        suppressions=applied.uses,
        unread=sorted(set(unread), key=lambda one: (one.path, one.line or 0, one.reason)),
        documents=len(reading.manifests),
        skipped=reading.skipped,
        undecided=result.undecided,
        policies=len(library.policies),
        files=sorted(reading.files),
        rules=rules,
        seen=seen,
        gone=gone,
        fail_on=request.fail_on,
        fail_on_new=request.fail_on_new,
    )
