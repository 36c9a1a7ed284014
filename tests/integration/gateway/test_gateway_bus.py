"""The gateway as a process of its own, over real sockets and a real server; the ranker is the test's."""

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from time import perf_counter
from typing import NamedTuple

import orjson
import pytest

from jade_common.asks import RankedLine
from jade_common.bus import ask_over
from jade_common.errors import TransientError
from jade_common.events import RankAsk
from jade_common.subjects import Ask
from jade_common.testing.subscriptions import subscribed

pytestmark = pytest.mark.integration

JSON = {"Content-Type": "application/json"}
ASK_TIMEOUT = 1.0
BODY_TIMEOUT = 1.0


class Gateway(NamedTuple):
    process: subprocess.Popen
    port: int
    log: str

    def send(
        self, body=b'{"id": "a", "resource": {}}', method="POST", path="/analyze", headers=JSON, chunked=False
    ):
        """Status, headers and JSON of one request."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as client:
            client.request(method, path, body=body, headers=headers, encode_chunked=chunked)
            answer = client.getresponse()
            text = answer.read()
            return answer.status, answer.headers, json.loads(text) if text else None

    def raw(self, text: bytes) -> bytes:
        """All that the gateway answers to ``text``, until it closes the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as client:
            client.sendall(text)
            return b"".join(iter(lambda: client.recv(65_536), b""))


@pytest.fixture(scope="module")
def gateway(nats_url, tmp_path_factory) -> Iterator[Gateway]:
    """A gateway on a listening socket that it inherits, as under the supervisor."""
    log = tmp_path_factory.mktemp("gateway") / "log"
    with socket.create_server(("127.0.0.1", 0)) as listening, log.open("wb") as stderr:
        fd = listening.fileno()
        environment = os.environ | {
            "JADE_HTTP_FD": str(fd),
            "JADE_NATS_URL": nats_url,
            "JADE_NATS_ASK_TIMEOUT": str(ASK_TIMEOUT),
            "JADE_GATEWAY_BODY_TIMEOUT": str(BODY_TIMEOUT),
        }
        command = [sys.executable, "-W", "error", "-m", "jade_common.worker", "gateway"]
        process = subprocess.Popen(command, env=environment, pass_fds=[fd], stderr=stderr)
        found = Gateway(process, listening.getsockname()[1], str(log))
        while found.send(None, "GET", "/health")[0] != 200:
            assert process.poll() is None, log.read_text()
        yield found
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) in {0, -signal.SIGTERM}
    text = log.read_text()
    assert "Traceback" not in text, text


@pytest.fixture
async def send(gateway):
    return lambda *args, **named: asyncio.to_thread(gateway.send, *args, **named)


@pytest.fixture
async def ranker(connection):
    """Answers ``rank.ask`` by what the test puts into ``answers``; ``None`` is silence."""
    asked, answers = [], []

    async def reply(message):
        asked.append(orjson.loads(message.data))
        answer = answers.pop(0)
        if answer is not None:
            await message.respond(answer if isinstance(answer, bytes) else orjson.dumps(answer))

    subscription = await connection.subscribe(Ask.RANK.value, queue="ranker", cb=reply)
    await subscribed(connection)
    yield asked, answers
    await subscription.unsubscribe()
    await connection.flush()


async def test_a_question_crosses_the_bus_and_comes_back(send, ranker):
    asked, answers = ranker
    line = {
        "id": "a",
        "policies": [{"id": "deny", "score": 1.5, "verdict": "violated"}],
        "none_applies": False,
    }
    answers.append([line])
    status, headers, body = await send(path="/analyze?top=3")
    assert (status, body) == (200, line)
    assert headers["content-type"] == "application/json"
    assert [(one["lines"], one["top"]) for one in asked] == [([{"id": "a", "resource": {}}], 3)]


@pytest.mark.parametrize(
    ("answer", "status", "name"),
    [
        ([{"id": "a", "error": "resource: kind is missing"}], 422, "unanswerable"),
        ({"error": {"kind": "invalid", "message": "lines.0: not a dict"}}, 422, "unanswerable"),
        ({"error": {"kind": "internal", "message": "see the log"}}, 503, "away"),
        ([], 502, "bad-answer"),
        ([1], 502, "bad-answer"),
        (["a", "b"], 502, "bad-answer"),
        ({"lines": []}, 502, "bad-answer"),
        (b"not json", 502, "bad-answer"),
        (None, 504, "late"),
    ],
)
async def test_what_the_ranker_says_wrong_has_its_own_status(send, ranker, answer, status, name):
    ranker[1].append(answer)
    found, headers, body = await send()
    assert (found, body["type"]) == (status, f"urn:jade:problem:{name}")
    assert ("retry-after" in headers) == (status in {503, 504})
    if status == 422:
        assert body["error"] in {"resource: kind is missing", "lines.0: not a dict"}
        assert body["id"] == "a"


async def test_nobody_there_is_said_at_once(send, connection):
    async with asyncio.timeout(ASK_TIMEOUT * 10):
        status, headers, body = await send()
    assert (status, body["type"], headers["retry-after"]) == (503, "urn:jade:problem:away", "2")


async def test_secrets_are_redacted_before_they_are_on_the_bus(send, ranker):
    asked, answers = ranker
    answers.append([{"id": "s", "policies": [], "none_applies": True}])
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s"},
        "data": {"token": "aHVudGVyMg=="},
    }
    assert (await send(json.dumps({"id": "s", "resource": secret}).encode()))[0] == 200
    assert "aHVudGVyMg==" not in json.dumps(asked)


async def test_what_grows_beyond_the_bus_is_refused_not_sent(send, ranker):
    body = b'{"id": "a", "resource": {}, "numbers": [' + b",".join([b"1e9"] * 200_000) + b"]}"
    assert len(body) < 1024 * 1024
    status, _, problem = await send(body)
    assert (status, problem["type"]) == (413, "urn:jade:problem:too-large")
    assert ranker[0] == []


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_huge_body_gets_its_answer_on_a_real_socket(send, chunked):
    body = iter([b"x" * 1_000_000] * 30) if chunked else b"x" * 30_000_000
    headers = JSON | ({"Transfer-Encoding": "chunked"} if chunked else {})
    status, _, problem = await send(body, headers=headers, chunked=chunked)
    assert (status, problem["type"]) == (413, "urn:jade:problem:too-large")


HEAD = b"POST /analyze HTTP/1.1\r\nHost: localhost\r\n"
AS_JSON = HEAD + b"Content-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        (HEAD + b"Content-Length: -5\r\n\r\n", b"400"),
        (HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n", b"400"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (HEAD + b"Transfer-Encoding: gzip\r\n\r\n", b"400"),
        (AS_JSON + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}", b"408"),
        (AS_JSON + b"Content-Length: 100\r\n\r\n{", b"408"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400"),
    ],
)
async def test_broken_and_slow_http_is_ended(gateway, request_text, status):
    text = await asyncio.to_thread(gateway.raw, request_text)
    assert text.split(b" ")[1] == status, text
    assert b"Traceback" not in text


async def test_an_endless_head_is_ended(gateway):
    try:
        text = await asyncio.to_thread(gateway.raw, b"GET /" + b"x" * 300_000)
    except ConnectionError:
        return  # the server closed while the rest was still on its way
    assert b" 400 " in text


async def test_it_still_works_after_all_that(send, ranker):
    ranker[1].append([{"id": "a", "policies": [], "none_applies": True}])
    assert (await send())[0] == 200
    status, headers, _ = await send(None, "HEAD", "/health")
    assert (status, int(headers["content-length"]) > 0) == (200, True)


async def answers(connection, line: dict) -> bool:
    """Whether anybody answers ``line``; the first answer waits for the engine, longer than a person would."""
    try:
        await ask_over(connection, Ask.RANK, RankAsk(lines=(line,)), timeout=30)
    except TransientError:
        return False
    return True


async def test_an_answer_waits_for_no_delayed_acknowledgement(gateway):
    def times() -> list[float]:
        with closing(http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=30)) as client:
            taken = []
            for _ in range(21):
                started = perf_counter()
                client.request("GET", "/health/live")
                client.getresponse().read()
                taken.append(perf_counter() - started)
            return sorted(taken)

    # Without TCP_NODELAY on the inherited socket a delayed acknowledgement adds 40 ms to each answer.
    assert (await asyncio.to_thread(times))[10] < 0.035


@pytest.fixture
def ranker_process(nats_url, tmp_path) -> Iterator[subprocess.Popen]:
    environment = os.environ | {
        "JADE_NATS_URL": nats_url,
        "JADE_HTTP_PORT": "0",
        "JADE_CACHE_URL": "memory://",
    }
    command = [sys.executable, "-m", "jade_common.worker", "ranker"]
    with (tmp_path / "log").open("wb") as stderr:
        process = subprocess.Popen(command, env=environment, stderr=stderr)
    yield process
    process.terminate()
    process.wait(15)


async def test_the_ranker_itself_answers(send, connection, ranker_process):
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "default"}}
    pod["spec"] = {"containers": [{"name": "c", "image": "a:1", "securityContext": {"privileged": True}}]}
    async with asyncio.timeout(60):
        while not await answers(connection, {"id": "a", "resource": pod}):
            assert ranker_process.poll() is None
    status, _, line = await send(json.dumps({"id": "a", "resource": pod}).encode(), path="/analyze?top=3")
    assert (status, line["id"], line["none_applies"]) == (200, "a", False)
    assert len(line["policies"]) == 3
    RankedLine.model_validate(line)
    verdicts = {one["id"]: one["verdict"] for one in line["policies"]}
    assert verdicts["deny-privileged-pods"] == "violated"
    status, _, problem = await send(b'{"id": "b", "resource": {"kind": 5}}')
    assert (status, problem["id"]) == (422, "b")
    assert "resource" in problem["error"]


async def test_the_broker_gone_is_said_at_once_and_forgotten_when_it_is_back(own_nats):
    import nats
    from nats.aio.client import Client

    from jade_common.bus import Bus
    from jade_common.servers import url
    from jade_common.settings import NatsSettings
    from jade_gateway.adapters.ranking import Ranking
    from jade_gateway.domain.problems import AWAY, Problem

    bus = Bus(NatsSettings(url=url(own_nats)), service="gateway", redact=str)
    rank = Ranking(bus)
    with pytest.raises(Problem) as caught:
        await rank({"id": "a"}, 5)
    assert caught.value.kind is AWAY

    async def answering() -> Client:
        client = await nats.connect(url(own_nats))

        async def reply(message):
            await message.respond(orjson.dumps([{"id": "a"}]))

        await client.subscribe(Ask.RANK.value, cb=reply)
        await subscribed(client)
        return client

    async def until(wanted: bool) -> None:
        async with asyncio.timeout(20):
            while bool(await bus.problems()) == wanted:  # the bus tells nobody
                await asyncio.sleep(0)  # the bus tells nobody; it is asked until it says so

    async with bus.running():
        await until(wanted=True)
        client = await answering()
        assert await rank({"id": "a"}, 5) == {"id": "a"}
        await client.close()
        own_nats.kill()
        await until(wanted=False)
        with pytest.raises(Problem) as caught:
            async with asyncio.timeout(1):
                await rank({"id": "a"}, 5)
        assert caught.value.kind is AWAY
        own_nats.start()
        await until(wanted=True)
        client = await answering()
        assert await rank({"id": "a"}, 5) == {"id": "a"}
        await client.close()
