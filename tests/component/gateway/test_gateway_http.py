"""The whole gateway over ASGI with a ranker of the test's own: every refusal, and what it looks like."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from structlog.testing import capture_logs

from jade_common.settings import NatsSettings
from jade_gateway.api import upload
from jade_gateway.app import build_app
from jade_gateway.domain.problems import AWAY, Problem
from jade_gateway.openapi import document
from jade_gateway.openapi import main as openapi_main
from jade_gateway.settings import GatewaySettings

KEY = "correct-horse-battery"
JSON = {"content-type": "application/json"}
DOCS = Path(__file__).parents[3] / "docs"
LOCAL = ("127.0.0.1", 50_000)


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


async def ask(
    app,
    target="/analyze",
    *,
    method="POST",
    parts=(b'{"resource": {}}',),
    headers=None,
    client=LOCAL,
    host="localhost",
) -> Answer:
    """One request, its body in ``parts``; an ``asyncio.Event`` among them is waited for."""
    url = urlsplit(target)
    sent = {"host": host} | (JSON if headers is None else headers)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": url.path,
        "raw_path": url.path.encode(),
        "root_path": "",
        "query_string": url.query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in sent.items()],
        "client": client,
        "server": ("127.0.0.1", 8080),
    }
    left = list(parts)
    out: list[dict] = []

    async def receive():
        part = left.pop(0) if left else b""
        if isinstance(part, asyncio.Event):
            await part.wait()
            part = b""
        if part is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": part, "more_body": bool(left)}

    async def send(message):
        out.append(message)

    await app(scope, receive, send)
    found = {name.decode(): value.decode() for name, value in out[0]["headers"]}
    return Answer(out[0]["status"], found, b"".join(one.get("body", b"") for one in out[1:]))


async def echo(line, top):
    return {"id": line["id"], "policies": [], "none_applies": True, "line": line, "top": top}


def gateway(rank=echo, **settings):
    return build_app(NatsSettings(), GatewaySettings(**settings), rank=rank)


def is_problem(answer: Answer, status: int, name: str) -> dict:
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    body = answer.json()
    assert body["type"] == f"urn:jade:problem:{name}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert body["action"]
    assert body["instance"] == f"urn:jade:request:{answer.headers['x-request-id']}"
    assert "Traceback" not in answer.body.decode()
    return body


async def test_a_line_in_gives_a_line_out():
    answer = await ask(gateway(), "/analyze?top=0", parts=(b'{"id": "a", "resou', b'rce": {}, "other": 1}'))
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["line"] == {"id": "a", "resource": {}, "other": 1}
    assert answer.json()["top"] == 0
    assert (await ask(gateway())).json()["top"] == 5


async def test_a_line_without_an_id_gets_that_of_the_request():
    answer = await ask(gateway(), headers=JSON | {"X-Request-ID": "build-17"})
    assert (answer.json()["id"], answer.headers["x-request-id"]) == ("build-17", "build-17")


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "a\nb", "é", "<script>"])
async def test_a_harmful_request_id_is_replaced(given):
    found = (await ask(gateway(), headers=JSON | {"X-Request-ID": given})).headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", found)


@pytest.mark.parametrize("top", ["-1", "x", "1.5", "1e9", "99999", "", "%00"])
async def test_a_wrong_top_is_refused(top):
    body = is_problem(await ask(gateway(), f"/analyze?top={top}"), 422, "bad-query")
    assert body["detail"].startswith("top: ")


async def test_hostile_bodies_are_refused():
    app = gateway()
    is_problem(await ask(app, parts=(b'{"a": NaN}',)), 400, "invalid-json")
    is_problem(await ask(app, parts=(b'{"a": "\xff"}',)), 400, "invalid-json")
    is_problem(await ask(app, parts=(b"[" * 5000 + b"]" * 5000,)), 400, "too-deep")
    is_problem(await ask(app, parts=()), 400, "invalid-json")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/jsonx"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
)
async def test_what_is_not_declared_as_json_is_refused(headers):
    is_problem(await ask(gateway(), headers=headers), 415, "bad-type")


@pytest.mark.parametrize(
    "declared",
    ["application/json", "application/json; charset=UTF-8", 'application/vnd.x+json; charset="utf-8"'],
)
async def test_what_is_declared_as_json_is_read(declared):
    assert (await ask(gateway(), headers={"content-type": declared})).status == 200


async def test_a_body_beyond_the_limit_is_refused_whatever_it_declares():
    app = gateway()
    part = b"x" * 65_536
    for headers in (
        {"content-length": "2000000"},
        {"transfer-encoding": "chunked"},
        {"content-length": "10"},
        {},
    ):
        answer = await ask(app, parts=(part,) * 17, headers=JSON | headers)
        is_problem(answer, 413, "too-large")
        assert "connection" not in answer.headers, "the rest was read, so that the connection can stay"
    limit = b'{"a": "' + b"x" * (upload.MAX_BODY - 9) + b'"}'
    assert (await ask(app, parts=(limit,))).status == 200
    is_problem(await ask(app, parts=(limit + b" ",)), 413, "too-large")


async def test_a_huge_body_is_refused_unread_when_the_client_waits_for_leave():
    never = asyncio.Event()
    headers = JSON | {"content-length": "2000000", "expect": "100-continue"}
    answer = await ask(gateway(), parts=(never,), headers=headers)
    is_problem(answer, 413, "too-large")
    assert answer.headers["connection"] == "close"


async def test_an_endless_body_is_dropped_only_so_far(monkeypatch):
    monkeypatch.setattr(upload, "DROP_BYTES", 200_000)
    answer = await ask(
        gateway(), parts=(b"x" * 65_536,) * 1000, headers=JSON | {"transfer-encoding": "chunked"}
    )
    is_problem(answer, 413, "too-large")
    assert answer.headers["connection"] == "close"


async def test_a_slow_body_is_given_up():
    never = asyncio.Event()
    answer = await ask(
        gateway(body_timeout=0.05), parts=(b'{"a', never), headers=JSON | {"content-length": "20"}
    )
    assert "3 bytes" in is_problem(answer, 408, "too-slow")["detail"]
    assert answer.headers["connection"] == "close"


async def test_a_client_that_leaves_costs_nothing():
    app = gateway(concurrency=1)
    for _ in range(3):
        assert (await ask(app, parts=(b'{"a', None), headers=JSON | {"content-length": "20"})).status == 408
    assert (await ask(app)).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": f"Bearer {KEY}"},
        {"authorization": f"bearer  {KEY} "},
        {"x-api-key": KEY},
        {"authorization": "Basic dTpw", "x-api-key": KEY},
    ],
)
async def test_a_key_opens_from_anywhere(headers):
    app = gateway(api_keys=KEY)
    answer = await ask(app, headers=JSON | headers, client=("203.0.113.9", 1), host="jade.example")
    assert answer.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer"},
        {"authorization": "Bearer wrong"},
        {"authorization": KEY},
        {"authorization": f"Basic {KEY}"},
        {"x-api-key": KEY[:-1]},
        {"x-api-key": "é\xff"},
    ],
)
async def test_no_key_or_a_wrong_one_opens_nothing_and_is_not_repeated(headers):
    with capture_logs() as logs:
        answer = await ask(gateway(api_keys=KEY), headers=JSON | headers)
    body = is_problem(answer, 401, "no-key")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    for value in headers.values():
        assert value.removeprefix("Bearer ") not in body["detail"] + str(logs) or value == "Bearer"
    assert [one["status"] for one in logs if one["event"] == "request"] == [401]


async def test_without_keys_only_this_machine_is_served():
    app = gateway()
    for client in (("203.0.113.9", 1), ("10.0.0.1", 1), ("::ffff:10.0.0.1", 1), ("2001:db8::1", 1), None):
        is_problem(await ask(app, client=client), 403, "not-local")
    for client in (("127.0.0.1", 1), ("127.8.8.8", 1), ("::1", 1), ("::ffff:127.0.0.1", 1)):
        assert (await ask(app, client=client)).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.nip.io"]
)
async def test_without_keys_a_page_with_a_rebound_name_is_not_served(host):
    is_problem(await ask(gateway(), host=host), 403, "not-local")
    assert (await ask(gateway(api_keys=KEY), headers=JSON | {"x-api-key": KEY}, host=host)).status == 200


async def test_the_log_says_who_is_served():
    for settings, events in (
        ({}, ["no_api_keys"]),
        ({"api_keys": KEY}, []),
        ({"api_keys": "x"}, ["api_key_short"]),
    ):
        app = gateway(**settings)
        with capture_logs() as logs:
            app._app.announce()
        assert [one["event"] for one in logs] == events


async def test_who_asks_too_fast_is_held_back_by_key():
    app = gateway(api_keys=["one-of-the-keys-", "other-of-the-keys"], rate=0.5, burst=2)
    first, other = JSON | {"x-api-key": "one-of-the-keys-"}, JSON | {"x-api-key": "other-of-the-keys"}
    assert [(await ask(app, headers=first)).status for _ in range(2)] == [200, 200]
    answer = await ask(app, headers=first)
    is_problem(answer, 429, "too-many")
    assert answer.headers["retry-after"] == "2"
    assert (await ask(app, headers=other)).status == 200


async def test_guessing_keys_is_held_back_by_address():
    app = gateway(api_keys=KEY, rate=0.01, burst=3)
    statuses = [(await ask(app, headers=JSON | {"x-api-key": f"guess-{n}"})).status for n in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    assert (await ask(app, headers=JSON | {"x-api-key": KEY})).status == 200


async def test_only_so_many_are_answered_at_once():
    release, inside = asyncio.Event(), asyncio.Event()

    async def slow(line, top):
        inside.set()
        await release.wait()
        return {"id": line["id"]}

    app = gateway(slow, concurrency=1)
    first = asyncio.create_task(ask(app))
    await inside.wait()
    busy = await ask(app)
    is_problem(busy, 503, "busy")
    assert busy.headers["retry-after"] == "1"
    assert (await ask(app, "/health/live", method="GET", parts=())).status == 200
    release.set()
    assert (await first).status == 200
    assert (await ask(app)).status == 200


async def test_a_defect_shows_nothing_but_the_id():
    async def broken(line, top):
        raise RuntimeError("password=hunter2")

    with capture_logs() as logs:
        answer = await ask(gateway(broken))
    is_problem(answer, 500, "defect")
    assert "hunter2" not in answer.body.decode()
    assert [one["event"] for one in logs if one["log_level"] == "error"] == ["request_failed"]


async def test_a_problem_of_the_ranker_is_passed_on():
    async def away(line, top):
        raise Problem(AWAY, "Nobody answers on the bus.", headers={"Retry-After": "2"})

    answer = await ask(gateway(away))
    is_problem(answer, 503, "away")
    assert answer.headers["retry-after"] == "2"


async def test_secrets_do_not_leave_the_gateway():
    secret = {"apiVersion": "v1", "kind": "Secret", "data": {"token": "aHVudGVyMg=="}}
    with capture_logs() as logs:
        answer = await ask(gateway(), parts=(json.dumps({"resource": secret}).encode(),))
    assert answer.status == 200
    assert "aHVudGVyMg==" not in answer.body.decode() + str(logs)


@pytest.mark.parametrize(
    ("method", "target", "status", "name"),
    [
        ("GET", "/analyze", 405, "bad-method"),
        ("HEAD", "/analyze", 405, "bad-method"),
        ("OPTIONS", "/analyze", 405, "bad-method"),
        ("TRACE", "/analyze", 405, "bad-method"),
        ("POST", "/health", 405, "bad-method"),
        ("POST", "/analyze/", 404, "not-found"),
        ("GET", "/nothing", 404, "not-found"),
        ("GET", "/docs/../../etc/passwd", 404, "not-found"),
        ("GET", "/docs/..%2f..%2fetc/passwd", 404, "not-found"),
        ("GET", "//etc/passwd", 404, "not-found"),
        ("GET", "/docs/\x00", 404, "not-found"),
        ("GET", "/docs/redoc.standalone.js", 404, "not-found"),
    ],
)
async def test_what_is_not_there_is_a_problem_too(method, target, status, name):
    answer = await ask(gateway(), target, method=method, parts=())
    is_problem(answer, status, name)
    if status == 405:
        assert answer.headers["allow"]


async def test_what_is_not_there_is_not_told_without_a_key():
    is_problem(await ask(gateway(api_keys=KEY), "/nothing", method="GET", parts=()), 401, "no-key")


@pytest.mark.parametrize(
    "path", ["/health/live", "/metrics", "/openapi.json", "/asyncapi.json", "/docs", "/asyncapi"]
)
async def test_probes_and_documents_are_open_and_secured(path):
    answer = await ask(
        gateway(api_keys=KEY), path, method="GET", parts=(), client=("203.0.113.9", 1), host="x"
    )
    assert answer.status == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    head = await ask(gateway(api_keys=KEY), path, method="HEAD", parts=())
    assert head.status == 200


async def test_health_says_why_it_is_not_ready():
    answer = await ask(gateway(), "/health", method="GET", parts=())
    assert answer.status == 503
    assert answer.json()["status"] == "degraded"
    assert "not subscribed yet" in answer.json()["why"][0]


async def test_the_password_of_the_bus_is_not_shown():
    app = build_app(NatsSettings(url="nats://jade:hunter2@127.0.0.1:4222"), GatewaySettings(), rank=echo)
    for path in ("/health", "/health/ready"):
        answer = await ask(app, path, method="GET", parts=())
        assert answer.status == 503
        assert "hunter2" not in answer.body.decode()


async def test_pages_load_nothing_from_elsewhere():
    app = gateway()
    for path in ("/docs", "/asyncapi"):
        text = (await ask(app, path, method="GET", parts=())).body.decode()
        assert "//" not in text.replace("<!doctype html>", ""), "a URL of another host"
        for source in re.findall(r"(?:src|href)=['\"]([^'\"#]+)", text):
            assert (await ask(app, f"/{source}", method="GET", parts=())).status == 200, source
        assert "<script>" not in text
    start = (await ask(app, "/docs/start.js", method="GET", parts=())).body.decode()
    assert "validatorUrl: null" in start, "Swagger UI would ask swagger.io"
    assert '"openapi.json"' in start
    bundle = (await ask(app, "/docs/swagger-ui-bundle.js", method="GET", parts=())).body
    assert b"SwaggerUIBundle" in bundle
    assert "scan.finding" in (await ask(app, "/asyncapi", method="GET", parts=())).body.decode()


async def test_metrics_count_requests_without_what_callers_make_up():
    app = gateway()
    await ask(app)
    await ask(app, "/made/up/by/a/caller", method="MADEUP", parts=())
    text = (await ask(app, "/metrics", method="GET", parts=())).body.decode()
    assert 'jade_gateway_request_seconds_count{method="POST",route="/analyze",status="200"} 1.0' in text
    assert 'method="other",route="other"' in text
    assert "MADEUP" not in text
    assert "/made/up" not in text


async def test_the_openapi_document_is_the_committed_one(tmp_path, capsys):
    served = (await ask(gateway(), "/openapi.json", method="GET", parts=())).json()
    assert served == document()
    assert openapi_main("check", DOCS) == 0, "run `python -m jade_gateway.openapi write`"
    assert openapi_main("check", tmp_path) == 1
    assert "is stale" in capsys.readouterr().err
    schemas = served["components"]["schemas"]
    for reference in re.findall(r'"\$ref": "([^"]+)"', json.dumps(served)):
        assert reference.removeprefix("#/components/schemas/") in schemas
