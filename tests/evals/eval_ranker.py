"""How well the ranker puts the right policy first, says how sure it is, and says that none applies (`make eval-ranker`).

Judged on other tools' own tests (../shared/labelled), where the policies that flip between a failing and a passing
resource are right; on findings of real reports; on needs in a person's own words; and on all of that with a library
that says little of itself. Headline figures know nothing of the tool that a question comes from. What is measured,
and how to read it, stands in docs/architecture/ranker-evaluation.md.

python tests/evals/eval_ranker.py [--model DIR] [--alternatives] [--held-out]
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from labelled import labelled_cases, report_cases
from plain_words import Split, plain_queries, uncovered
from ranker_asking import Bench
from ranker_cases import (
    Questions,
    labelled_questions,
    none_questions,
    plain_questions,
    report_questions,
    resource_questions,
    reworded_questions,
    translated,
)
from ranker_doubts import abstaining, calibration
from ranker_latency import latencies
from ranker_libraries import Foreign, foreign
from ranker_resources import resources
from ranker_tables import ranking
from ranker_targets import against
from scanner_rules import SHARED

from jade_common.reports import write_report
from jade_common.tools import find
from jade_policy.library import own_library
from jade_ranker.adapters.artefact import ModelError, read_model
from jade_ranker.adapters.embedding import open_embedder
from jade_ranker.adapters.model_source import packaged_model
from jade_ranker.domain.model import Model

CALIBRATED = ("labelled_resource", "labelled_text", "report_resource", "plain")
"""Questions whose probabilities are judged: they are asked as users ask."""

TITLED = ("labelled_resource", "labelled_text", "plain", "labelled_alone")
BARE = (*TITLED, "labelled_title_resource", "labelled_title", "labelled_message_resource", "labelled_message")
"""Forms of questions to foreign libraries; of the one that says more of itself, the main ones only."""


def main() -> int:
    """Print the table and write the figures; 0 whether or not the targets are met, which the table says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=packaged_model(), help="folder of the model to judge")
    parser.add_argument(
        "--alternatives", action="store_true", help="fit other models and compare them (minutes)"
    )
    parser.add_argument("--held-out", action="store_true", help="judge on the held-out half of the queries")
    options = parser.parse_args()
    if not (SHARED / "labelled").is_dir():
        sys.stderr.write(f"{SHARED / 'labelled'} is not here; this evaluation needs other tools' own tests\n")
        return 2
    if options.held_out:
        sys.stderr.write("the held-out half is for the end: what was looked at cannot be held out any more\n")
    try:
        model = read_model(options.model, "packaged")
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if options.alternatives:
        from ranker_alternatives import compare  # scikit-learn is for those who train

        return compare(own_library(), model, find("opa").path)
    return evaluate(model, "held_out" if options.held_out else "dev")


def evaluate(model: Model, split: Split) -> int:
    """Measure, print and write."""
    begin = perf_counter()
    opa, library, embedder = find("opa").path, own_library(), open_embedder()
    cases = labelled_cases()
    labelled, alone = labelled_questions(cases), resource_questions(cases)
    plain = plain_questions(plain_queries(), split)
    bench, size = Bench(library, model, opa, embedder), len(library.policies)
    asked = {
        "Other tools' own tests": bench.ask(labelled),
        "Findings of real reports": bench.ask(report_questions(report_cases())),
        "Needs in plain words": bench.ask([plain]),
        "Our own titles, which the training saw, in other wordings": bench.ask([reworded_questions(library)]),
    }
    uncovered_too = bench.ask_none(none_questions(uncovered(), cases, plain, split))
    parts = [ranking(title, found, size) for title, found in asked.items()]
    parts.insert(1, resources("Resources alone", alone, bench.placing(), size))
    for stranger in (foreign(library), foreign(library, titled=True)):
        questions = renamed(stranger, [*labelled, plain])
        title = f"A foreign library, {'titles reworded' if stranger.titled else 'without titles'}"
        parts.append(ranking(title, bench.ask(questions, stranger), size))
        (those,) = renamed(stranger, [alone])
        parts.append(resources(f"{title}: resources alone", those, bench.placing(stranger), size))
    parts.append(abstaining(uncovered_too))
    judged = [one for found in asked.values() for one in found if one.questions.name in CALIBRATED]
    parts.append(calibration(judged, uncovered_too[0]))
    findings = [one.finding for one in labelled[2].queries if one.finding is not None]
    parts.append(latencies(library, model, opa, findings, embedder))
    figures: dict[str, float | str] = {"model": model.name, "split": split, "library": library.digest}
    rows: list[tuple[str, str]] = []
    for part in parts:
        figures |= part.figures
        rows += [("", ""), (part.title, ""), *part.rows]
    figures["seconds"] = round(perf_counter() - begin, 1)
    rows += [("", ""), (f"Targets ({model.name}, {split}; {figures['seconds']} s)", ""), *against(figures)]
    name = "eval-ranker" if split == "dev" else "eval-ranker-held-out"
    write_report(name, figures, rows, experiment="ranker")
    return 0


def renamed(stranger: Foreign, sets: Sequence[Questions]) -> list[Questions]:
    """Questions to a stranger's library, in the forms that it is asked in."""
    forms = TITLED if stranger.titled else BARE
    prefix = "foreign_titled" if stranger.titled else "foreign"
    return [
        translated(one, stranger.names)._replace(name=f"{prefix}_{one.name}")
        for one in sets
        if one.name in forms
    ]


if __name__ == "__main__":
    sys.exit(main())
