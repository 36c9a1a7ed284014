"""The whole result of a scan, and what it means for whoever waits for a verdict."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from jade_cli.scan.findings import SEVERITIES, Finding, Rule, Unevaluated
from jade_cli.scan.suppressions import Use
from jade_cli.terminal import counted

SCHEMA = "jade.scan/v1"


@dataclass(frozen=True)
class Report:
    """What was found, what could not be looked at, and what the findings are held to.

    Attributes:
        findings: those that count.
        suppressed: those that somebody suppressed.
        suppressions: what was suppressed by whom, what has expired and what is no longer needed.
        documents: how many documents were judged.
        skipped: how many are not for Kubernetes.
        undecided: verdicts that need to know more of the cluster than was given; no failure of the scan.
        files: the files that were read.
        rules: by id, of what can be found.
        seen: how many findings each tool has, where each problem is shown once; None where every finding is shown.
        gone: how many findings of the baseline are no longer there; None without a baseline.
        fail_on_new: whether only what the baseline lacks can fail the scan.
    """

    scanner: str
    findings: Sequence[Finding] = ()
    unread: Sequence[Unevaluated] = ()
    suppressed: Sequence[Finding] = ()
    suppressions: Sequence[Use] = ()
    documents: int = 0
    skipped: int = 0
    undecided: int = 0
    policies: int = 0
    files: Sequence[str] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    seen: Mapping[str, int] | None = None
    gone: int | None = None
    fail_on: str = "low"
    fail_on_new: bool = False

    @cached_property
    def by_severity(self) -> dict[str, int]:
        """How many findings of each severity, the worst first."""
        counts = Counter(finding.severity for finding in self.findings)
        return {severity: counts[severity] for severity in SEVERITIES}

    @cached_property
    def failing(self) -> int:
        """How many findings are at or above the threshold, and new where only these matter."""
        if self.fail_on == "none":
            return 0
        worst = SEVERITIES[: SEVERITIES.index(self.fail_on) + 1]
        counting = (one for one in self.findings if one.new or not self.fail_on_new)
        return sum(finding.severity in worst for finding in counting)

    @cached_property
    def new(self) -> int | None:
        """How many findings the baseline lacks; None without one."""
        return None if self.gone is None else sum(finding.new is True for finding in self.findings)

    @property
    def stale(self) -> list[Use]:
        """The suppressions that have expired or are no longer needed."""
        return [use for use in self.suppressions if use.state != "active"]

    @property
    def verdict(self) -> str:
        """`incomplete`, `failed` or `passed`."""
        if self.unread:
            return "incomplete"
        return "failed" if self.failing else "passed"

    @property
    def folded(self) -> str:
        """How many findings of whom the problems are made of; "" where every finding is shown, or there is none."""
        if not self.seen:
            return ""
        tools = ", ".join(f"{tool} ({count})" for tool, count in self.seen.items())
        shown = counted(len(self.findings) + len(self.suppressed), "problem")
        return f"{counted(sum(self.seen.values()), 'finding')} by {tools}: {shown}"

    def as_dict(self) -> dict[str, Any]:
        """The document of the structured outputs."""
        return {
            "schema": SCHEMA,
            "findings": [finding.as_dict() for finding in self.findings],
            "suppressed": [finding.as_dict() for finding in self.suppressed],
            "unread": [one.as_dict() for one in self.unread],
            "suppressions": [use.as_dict() for use in self.suppressions],
            "summary": self.summary(),
        }

    def summary(self) -> dict[str, Any]:
        """The counts, the threshold and the verdict."""
        row: dict[str, Any] = {
            "scanner": self.scanner,
            "files": len(self.files),
            "documents": self.documents,
            "skipped": self.skipped,
            "policies": self.policies,
            "findings": len(self.findings),
            "by_severity": self.by_severity,
            "suppressed": len(self.suppressed),
            "unread": len(self.unread),
            "undecided": self.undecided,
        }
        if self.seen is not None:
            row["seen"] = dict(self.seen)
        if self.new is not None:
            row["baseline"] = {
                "new": self.new,
                "known": len(self.findings) - self.new,
                "gone": self.gone,
            }
        row["fail_on"] = self.fail_on
        if self.fail_on_new:
            row["fail_on_new"] = True
        return row | {"failing": self.failing, "verdict": self.verdict}
