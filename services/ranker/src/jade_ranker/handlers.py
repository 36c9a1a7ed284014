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
        lines = (
            ask.lines
            if ask.inventory is None
            else [{"inventory": ask.inventory, **line} for line in ask.lines]
        )
        return await answering.lines(lines, ask.top)
