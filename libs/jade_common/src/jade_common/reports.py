"""What a benchmark or an evaluation found: a table for people, the same figures for programs."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from jade_common.tracking import tracked_run

FOLDER = Path(".jade") / "reports"
"""Where the figures go, below the folder that a make target runs in."""


def write_report(
    target: str,
    figures: Mapping[str, float | str],
    rows: Sequence[tuple[str, str]],
    folder: Path = FOLDER,
    *,
    experiment: str | None = None,
) -> Path:
    """Print a table, and write its figures, flat, to ``<folder>/<target>.json``.

    Args:
        target: The make target that measured, for instance ``bench``.
        figures: By name; runs are compared by these.
        rows: What is measured, and what came out.
        folder: Where the file goes; it is made where it does not exist.
        experiment: Where it is given, the report is a run of it in MLflow as well, numbers as metrics and words as
            params. It begins when everything is measured and written, so that neither waits for MLflow.
    """
    width = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        sys.stdout.write(f"{name:<{width}}  {value}\n")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{target}.json"
    path.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    sys.stdout.write(f"written to {path}\n")
    if experiment:
        words = {name: value for name, value in figures.items() if isinstance(value, str)}
        with tracked_run(experiment, name=target, params=words) as run:
            run.metrics({name: value for name, value in figures.items() if not isinstance(value, str)})
            run.artifact(path)
    return path
