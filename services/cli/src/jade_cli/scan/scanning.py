"""One scan, from paths to a report: read, judge, sort."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from jade_cli.scan import checkov, foreign
from jade_cli.scan.findings import Report, Unevaluated, fingerprinted
from jade_cli.scan.inventory import inventory_of, wanted_kinds
from jade_cli.scan.judging import Judge, Judged, judged, rules_of
from jade_cli.scan.reading import Reading, read_all
from jade_cli.scan.walking import Walk
from jade_cli.terminal import Progress
from jade_policy.library import Library
from jade_policy.redaction import redact


@dataclass(frozen=True, slots=True)
class Request:
    """What to scan, and how to call what comes from stdin."""

    paths: Sequence[str]
    exclude: Sequence[str] = ()
    stdin_name: str = "stdin"
    fail_on: str = "low"
    top: int = 5


def scan(request: Request, way: AbstractContextManager[Judge], progress: Progress) -> Report:
    """Scan with Jade's engine or through the stack; one that starts does so while files are read."""
    with way as judge:
        reading = read(request, progress)
        progress(f"judging {len(reading.manifests)} documents")
        result = judge_with_policies(reading, judge)
        return report(request, "jade", reading, result, judge.library)


def scan_with_checkov(request: Request, way: AbstractContextManager[Judge], progress: Progress) -> Report:
    """Let Checkov look, and rank the policies for each of its findings."""
    with way as judge:
        reading = read(request, progress)
        progress(f"Checkov looks at {len(reading.files)} files")
        output, texts = checkov.run(reading.files)
        progress("asking for policies")
        result = foreign.rank(output, texts, "checkov", reading, judge, request.top)
        return report(request, "checkov", reading, result, judge.library)


def read(request: Request, progress: Progress) -> Reading:
    """Find and read all files of a scan."""
    progress("reading")
    return read_all(Walk(request.exclude, request.stdin_name).files(request.paths), request.paths)


def judge_with_policies(reading: Reading, judge: Judge) -> Judged:
    """Judge what was read, without its secrets: no policy can quote what it does not see."""
    documents: list[Mapping[str, Any]] = [redact(manifest.obj) for manifest in reading.manifests]
    inventory = inventory_of(documents, wanted_kinds(judge.library))
    return judged(reading.manifests, judge.judge(documents, inventory), rules_of(judge.library))


def report(request: Request, scanner: str, reading: Reading, result: Judged, library: Library) -> Report:
    """Put together what was read and judged."""
    unread = [Unevaluated(one.path, one.line or None, one.reason) for one in reading.unread]
    unread += [
        Unevaluated(problem.path, problem.line, f"this policy cannot be used: {problem.reason}")
        for problem in library.problems
    ]
    unread += result.unread
    return Report(
        scanner=scanner,
        findings=fingerprinted(result.findings),
        unread=sorted(set(unread), key=lambda one: (one.path, one.line or 0, one.reason)),
        documents=len(reading.manifests),
        skipped=reading.skipped,
        undecided=result.undecided,
        policies=len(library.policies),
        files=sorted(reading.files),
        rules=rules_of(library),
        fail_on=request.fail_on,
    )
