"""What a ranking looks like outside: a line of ``jade rank``, and the event on the bus."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from jade_common.events import FindingRanked, RankedPolicy
from jade_common.identity import derived_id
from jade_policy.verdicts import Verdict
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.ranking import MODEL, Ranked, Ranking

TOP = 5


def line_of(identity: Any, ranking: Ranking, top: int) -> dict[str, Any]:
    """The line out: the best ``top`` policies, all for 0."""
    return {
        "id": identity,
        "policies": [policy_of(one) for one in ranking.best(top)],
        "none_applies": ranking.none_applies,
    }


def policy_of(ranked: Ranked) -> dict[str, Any]:
    """One policy of a line; what is not there is left out."""
    verdict = ranked.verdict
    row: dict[str, Any] = {"id": verdict.policy_id}
    if verdict.constraint is not None:
        row["constraint"] = verdict.constraint
    row |= {"score": ranked.score, "verdict": verdict.verdict}
    if verdict.via is not None:
        row["via"] = verdict.via
    if message := message_of(verdict):
        row["message"] = message
    if verdict.needs_cluster:
        row["needs_cluster"] = True
    if verdict.path is not None:
        row["path"] = verdict.path
    if len(verdict.violations) > 1:
        row["violations"] = [
            {"message": one.message} if one.path is None else {"message": one.message, "path": one.path}
            for one in verdict.violations
        ]
    if ranked.reasons:
        row["reasons"] = list(ranked.reasons)
    return row


def message_of(verdict: Verdict) -> str | None:
    """What the policy says of the resource, or why it says nothing."""
    return verdict.violations[0].message if verdict.violations else verdict.reason


def event_of(
    finding_id: str,
    finding: Finding | None,
    resource: str | None,
    path: str | None,
    ranking: Ranking,
    library: str,
    engine: str,
) -> tuple[str, FindingRanked]:
    """The event on the bus and its id, which follows from the finding, the model and the library.

    Args:
        finding_id: ``ce-id`` of the finding.
        finding: Its words.
        resource: What it is about.
        path: The field it names.
        ranking: All policies, best first.
        library: Digest of the policies.
        engine: Version of what judged.
    """
    best = ranking.best(TOP)
    event = FindingRanked.model_construct(  # of parts that are valid: checking them again takes longer than ranking
        finding_id=finding_id,
        problem_id=problem_id(finding_id, finding, resource, path, best, none_applies=ranking.none_applies),
        policies=tuple(map(ranked_policy, best)),
        none_applies=ranking.none_applies,
        model=MODEL,
        library=library,
        engine=engine,
    )
    return derived_id("finding.ranked", finding_id, MODEL, library), event


@lru_cache(maxsize=50_000)  # most findings of a resource share most of its policies' rows
def ranked_policy(ranked: Ranked) -> RankedPolicy:
    """One policy of the event."""
    verdict = ranked.verdict
    return RankedPolicy.model_construct(
        id=verdict.policy_id,
        constraint=verdict.constraint,
        score=ranked.score,
        verdict=verdict.verdict,
        via=verdict.via,
        message=message_of(verdict),
        path=verdict.path,
        reasons=ranked.reasons,
    )


def problem_id(
    finding_id: str,
    finding: Finding | None,
    resource: str | None,
    path: str | None,
    best: Sequence[Ranked],
    *,
    none_applies: bool,
) -> str:
    """The id of the problem, the same whoever sees it: resource, policy and field path.

    Where no policy of the library says the same, it is resource, path and the rule's text; without a resource
    nothing tells one problem from another, and each finding is its own.
    """
    if resource is None:
        return derived_id("problem", finding_id)
    if best and not none_applies:
        verdict = best[0].verdict
        return derived_id("problem", resource, verdict.policy_id, verdict.path or path or "")
    rule = "" if finding is None else f"{finding.title or finding.rule_id}"
    return derived_id("problem", resource, "rule", rule, path or "")


def error_of(line: Mapping[str, Any] | Any, why: str) -> dict[str, Any]:
    """The line out for a line that cannot be answered."""
    return {"id": line.get("id") if isinstance(line, Mapping) else None, "error": why}
