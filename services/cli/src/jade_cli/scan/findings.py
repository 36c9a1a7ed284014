"""One finding of a scan: what is broken, where, and whether it is new, suppressed or can be fixed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from jade_cli.terminal import counted
from jade_policy.resources import ResourceId

if TYPE_CHECKING:  # what problems are made of takes a while to import, and most scans have none
    from jade_common.events import FindingRanked
    from jade_common.problems import Problem

SEVERITIES = ("critical", "high", "medium", "low", "info")
"""The worst first."""

DEFAULT_SEVERITY = "medium"


class Edit(NamedTuple):
    """Lines of a file to replace: from ``first`` to ``last``, both included, counted from 1.

    ``last`` is ``first - 1`` where nothing is taken away and ``text`` comes before line ``first``. ``text`` ends with a
    line feed unless it is empty.
    """

    path: str
    first: int
    last: int
    text: str

    def as_dict(self) -> dict[str, Any]:
        """As the structured outputs write it."""
        return {"path": self.path, "first": self.first, "last": self.last, "text": self.text}


class Fix(NamedTuple):
    """A change of the scanned files after which the finding is gone."""

    description: str
    edits: tuple[Edit, ...]

    def as_dict(self) -> dict[str, Any]:
        """As the structured outputs write it."""
        return {"description": self.description, "edits": [edit.as_dict() for edit in self.edits]}


class Suppressed(NamedTuple):
    """Why a finding does not count: who said so (``annotation`` or ``jade.yaml``), the reason, the last day."""

    by: str
    reason: str
    until: date

    def as_dict(self) -> dict[str, Any]:
        """As the structured outputs write it."""
        return {"by": self.by, "reason": self.reason, "until": self.until.isoformat()}


class Finding(NamedTuple):
    """One message of one policy (or one rule of another scanner) about one resource.

    A scan makes tens of thousands of them, so it is a tuple: that takes a sixth of the time of a frozen dataclass.

    Attributes:
        policy_id: None where no policy of the library is about what another scanner found.
        path: JSON pointer to the field in the resource, where the policy names one.
        line: of the field, else of the document; from 1.
        rule: of another scanner: tool, rule_id and title.
        policies: for a finding of another scanner, the policies that matter, best first.
        fingerprint: what it is known by from scan to scan.
        new: whether the baseline lacks it; None without a baseline.
        suppressed: why it does not count; None where it does.
        fix: what would mend it, where that is known.
        ranked: what problem it is, until all that are one problem are folded.
        problem: the problem that it stands for, with all who saw it; None where every finding is shown.
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
    new: bool | None = None
    suppressed: Suppressed | None = None
    fix: Fix | None = None
    ranked: "FindingRanked | None" = None
    problem: "Problem | None" = None

    @property
    def name(self) -> str:
        """What is broken: the policy, or the other scanner's rule."""
        return self.policy_id or "" if self.rule is None else self.rule["rule_id"]

    @property
    def names(self) -> Sequence[str]:
        """All that it is called, each once: of a problem, the policy that says the same and every tool's rule."""
        if self.problem is None:
            return (self.name,)
        rules = (rule for found in self.rules.values() for rule in found)
        return tuple(dict.fromkeys((self.name, self.problem.policy or self.name, *rules)))

    @property
    def rules(self) -> Mapping[str, Sequence[str]]:
        """What each tool that saw the problem calls it."""
        if self.problem is None:
            return {}
        return {  # a tool of somebody else may have a colon in its name
            tool: [alias[len(tool) + 1 :] for alias in self.problem.aliases if alias.startswith(f"{tool}:")]
            for tool in self.problem.seen_by
        }

    @property
    def fingerprints(self) -> Sequence[str]:
        """Its own; of a problem, those of all findings of it."""
        return (self.fingerprint,) if self.problem is None else self.problem.findings

    @property
    def seen(self) -> str:
        """Who saw the problem, and what each calls it; "" where every finding is shown.

        As in ``seen by checkov (CKV_K8S_16), jade (deny-privileged)``.
        """
        if self.problem is None:
            return ""
        said = "seen by " + ", ".join(f"{tool} ({', '.join(names)})" for tool, names in self.rules.items())
        if self.problem.resource in {None, str(self.resource)}:
            return said
        return f"{said}, {counted(self.problem.count, 'finding')} about {self.problem.resource}"

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
        if (problem := self.problem) is not None:
            row["problem_id"], row["subject"] = problem.problem_id, problem.resource
            row["seen_by"], row["aliases"] = list(problem.seen_by), list(problem.aliases)
            row["count"], row["fingerprints"] = problem.count, list(problem.findings)
        if self.new is not None:
            row["new"] = self.new
        if self.suppressed is not None:
            row["suppressed"] = self.suppressed.as_dict()
        if self.fix is not None:
            row["fix"] = self.fix.as_dict()
        return row


def place(finding: Finding) -> tuple[Any, ...]:
    """What findings are sorted by."""
    rule = finding.name, finding.constraint or ""
    return finding.source, finding.line, *rule, finding.path or "", finding.message, finding.resource


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
