"""What a report holds that becomes no finding: named and counted, never dropped."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reject:
    """Entries of a report that should be findings and are none, and why."""

    where: str
    reason: str
    count: int = 1
    """More than one only where a report says how many entries it leaves out; 0 for what is none of its entries: a
    document of the manifests that come with it."""


@dataclass(frozen=True, slots=True)
class Aside:
    """Entries that say of no problem: a check that passed, one that was suppressed, a line about something else."""

    kind: str
    count: int = 1
