"""How long to wait before a part that ended is started again."""

from dataclasses import dataclass

FIRST_SECONDS = 0.2
"""One death is mostly an accident: be back soon."""

LONGEST_SECONDS = 15.0
"""What cannot run costs one start in 15 s, and is back 15 s after its cause has gone."""

RAN_WELL_SECONDS = 10.0
"""Ten times what a worker needs to start: whoever lived that long does not die of its start."""


@dataclass(slots=True)
class Backoff:
    """Doubles the wait with every death in a row.

    >>> backoff = Backoff()
    >>> [backoff.after(ran=0.1) for _ in range(4)]
    [0.2, 0.4, 0.8, 1.6]
    >>> backoff.after(ran=60.0)
    0.2
    """

    deaths: int = 0

    def after(self, *, ran: float) -> float:
        """Seconds to wait after a death.

        Args:
            ran: Seconds that the part had lived.
        """
        self.deaths = 1 if ran >= RAN_WELL_SECONDS else self.deaths + 1
        return float(min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** min(self.deaths - 1, 16)))
