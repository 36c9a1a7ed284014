"""Findings cross the bus between containers and come back ranked; a killed worker loses none."""

import asyncio
import json
from collections import Counter
from contextlib import asynccontextmanager
from time import perf_counter
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import nats
import pytest

from jade_common.events import ReportFile, ScanFinding, ScanReport
from jade_common.publishing import Outbox, Outgoing

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

KILL = """
import os, pathlib
for process in pathlib.Path("/proc").glob("[0-9]*"):
    words = (process / "cmdline").read_bytes().split(b"\\0")
    if b"jade_common.worker" in words and process.name != "1":  # 1 is the init, whose child it is
        os.kill(int(process.name), 9)
"""

CONSUMERS = ("ingest-scan-report", "ranker-scan-finding")

RUNNING = ("nats", "redis", "ingest", "ranker", "gateway")


def pod(name: str) -> dict:
    """A privileged Pod."""
    container = {"name": "c", "image": "shop/cart:1.4", "securityContext": {"privileged": True}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {"containers": [container]},
    }


def finding(name: str) -> ScanFinding:
    return ScanFinding(
        tool="checkov",
        rule_id="CKV_K8S_16",
        title="Container should not be privileged",
        resource=pod(name),
    )


@asynccontextmanager
async def connected(stack):
    connection = await nats.connect(stack.nats_url, token=stack.nats_token)
    try:
        yield connection
    finally:
        await connection.close()


async def ranked(connection, wanted: set[str], seconds: float) -> list[dict]:
    """The answers to ``wanted``, and whatever else came until all of them were there."""
    stream = connection.jetstream()
    subscription = await stream.subscribe("finding.ranked", ordered_consumer=True)
    answers: list[dict] = []
    missing = set(wanted)
    try:
        async with asyncio.timeout(seconds):
            while missing:
                answers.append(json.loads((await subscription.next_msg(timeout=seconds)).data))
                missing.discard(answers[-1]["finding_id"])
    except TimeoutError:
        states = [await stream.consumer_info("JADE_IN", name) for name in CONSUMERS]
        pytest.fail(f"{len(missing)} of {len(wanted)} not ranked within {seconds} s; {states}", pytrace=False)
    await subscription.unsubscribe()
    return answers


def called(stack, path: str, body: dict | None = None, key: str | None = None) -> tuple[int, dict]:
    headers = {"Content-Type": "application/json"} | ({"X-API-Key": key} if key else {})
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(stack.gateway_url + path, data, headers), timeout=30) as response:
            return response.status, json.load(response)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_every_container_is_confined_and_healthy(stack):
    for service in RUNNING:
        found = stack.inspect(service)
        assert found["State"]["Health"]["Status"] == "healthy"
        assert found["HostConfig"]["ReadonlyRootfs"] is True
        assert found["HostConfig"]["CapDrop"] == ["ALL"]
        assert found["HostConfig"]["Memory"] > 0
        assert found["HostConfig"]["PidsLimit"] > 0
        assert int(stack.run("exec", "-T", service, "id", "-u")) > 0
        published = [port for ports in found["HostConfig"]["PortBindings"].values() for port in ports]
        assert {port["HostIp"] for port in published} <= {"127.0.0.1"}
        assert "Read-only" in stack.run("exec", "-T", service, "sh", "-c", "touch /here 2>&1 || true")
    for service in ("volumes", "nats-init"):
        assert stack.inspect(service)["State"]["ExitCode"] == 0
    assert stack.run("exec", "-T", "ranker", "opa", "version").startswith("Version: 1.")


async def test_finding_comes_back_ranked_with_evidence(stack, tell):
    async with connected(stack) as connection:
        started = perf_counter()
        await Outbox(connection.jetstream(), timeout=10).publish_one(Outgoing(finding("one"), "one", "e2e"))
        answers = await ranked(connection, {"one"}, 30)
    best = next(answer for answer in answers if answer["finding_id"] == "one")["policies"][0]
    assert (best["id"], best["verdict"]) == ("deny-privileged-pods", "violated")
    assert best["path"] == "/spec/containers/0/securityContext/privileged"
    tell(f"one finding, ranked after {(perf_counter() - started) * 1000:.0f} ms: {json.dumps(best)}")


async def test_report_becomes_findings_and_rankings(stack, tell):
    files = tuple(ReportFile(path=f"{name}.yaml", content=json.dumps(pod(name))) for name in ("a", "b", "c"))
    async with connected(stack) as connection:
        stream = connection.jetstream()
        subscription = await stream.subscribe("scan.finding", ordered_consumer=True)
        report = Outgoing(ScanReport(format="manifests", files=files), "report", "e2e")
        await Outbox(stream, timeout=10).publish_one(report)
        found: set[str] = set()
        async with asyncio.timeout(30):
            while len(found) < len(files):
                message = await subscription.next_msg(timeout=30)
                if json.loads(message.data)["tool"] == "jade":
                    found.add(message.headers["ce-id"])
        answers = await ranked(connection, found, 30)
    violated = Counter(
        policy["id"]
        for answer in answers
        if answer["finding_id"] in found
        for policy in answer["policies"]
        if policy["verdict"] == "violated"
    )
    assert violated["deny-privileged-pods"] == len(files)
    tell(f"one report of {len(files)} manifests: {len(found)} findings, violated: {dict(violated)}")


async def test_killed_worker_loses_and_doubles_nothing(stack, tell):
    wanted = {f"k{number}" for number in range(500)}
    restarts = stack.inspect("ranker")["RestartCount"]
    async with connected(stack) as connection:
        outbox = Outbox(connection.jetstream(), timeout=30)
        outgoing = [Outgoing(finding(name), name, "e2e") for name in sorted(wanted)]
        done = await outbox.publish(outgoing[:250])
        await asyncio.to_thread(stack.run, "exec", "-T", "ranker", "python", "-c", KILL)
        done += await outbox.publish(outgoing[250:])
        assert not [one for one in done if isinstance(one, Exception)]
        answers = Counter(answer["finding_id"] for answer in await ranked(connection, wanted, 120))
        dead = (await connection.jetstream().stream_info("JADE_DEAD")).state.messages
    figures = {
        "sent": len(wanted),
        "lost": len(wanted - answers.keys()),
        "doubled": sum(count - 1 for count in answers.values()),
        "dead_lettered": dead,
        "restarts": stack.inspect("ranker")["RestartCount"] - restarts,
    }
    tell(f"ranker killed with -9: {figures}")
    assert figures == {"sent": 500, "lost": 0, "doubled": 0, "dead_lettered": 0, "restarts": 1}


async def test_the_bus_refuses_who_has_no_token(stack):
    reader, writer = await asyncio.open_connection(*stack.nats_url.removeprefix("nats://").split(":"))
    await reader.readline()
    writer.write(b'CONNECT {"verbose":false}\r\nPING\r\n')
    assert b"Authorization Violation" in await reader.readline()
    writer.close()
    await writer.wait_closed()


def test_gateway_answers_who_has_a_key(stack, tell):
    line = {"id": "g", "resource": pod("gateway"), "finding": {"tool": "checkov", "rule_id": "CKV_K8S_16"}}
    status, answer = called(stack, "/analyze", line, stack.gateway_key)
    assert (status, answer["id"]) == (200, "g")
    assert ("deny-privileged-pods", "violated") in {(one["id"], one["verdict"]) for one in answer["policies"]}
    assert called(stack, "/analyze", line)[0] == 401
    assert called(stack, "/health")[1]["ready"] is True
    assert called(stack, "/asyncapi.json")[0] == 200
    tell(f"POST /analyze: {[(one['id'], one['verdict'], one['score']) for one in answer['policies']]}")


def test_verdicts_lie_in_redis(stack, tell):
    keys = int(stack.run("exec", "-T", "redis", "redis-cli", "dbsize").split()[-1])
    assert keys > 0
    tell(f"verdicts in Redis: {keys}")
