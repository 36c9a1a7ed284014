"""Prometheus metrics that every worker has; no ids and no tenants in a label, except the team."""

from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Bucket bounds: a cached batch takes 20 ms, an uncached one 0.3 s, the longest ``ack_wait`` is a minute."""


class DeliveryMetrics:
    """What happened to the messages of a worker."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register the metrics on ``registry``."""
        self._messages = Counter(
            "jade_messages", "Messages by consumer and outcome", ["consumer", "outcome"], registry=registry
        )
        self._seconds = Histogram(
            "jade_batch_seconds",
            "Time for a batch, in seconds",
            ["consumer"],
            buckets=SECONDS,
            registry=registry,
        )
        self._asks = Histogram(
            "jade_ask_seconds", "Time for a question, in seconds", ["ask"], buckets=SECONDS, registry=registry
        )
        self._waiting = Gauge(
            "jade_consumer_waiting",
            "Messages not taken or not settled yet, as the server last said",
            ["consumer"],
            registry=registry,
        )
        self._ready = Gauge("jade_ready", "1 when the worker can work, else 0", registry=registry)
        ProcessCollector(registry=registry)  # its start time shows a restart

    def expect(self, consumer: str) -> None:
        """Show a consumer's counts from zero: in a series that begins at one, Prometheus sees no increase."""
        for outcome in ("answered", "retried", "dead_lettered"):
            self._messages.labels(consumer, outcome)

    def batch(self, consumer: str, answered: int, seconds: float) -> None:
        """A batch is done: so many of its messages were answered."""
        self._messages.labels(consumer, "answered").inc(answered)
        self._seconds.labels(consumer).observe(seconds)

    def refused(self, consumer: str, outcome: Literal["retried", "dead_lettered"]) -> None:
        """A message was given back or dead-lettered."""
        self._messages.labels(consumer, outcome).inc()

    def waiting(self, consumer: str, messages: int) -> None:
        """So many messages wait for a consumer."""
        self._waiting.labels(consumer).set(messages)

    def ready(self, *, yes: bool) -> None:
        """Whether the worker can work."""
        self._ready.set(yes)

    def asked(self, ask: str, seconds: float) -> None:
        """A question was answered."""
        self._asks.labels(ask).observe(seconds)
