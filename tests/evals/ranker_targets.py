"""What the ranker's figures are held against."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Target(NamedTuple):
    """A bound on a figure.

    Attributes:
        least: whether the figure must be that much at least, not at most.
    """

    figure: str
    bound: float
    least: bool = True

    def met(self, value: float) -> bool:
        """Whether a value is within the bound."""
        return value >= self.bound if self.least else value <= self.bound


PLAIN = (("hit_at_1", 0.35, 0.55), ("hit_at_5", 0.65, 0.85))
"""Of needs in plain words: without the extra and with it."""

TARGETS: Sequence[Target] = (
    *(
        Target(f"{library}{figure}{extra}", bound)
        for library in ("", "foreign_", "foreign_titled_")
        for figure, bound in (
            ("labelled_resource_hit_at_1", 0.92),
            ("labelled_resource_hit_at_1_where_bm25_fails", 0.75),
            ("labelled_text_hit_at_5", 0.95),
        )
        for extra in ("", "_semantic")
    ),
    *(
        Target(f"{library}plain_{metric}{extra}", bound)
        for library in ("", "foreign_", "foreign_titled_")
        for metric, *bounds in PLAIN
        for extra, bound in zip(("", "_semantic"), bounds, strict=True)
    ),
    Target("labelled_alone_paired_order", 0.95),
    *(Target(f"ece{extra}", 0.05, least=False) for extra in ("", "_semantic")),
    *(
        Target(f"none_{beside}_f1{extra}", 0.85)
        for beside in ("titles", "titles_resource", "plain")
        for extra in ("", "_semantic")
    ),
    *(
        Target(f"latency_{text}_p99_{size}{extra}", bound, least=False)
        for size, bound in (("113", 1.0), ("10000", 10.0))
        for text in ("warm", "cold")
        for extra in ("", "_semantic")
    ),
)


def against(figures: Mapping[str, float | str]) -> list[tuple[str, str]]:
    """Each target as a row of a table; one whose figure was not measured is left out."""
    rows = []
    for target in TARGETS:
        value = figures.get(target.figure)
        if isinstance(value, int | float):
            sign = ">=" if target.least else "<="
            rows.append(
                (
                    f"  {target.figure}",
                    f"{value:<7} {sign} {target.bound:<5} {'met' if target.met(value) else 'NOT MET'}",
                )
            )
    return rows
