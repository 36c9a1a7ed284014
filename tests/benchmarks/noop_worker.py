"""The yardstick: a FastStream batch pull worker that only consumes, and publishes one event a finding."""

import asyncio
import os
from typing import Any

import orjson
import uvloop
from faststream import AckPolicy, FastStream
from faststream.nats import JStream, NatsBroker, PullSub

from jade_common.processes import die_with_parent
from jade_common.topology import topology

CONSUMER = topology().consumer("ranker-scan-finding")

broker = NatsBroker(
    os.environ.get("JADE_NATS_URL", "nats://127.0.0.1:4222"),
    logger=None,
    max_reconnect_attempts=-1,
    ack_policy=AckPolicy.NACK_ON_ERROR,
)


@broker.subscriber(
    CONSUMER.subject,
    stream=JStream(CONSUMER.stream, declare=False),
    durable=CONSUMER.name,
    pull_sub=PullSub(batch_size=CONSUMER.batch, batch=True, timeout=0.05),
    config=CONSUMER.config(),
)
async def pass_on(findings: list[dict[str, Any]]) -> None:
    """Publish an event for each finding; the batch is acked when all are stored."""
    messages = broker.context.get_local("message").raw_message
    jetstream = broker.config.connection_state.stream
    stored = [
        await jetstream.publish_async(
            "finding.ranked",
            orjson.dumps({"finding_id": message.headers["ce-id"], "tool": finding["tool"], "policies": []}),
            headers={"Nats-Msg-Id": f"ranked-{message.headers['ce-id']}"},
            wait_stall=10.0,
        )
        for finding, message in zip(findings, messages, strict=True)
    ]
    await asyncio.gather(*stored)


if __name__ == "__main__":
    die_with_parent()
    uvloop.run(FastStream(broker).run())
