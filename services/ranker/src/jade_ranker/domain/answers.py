"""What a ranking looks like outside: a line of ``jade rank``, and the event on the bus."""

from collections.abc import Mapping, Sequence
from typing import Any

from jade_common.identity import derived_id
from jade_policy.verdicts import Verdict
from jade_ranker.domain.learned import BY_MEANING
from jade_ranker.domain.problems import Identity
from jade_ranker.domain.ranking import Ranked, Ranking

TOP = 5


Seen = dict[str, Any]
"""What a report needs to show a problem once, as ``SeenProblem`` has it; what is not there is left out."""


def line_of(identity: Any, ranking: Ranking, problem: tuple[str, Seen] | None = None) -> dict[str, Any]:
    """The line out; ``problem`` is that of its finding, by its id."""
    line = {
        "id": identity,
        "policies": [policy_of(one) for one in ranking.policies],
        "none_applies": ranking.none_applies,
        "model": ranking.model,
    }
    if problem is not None:
        line["problem_id"] = problem[0]
        line["problem"] = {key: value for key, value in problem[1].items() if value}
    return line


def policy_of(ranked: Ranked) -> dict[str, Any]:
    """One policy of a line; what is not there is left out."""
    verdict = ranked.verdict
    row: dict[str, Any] = {"id": verdict.policy_id}
    if verdict.constraint is not None:
        row["constraint"] = verdict.constraint
    row["score"] = ranked.score
    if ranked.probability is not None:
        row["probability"] = ranked.probability
    row["verdict"] = verdict.verdict
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
    if ranked.features:
        row["features"] = [
            {
                "feature": one.feature,
                "value": round(one.value, 4),
                "weight": round(one.weight, 4),
                "added": round(one.added, 4),
            }
            for one in ranked.features
        ]
    return row


def message_of(verdict: Verdict) -> str | None:
    """What the policy says of the resource, or why it says nothing."""
    return verdict.violations[0].message if verdict.violations else verdict.reason


def event_of(
    finding_id: str, seen: Seen, problem_id: str, ranking: Ranking, library: str, engine: str
) -> tuple[str, dict[str, Any]]:
    """The event, as ``FindingRanked`` has it, and its id, which follows from the finding, the model and the library.

    When a finding is delivered again, its meaning may be known that was not at first: it is answered once all the same.

    The event is plain rows, not a model: to make one takes as long as to rank.

    Args:
        finding_id: ``ce-id`` of the finding.
        seen: Who saw the problem, see :func:`seen_of`.
        problem_id: Which problem it is.
        ranking: All policies, best first.
        library: Digest of the policies.
        engine: Version of what judged.
    """
    event = {
        "finding_id": finding_id,
        "problem_id": problem_id,
        "problem": seen,
        "policies": [ranked_policy(one) for one in ranking.policies],
        "none_applies": ranking.none_applies,
        "model": ranking.model,
        "library": library,
        "engine": engine,
    }
    model = ranking.model.removesuffix(BY_MEANING)
    return derived_id("finding.ranked", finding_id, model, library), event


def seen_of(tool: str, rule_id: str, aliases: Sequence[str], identity: Identity) -> Seen:
    """What a report needs to show a problem once, with all who saw it."""
    seen: Seen = {"tool": tool, "rule_id": rule_id, "rule_aliases": list(aliases)}
    if identity.subject is not None:
        seen["subject"] = identity.subject
    if identity.policy is not None:
        seen["policy"] = identity.policy
    if identity.path:
        seen["path"] = identity.path
    return seen


def ranked_policy(ranked: Ranked) -> dict[str, Any]:
    """One policy of the event; what is not there is left out."""
    verdict, score, reasons, probability, _ = ranked
    row: dict[str, Any] = {"id": verdict.policy_id}
    if verdict.constraint is not None:
        row["constraint"] = verdict.constraint
    row["score"] = score
    if probability is not None:
        row["probability"] = probability
    row["verdict"] = verdict.verdict
    if verdict.via is not None:
        row["via"] = verdict.via
    if (message := message_of(verdict)) is not None:
        row["message"] = message
    for one in verdict.violations:  # its path, which as a property takes as long as all of this
        if one.path is not None:
            row["path"] = one.path
            break
    row["reasons"] = reasons
    return row


def error_of(line: Mapping[str, Any] | Any, why: str) -> dict[str, Any]:
    """The line out for a line that cannot be answered."""
    return {"id": line.get("id") if isinstance(line, Mapping) else None, "error": why}
