"""What the lint says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class LintFinding:
    """One fault.

    Attributes:
        path: the file.
        line: from 1.
        rule: `unguarded-not`, `impossible-path` or `vacuous-test`.
        message: what is wrong, why that matters and what to write in its place.
    """

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        """`path:line: message (rule)`, as compilers write it."""
        return f"{self.path}:{self.line}: {self.message} ({self.rule})"
