"""An agent: takes recommendations as they come, and acts once for each problem, whoever sees it and however often.

Usage: python examples/agent.py [FILE]     FILE remembers the problems acted on (default: acted.txt)
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from jade_common.client import Client, FindingRanked, JadeError

NAME = "example-agent"
"""The server keeps the position under this name: the agent goes on where it was, and two share the work."""

FIRST = timedelta(days=1)
"""How far back the very first run begins."""


def act(event: FindingRanked) -> None:
    """What an agent would do: here, one line for the best policy that the resource violates."""
    best = event.policies[0]
    print(f"{event.problem_id} {best.id}: {best.message} at {best.path}", flush=True)


def actionable(event: FindingRanked) -> bool:
    """Whether the best policy is about the finding, and violated."""
    return not event.none_applies and event.policies[0].verdict == "violated"


async def main(memory: Path) -> None:
    """Act on each problem once; what was taken and not finished comes again after a crash."""
    acted = set(memory.read_text().split()) if memory.exists() else set()
    begin = datetime.now(UTC) - FIRST
    async with Client(source=NAME) as jade, jade.recommendations(NAME, since=begin) as coming:
        async for one in coming:
            if one.event.problem_id in acted or not actionable(one.event):
                continue
            act(one.event)
            acted.add(one.event.problem_id)
            with memory.open("a") as file:  # before the next is asked for: that says it was handled
                file.write(f"{one.event.problem_id}\n")


if __name__ == "__main__":
    try:
        asyncio.run(main(Path(sys.argv[1] if len(sys.argv) > 1 else "acted.txt")))
    except JadeError as error:
        sys.exit(f"agent: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
