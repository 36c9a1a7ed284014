"""The client for scanners and agents: publish findings, ask, and take recommendations as they come.

::

    async with Client(source="acme/scanner") as jade:
        await jade.publish([ScanFinding(tool="acme", rule_id="A-1", resource=pod)])
        (answer,) = await jade.rank([RankLine(resource=pod)])
        async with jade.recommendations("acme-fixer") as coming:
            async for one in coming:
                print(one.event.problem_id)
"""

from jade_common.asks import FindingWords, RankedLine, RankLine
from jade_common.client.client import Client, Published
from jade_common.client.recommending import Recommendation
from jade_common.client.subscribing import Subscription
from jade_common.errors import JadeError, PermanentError, TransientError
from jade_common.events import FindingRanked, ReportFile, ScanFinding, ScanReport, Source
from jade_common.settings import NatsSettings

__all__ = [
    "Client",
    "FindingRanked",
    "FindingWords",
    "JadeError",
    "NatsSettings",
    "PermanentError",
    "Published",
    "RankLine",
    "RankedLine",
    "Recommendation",
    "ReportFile",
    "ScanFinding",
    "ScanReport",
    "Source",
    "Subscription",
    "TransientError",
]
