"""What came out of a report, counted: entries in are findings and rejects, and nothing else is left over."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from jade_ingest.domain.rejects import Aside, Reject

SHOWN_REJECTS = 20
"""On stderr; the JSON lists all."""


@dataclass
class Counts:
    """Of one report.

    Attributes:
        path: What the user calls it.
        format: Its format, once that is known.
        findings: How many came out, those that repeat another included.
        repeated: How many of these say what another says: on the bus they are one.
        rejects: How many entries became no finding.
        asides: Entries that say of no problem, by kind.
        unplaced: Findings whose resource is not known.
        error: Why it could not be read to its end.
    """

    path: str
    format: str | None = None
    findings: int = 0
    repeated: int = 0
    rejects: int = 0
    asides: Counter[str] = field(default_factory=Counter)
    unplaced: int = 0
    error: str | None = None
    ids: set[bytes] = field(default_factory=set, repr=False)

    def finding(self, identity: str, *, placed: bool) -> None:
        """One finding."""
        known = bytes.fromhex(identity)
        self.findings += 1
        self.repeated += known in self.ids
        self.ids.add(known)
        self.unplaced += not placed

    def other(self, entry: Reject | Aside) -> None:
        """What is no finding."""
        if isinstance(entry, Reject):
            self.rejects += entry.count
        elif entry.count:
            self.asides[entry.kind] += entry.count

    def line(self) -> str:
        """The counts for people."""
        if self.error is not None:
            return f"{self.path}: {self.error}"
        repeated = f" ({self.repeated} repeated)" if self.repeated else ""
        beside = "".join(f", {count} {kind}" for kind, count in sorted(self.asides.items()))
        return (
            f"{self.path}: {self.format}: {self.findings + self.rejects} in = {self.findings} findings{repeated} + "
            f"{self.rejects} rejects{'; beside them' if beside else ''}{beside.removeprefix(',')}"
        )

    def document(self) -> dict[str, Any]:
        """The counts for programs."""
        return {
            "path": self.path,
            "format": self.format,
            "in": self.findings + self.rejects,
            "findings": self.findings,
            "repeated": self.repeated,
            "rejects": self.rejects,
            "beside": dict(sorted(self.asides.items())),
            "without_resource": self.unplaced,
            **({"error": self.error} if self.error is not None else {}),
        }
