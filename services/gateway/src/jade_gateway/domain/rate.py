"""A token bucket for each caller.

``limits`` 5.8 was considered: it has windows but no token bucket, and its Redis storage wants redis < 8,
where Jade's cache has redis ≥ 8.1. Each process has its own
buckets: over N replicas a caller has N times the rate.
"""

from collections import OrderedDict

MAX_CALLERS = 10_000
"""Buckets that are kept, 200 bytes each; the one that asked longest ago goes first, and comes back full."""


class TokenBuckets:
    """Holds back callers that ask faster than ``rate`` a second, beyond a burst."""

    def __init__(self, rate: float, burst: int, *, callers: int = MAX_CALLERS) -> None:
        """Let each caller ask ``burst`` times at once and ``rate`` times a second."""
        self._rate = rate
        self._burst = burst
        self._callers = callers
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str, now: float) -> float:
        """Take a token.

        Args:
            caller: Whose bucket.
            now: Any clock that never goes back, in seconds.

        Returns:
            0.0 when the caller may go on, else the seconds until the next token.
        """
        tokens, then = self._buckets.get(caller, (float(self._burst), now))
        tokens = min(float(self._burst), tokens + (now - then) * self._rate)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / self._rate
        self._buckets[caller] = (tokens if wait else tokens - 1, now)
        self._buckets.move_to_end(caller)
        if len(self._buckets) > self._callers:
            self._buckets.popitem(last=False)
        return wait
