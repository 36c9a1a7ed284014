"""What ingest tells of its work: metrics, and a log line for every reject."""

import structlog
from prometheus_client import CollectorRegistry, Counter

from jade_ingest.domain.findings import Ingested

log = structlog.get_logger("jade.ingest")


class Observed:
    """Counts what came out of reports."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register the metrics on ``registry``."""
        self._entries = Counter(
            "jade_ingest_entries",
            "Entries of reports by format and outcome",
            ["format", "outcome"],
            registry=registry,
        )

    def ingested(self, ingested: Ingested, report_id: str) -> None:
        """A report was read."""
        self._entries.labels(ingested.format, "finding").inc(len(ingested.findings))
        self._entries.labels(ingested.format, "repeated").inc(ingested.repeated)
        self._entries.labels(ingested.format, "rejected").inc(sum(one.count for one in ingested.rejects))
        for reject in ingested.rejects:
            log.warning("entry_rejected", report=report_id, where=reject.where, reason=reject.reason)
