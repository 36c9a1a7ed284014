"""What the benchmarks found: figures for programs, and rows of the table."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Results:
    """Figures, and the rows of the table."""

    figures: dict[str, Any] = field(default_factory=dict)
    rows: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, text: str, **figures: float) -> None:
        """Add a row and its figures."""
        self.rows.append((name, text))
        self.figures |= {key: round(value, 4) for key, value in figures.items()}


def spread(values: Sequence[float]) -> str:
    """Median, and the range.

    >>> spread([1.0, 2.0, 4.0])
    '2.00 (1.00-4.00)'
    """
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"
