"""How much of what scanners find has a policy of ours that says the same (`make eval-coverage`).

A rule is covered when the policy named in same_rules.toml gives its verdict on at least 90 % of the documents
that the rule judged, those that it passed included. Rules without findings have nothing to cover.

python tests/evals/eval_coverage.py [--tool checkov] [--rule CKV_K8S_21] [--policy ID] [--list 20]
"""

import argparse
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scanner_rules import SHARED, Documents, Outcome, Report, read_reports

from jade_common.reports import write_report
from jade_common.tools import find
from jade_policy.inventory import inventory_of
from jade_policy.library import Library, own_library
from jade_policy.opa import Engine
from jade_policy.policies import Constraint
from jade_policy.verdicts import Review

AGREEMENT = 0.90
"""Of the documents that a rule judged, on how many a policy that says the same has its verdict."""

SAME_RULES = Path(__file__).with_name("same_rules.toml")


@dataclass(frozen=True)
class Same:
    """The policy that says what a rule says, with the parameters under which it does."""

    policy: str
    parameters: Mapping[str, Any]

    @property
    def constraint(self) -> str:
        """Name of the constraint that the parameters make; the policy's own where there are none."""
        if not self.parameters:
            return self.policy
        words = "-".join(f"{key}={value}" for key, value in sorted(self.parameters.items()))
        return f"{self.policy}--{words}"


@dataclass(frozen=True)
class Compared:
    """A rule beside the policy that is meant to say the same, or that comes nearest."""

    report: str
    outcome: Outcome
    same: Same | None
    agreement: float
    only_rule: frozenset[int]
    only_policy: frozenset[int]
    nearest: str

    @property
    def covered(self) -> bool:
        """Whether the policy says the same."""
        return self.same is not None and self.agreement >= AGREEMENT


def same_rules() -> dict[tuple[str, str], Same]:
    """Read same_rules.toml, by tool and rule."""
    found = {}
    for tool, rules in tomllib.loads(SAME_RULES.read_text(encoding="utf-8")).items():
        for rule, value in rules.items():
            entry = {"policy": value} if isinstance(value, str) else value
            found[tool, rule] = Same(entry["policy"], entry.get("parameters", {}))
    return found


def library_with(sames: Mapping[tuple[str, str], Same]) -> Library:
    """Our library, with a constraint more for each policy that is asked under parameters of its own."""
    library = own_library()
    own = {constraint.name: constraint for constraint in library.constraints}
    more: dict[str, Constraint] = {}
    for same in sames.values():
        if same.parameters and same.policy in own:
            parameters = {**own[same.policy].parameters, **same.parameters}
            more[same.constraint] = replace(own[same.policy], name=same.constraint, parameters=parameters)
    constraints = sorted([*library.constraints, *more.values()], key=lambda c: (c.policy_id, c.name or ""))
    return replace(library, constraints=tuple(constraints))


def violations(engine: Engine, documents: Documents) -> dict[str, set[int]]:
    """By constraint, the documents that violate it; each document sees all others as the cluster."""
    objects = [manifest.obj for manifest in documents.manifests]
    inventory = inventory_of(objects, None)
    found: dict[str, set[int]] = {}
    for number, verdicts in enumerate(engine.judge([Review(obj, inventory=inventory) for obj in objects])):
        for verdict in verdicts:
            bad = found.setdefault(verdict.constraint or verdict.policy_id, set())
            if verdict.verdict == "violated":
                bad.add(number)
    return found


def compare(
    report: Report, violated: Mapping[str, set[int]], sames: Mapping[tuple[str, str], Same]
) -> Iterator[Compared]:
    """Compare each rule that found something with the policy that says the same, else with the nearest."""
    for outcome in report.outcomes.values():
        if not outcome.findings:
            continue
        judged, failed = outcome.judged(report.documents), set(outcome.failed)
        agreement = {
            name: 1 - len((bad & judged) ^ failed) / len(judged) if judged else 0.0
            for name, bad in violated.items()
        }
        nearest = max(agreement, key=lambda name: (agreement[name], name))
        same = sames.get((outcome.tool, outcome.rule))
        if same is not None and same.constraint not in violated:
            same = None
        bad = violated[same.constraint if same else nearest] & judged
        yield Compared(
            report.name,
            outcome,
            same,
            agreement[same.constraint if same else nearest],
            frozenset(failed - bad),
            frozenset(bad - failed),
            nearest,
        )


def main() -> int:
    """Print the table, the rules that are not covered first; exit 1 when the share is below 95 %."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tool", help="only this tool's rules")
    parser.add_argument("--rule", help="only this rule")
    parser.add_argument("--policy", help="compare with this policy, whatever same_rules.toml says")
    parser.add_argument("--list", type=int, default=0, metavar="N", help="N documents on which they differ")
    options = parser.parse_args()
    if not (SHARED / "reports").is_dir():
        sys.stderr.write(f"{SHARED / 'reports'} is not here; this evaluation needs the real reports\n")
        return 2
    sames = same_rules()
    if options.policy:
        sames = dict.fromkeys(sames, Same(options.policy, {})) | {
            (options.tool, options.rule): Same(options.policy, {})
        }
    rows: list[tuple[Report, Compared]] = []
    with Engine(library_with(sames), opa=find("opa").path) as engine:
        judged: dict[int, dict[str, set[int]]] = {}
        for report in read_reports():
            if options.tool in {None, report.name.partition("/")[0]}:
                violated = judged.setdefault(id(report.documents), violations(engine, report.documents))
                rows += [(report, row) for row in compare(report, violated, sames)]
    rows = [row for row in rows if options.rule in {None, row[1].outcome.rule}]
    for report, row in sorted(rows, key=lambda pair: (pair[1].covered, -pair[1].outcome.findings)):
        _print(report, row, options.list)
    if options.tool or options.rule or options.policy:
        return 0
    return _summary([row for _, row in rows])


def _print(report: Report, row: Compared, listed: int) -> None:
    outcome = row.outcome
    beside = row.same.constraint if row.same else f"(nearest {row.nearest})"
    sys.stdout.write(
        f"{'ok ' if row.covered else 'NO '} {outcome.findings:5} {row.agreement:5.3f} "
        f"rule only {len(row.only_rule):3} policy only {len(row.only_policy):3}  "
        f"{outcome.tool}:{outcome.rule}  {beside}\n"
    )
    for what, numbers in (("rule only", row.only_rule), ("policy only", row.only_policy)):
        for number in sorted(numbers)[:listed]:
            manifest = report.documents.manifests[number]
            name = manifest.obj.get("metadata", {}).get("name")
            sys.stdout.write(
                f"      {what}: {Path(manifest.path).name}:{manifest.line} {manifest.obj['kind']} {name}\n"
            )


def _summary(rows: list[Compared]) -> int:
    total: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    for row in rows:
        total[row.outcome.tool] += row.outcome.findings
        covered[row.outcome.tool] += row.outcome.findings * row.covered
    share = covered.total() / total.total()
    figures: dict[str, float | int] = {
        "coverage": round(share, 4),
        "findings": total.total(),
        "rules": len(rows),
        "rules_covered": sum(row.covered for row in rows),
    } | {
        f"coverage_{tool.replace('-', '_')}": round(covered[tool] / total[tool], 4) for tool in sorted(total)
    }
    table = [
        (f"{tool}: of {total[tool]} findings", f"{covered[tool] / total[tool]:.3f}") for tool in sorted(total)
    ]
    table.append((f"all: of {total.total()} findings, {len(rows)} rules", f"{share:.3f} (target 0.950)"))
    sys.stdout.write("\n")
    write_report("eval-coverage", figures, table, experiment="policies")
    return 0 if share >= 0.95 else 1


if __name__ == "__main__":
    sys.exit(main())
