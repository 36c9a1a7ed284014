"""What a report holds that becomes no finding: named and counted, never dropped."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reject:
    """One entry of a report that is no finding, and why."""

    where: str
    reason: str
