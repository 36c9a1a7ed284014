"""Questions on core request/reply, in batches that fit the bus."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
from nats.aio.client import Client as Connection
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError
from pydantic import BaseModel

from jade_common.errors import PermanentError, TransientError
from jade_common.events import RankAsk
from jade_common.limits import MAX_LINES, MAX_MESSAGE
from jade_common.subjects import Ask

QUESTION_BYTES = 512 * 1024
"""Size of one question: half of what the broker takes, since the answer must fit as well."""

ASKED_AT_ONCE = 2
"""Questions on their way: while one is judged, the next is read."""


async def ask_over(connection: Connection, ask: Ask, question: BaseModel, *, timeout: float) -> Any:  # noqa: ASYNC109
    """Ask over an open connection, and wait at most ``timeout`` seconds for the answer.

    Raises:
        PermanentError: The question is wrong, or the answer too large.
        TransientError: Nobody answered in time.
    """
    body = question.__pydantic_serializer__.to_json(question)
    if len(body) > MAX_MESSAGE:
        raise PermanentError(
            f"the question has {len(body):,} bytes, the limit is {MAX_MESSAGE:,}: ask for fewer lines"
        )
    try:
        reply = await connection.request(ask.value, body, timeout=timeout)
    except NoRespondersError as error:
        raise TransientError(
            f"nobody listens on {ask} (NoRespondersError): `jade status` says whether the worker runs, "
            "`jade up` starts it"
        ) from error
    except (NatsError, OSError, TimeoutError) as error:
        raise TransientError(
            f"no answer to {ask} within {timeout:g} s ({type(error).__name__}): ask again, for fewer lines, or with "
            "a longer JADE_NATS_ASK_TIMEOUT; `jade status` says whether the worker is ready"
        ) from error
    answer = orjson.loads(reply.data)
    if isinstance(answer, dict) and isinstance(refused := answer.get("error"), dict):
        kind = TransientError if refused["kind"] in {"transient", "internal"} else PermanentError
        raise kind(refused["message"])
    return answer


async def ranked_lines(
    connection: Connection,
    lines: Sequence[dict[str, Any]],
    *,
    top: int,
    inventory: Mapping[str, Any] | None,
    timeout: float,  # noqa: ASYNC109
    at_a_time: int = MAX_LINES,
) -> list[dict[str, Any]]:
    """Lines of ``jade rank``, answered by the ranker of the bus, in their order; as many as one likes.

    Args:
        connection: An open one.
        lines: Questions.
        top: Policies for each; all for 0.
        inventory: What all lines know of the cluster.
        timeout: Seconds that the answer to one batch may take.
        at_a_time: Lines of one question, at most; an answer of all policies has 300 bytes for each of them.

    Raises:
        TransientError: Nobody answered in time.
    """
    free = asyncio.Semaphore(ASKED_AT_ONCE)

    async def ask(batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
        question = RankAsk(
            lines=tuple(batch), top=top, inventory=None if inventory is None else dict(inventory)
        )
        try:
            async with free:
                answer = await ask_over(connection, Ask.RANK, question, timeout=timeout)
        except PermanentError as error:
            if len(batch) == 1:
                return [{"id": batch[0].get("id"), "error": str(error)}]
            middle = len(batch) // 2  # too large a question or answer, or one line that cannot be asked
            return [*await ask(batch[:middle]), *await ask(batch[middle:])]
        return list(answer)

    size = QUESTION_BYTES - (0 if inventory is None else len(orjson.dumps(inventory)))
    batches = batched(lines, min(MAX_LINES, at_a_time), size)
    answers = await asyncio.gather(*map(ask, batches))
    return [line for answer in answers for line in answer]


def batched(lines: Sequence[dict[str, Any]], most: int, size: int) -> Iterator[list[dict[str, Any]]]:
    """The lines in batches of at most ``most`` and ``size`` bytes; a larger line has a batch to itself."""
    batch: list[dict[str, Any]] = []
    total = 0
    for line in lines:
        own = len(orjson.dumps(line))
        if batch and (len(batch) == most or total + own > size):
            yield batch
            batch, total = [], 0
        batch.append(line)
        total += own
    if batch:
        yield batch
