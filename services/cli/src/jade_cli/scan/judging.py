"""What both ways of judging answer, and the findings that follow."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from jade_cli.scan.findings import DEFAULT_SEVERITY, SEVERITIES, Finding, Rule, Unevaluated
from jade_cli.scan.fingerprints import Fingerprints
from jade_policy.library import Library
from jade_policy.manifests import Manifest
from jade_policy.redaction import redact_text
from jade_policy.resources import identity
from jade_policy.verdicts import Verdict

NOTABLE = frozenset({"violated", "unknown"})
"""The verdicts that a report tells of; a judge leaves out the others, which are nine of ten."""

MESSAGES_KEPT = 65_536
"""A third of the 34,836 messages on 2,906 real documents was said before, of the same names in other files."""

redacted = lru_cache(MESSAGES_KEPT)(redact_text)


class Judge(Protocol):
    """Judges documents, here or through the running stack."""

    @property
    def library(self) -> Library:
        """What is judged by; its problems are the policies that cannot be used."""

    def take(self, document: Mapping[str, Any]) -> None:
        """Take the next document, without waiting: what can be said of it alone may be found out at once."""

    def judge(self, inventory: Mapping[str, Any]) -> Iterable[Sequence[Verdict] | str]:
        """For each document that was taken, in order, its notable verdicts, or why there are none."""

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
    manifests: Sequence[Manifest], answers: Iterable[Sequence[Verdict] | str], rules: Mapping[str, Rule]
) -> Judged:
    """The findings of what was judged: one for each message of each policy."""
    result = Judged([], [], 0)
    undecided = 0
    for manifest, answer in zip(manifests, answers, strict=True):
        if isinstance(answer, str):
            result.unread.append(Unevaluated(manifest.path, manifest.line, f"could not be judged: {answer}"))
            continue
        violated = [verdict for verdict in answer if verdict.verdict == "violated"]
        result.findings.extend(findings_of(manifest, violated, rules))
        if len(violated) == len(answer):
            continue
        for verdict in answer:
            if verdict.needs_cluster:
                undecided += 1
            elif verdict.verdict == "unknown":
                result.unread.append(not_evaluated(manifest, verdict))
    return result._replace(undecided=undecided)


def findings_of(manifest: Manifest, violated: Sequence[Verdict], rules: Mapping[str, Rule]) -> list[Finding]:
    """The findings of the violated policies on one document."""
    findings: list[Finding] = []
    resource = identity(manifest.obj)
    fingerprints = Fingerprints(resource, manifest.obj)
    lines: dict[str | None, int] = {None: manifest.line}
    for policy, constraint, _, _, violations, *_ in violated:
        rule = rules.get(policy)
        severity = DEFAULT_SEVERITY if rule is None else rule.severity
        for said, path in violations:
            if path not in lines and path is not None:
                lines[path] = manifest.line_of(path)
            message = redacted(said)
            findings.append(
                Finding(
                    policy,
                    constraint,
                    severity,
                    message,
                    resource,
                    manifest.path,
                    lines[path],
                    path,
                    fingerprint=fingerprints.of("jade", policy, constraint, path, message),
                )
            )
    return findings


def not_evaluated(manifest: Manifest, verdict: Verdict) -> Unevaluated:
    """Says which policy could not be evaluated on which document."""
    policy = verdict.policy_id
    if verdict.constraint not in {None, policy}:
        policy = f"{policy} ({verdict.constraint})"
    reason = redact_text(verdict.reason or "no reason was given")
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
