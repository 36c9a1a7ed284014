"""Rows of other tools' own tests, and findings of real reports, each with the policies of ours that it is about.

A labelled row is a resource on which a rule of kube-linter, kube-score or datree is known to fail. Its twin is the
nearest resource of the same rule and kind on which the rule is known to pass; the policies that are violated by the
one and not by the other are what the rule is about. Nothing here was matched by hand.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval_coverage import violations
from findings import LARGE, REPORTS, of_report
from measures import Counts
from scanner_rules import SHARED, Documents, Outcome, read_reports

from jade_common.tools import find
from jade_policy.inventory import inventory_of
from jade_policy.library import own_library
from jade_policy.opa import Engine
from jade_policy.verdicts import Review, Verdict

LABELLED = SHARED / "labelled"
NAMES = {"gator": "gatekeeper"}
"""Folders of reports whose findings ingest calls by another tool's name."""

CERTAIN_AGREEMENT, CERTAIN_MCC = 0.9, 0.8
"""From where on a policy that gives a rule's verdicts is taken for what the rule is about."""

CERTAIN_DOCUMENTS = 3
"""As many documents must fail, and as many pass: of 113 policies one agrees on a single document by chance."""

CERTAIN_POLICIES = 3
"""More agree where documents are alike: who sets no CPU limit sets no memory limit and runs as root."""

NONE_MCC = 0.3
"""Below it, for all policies, a rule is about something that no policy is about."""


@dataclass(frozen=True)
class Case:
    """A resource on which another tool's rule fails.

    Attributes:
        rule_id: as the tool's reports spell it.
        message: what the tool says of the finding; empty where the row has none.
        twin: the nearest resource of the same rule and kind on which it passes; None where there is none.
        inventory: Gatekeeper's inventory of the documents beside the failing resource, itself among them.
        twin_inventory: the same beside the twin; it may be all that differs.
        gold: the policies that are violated by the resource and not by its twin, though they look at both. Empty
            where none is, and where there is no twin: the latter says nothing.
        violated: the policies that the failing resource violates.
        verdicts: on the failing resource, one of each constraint, in the library's order.
        twin_verdicts: the same on the twin; empty where there is none.
    """

    tool: str
    rule_id: str
    title: str
    message: str
    remediation: str
    resource: Mapping[str, Any]
    twin: Mapping[str, Any] | None
    inventory: Mapping[str, Any]
    twin_inventory: Mapping[str, Any] | None
    gold: frozenset[str]
    violated: frozenset[str]
    verdicts: Sequence[Verdict]
    twin_verdicts: Sequence[Verdict]


@dataclass(frozen=True)
class ReportCase:
    """A finding of a real report, whose rule some policies agree with on nearly all documents, or none at all.

    Attributes:
        gold: the policies that agree with the rule and are violated by the resource; empty where none agrees.
        certain: whether `gold` is what the rule is about: not where so many policies agree that most do by chance.
            False, with an empty `gold`, for the candidates of "none applies".
        best_mcc: of the policy that agrees best, whatever the resource.
    """

    tool: str
    rule_id: str
    title: str
    message: str
    remediation: str
    resource: Mapping[str, Any]
    gold: frozenset[str]
    violated: frozenset[str]
    verdicts: Sequence[Verdict]
    certain: bool
    best_mcc: float


@dataclass(frozen=True)
class _Row:
    """A line of ../shared/labelled."""

    tool: str
    rule: str
    failing: bool
    resource: Mapping[str, Any]
    others: tuple[Mapping[str, Any], ...]
    title: str
    message: str
    remediation: str

    @property
    def kind(self) -> tuple[str, str, str]:
        return self.tool, self.rule, str(self.resource.get("kind"))

    @property
    def inventory(self) -> dict[str, Any]:
        return inventory_of([*self.others, self.resource], None)


def labelled_cases() -> list[Case]:
    """All rows on which a rule fails, in the order of the files.

    Raises:
        FileNotFoundError: ../shared/labelled is not here.
    """
    rows = [row for path in sorted(LABELLED.glob("*_triples.jsonl")) for row in _rows(path)]
    if not rows:
        raise FileNotFoundError(f"{LABELLED} is not here; labelled cases are made of it")
    inventories = [row.inventory for row in rows]
    reviews = [Review(row.resource, inventory=one) for row, one in zip(rows, inventories, strict=True)]
    with Engine(own_library(), opa=find("opa").path) as engine:
        verdicts = engine.judge(reviews)
    passing: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if not row.failing:
            passing[row.kind].append(number)
    cases = []
    for number, row in enumerate(rows):
        if row.failing:
            distances = [(_distance(row, rows[at]), at) for at in passing[row.kind]]
            twin = min(distances)[1] if distances else None
            cases.append(
                Case(
                    row.tool,
                    row.rule,
                    row.title,
                    row.message,
                    row.remediation,
                    row.resource,
                    None if twin is None else rows[twin].resource,
                    inventories[number],
                    None if twin is None else inventories[twin],
                    frozenset() if twin is None else flips(verdicts[number], verdicts[twin]),
                    violated(verdicts[number]),
                    verdicts[number],
                    () if twin is None else verdicts[twin],
                )
            )
    return cases


def violated(verdicts: Sequence[Verdict]) -> frozenset[str]:
    """The policies that are violated."""
    return frozenset(one.policy_id for one in verdicts if one.verdict == "violated")


def flips(failing: Sequence[Verdict], passing: Sequence[Verdict]) -> frozenset[str]:
    """The policies violated by one and passed by the other; what does not apply to either is no flip."""
    return violated(failing) & frozenset(one.policy_id for one in passing if one.verdict == "passed")


def _rows(path: Path) -> Iterator[_Row]:
    documents = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    beside: dict[str, list[Any]] = defaultdict(list)
    for row in documents:
        # Where a row does not bring what stood beside it, the other rows of its file are what is known of that.
        if row["resource"] not in beside[row["path"]]:
            beside[row["path"]].append(row["resource"])
    for row in documents:
        others = row["other_docs"] if "other_docs" in row else beside[row["path"]]
        yield _Row(
            tool=row["source"],
            rule=_rule_id(row),
            failing=row["expected"] == "deny",
            resource=row["resource"],
            others=tuple(one for one in others if one != row["resource"]),
            title=row["title"],
            message=row.get("message") or "",
            remediation=row.get("remediation") or "",
        )


def _rule_id(row: Mapping[str, Any]) -> str:
    """The rule as the tool's reports spell it: datree has a unique name, kube-score makes an id of the name."""
    if row["source"] == "kube-score":
        return str(row["policy_id"]).lower().replace(" ", "-")
    return str(row.get("unique_name") or row["policy_id"])


def _distance(one: _Row, other: _Row) -> int:
    """In how many values two resources differ, and what stands beside them."""
    return len(_leaves([one.resource, *one.others]) ^ _leaves([other.resource, *other.others]))


def _leaves(value: Any, at: str = "") -> frozenset[tuple[str, str]]:
    inside: list[tuple[str, Any]] = []
    if isinstance(value, Mapping):
        inside = [(str(key), one) for key, one in value.items()]
    elif isinstance(value, list):
        inside = [(str(key), one) for key, one in enumerate(value)]
    if not inside:
        return frozenset({(at, json.dumps(value, sort_keys=True))})
    return frozenset().union(*(_leaves(one, f"{at}/{key}") for key, one in inside))


def report_cases(per_rule: int = 3) -> list[ReportCase]:
    """Findings of rules that a policy agrees with, and of rules that none does; what lies between is left out.

    Args:
        per_rule: How many documents of each rule: of those that it fails the first, the middle, the last and so
            on, each by its first finding.
    """
    files = [LARGE, *REPORTS]  # of two reports of a rule the larger comes first
    cases: list[ReportCase] = []
    done: set[tuple[str, str]] = set()
    judged: dict[int, tuple[dict[str, set[int]], list[list[Verdict]]]] = {}
    with Engine(own_library(), opa=find("opa").path) as engine:
        reports = {report.name: report for report in read_reports()}
        for tool, name, paths in files:
            # Polaris names passes in one of its reports and findings in both; the one with passes is measured.
            report = reports[name if name in reports else "polaris/audit.json"]
            documents = report.documents
            if id(documents) not in judged:
                judged[id(documents)] = violations(engine, documents), verdicts_of(engine, documents)
            bad, verdicts = judged[id(documents)]
            at = {(one.path.rpartition("/")[2], one.line): n for n, one in enumerate(documents.manifests)}
            found: dict[str, dict[int, Any]] = defaultdict(dict)
            for one in of_report(name, paths):
                if one.manifest is not None:
                    number = at[one.manifest.path.rpartition("/")[2], one.manifest.line]
                    found[one.finding.rule_id].setdefault(number, one.finding)
            for rule, findings in sorted(found.items()):
                outcome = report.outcomes.get(rule)
                if outcome is None or (tool, rule) in done:
                    continue
                done.add((tool, rule))
                agreed = agreeing(outcome, documents, bad)
                if agreed is None:
                    continue
                gold, best = agreed
                numbers = sorted(n for n in findings if not gold or gold & violated(verdicts[n]))
                for number in _spread(numbers, per_rule):
                    finding, here = findings[number], violated(verdicts[number])
                    cases.append(
                        ReportCase(
                            tool,
                            rule,
                            finding.title or "",
                            finding.message or "",
                            finding.remediation or "",
                            documents.manifests[number].obj,
                            gold & here,
                            here,
                            verdicts[number],
                            0 < len(gold) <= CERTAIN_POLICIES,
                            best,
                        )
                    )
    return cases


def verdicts_of(engine: Engine, documents: Documents) -> list[list[Verdict]]:
    """The verdicts on each document; each sees all others as the cluster."""
    objects = [manifest.obj for manifest in documents.manifests]
    inventory = inventory_of(objects, None)
    return engine.judge([Review(obj, inventory=inventory) for obj in objects])


def agreeing(
    outcome: Outcome, documents: Documents, bad: Mapping[str, set[int]]
) -> tuple[frozenset[str], float] | None:
    """The policies that give a rule's verdicts, and the best MCC of any; None where that cannot be told."""
    judged, failed = outcome.judged(documents), set(outcome.failed)
    if min(len(judged & failed), len(judged - failed)) < CERTAIN_DOCUMENTS:
        return None
    counts = {policy: Counts.of(judged, failed, broken) for policy, broken in bad.items()}
    gold = frozenset(
        policy
        for policy, one in counts.items()
        if one.agreement >= CERTAIN_AGREEMENT and one.mcc >= CERTAIN_MCC
    )
    best = max((one.mcc for one in counts.values()), default=0.0)
    return (gold, best) if gold or best < NONE_MCC else None


def _spread(numbers: Sequence[int], wanted: int) -> list[int]:
    """Some of many, evenly spread, the first and the last among them."""
    if len(numbers) <= wanted:
        return list(numbers)
    if wanted == 1:
        return [numbers[0]]
    return [numbers[at * (len(numbers) - 1) // (wanted - 1)] for at in range(wanted)]
