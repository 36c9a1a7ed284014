"""What both ways of judging answer: one judgement for each policy on each document."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from jade_cli.scan.findings import DEFAULT_SEVERITY, SEVERITIES, Finding, Rule, Unevaluated
from jade_policy.library import Library
from jade_policy.manifests import Manifest
from jade_policy.redaction import redact_text
from jade_policy.resources import identity
from jade_policy.verdicts import Violation

WANTING = ("the constraint selects by labels of Namespace", "needs ")
"""How a reason begins that says only that more of the cluster must be known: no failure, and no finding."""


class Judgement(NamedTuple):
    """What one policy says of one document."""

    policy_id: str
    constraint: str | None
    verdict: str
    violations: tuple[Violation, ...] = ()
    reason: str | None = None


class Judge(Protocol):
    """Judges documents, here or through the running stack."""

    @property
    def library(self) -> Library:
        """What is judged by; its problems are the policies that cannot be used."""

    def take(self, document: Mapping[str, Any]) -> None:
        """Take the next document, without waiting: what can be said of it alone may be found out at once."""

    def judge(self, inventory: Mapping[str, Any]) -> Iterable[Sequence[Judgement] | str]:
        """For each document that was taken, in order, its judgements, or why there are none."""

    def lines(
        self, lines: Sequence[dict[str, Any]], top: int, inventory: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Lines of ``jade rank``, answered; ``inventory`` is that of all of them."""


class Judged(NamedTuple):
    """What came of it."""

    findings: list[Finding]
    unread: list[Unevaluated]
    undecided: int


def judged(
    manifests: Sequence[Manifest], answers: Iterable[Sequence[Judgement] | str], rules: Mapping[str, Rule]
) -> Judged:
    """The findings of what was judged: one for each message of each policy."""
    result = Judged([], [], 0)
    undecided = 0
    for manifest, answer in zip(manifests, answers, strict=True):
        if isinstance(answer, str):
            result.unread.append(Unevaluated(manifest.path, manifest.line, f"could not be judged: {answer}"))
            continue
        for judgement in answer:
            if judgement.verdict == "violated":
                result.findings.extend(findings_of(manifest, judgement, rules))
            elif judgement.verdict == "unknown" and (judgement.reason or "").startswith(WANTING):
                undecided += 1
            elif judgement.verdict == "unknown":
                result.unread.append(not_evaluated(manifest, judgement))
    return result._replace(undecided=undecided)


def findings_of(manifest: Manifest, judgement: Judgement, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """The findings of one violated policy on one document."""
    resource = identity(manifest.obj)
    rule = rules.get(judgement.policy_id)
    for violation in judgement.violations:
        yield Finding(
            policy_id=judgement.policy_id,
            constraint=judgement.constraint,
            severity=rule.severity if rule is not None else DEFAULT_SEVERITY,
            message=redact_text(violation.message),
            resource=resource,
            source=manifest.path,
            line=manifest.line if violation.path is None else manifest.line_of(violation.path),
            path=violation.path,
        )


def not_evaluated(manifest: Manifest, judgement: Judgement) -> Unevaluated:
    """Says which policy could not be evaluated on which document."""
    policy = judgement.policy_id
    if judgement.constraint not in {None, policy}:
        policy = f"{policy} ({judgement.constraint})"
    reason = redact_text(judgement.reason or "no reason was given")
    return Unevaluated(
        manifest.path, manifest.line, f"{policy} could not be evaluated on {identity(manifest.obj)}: {reason}"
    )


def rules_of(library: Library) -> dict[str, Rule]:
    """What outputs say of each policy."""
    return {
        policy.id: Rule(
            policy.id,
            policy.title or policy.id,
            policy.description,
            policy.severity if policy.severity in SEVERITIES else DEFAULT_SEVERITY,
        )
        for policy in library.policies
    }
