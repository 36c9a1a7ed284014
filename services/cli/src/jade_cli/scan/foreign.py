"""The findings of another scanner, each with the policies that matter for it."""

from collections.abc import Mapping, Sequence
from typing import Any

from jade_cli.scan.findings import DEFAULT_SEVERITY, Finding, Unevaluated
from jade_cli.scan.fingerprints import Fingerprints
from jade_cli.scan.judging import Judge, Judged, rules_of
from jade_cli.scan.reading import Reading
from jade_common.events import ReportFile, ScanFinding, ScanReport
from jade_ingest.domain.findings import findings_of
from jade_policy.inventory import inventory_of, wanted_kinds
from jade_policy.pointers import unescape
from jade_policy.redaction import redact
from jade_policy.resources import ResourceId, identity

TOP = 5


def rank(
    report: str, texts: Mapping[str, str], format_: str, reading: Reading, judge: Judge, top: int = TOP
) -> Judged:
    """Read a scanner's report as ingest does, and ask for the policies of each of its findings.

    Args:
        report: What the scanner wrote.
        texts: The files that it is about.
        format_: Of the report.
        reading: The same files, for what policies must see of the cluster.
        judge: Who answers.
        top: Policies for each finding; 0 for all.
    """
    files = tuple(ReportFile(path=path, content=text) for path, text in texts.items())
    ingested = findings_of(ScanReport(format=format_, content=report, files=files))
    unread = [Unevaluated(reject.where, None, reject.reason) for reject in ingested.rejects]
    inventory = inventory_of(
        [redact(manifest.obj) for manifest in reading.manifests], wanted_kinds(judge.library)
    )
    lines = [line_of(one.id, one.finding) for one in ingested.findings]
    answers = judge.lines(lines, top, inventory)
    severities = {name: rule.severity for name, rule in rules_of(judge.library).items()}
    findings: list[Finding] = []
    for one, answer in zip(ingested.findings, answers, strict=True):
        if "error" in answer:
            unread.append(unranked(one.finding, str(answer["error"])))
            answer = {"policies": [], "none_applies": True}  # noqa: PLW2901  # the finding itself stands
        findings.append(finding_of(one.finding, answer, severities))
    return Judged(findings, unread, 0)


def line_of(identity_: str, finding: ScanFinding) -> dict[str, Any]:
    """The question about a finding."""
    words = {
        "tool": finding.tool,
        "rule_id": finding.rule_id,
        "title": finding.title,
        "message": finding.message,
    }
    line: dict[str, Any] = {"id": identity_, "finding": {key: word for key, word in words.items() if word}}
    if finding.resource is not None:
        line["resource"] = finding.resource
    return line


def finding_of(finding: ScanFinding, answer: Mapping[str, Any], severities: Mapping[str, str]) -> Finding:
    """The finding with its policies; the best is named only where one is about what the scanner found."""
    policies: Sequence[Mapping[str, Any]] = answer["policies"]
    best = policies[0] if policies and not answer["none_applies"] else None
    title = finding.title or finding.rule_id
    message = f"{title}: {finding.message}" if finding.message else title
    resource, path = resource_of(finding), field_of(finding)
    known_by = Fingerprints(resource, finding.resource).of(finding.tool, finding.rule_id, None, path, message)
    return Finding(
        policy_id=None if best is None else best["id"],
        constraint=None if best is None else best.get("constraint"),
        severity=finding.severity or (severities.get(best["id"]) if best else None) or DEFAULT_SEVERITY,
        message=message,
        resource=resource,
        source=finding.source.path if finding.source is not None else "",
        line=(finding.source.line if finding.source is not None else None) or 1,
        path=path,
        rule={"tool": finding.tool, "rule_id": finding.rule_id, "title": title},
        policies=policies,
        fingerprint=known_by,
    )


def field_of(finding: ScanFinding) -> str | None:
    """The field that the scanner looked at; its own notes (Checkov's ``resource_type``) are no fields."""
    first = (finding.path or "").removeprefix("/").partition("/")[0]
    return finding.path if finding.resource is not None and unescape(first) in finding.resource else None


def resource_of(finding: ScanFinding) -> ResourceId:
    """The resource, or what the scanner says of it."""
    if finding.resource is not None:
        return identity(finding.resource)
    if (named := finding.resource_identity) is not None:
        return ResourceId(named.api_version or "", named.kind or "", named.namespace or "", named.name or "")
    kind, namespace, name = ([*(finding.resource_ref or "").split(".", 2), "", ""])[:3]
    return ResourceId("", kind, namespace, name)


def unranked(finding: ScanFinding, error: str) -> Unevaluated:
    """Says for which finding no policy could be asked."""
    source = finding.source
    reason = f"no policies for {finding.rule_id} on {resource_of(finding)}: {error}"
    return Unevaluated(source.path if source else "", source.line if source else None, reason)
