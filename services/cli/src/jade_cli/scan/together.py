"""A scan that takes in what other scanners wrote: Jade's findings and theirs, each problem once."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from jade_cli.rank.answering import answering, locating_of
from jade_cli.scan import foreign, problems
from jade_cli.scan.findings import Finding, Unevaluated
from jade_cli.scan.heard import Heard, hear
from jade_cli.scan.judging import Judged, judged, rules_of
from jade_cli.scan.offline import Offline
from jade_cli.scan.reading import Reading
from jade_cli.scan.report import Report
from jade_cli.scan.scanning import Request, read, report
from jade_cli.terminal import Progress
from jade_common.events import FindingRanked, RankedPolicy
from jade_policy.inventory import inventory_of, wanted_kinds
from jade_policy.manifests import Manifest
from jade_policy.opa import Engine
from jade_policy.redaction import redact
from jade_policy.verdicts import Verdict


class Own(NamedTuple):
    """What Jade's policies say: the findings, and the verdicts that they follow from, in their order."""

    judged: Judged
    violated: Sequence[tuple[Mapping[str, Any], Verdict]]


ROWS_KEPT = 50_000
"""A report of 60,000 findings takes 0.8 GB in all, and 100 MB more where each has its own."""

NOBODY = Own(Judged([], [], 0), ())


def scan_with_reports(request: Request, scanner: str, way: Offline, progress: Progress) -> Report:
    """Scan, read the reports, and tell which findings are one problem.

    Args:
        request: With the reports.
        scanner: Who looks now: ``jade``, ``checkov``, or ``none``.
        way: The engine, which also says what a finding of somebody else means.
        progress: Told what happens.
    """
    checked = None
    with way as judge:
        if scanner == "jade":
            reading, own = judged_here(request, judge, progress)
        else:
            reading, own = read(request, progress), NOBODY
        if scanner == "checkov":
            from jade_cli.scan import checkov  # noqa: PLC0415  # only where it is run

            progress(f"Checkov looks at {len(reading.files)} files")
            checked = checkov.run(reading.files)
        progress("reading reports")
        heard = hear(request.reports, reading.files, checked)
        progress(f"asking about {len(heard.findings)} findings")
        findings, unread = asyncio.run(identified(judge.engine, own, heard, request.top))
        result = Judged(findings, [*own.judged.unread, *heard.unread, *unread], own.judged.undecided)
        seen = Counter({problems.TOOL: len(own.judged.findings)} if scanner == "jade" else {}) + heard.tools
        return report(request, scanner, reading, result, judge.library, seen=dict(sorted(seen.items())))


def judged_here(request: Request, judge: Offline, progress: Progress) -> tuple[Reading, Own]:
    """Read the files, and judge them by the policies."""
    documents: list[Mapping[str, Any]] = []

    def take(manifest: Manifest) -> None:
        documents.append(redact(manifest.obj))
        judge.take(documents[-1])

    reading = read(request, progress, take)
    progress(f"judging {len(documents)} documents")
    answers = list(judge.judge(inventory_of(documents, wanted_kinds(judge.library))))
    violated = [
        (document, verdict)
        for document, answer in zip(documents, answers, strict=True)
        if not isinstance(answer, str)
        for verdict in answer
        if verdict.verdict == "violated"
    ]
    return reading, Own(judged(reading.manifests, answers, rules_of(judge.library)), violated)


async def identified(
    engine: Engine, own: Own, heard: Heard, top: int
) -> tuple[list[Finding], list[Unevaluated]]:
    """All findings, each with what problem it is; and those for which no policy could be asked."""
    locating = locating_of(engine)
    ours = await problems.of_our_own(locating, engine.library, own.violated)
    rankings = await problems.ranked(answering(engine, locating, semantic=False), heard.findings)
    findings = [finding._replace(ranked=one) for finding, one in zip(own.judged.findings, ours, strict=True)]
    severities = {name: rule.severity for name, rule in rules_of(engine.library).items()}
    unread: list[Unevaluated] = []
    for identity, finding in heard.findings.items():
        one = rankings[identity]
        if isinstance(one, str):
            unread.append(foreign.unranked(finding, one))
            found = foreign.finding_of(finding, {"policies": [], "none_applies": True}, severities)
        else:
            found = foreign.finding_of(finding, answer_of(one, top), severities)._replace(ranked=one)
            says_the_same = None if one.problem is None else one.problem.policy
            if says_the_same not in {None, found.policy_id}:
                found = found._replace(policy_id=says_the_same, constraint=None)
        # A report may name no file: it is then all that can be pointed to.
        findings.append(found if found.source else found._replace(source=heard.places[identity]))
    return findings, unread


def answer_of(ranked: FindingRanked, top: int) -> dict[str, Any]:
    """A ranking as ``jade rank`` answers it; the event has five policies at most."""
    policies = ranked.policies[:top] if top else ranked.policies
    return {
        "policies": list(map(row_of, policies)),
        "none_applies": ranked.none_applies,
    }


@lru_cache(ROWS_KEPT)
def row_of(policy: RankedPolicy) -> Mapping[str, Any]:
    """A policy of an answer; the findings of one rule on one resource share theirs."""
    return policy.model_dump(mode="json", exclude_none=True)
