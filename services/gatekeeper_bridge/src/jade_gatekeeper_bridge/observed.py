"""What the bridge tells of its work: metrics, and a log line for whatever did not become an event."""

from typing import Literal

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

log = structlog.get_logger("jade.gatekeeper_bridge")

Outcome = Literal["finding", "failure", "latency", "repeated", "rejected", "aside"]
OUTCOMES: tuple[Outcome, ...] = ("finding", "failure", "latency", "repeated", "rejected", "aside")
FILES = ("opened", "finished", "removed_unread", "truncated", "unreadable")


class Observed:
    """Counts what came out of Gatekeeper's files."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register the metrics on ``registry``."""
        self._entries = Counter(
            "jade_gatekeeper_bridge_entries",
            "Entries of Gatekeeper's files by source and outcome",
            ["source", "outcome"],
            registry=registry,
        )
        self._files = Counter(
            "jade_gatekeeper_bridge_files",
            "Files by source and what became of them",
            ["source", "outcome"],
            registry=registry,
        )
        self._unread = Gauge(
            "jade_gatekeeper_bridge_unread_bytes",
            "Bytes that are written and whose events are not stored yet",
            ["source"],
            registry=registry,
        )
        self._retries = Counter(
            "jade_gatekeeper_bridge_retries",
            "Times that the bridge waited because the bus did not store something",
            registry=registry,
        )

    def expect(self, source: str) -> None:
        """Show a source's counts from zero: in a series that begins at one, Prometheus sees no increase."""
        for outcome in OUTCOMES:
            self._entries.labels(source, outcome)
        for became in FILES:
            self._files.labels(source, became)
        self._unread.labels(source)

    def entries(self, source: str, outcome: Outcome, count: int = 1) -> None:
        """So many entries came to this."""
        self._entries.labels(source, outcome).inc(count)

    def rejected(self, source: str, where: str, reason: str) -> None:
        """Something should be an event and is none."""
        self.entries(source, "rejected")
        log.warning("entry_rejected", source=source, where=where, reason=reason)

    def aside(self, source: str, where: str, kind: str, count: int) -> None:
        """Something says of no event."""
        self.entries(source, "aside", count)
        log.debug("entry_aside", source=source, where=where, kind=kind, count=count)

    def opened(self, source: str, path: str, offset: int) -> None:
        """A file is followed from ``offset`` on."""
        self._files.labels(source, "opened").inc()
        log.info("file_opened", source=source, path=path, offset=offset)

    def finished(self, source: str, path: str) -> None:
        """A file is gone, and all of it was read."""
        self._files.labels(source, "finished").inc()
        log.info("file_finished", source=source, path=path)

    def removed_unread(self, source: str, path: str, unread: int | None) -> None:
        """A file was removed before it was read; ``unread`` bytes of it, where that is known."""
        self._files.labels(source, "removed_unread").inc()
        log.error("file_removed_unread", source=source, path=path, unread_bytes=unread)

    def truncated(self, source: str, path: str, offset: int) -> None:
        """A file was cut or replaced in place; what stood after ``offset`` was not read."""
        self._files.labels(source, "truncated").inc()
        log.warning("file_truncated", source=source, path=path, offset=offset)

    def unreadable(self, source: str, path: str, reason: str) -> None:
        """A file cannot be opened; it is tried again until it is gone."""
        self._files.labels(source, "unreadable").inc()
        log.warning("file_unreadable", source=source, path=path, reason=reason)

    def unread(self, source: str, count: int) -> None:
        """So many bytes wait."""
        self._unread.labels(source).set(count)

    def retried(self, reason: str, waiting: int) -> None:
        """The bus did not store something; it is tried again."""
        self._retries.inc()
        log.warning("publish_retried", reason=reason[:500], waiting=waiting)
