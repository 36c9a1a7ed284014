"""What ``jade demo`` shows: each resource, what the scanner said of it, and the policies that matter."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from jade_cli.terminal import Paint, one_line
from jade_common.events import FindingRanked, RankedPolicy
from jade_common.problems import problems
from jade_ingest.domain.findings import Identified
from jade_policy.manifests import Manifest
from jade_policy.resources import ResourceId, identity

BEST = 2
"""Policies shown for each finding; five travel on the bus."""


def tables(
    findings: Sequence[Identified],
    ranked: Mapping[str, FindingRanked],
    manifests: Iterable[Manifest],
    paint: Paint,
) -> str:
    """A table for each resource; ``manifests`` say on which lines the fields stand that policies name."""
    known = {(manifest.path, identity(manifest.obj)): manifest for manifest in manifests}
    lines: list[str] = []
    for resource, group in groupby(sorted(findings, key=place), key=resource_of):
        lines.append(paint("bold", one_line(resource)))
        for identified in group:
            lines += rows(identified, ranked.get(identified.id), known, paint)
        lines.append("")
    return "\n".join(lines) + "\n"


def rows(
    identified: Identified,
    ranking: FindingRanked | None,
    known: Mapping[tuple[str, ResourceId], Manifest],
    paint: Paint,
) -> list[str]:
    """One finding and its best policies."""
    finding = identified.finding
    source = finding.source
    where = "" if source is None else f"{source.path}:{source.line or 1}"
    lines = [f"  {finding.rule_id:12}  {one_line(finding.title or '')}  {paint('dim', one_line(where))}"]
    if ranking is None:
        return [*lines, "      not ranked"]
    if ranking.none_applies:
        return [*lines, paint("dim", "      no policy of the library is about it")]
    manifest = None
    if source is not None and finding.resource is not None:
        manifest = known.get((source.path, identity(finding.resource)))
    for policy in ranking.policies[:BEST]:
        lines += policy_rows(policy, manifest, paint)
    return lines


def policy_rows(policy: RankedPolicy, manifest: Manifest | None, paint: Paint) -> list[str]:
    """One policy: verdict, message and the line that it is about, and why it stands here."""
    verdict = paint("high" if policy.verdict == "violated" else "dim", policy.verdict)
    said = f": {one_line(policy.message)}" if policy.message else ""
    if manifest is not None and policy.path is not None:
        said += f"  {one_line(manifest.path)}:{manifest.line_of(policy.path)}"
    reasons = "; ".join(policy.reasons)
    return [
        f"      {policy.id}  {verdict}{said}",
        paint("dim", f"          {policy.score:.2f}  {one_line(reasons)}"),
    ]


def summary(findings: Sequence[Identified], ranked: Mapping[str, FindingRanked]) -> str:
    """What it came to, in a few lines."""
    resources = {resource_of(one) for one in findings}
    found = problems(ranked.values())
    none = sum(one.none_applies for one in ranked.values())
    violated = Counter(
        policy.id
        for one in ranked.values()
        if not one.none_applies
        for policy in one.policies[:1]
        if policy.verdict == "violated"
    )
    counts = f"{len(findings)} findings on {len(resources)} resources are {len(found)} problems"
    lines = [f"{counts}; no policy is about {none} of the findings"]
    if violated:
        lines.append(
            "violated most: " + ", ".join(f"{name} ({count})" for name, count in violated.most_common(5))
        )
    return "\n".join(lines) + "\n"


def resource_of(one: Identified) -> str:
    """The resource's name, for people."""
    finding = one.finding
    return str(identity(finding.resource)) if finding.resource is not None else finding.resource_ref or "?"


def place(one: Identified) -> tuple[str, str, int, str]:
    """What findings are sorted by: resource, then where they stand."""
    source = one.finding.source
    line = (source.line or 0) if source is not None else 0
    return resource_of(one), source.path if source is not None else "", line, one.finding.rule_id
