"""Make data/crosswalk.jsonl out of what ../shared holds, and compare it with same_rules.toml (`make crosswalk`).

The file is made without a look at same_rules.toml, which people wrote: the comparison says what the file is worth. What
the rules of conftest and Kyverno say there is left out, as they are not in the file.

python tests/evals/make_crosswalk.py [--check] [--list]
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from confidence import LEAST, confidences
from crosswalk_page import PAGE, with_table
from eval_coverage import same_rules
from evidence import Evidence, gathered
from labelled import NAMES
from scanner_rules import SHARED

from jade_common.reports import write_report
from jade_ranker.domain.crosswalk import Crosswalk

DATA = Path(__file__).resolve().parents[2] / "data" / "crosswalk.jsonl"
BINS = 5


def lines(evidence: Mapping[tuple[str, str], Evidence]) -> str:
    """The file: one link a line, by tool and rule, of a rule the surest first."""
    rows = [row for (tool, rule), one in sorted(evidence.items()) for row in _rows(tool, rule, one)]
    rows.sort(key=lambda row: (row["tool"], row["rule_id"], -row["confidence"], row["policy"]))
    return "".join(json.dumps(row) + "\n" for row in rows)


def _rows(tool: str, rule: str, evidence: Evidence) -> Iterable[dict[str, Any]]:
    flips, pairs = evidence.flips, len(evidence.pairs)
    for policy, exact in confidences(evidence).items():
        confidence = round(exact, 2)
        if confidence < LEAST:
            continue
        counts = evidence.counts.get(policy)
        same = evidence.same_field.get(policy, 0.0) / evidence.named if evidence.named else None
        how = [
            word
            for word, found in (
                ("flip", flips[policy] > 0),
                ("co-violation", counts is not None and counts.sure > 0),
                ("field", bool(same)),
            )
            if found
        ]
        yield {
            "tool": tool,
            "rule_id": rule,
            "policy": policy,
            "how": how,
            "flips": flips[policy],
            "pairs": pairs,
            "agreement": None if counts is None else round(counts.agreement, 3),
            "failed": 0 if counts is None else counts.both + counts.rule,
            "both": 0 if counts is None else counts.both,
            "same_field": None if same is None else round(same, 3),
            "words": round(evidence.words.get(policy, 0.0), 3),
            "confidence": confidence,
        }


def compared(
    crosswalk: Crosswalk, known: Mapping[tuple[str, str], str]
) -> tuple[dict[str, float], list[tuple[str, str]]]:
    """Figures and table of the comparison with what people wrote."""
    linked = {rule: links for rule in known if (links := crosswalk.of(*rule))}
    first = sum(links[0].policy == known[rule] for rule, links in linked.items())
    among = sum(known[rule] in {link.policy for link in links} for rule, links in linked.items())
    every = sum(len(links) for links in linked.values())
    figures = {
        "links": len(crosswalk.links),
        "rules_linked": len({(link.tool, link.rule_id) for link in crosswalk.links}),
        "rules_known": len(known),
        "rules_known_linked": len(linked),
        "top1_precision": round(first / len(linked), 4),
        "top1_recall": round(first / len(known), 4),
        "all_precision": round(among / every, 4),
        "all_recall": round(among / len(known), 4),
    }
    table = [
        ("links, rules", f"{figures['links']}, {figures['rules_linked']}"),
        (f"of {len(known)} rules in same_rules.toml, linked", str(len(linked))),
        ("the surest link: precision, recall", f"{first / len(linked):.3f}, {first / len(known):.3f}"),
        ("all links: precision, recall", f"{among / every:.3f}, {among / len(known):.3f}"),
    ]
    for tool in sorted({tool for tool, _ in known}):
        ours = [rule for rule in linked if rule[0] == tool]
        right = sum(linked[rule][0].policy == known[rule] for rule in ours)
        total = sum(one == tool for one, _ in known)
        table.append((f"  {tool}: right of linked of all", f"{right} of {len(ours)} of {total}"))
    for low, (right, number, mean) in _reliability(linked, known).items():
        name = f"  confidence {low:.1f} to {low + 1 / BINS:.1f}: links, mean, share right"
        table.append((name, f"{number:3}  {mean:.2f}  {right / number:.2f}"))
        figures[f"share_right_from_{low:.1f}"] = round(right / number, 4)
    return figures, table


def _reliability(
    linked: Mapping[tuple[str, str], Sequence[Any]], known: Mapping[tuple[str, str], str]
) -> dict[float, tuple[int, int, float]]:
    right: Counter[int] = Counter()
    sums: dict[int, list[float]] = defaultdict(list)
    for rule, links in linked.items():
        for link in links:
            place = min(int(link.confidence * BINS), BINS - 1)
            right[place] += link.policy == known[rule]
            sums[place].append(link.confidence)
    return {
        place / BINS: (right[place], len(values), sum(values) / len(values))
        for place, values in sorted(sums.items())
    }


def hand_made() -> dict[tuple[str, str], str]:
    """What people say which policy each rule of a tool is about, by the tool's name in findings."""
    return {
        (NAMES.get(tool, tool), rule): same.policy
        for (tool, rule), same in same_rules().items()
        if tool not in {"conftest", "kyverno"}
    }


def main() -> int:
    """Write the file and the page's table, or with --check only say whether they are fresh."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file is stale")
    parser.add_argument("--list", action="store_true", help="the rules whose surest link is another one")
    options = parser.parse_args()
    if not (SHARED / "labelled").is_dir() or not (SHARED / "reports").is_dir():
        sys.stderr.write(f"{SHARED} lacks labelled/ or reports/; the crosswalk is made of them\n")
        return 2
    text = lines(gathered())
    crosswalk = Crosswalk.parse(text)
    page = with_table(PAGE.read_text("utf-8"), crosswalk)
    stale = [
        path
        for path, wanted in ((DATA, text), (PAGE, page))
        if not path.is_file() or path.read_text("utf-8") != wanted
    ]
    if options.check:
        sys.stdout.write("".join(f"{path} is stale; run make crosswalk\n" for path in stale))
        return 1 if stale else 0
    DATA.write_text(text, encoding="utf-8")
    PAGE.write_text(page, encoding="utf-8")
    known = hand_made()
    write_report("crosswalk", *compared(crosswalk, known))
    if options.list:
        for rule, policy in sorted(known.items()):
            found = [(link.policy, link.confidence) for link in crosswalk.of(*rule)]
            if not found or found[0][0] != policy:
                sys.stdout.write(f"{rule[0]} {rule[1]}: {policy}, found {found}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
