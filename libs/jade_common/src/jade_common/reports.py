"""What a benchmark or an evaluation found: a table for people, the same figures for programs."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

FOLDER = Path(".jade") / "reports"
"""Where the figures go, below the folder that a make target runs in."""


def write_report(
    target: str, figures: Mapping[str, float | str], rows: Sequence[tuple[str, str]], folder: Path = FOLDER
) -> Path:
    """Print a table, and write its figures, flat, to ``<folder>/<target>.json``.

    Args:
        target: The make target that measured, for instance ``bench``.
        figures: By name; runs are compared by these.
        rows: What is measured, and what came out.
        folder: Where the file goes; it is made where it does not exist.
    """
    width = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        sys.stdout.write(f"{name:<{width}}  {value}\n")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{target}.json"
    path.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    sys.stdout.write(f"written to {path}\n")
    return path
