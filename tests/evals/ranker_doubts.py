"""Whether what is said to be likely is right as often, and whether "none applies" is said where none does."""

from collections.abc import Iterator, Sequence

from ranker_asking import Asked
from ranker_measures import Abstention, Bin, abstention, best_abstention, ece, reliability
from ranker_tables import LEARNED, Part


def abstaining(asked: Sequence[Asked]) -> Part:
    """Who says that none applies: as it is said, and with the threshold that would have been best."""
    figures: dict[str, float] = {}
    rows: list[tuple[str, str]] = []
    for one in asked:
        name = one.questions.name
        truly = [not query.gold for query in one.questions.queries]
        rows.append(
            (
                f"{one.questions.title} ({sum(truly)} of {len(truly)} are about none)",
                "F1     precision  recall  best F1",
            )
        )
        for system in (*LEARNED, "heuristic"):
            if system not in one.answers:
                continue
            answers = one.answers[system]
            said = abstention([answer.none_applies for answer in answers], truly)
            suffix = f"_{system}".removeprefix("_learned")
            figures |= {f"{name}_{key}{suffix}": round(value, 4) for key, value in said._asdict().items()}
            best = None
            if system in LEARNED:
                best = best_abstention([answer.none for answer in answers], truly)
                figures[f"{name}_best_f1{suffix}"] = round(best.f1, 4)
            rows.append((f"  {system.replace('_', ' ')}", _cells(said, best)))
        # BM25 names no threshold: it gets the best one, on the better of two scales.
        best = max(
            best_abstention([answer.none for answer in one.answers[system]], truly)
            for system in ("bm25", "bm25_sum")
        )
        always = abstention([True] * len(truly), truly)
        figures |= {f"{name}_best_f1_bm25": round(best.f1, 4), f"{name}_f1_always": round(always.f1, 4)}
        rows += [("  bm25", _cells(None, best)), ("  always none", _cells(always, None))]
    return Part("Findings that no policy is about", rows, figures)


def _cells(said: Abstention | None, best: Abstention | None) -> str:
    text = " " * 27 if said is None else f"{said.f1:.3f}  {said.precision:.3f}      {said.recall:.3f}   "
    return text if best is None else f"{text}{best.f1:.3f}"


def calibration(asked: Sequence[Asked], uncovered: Asked) -> Part:
    """How often a policy that is shown is right, beside the probability that it is shown with.

    Args:
        asked: Questions that some policy is about.
        uncovered: Questions among which those without gold count: all that is shown of them is wrong.
    """
    figures: dict[str, float] = {}
    rows: list[tuple[str, str]] = []
    for system in LEARNED:
        suffix = f"_{system}".removeprefix("_learned")
        pooled: list[tuple[float, bool]] = []
        for name, one, only_none in [
            *((one.questions.name, one, False) for one in asked),
            ("no_policy", uncovered, True),
        ]:
            if system in one.answers:
                shown = list(_shown(one, system, only_none=only_none))
                pooled += shown
                figures[f"ece_{name}{suffix}"], line = _calibrated(shown)
                rows.append((f"  {name.replace('_', ' ')}{suffix.replace('_', ' ')}", line))
        if pooled:
            figures[f"ece{suffix}"], line = _calibrated(pooled)
            rows.append((f"  all{suffix.replace('_', ' ')}", line))
    return Part("Probabilities of the five that are shown: said>right (how many)", rows, figures)


def _shown(asked: Asked, system: str, *, only_none: bool) -> Iterator[tuple[float, bool]]:
    for query, answer in zip(asked.questions.queries, asked.answers[system], strict=True):
        if not (only_none and query.gold):
            yield from ((probability, policy in query.gold) for policy, probability in answer.shown)


def _calibrated(shown: Sequence[tuple[float, bool]]) -> tuple[float, str]:
    curve = reliability([said for said, _ in shown], [right for _, right in shown])
    return round(ece(curve), 4), f"ECE {ece(curve):.3f} of {len(shown)}  {_line(curve)}"


def _line(curve: Sequence[Bin]) -> str:
    return "  ".join(f"{one.said:.2f}>{one.right:.2f} ({one.size})" for one in curve)
