"""Findings of several scanners as problems: each is shown once, with all who saw it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import orjson
from nats.aio.msg import Msg

from jade_cli.scan.findings import SEVERITIES, Finding, place
from jade_common.cloudevents import Attributes
from jade_common.delivery import Received
from jade_common.errors import JadeError
from jade_common.events import FindingRanked, RankedPolicy, ScanFinding, SeenProblem
from jade_common.problems import problems
from jade_common.publishing import encode
from jade_policy.library import Library
from jade_policy.resources import identity
from jade_policy.verdicts import Review, Verdict
from jade_ranker.adapters.answering import Answering
from jade_ranker.adapters.locating import Locating
from jade_ranker.domain.answers import seen_of
from jade_ranker.domain.meaning import namespace_wide
from jade_ranker.domain.problems import of_violation

TOOL = "jade"
AT_A_TIME = 500
"""Findings that are ranked together: those of one resource stand near each other in a report."""


async def ranked(answering: Answering, findings: Mapping[str, ScanFinding]) -> dict[str, FindingRanked | str]:
    """What the ranker says of each finding, as on the bus; or why it says nothing."""
    done: dict[str, FindingRanked | str] = {}
    items = list(findings.items())
    for start in range(0, len(items), AT_A_TIME):
        part = items[start : start + AT_A_TIME]
        # The handler's message is for acks alone: there is nothing to ack here.
        received = [
            Received(finding, Attributes(one, "", "", one), cast("Msg", None)) for one, finding in part
        ]
        # Which problem a finding is does not hang on what its words mean; to find that out takes ten times as long.
        outcomes = await answering.findings(received, looking="never")
        for (one, _), outcome in zip(part, outcomes, strict=True):
            if isinstance(outcome, JadeError):
                done[one] = str(outcome)
            else:
                done[one] = model_of(encode(outcome[0].event))
    return done


def model_of(written: bytes) -> FindingRanked:
    """The model of an answer that was made here, so that nothing in it is checked again."""
    row = orjson.loads(written)
    row["problem"] = SeenProblem.model_construct(**row["problem"])
    row["policies"] = tuple(
        RankedPolicy.model_construct(**one | {"reasons": tuple(one["reasons"])}) for one in row["policies"]
    )
    return FindingRanked.model_construct(**row)


async def of_our_own(
    locating: Locating, library: Library, judged: Sequence[tuple[Mapping[str, Any], Verdict]]
) -> list[FindingRanked]:
    """The problem of each violation, in order.

    Args:
        locating: Finds the field where a policy names none.
        library: The policies that judged.
        judged: Documents without their secrets, each with a verdict of a policy that it violates.
    """
    wide = frozenset(policy.id for policy in library.policies if namespace_wide(policy))
    unplaced = [
        number
        for number, (_, verdict) in enumerate(judged)
        if verdict.policy_id not in wide and any(one.path is None for one in verdict.violations)
    ]
    asked = [(Review(judged[number][0]), judged[number][1]) for number in unplaced]
    found = dict(zip(unplaced, await locating.of(asked), strict=True)) if asked else {}
    return [
        one
        for number, (obj, verdict) in enumerate(judged)
        for one in violations(obj, found.get(number, verdict), wide=verdict.policy_id in wide)
    ]


def violations(obj: Mapping[str, Any], verdict: Verdict, *, wide: bool) -> Iterator[FindingRanked]:
    """The problem of each violation of one verdict."""
    resource, policy = identity(dict(obj)), verdict.policy_id
    for one in verdict.violations:
        problem = of_violation(resource, obj, policy, one.path or "", namespace_wide=wide)
        seen = SeenProblem.model_construct(**seen_of(TOOL, policy, (), problem))
        yield ranking_of(problem.problem_id, seen)


def ranking_of(problem_id: str, seen: SeenProblem | None) -> FindingRanked:
    """As much of a ranking as it takes to fold problems."""
    return FindingRanked.model_construct(
        finding_id="", problem_id=problem_id, problem=seen, policies=(), none_applies=False, model=""
    )


def named(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, each with the problem that it is of, whatever order they come in."""
    rankings = [ranking(finding) for finding in findings]
    known = {problem.problem_id: problem for problem in problems(rankings)}
    return [
        finding._replace(problem=known[one.problem_id])
        for finding, one in zip(findings, rankings, strict=True)
    ]


def ranking(finding: Finding) -> FindingRanked:
    """What problem a finding is, under its fingerprint; one that could not be ranked is its own."""
    one = finding.ranked or ranking_of(finding.fingerprint, None)
    return one.model_copy(update={"finding_id": finding.fingerprint})


def folded(findings: Sequence[Finding]) -> list[Finding]:
    """Each problem once.

    Shown is what Jade says of it, else what the first of the others says; the severity is the worst of all.
    """
    members: dict[str, list[Finding]] = {}
    for finding in named(findings):
        if finding.problem is not None:
            members.setdefault(finding.problem.problem_id, []).append(finding)
    done: list[Finding] = []
    for found in members.values():
        lead = min(found, key=lambda one: (one.rule is not None, place(one)))
        worst = min((one.severity for one in found), key=SEVERITIES.index)
        done.append(lead._replace(severity=worst, ranked=None))
    return sorted(done, key=place)
