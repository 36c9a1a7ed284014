"""Is the field that Jade finds for a failing policy the one that scanners name (`make eval-path`)?

Judged are the policies of same_rules.toml that a document violates, on the findings of Kubescape (its failed, review,
delete and fix paths) and of Trivy (the field in its message; and, apart, its lines). A hit is the same field, or one
right inside what the scanner names where that is less exact (`hostPath` and `hostPath/path`); the container alone is
no field. Three ways are measured: as Jade answers (the policy's own path first), the policy's own path alone, and the
experiment alone, which sees neither the policy's path nor the scanner's.

python tests/evals/eval_path.py [--list 20]
"""

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from eval_coverage import Same, library_with, same_rules
from findings import Reported, reported
from scanner_rules import SHARED

from jade_common.reports import write_report
from jade_common.tools import find
from jade_policy.opa import Engine
from jade_policy.pointers import split
from jade_policy.redaction import redact
from jade_policy.resources import CONTAINER_LISTS, containers, digest
from jade_policy.verdicts import Review, Verdict
from jade_ranker.adapters.locating import Locator

TARGET = 0.85
RESAMPLES = 1_000
SEED = 7
TOOLS = ("kubescape", "trivy")


class Case(NamedTuple):
    """A policy that fails on a document of which a scanner says where."""

    tool: str
    rule: str
    policy: str
    resource: Mapping[str, Any]
    fields: tuple[str, ...]
    lines: tuple[int, int] | None
    reported: Reported
    verdict: Verdict


@dataclass(frozen=True)
class Scored:
    """What came out of a case, by way; None where nothing was found."""

    case: Case
    answers: Mapping[str, str | None]
    hits: Mapping[str, bool]
    on_line: bool | None


def exact(path: str) -> bool:
    """Whether a path names more than a container."""
    tokens = split(path)
    return (
        bool(tokens)
        and not (len(tokens) > 1 and tokens[-2] in CONTAINER_LISTS)
        and tokens[-1] not in CONTAINER_LISTS
    )


def is_hit(found: str | None, fields: Sequence[str]) -> bool:
    """Whether the field is one of those that a scanner names, or lies one or two steps inside one."""
    if found is None:
        return False
    return any(
        found == one or (found.startswith(f"{one}/") and found.count("/") - one.count("/") <= 2)
        for one in fields
    )


def cases(engine: Engine, sames: Mapping[tuple[str, str], Same]) -> Iterator[Case]:
    """All cases of the reports; findings of one rule on one document are one case."""
    groups: dict[tuple[str, str, str], list[Reported]] = defaultdict(list)
    for one in reported(TOOLS):
        if one.finding.resource is not None:
            groups[one.finding.tool, one.finding.rule_id, digest(one.finding.resource)].append(one)
    judged: dict[str, dict[str | None, Verdict]] = {}
    for (tool, rule, key), members in groups.items():
        same = sames.get((tool, rule))
        resource = redact(members[0].finding.resource)
        if same is None:
            continue
        if key not in judged:
            judged[key] = {one.constraint: one for one in engine.judge([Review(resource)])[0]}
        verdict = judged[key].get(same.constraint)
        fields = {path for one in members for path in one.fields if exact(path)}
        if verdict is None or verdict.verdict != "violated" or not fields:
            continue
        # Of several containers the first that both find fault with: a scanner may see fewer of them.
        yield Case(
            tool, rule, same.policy, resource, tuple(sorted(fields)), members[0].lines, members[0], verdict
        )


def score(case: Case, locator: Locator) -> Scored:
    """Ask in the three ways."""
    review = Review(case.resource)
    blind = case.verdict._replace(
        violations=tuple(one._replace(path=None) for one in case.verdict.violations)
    )
    full, guessed = locator.located(review, case.verdict), locator.by_experiment(review, case.resource, blind)
    answers = {
        "jade": same_container(case, full),
        "details": same_container(case, case.verdict),
        "experiment": same_container(case, guessed),
    }
    hits = {way: is_hit(found, case.fields) for way, found in answers.items()}
    manifest, found = case.reported.manifest, answers["experiment"]
    on_line = None
    if case.tool == "trivy" and manifest is not None and case.lines is not None and found is not None:
        first, last = case.lines
        on_line = first <= manifest.line_of(found) <= last
    return Scored(case, answers, hits, on_line)


def same_container(case: Case, verdict: Verdict) -> str | None:
    """The first field, of the containers that the scanner names where it names any."""
    paths = [one.path for one in verdict.violations if one.path is not None]
    named = {
        at.pointer
        for at in containers(dict(case.resource))
        if any(f"{one}/".startswith(f"{at.pointer}/") for one in case.fields)
    }
    inside = [path for path in paths if any(f"{path}/".startswith(f"{one}/") for one in named)]
    return next(iter(inside or paths), None)


def interval(rows: Sequence[Scored], way: str) -> tuple[float, float]:
    """A bootstrap interval of 95 %, resampled by policy."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        groups[row.case.policy].append(row.hits[way])
    dice = random.Random(SEED)
    names = sorted(groups)
    shares = []
    for _ in range(RESAMPLES):
        drawn = [hit for name in dice.choices(names, k=len(names)) for hit in groups[name]]
        shares.append(sum(drawn) / len(drawn))
    shares.sort()
    return shares[int(RESAMPLES * 0.025)], shares[int(RESAMPLES * 0.975)]


def main() -> int:
    """Print the shares; exit 1 below the target."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--list", type=int, default=0, metavar="N", help="N policies whose field is missed")
    options = parser.parse_args()
    if not (SHARED / "reports").is_dir():
        sys.stderr.write(f"{SHARED / 'reports'} is not here; this evaluation needs the real reports\n")
        return 2
    sames = same_rules()
    sames = {key: one for key, one in sames.items() if key[0] in TOOLS}
    with Engine(library_with(sames), opa=find("opa").path, limit_seconds=20.0) as engine:
        locator = Locator(engine, engine.library, engine.opa)
        rows = [score(case, locator) for case in cases(engine, sames)]
    return report(rows, options.list)


def report(rows: Sequence[Scored], listed: int) -> int:
    """Write the figures."""
    figures: dict[str, float] = {"cases": len(rows), "policies": len({row.case.policy for row in rows})}
    table = []
    for way, label in (
        ("jade", "as Jade answers"),
        ("details", "the policy's own details.path alone"),
        ("experiment", "experiment alone, details.path withheld"),
    ):
        for tool in (None, *TOOLS):
            of = [row for row in rows if tool in {None, row.case.tool}]
            share = sum(row.hits[way] for row in of) / len(of)
            figures[f"top1_{way}" + (f"_{tool}" if tool else "")] = round(share, 4)
            if tool is None:
                low, high = interval(rows, way)
                figures |= {f"top1_{way}_low": round(low, 4), f"top1_{way}_high": round(high, 4)}
                table.append((f"{label}: top-1 of {len(of)}", f"{share:.3f} [{low:.3f}, {high:.3f}]"))
            else:
                table.append((f"  against {tool}: of {len(of)}", f"{share:.3f}"))
    lines = [row.on_line for row in rows if row.on_line is not None]
    figures["on_trivys_lines_experiment"] = round(sum(lines) / len(lines), 4)
    table.append((f"experiment within Trivy's lines: of {len(lines)}", f"{sum(lines) / len(lines):.3f}"))
    none = sum(row.answers["experiment"] is None for row in rows)
    figures["experiment_found_nothing"] = none
    table.append(("experiment found nothing", str(none)))
    missed: dict[tuple[str, str], list[Scored]] = defaultdict(list)
    for row in rows:
        if not row.hits["experiment"] or not row.hits["jade"]:
            missed[row.case.policy, row.case.rule].append(row)
    for (policy, rule), several in sorted(missed.items(), key=lambda pair: -len(pair[1]))[:listed]:
        one = several[0]
        sys.stdout.write(f"{len(several):4} {policy} {rule}: {one.case.fields} but {dict(one.answers)}\n")
    write_report("eval-path", figures, table, experiment="policies")
    return 0 if figures["top1_jade"] >= TARGET and figures["top1_experiment"] >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
