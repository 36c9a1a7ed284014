"""One scan, from paths to a report: read, judge, sort."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from jade_cli.scan.findings import Report, Unevaluated, fingerprinted
from jade_cli.scan.inventory import inventory_of, wanted_kinds
from jade_cli.scan.judging import Judge, Judged, judged, rules_of
from jade_cli.scan.reading import Reading, read_all
from jade_cli.scan.walking import Walk
from jade_cli.terminal import Progress
from jade_policy.library import Library
from jade_policy.manifests import Manifest
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
    return read_all(files, request.paths, take)


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
