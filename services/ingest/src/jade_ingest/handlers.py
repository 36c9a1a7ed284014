"""Subscriptions of ingest."""

import asyncio
from collections.abc import Sequence

from jade_common.bus import Bus
from jade_common.delivery import Outcome, Received
from jade_common.errors import JadeError
from jade_common.events import ScanReport
from jade_common.publishing import Outgoing
from jade_ingest.domain.findings import findings_of
from jade_ingest.observed import Observed


def subscribe(bus: Bus, observed: Observed) -> None:
    """Take reports, send findings."""

    @bus.consume("ingest-scan-report", ScanReport)
    async def read_reports(reports: Sequence[Received[ScanReport]]) -> Sequence[Outcome]:
        return [await read(report) for report in reports]

    async def read(report: Received[ScanReport]) -> Outcome:
        try:
            ingested = await asyncio.to_thread(findings_of, report.event)
        except JadeError as error:
            return error
        observed.ingested(ingested, report.attributes.id)
        caused = (f"ingest/{ingested.format}", report.attributes.correlation_id, report.attributes.id)
        return [Outgoing(finding, identity, *caused) for identity, finding in ingested.findings]
