"""Is a problem that several tools see one problem, and only that (`make eval-identity`)?

Volume: findings of the real reports and the problems that the ranker makes of them, each finding with its resource as
it comes from the bus (no inventory).

Pairs made certain: each workload of the sample is changed in one field at a time (see one_field_changes.py). Checkov
and kube-score are run again on every changed document; for the other tools, whose programs are not here, a finding
stands for the policy that same_rules.toml names for its rule (in the container that the finding names), where that
policy fails on the document as it was, and the engine judges it again; only where the finding names a field, the rule names
that field once in the document, and the policy's own field is the same, inside it or around it: what same_rules.toml
says is measured on whole documents, and a rule may be about two fields. A finding vanishes with a change when it (of
the same rule and field, with the same message) is gone after it, and it appears with the change taken back. Two
findings of one document are certainly the same problem when the changes with which they vanish are the same and at
least one; certainly two problems when both vanish with some change and never with the same; pairs between (one change
in common, but not all) and findings that no change removes are left out and counted. The ranker knows neither
same_rules.toml nor the changes.

python tests/evals/eval_identity.py [--documents 12] [--list 20]
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple, cast

from eval_coverage import library_with, same_rules
from findings import LARGE, REPORTS, Reported, of_report, reported
from one_field_changes import Change, changes_of
from scanner_rules import SHARED

from jade_cli.rank.answering import answering
from jade_cli.scan import checkov
from jade_common.cloudevents import Attributes
from jade_common.delivery import Received
from jade_common.errors import JadeError
from jade_common.events import FindingRanked, ReportFile, ScanFinding, ScanReport
from jade_common.problems import problems
from jade_common.reports import write_report
from jade_common.tools import find
from jade_ingest.domain.findings import findings_of
from jade_policy.library import own_library
from jade_policy.opa import Engine
from jade_policy.redaction import redact
from jade_policy.resources import containers, digest, pod_spec
from jade_policy.verdicts import Review
from jade_ranker.adapters.answering import Answering

PRECISION, RECALL = 0.97, 0.85
ROUGH_TABLE = 2.8
"""What a hand-made table of 32 topics makes of five tools' 60,444 findings (../shared/reference/baselines.md, 3)."""
RERUN = ("checkov", "kube-score")


class Seen(NamedTuple):
    """A finding of a document, the changes with which it vanishes, and its problem."""

    finding: ScanFinding
    vanishes: frozenset[int]
    problem: str


def ranked(answers: Answering, found: Sequence[tuple[str, ScanFinding]]) -> dict[str, FindingRanked]:
    """What the ranker's own code sends for each finding, by the finding's id."""

    async def ask() -> dict[str, FindingRanked]:
        out: dict[str, FindingRanked] = {}
        for begin in range(0, len(found), 100):
            batch = found[begin : begin + 100]
            received = [
                Received(finding, Attributes(one, "eval", "scan.finding", one), cast("Any", None))
                for one, finding in batch
            ]
            for (one, _), outcome in zip(batch, await answers.findings(received), strict=True):
                if not isinstance(outcome, JadeError):
                    out[one] = cast("FindingRanked", outcome[0].event)
        return out

    return asyncio.run(ask())


def volume(answers: Answering, figures: dict[str, float], table: list[tuple[str, str]]) -> None:
    """Findings and problems, by tool and together."""
    together: dict[str, FindingRanked] = {}
    several = Counter[int]()
    for tool, name, files in (*REPORTS, LARGE):
        found = [(one.id, one.finding) for one in of_report(name, files)]
        events = ranked(answers, found)
        count = len(problems(events.values()))
        large = (tool, name, files) == LARGE
        if not large:
            together |= events
        key = f"{tool.replace('-', '_')}{'_large' if large else ''}"
        figures |= {f"findings_{key}": len(events), f"problems_{key}": count}
        of = f"{tool}{' (8 files)' if large else ''}: {len(events)} findings, problems"
        table.append((of, f"{count} ({len(events) / count:.2f} times less)"))
    folded = problems(together.values())
    several.update(len(one.seen_by) for one in folded)
    reduction = len(together) / len(folded)
    seen = sum(number for tools, number in several.items() if tools > 1) / len(folded)
    figures |= {
        "findings": len(together),
        "problems": len(folded),
        "reduction": round(reduction, 3),
        "reduction_rough_table": ROUGH_TABLE,
        "seen_by_several": round(seen, 4),
    }
    table.append((f"seven tools together: {len(together)} findings, problems",
                  f"{len(folded)} ({reduction:.2f} times less; rough table of five tools {ROUGH_TABLE})"))  # fmt: skip
    table.append(("problems that two tools or more see", f"{seen:.3f}"))


def rerun(tool: str, files: Mapping[str, bytes]) -> list[ScanFinding]:
    """The findings of a tool that is here."""
    if tool == "checkov":
        content, _ = checkov.run(files)
    else:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                Path(folder, name).write_bytes(text)
            done = subprocess.run(
                [find("kube-score").path, "score", "-o", "json", *sorted(files)],
                cwd=folder, capture_output=True, check=False,
            )  # fmt: skip
            content = done.stdout.decode()
    given = tuple(ReportFile(path=name, content=text.decode()) for name, text in files.items())
    found = findings_of(ScanReport(content=content, files=given, format=tool)).findings
    return [one.finding for one in found]


def vanished_by_rerun(objects: Sequence[Mapping[str, Any]]) -> tuple[list[ScanFinding], list[frozenset[int]]]:
    """The findings of the first object, and the others (by number from 1) in which each is gone."""
    files = {f"{number}.yaml": json.dumps(obj).encode() for number, obj in enumerate(objects)}
    there: dict[int, Counter[Any]] = defaultdict(Counter)
    before: list[ScanFinding] = []
    for tool in RERUN:
        for one in rerun(tool, files):
            number = int(Path(one.source.path).stem) if one.source is not None else 0
            there[number][key_of(one)] += 1
            there[number][key_of(one)[:3]] += 1
            if not number:
                before.append(one)
    gone = [
        frozenset(
            number
            for number in range(1, len(objects))
            if not there[number][key_of(one)] and there[number][key_of(one)[:3]] < there[0][key_of(one)[:3]]
        )
        for one in before
    ]
    return before, gone


def key_of(finding: ScanFinding) -> tuple[str, str, str, str]:
    """What tells a finding from others of its document."""
    return finding.tool, finding.rule_id, finding.path or "", finding.message or ""


def vanished_by_verdict(
    engine: Engine, others: Sequence[Reported], objects: Sequence[Mapping[str, Any]]
) -> list[frozenset[int]]:
    """The same for findings of tools that are not here, by the policy that says the same."""
    sames = same_rules()
    judged = [
        {one.constraint: one for one in row}
        for row in engine.judge([Review(redact(dict(one))) for one in objects])
    ]
    names = [at.pointer for at in containers(dict(objects[0]))]
    repeats = Counter((one.finding.tool, one.finding.rule_id, one.finding.path) for one in others)
    found: list[frozenset[int]] = []
    for reported_ in others:
        one = reported_.finding
        same = sames.get(("gator" if one.tool == "gatekeeper" else one.tool, one.rule_id))
        within = next((name for name in names if f"{one.path or ''}/".startswith(f"{name}/")), "")
        merged = one.tool == "kubescape"  # it speaks of all containers at once
        doubtful = (
            same is None
            or not one.path
            or one.path == within
            or repeats[one.tool, one.rule_id, one.path] > 1
            or not any(related(one.path, at.path or "") for at in judged[0][same.constraint].violations)
        )
        if same is None or doubtful:
            found.append(frozenset())
            continue
        counts = [
            sum(
                merged or f"{at.path or ''}/".startswith(f"{within}/")
                for at in row[same.constraint].violations
            )
            if row[same.constraint].verdict in {"violated", "passed"}
            else -1
            for row in judged
        ]
        gone = frozenset(number for number, count in enumerate(counts) if count == 0)
        found.append(gone if counts[0] > 0 else frozenset())
    return found


def related(one: str, other: str) -> bool:
    """Whether two fields are the same, or one lies in the other."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


def seen_in(
    engine: Engine, answers: Answering, resource: dict[str, Any], reports: Sequence[Reported]
) -> list[Seen]:
    """All findings of one document with the changes with which they vanish."""
    changes: list[Change] = list(changes_of(resource))
    objects = [resource, *(change.obj for change in changes)]
    mine, gone = vanished_by_rerun(objects)
    others = [one for one in reports if one.finding.tool not in RERUN]
    gone += vanished_by_verdict(engine, others, objects)
    found = [*mine, *(one.finding for one in others)]
    numbered = [
        (str(number), one.model_copy(update={"resource": resource})) for number, one in enumerate(found)
    ]
    events = ranked(answers, numbered)
    return [
        Seen(finding, vanishes, events[number].problem_id)
        for (number, finding), vanishes in zip(numbered, gone, strict=True)
        if number in events
    ]


def main() -> int:
    """Print volume, precision and recall; exit 1 below a target."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=12, help="workloads whose findings are made certain")
    parser.add_argument("--list", type=int, default=0, metavar="N", help="N kinds of pairs that are wrong")
    options = parser.parse_args()
    if not (SHARED / "reports").is_dir():
        sys.stderr.write(f"{SHARED / 'reports'} is not here; this evaluation needs the real reports\n")
        return 2
    figures: dict[str, float] = {}
    table: list[tuple[str, str]] = []
    opa = find("opa").path
    by_document: dict[str, list[Reported]] = defaultdict(list)
    for one in reported([tool for tool, _, _ in REPORTS]):
        if one.finding.resource is not None and pod_spec(one.finding.resource) is not None:
            by_document[digest(one.finding.resource)].append(one)
    step = max(len(by_document) // options.documents, 1)
    sample = [by_document[key] for key in sorted(by_document)[::step]][: options.documents]
    with Engine(own_library(), opa=opa, limit_seconds=20.0) as own:
        answers = answering(own)
        volume(answers, figures, table)
        with Engine(library_with(same_rules()), opa=opa, limit_seconds=20.0) as judge:
            seen = [
                seen_in(judge, answers, dict(members[0].finding.resource or {}), members)
                for members in sample
            ]
    return report(seen, figures, table, options.list)


def report(
    seen: Iterable[Sequence[Seen]], figures: dict[str, float], table: list[tuple[str, str]], listed: int
) -> int:
    """Score all pairs and write the figures."""
    counts: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for document in seen:
        counts["documents"] += 1
        counts["findings"] += len(document)
        counts["never"] += sum(not one.vanishes for one in document)
        for one, other in combinations([one for one in document if one.vanishes], 2):
            both = {one.finding.tool, other.finding.tool} <= set(RERUN)
            for scope in ("", "rerun_") if both else ("",):
                counts[scope + kind_of(one, other)] += 1
            if kind_of(one, other) in {"false", "missed"}:
                pair = sorted(f"{each.finding.tool}:{each.finding.rule_id}" for each in (one, other))
                wrong[f"{kind_of(one, other):6} {pair[0]} {pair[1]}"] += 1
    for what, number in wrong.most_common(listed):
        sys.stdout.write(f"{number:5} {what}\n")
    for scope, label in (("", "all tools"), ("rerun_", "checkov and kube-score alone, both re-run")):
        right, false, missed = (counts[scope + kind] for kind in ("right", "false", "missed"))
        precision, recall = right / max(right + false, 1), right / max(right + missed, 1)
        if right + missed:
            figures |= {f"{scope}precision": round(precision, 4), f"{scope}recall": round(recall, 4)}
        figures |= {
            f"{scope}pairs_false": false,
            f"{scope}pairs_same": right + missed,
            f"{scope}pairs_different": false + counts[scope + "apart"],
            f"{scope}pairs_uncertain": counts[scope + "uncertain"],
        }
        pairs = f"{right + missed} same, {false + counts[scope + 'apart']} different pairs"
        if scope:
            judged = (
                f"{false} of them taken for one"
                if right + missed == 0
                else f"{precision:.3f}, recall {recall:.3f}"
            )
            table.append((f"precision, {label} ({pairs})", judged))
        else:
            table.append((f"precision, {label} ({pairs})", f"{precision:.3f} (target {PRECISION})"))
            table.append((f"recall, {label}", f"{recall:.3f} (target {RECALL})"))
    figures |= {"documents": counts["documents"], "findings_never_vanishing": counts["never"]}
    table.append(
        (f"left out: of {counts['findings']} findings of {counts['documents']} documents, never vanish",
         f"{counts['never']}; pairs that are neither: {counts['uncertain']}"),
    )  # fmt: skip
    write_report("eval-identity", figures, table, experiment="problems")
    return 0 if figures["precision"] >= PRECISION and figures["recall"] >= RECALL else 1


def kind_of(one: Seen, other: Seen) -> str:
    """What a pair is, and what the ranker made of it."""
    together = one.problem == other.problem
    if one.vanishes == other.vanishes:
        return "right" if together else "missed"
    if one.vanishes & other.vanishes:
        return "uncertain"
    return "false" if together else "apart"


if __name__ == "__main__":
    sys.exit(main())
