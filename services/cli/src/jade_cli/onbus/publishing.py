"""Reports onto the bus, and the wait until every finding in them is ranked."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

from jade_common.client import Client, Published
from jade_common.events import FindingRanked, ScanReport
from jade_common.settings import NatsSettings
from jade_ingest.domain.findings import Ingested, findings_of

SOURCE = "jade/cli"
BACK = timedelta(hours=1)
"""How far back rankings are looked for: a finding that was sent in the server's duplicate window (15
minutes) before is not ranked again."""


async def publish(settings: NatsSettings, reports: Sequence[ScanReport]) -> list[Published]:
    """Publish reports, in order.

    Raises:
        JadeError: There is no broker, or it did not take one of them.
    """
    async with Client(settings, source=SOURCE) as client:
        return await client.publish(reports)


async def rankings_of(
    settings: NatsSettings, wanted: set[str], seconds: float, progress: Callable[[int], None]
) -> dict[str, FindingRanked]:
    """The rankings of findings, by the finding's id; fewer than wanted when time is up.

    Args:
        settings: Where the broker is.
        wanted: Ids of the findings.
        seconds: How long to wait.
        progress: Told how many are there.
    """
    found: dict[str, FindingRanked] = {}
    try:
        async with (
            asyncio.timeout(seconds),
            Client(settings, source=SOURCE) as client,
            aclosing(client.watch(datetime.now(UTC) - BACK, lambda _: None)) as coming,
        ):
            while len(found) < len(wanted):
                one = await anext(coming)
                if one.event.finding_id in wanted:
                    found[one.event.finding_id] = one.event
                    progress(len(found))
    except TimeoutError:
        pass
    return found


def expected(report: ScanReport) -> Ingested:
    """What ingest will make of a report: its ids follow from what the report says."""
    return findings_of(report)
