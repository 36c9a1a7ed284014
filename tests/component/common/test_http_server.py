"""A request whose head does not arrive in time is ended; a patient keep-alive client is not."""

import asyncio

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from jade_common import http_server

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
async def connect(monkeypatch):
    monkeypatch.setattr(http_server, "HEAD_SECONDS", 0.2)
    config = Config(app, lifespan="off", log_config=None)
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: http_server.TimedHeads(config, state, {}), "127.0.0.1", 0
    )
    writers = []

    async def one():
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writers.append(writer)
        return reader, writer

    async with server:
        yield one
        for writer in writers:
            writer.close()


@pytest.mark.parametrize("sent", [b"", b"GET / HT", REQUEST[:-2]])
async def test_a_head_that_stays_incomplete_is_ended(connect, sent):
    reader, writer = await connect()
    writer.write(sent)
    assert await asyncio.wait_for(reader.read(), 10) == b""


async def test_more_bytes_of_the_same_head_give_no_more_time(connect):
    reader, writer = await connect()

    for _ in range(500):
        writer.write(b"x")
        try:
            await asyncio.wait_for(reader.read(), 0.02)
        except TimeoutError:
            continue
        except ConnectionResetError:
            pass
        return
    pytest.fail("it was never ended")


async def test_an_honest_client_asks_again_on_the_same_connection(connect):
    reader, writer = await connect()
    for _ in range(2):
        writer.write(REQUEST)
        assert b"204" in await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        with pytest.raises(
            TimeoutError
        ):  # longer than a head may take: between two requests another limit counts
            await asyncio.wait_for(reader.read(), 0.3)
    writer.write(b"GET")
    assert await asyncio.wait_for(reader.read(), 10) == b""
