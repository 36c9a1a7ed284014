"""Subscriptions of the ranker."""

from collections.abc import Sequence
from typing import Any

from jade_common.bus import Bus
from jade_common.delivery import Outcome, Received
from jade_common.events import RankAsk, ScanFinding
from jade_common.subjects import Ask
from jade_ranker.adapters.answering import Answering


def subscribe(bus: Bus, answering: Answering) -> None:
    """Take findings, send rankings; answer questions."""

    @bus.consume("ranker-scan-finding", ScanFinding)
    async def rank_findings(findings: Sequence[Received[ScanFinding]]) -> Sequence[Outcome]:
        return await answering.findings(findings)

    @bus.answer(Ask.RANK, RankAsk)
    async def rank_asked(ask: RankAsk) -> list[dict[str, Any]]:
        return await answering.lines(ask.lines, ask.top)
