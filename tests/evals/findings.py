"""The findings of the real reports in ../shared, as ingest makes them, with the documents they are about."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from scanner_rules import S4, S8, SHARED

from jade_common.events import ReportFile, ScanFinding, ScanReport
from jade_ingest.domain.findings import findings_of
from jade_policy.manifests import Manifest, read_manifests

REPORTS: tuple[tuple[str, str, Sequence[str]], ...] = (
    ("checkov", "checkov/object-quiet-compact.json", S4),
    ("kube-linter", "kube-linter/all-checks.json", S4),
    ("kube-score", "kube-score/kube-score.json", S4),
    ("polaris", "polaris/audit-failed-only.json", S4),
    ("kubescape", "kubescape/scan-v2.json", S4),
    ("trivy", "trivy/config.json", S4),
    ("gatekeeper", "gator/test.json", S4),
)
"""One report of each tool about the same 82 documents."""
LARGE = ("kube-linter", "kube-linter/default.json", S8)


class Reported(NamedTuple):
    """A finding with what the report says of its place."""

    id: str
    finding: ScanFinding
    manifest: Manifest | None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it names, those of its fixes included."""
        fixes = [fix.path for fix in self.finding.fixes]
        return tuple(dict.fromkeys(path for path in [self.finding.path, *fixes] if path))

    @property
    def lines(self) -> tuple[int, int] | None:
        """The lines of its document that it names."""
        source = self.finding.source
        return (
            None if source is None or source.line is None else (source.line, source.end_line or source.line)
        )


def reported(tools: Collection[str]) -> Iterator[Reported]:
    """All findings of the tools' reports."""
    for tool, name, files in REPORTS:
        if tool in tools:
            yield from of_report(name, files)


def of_report(name: str, files: Sequence[str]) -> Iterator[Reported]:
    """All findings of one report about the documents of ``files``."""
    texts = {
        f"manifests/{one}.yaml": (SHARED / "manifests" / f"{one}.yaml").read_text("utf-8") for one in files
    }
    known = {
        (path, one.line): one
        for path, text in texts.items()
        for one in read_manifests(text.encode(), path)
        if isinstance(one, Manifest)
    }
    starts = {path: sorted(line for at, line in known if at == path) for path in texts}
    report = ScanReport(
        content=(SHARED / "reports" / name).read_text("utf-8"),
        files=tuple(ReportFile(path=path, content=text) for path, text in texts.items()),
    )
    for identity, finding in findings_of(report).findings:
        source = finding.source
        manifest = None
        if source is not None and source.line is not None and source.path in starts:
            line = max((one for one in starts[source.path] if one <= source.line), default=None)
            manifest = None if line is None else known[source.path, line]
        yield Reported(identity, finding, manifest)
