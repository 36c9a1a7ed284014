"""Lines in and lines out: as many, in order, whatever is in them, and at once when one comes alone."""

import asyncio
import io
import os

import orjson
import pytest

from jade_cli.rank import streaming


async def echo(lines):
    await asyncio.sleep(0)
    return [{"id": line.get("id") if isinstance(line, dict) else None, "ok": True} for line in lines]


async def streamed(data, answer=echo, write=None):
    out = []
    counts = await streaming.stream(
        io.BytesIO(data), write or (lambda chunk: out.append(chunk) or True), answer
    )
    return [orjson.loads(line) for line in b"".join(out).splitlines()], counts


async def test_one_line_out_for_each_line_in_and_in_order():
    lines = [b'{"id":%d}' % number for number in range(1_050)]
    answers, counts = await streamed(b"\n".join(lines))
    assert [answer["id"] for answer in answers] == list(range(1_050))
    assert (counts.lines, counts.errors) == (1_050, 0)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"nonsense", "no JSON"),
        (b"", "empty"),
        (b'{"id": NaN}', "no JSON"),
        (b'{"id": "\xff"}', "no JSON"),
        (b'{"a":' * 5_000, "no JSON"),
    ],
)
async def test_a_bad_line_costs_only_itself(line, why):
    answers, counts = await streamed(b'{"id":1}\n' + line + b'\n{"id":2}\n')
    assert [answer["id"] for answer in answers] == [1, None, 2]
    assert why in answers[1]["error"]
    assert counts.errors == 1


async def test_a_line_that_is_too_long_is_an_error_and_the_next_is_read(monkeypatch):
    monkeypatch.setattr(streaming, "MAX_LINE_BYTES", 20)
    answers, _ = await streamed(b'{"id":"' + b"x" * 100 + b'"}\n{"id":2}\n')
    assert [answer["id"] for answer in answers] == [None, 2]
    assert "longer than" in answers[0]["error"]


async def test_no_input_no_output():
    assert (await streamed(b""))[0] == []


async def test_a_line_that_comes_alone_is_answered_at_once():
    read, write = os.pipe()
    answered = asyncio.Event()
    loop = asyncio.get_running_loop()
    with os.fdopen(read, "rb") as source, os.fdopen(write, "wb", buffering=0) as sink:
        task = asyncio.create_task(
            streaming.stream(source, lambda _: loop.call_soon_threadsafe(answered.set) or True, echo)
        )
        sink.write(b'{"id":1}\n')
        async with asyncio.timeout(10):
            await answered.wait()
        sink.close()
        assert (await task).lines == 1


async def test_two_chunks_are_at_work_at_the_same_time():
    begun, together = [], asyncio.Event()

    async def answer(lines):
        begun.append(lines)
        if len(begun) == 2:
            together.set()
        async with asyncio.timeout(10):
            await together.wait()
        return await echo(lines)

    answers, _ = await streamed(b'{"id":1}\n' * streaming.CHUNK * 4, answer)
    assert len(answers) == streaming.CHUNK * 4


async def test_nobody_reads_any_more():
    _, counts = await streamed(b'{"id":1}\n' * 10_000, write=lambda _: False)
    assert counts.lines < 10_000
