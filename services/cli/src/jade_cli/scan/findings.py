"""What a scan reports: findings, with fingerprints that survive moved lines, and what could not be read."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from jade_common.identity import derived_id
from jade_policy.resources import ResourceId

SCHEMA = "jade.scan/v1"
SEVERITIES = ("critical", "high", "medium", "low", "info")
"""The worst first."""

DEFAULT_SEVERITY = "medium"


@dataclass(frozen=True, slots=True)
class Finding:
    """One message of one policy (or one rule of another scanner) about one resource.

    Attributes:
        policy_id: None where no policy of the library is about what another scanner found.
        path: JSON pointer to the field in the resource, where the policy names one.
        line: of the field, else of the document; from 1.
        rule: of another scanner: tool, rule_id and title.
        policies: for a finding of another scanner, the policies that matter, best first.
    """

    policy_id: str | None
    constraint: str | None
    severity: str
    message: str
    resource: ResourceId
    source: str
    line: int
    path: str | None = None
    rule: Mapping[str, str] | None = None
    policies: Sequence[Mapping[str, Any]] | None = None
    fingerprint: str = ""

    @property
    def name(self) -> str:
        """What is broken: the policy, or the other scanner's rule."""
        return self.policy_id or "" if self.rule is None else self.rule["rule_id"]

    @property
    def place(self) -> tuple[Any, ...]:
        """What findings are sorted by."""
        rule = self.name, self.constraint or ""
        return self.source, self.line, *rule, self.resource, self.path or "", self.message

    def as_dict(self) -> dict[str, Any]:
        """The finding as every structured output writes it."""
        identity = self.resource
        row: dict[str, Any] = {"fingerprint": self.fingerprint, "policy_id": self.policy_id}
        if self.constraint is not None:
            row["constraint"] = self.constraint
        row["severity"] = self.severity
        row["message"] = self.message
        row["resource"] = {
            "apiVersion": identity.api_version,
            "kind": identity.kind,
            "namespace": identity.namespace,
            "name": identity.name,
        }
        row["source"] = {"path": self.source, "line": self.line}
        if self.path is not None:
            row["path"] = self.path
        if self.rule is not None:
            row["finding"] = dict(self.rule)
            row["policies"] = [dict(policy) for policy in self.policies or ()]
        return row


class Unevaluated(NamedTuple):
    """Something that could not be read or evaluated; ``line`` is None where all of a file is meant."""

    path: str
    line: int | None
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """As every structured output writes it."""
        row: dict[str, Any] = {"path": self.path}
        if self.line is not None:
            row["line"] = self.line
        row["reason"] = self.reason
        return row

    def __str__(self) -> str:
        """`path:line: reason`, as compilers write it."""
        return (
            f"{self.path}: {self.reason}" if self.line is None else f"{self.path}:{self.line}: {self.reason}"
        )


class Rule(NamedTuple):
    """What outputs say of a policy or rule besides its findings."""

    id: str
    title: str = ""
    description: str = ""
    severity: str = DEFAULT_SEVERITY


@dataclass(frozen=True)
class Report:
    """The whole result of a scan.

    Attributes:
        documents: how many documents were judged.
        skipped: how many are not for Kubernetes.
        undecided: verdicts that need to know more of the cluster than was given; no failure of the scan.
        files: the files that were read.
        rules: by id, of what can be found.
    """

    scanner: str
    findings: Sequence[Finding] = ()
    unread: Sequence[Unevaluated] = ()
    documents: int = 0
    skipped: int = 0
    undecided: int = 0
    policies: int = 0
    files: Sequence[str] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    fail_on: str = "low"

    @property
    def by_severity(self) -> dict[str, int]:
        """How many findings of each severity, the worst first."""
        counts = Counter(finding.severity for finding in self.findings)
        return {severity: counts[severity] for severity in SEVERITIES}

    @property
    def failing(self) -> int:
        """How many findings are at or above the threshold."""
        if self.fail_on == "none":
            return 0
        worst = SEVERITIES[: SEVERITIES.index(self.fail_on) + 1]
        return sum(finding.severity in worst for finding in self.findings)

    @property
    def verdict(self) -> str:
        """`incomplete`, `failed` or `passed`."""
        if self.unread:
            return "incomplete"
        return "failed" if self.failing else "passed"

    def as_dict(self) -> dict[str, Any]:
        """The document of the structured outputs."""
        return {
            "schema": SCHEMA,
            "findings": [finding.as_dict() for finding in self.findings],
            "unread": [one.as_dict() for one in self.unread],
            "summary": {
                "scanner": self.scanner,
                "files": len(self.files),
                "documents": self.documents,
                "skipped": self.skipped,
                "policies": self.policies,
                "findings": len(self.findings),
                "by_severity": self.by_severity,
                "unread": len(self.unread),
                "undecided": self.undecided,
                "fail_on": self.fail_on,
                "failing": self.failing,
                "verdict": self.verdict,
            },
        }


def fingerprinted(findings: Iterable[Finding]) -> list[Finding]:
    """The findings sorted, each with its fingerprint.

    It follows from rule, resource, field and message, not from file or line. Where the same is found again, in another
    file or document that describes the same resource, the second gets a fingerprint of its own.
    """
    seen: Counter[str] = Counter()
    done: list[Finding] = []
    for finding in sorted(findings, key=lambda one: one.place):
        what = derived_id(
            "finding",
            finding.rule["tool"] if finding.rule is not None else "jade",
            finding.name,
            finding.constraint or "",
            *(
                finding.resource.api_version,
                finding.resource.kind,
                finding.resource.namespace,
                finding.resource.name,
            ),
            finding.path or "",
            finding.message,
        )
        seen[what] += 1
        again = seen[what]
        done.append(
            replace(finding, fingerprint=what if again == 1 else derived_id("again", what, str(again)))
        )
    return done
