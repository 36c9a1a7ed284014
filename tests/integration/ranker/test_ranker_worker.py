"""The ranker as it runs: real NATS, real OPA, real Redis."""

import asyncio
import os
import signal
from contextlib import asynccontextmanager

import orjson
import pytest
from starlette.testclient import TestClient

from jade_common.bus import ask_over
from jade_common.errors import PermanentError
from jade_common.events import RankAsk, ScanFinding
from jade_common.publishing import Outbox, Outgoing
from jade_common.settings import CacheSettings
from jade_common.subjects import Ask
from jade_policy.library import own_library
from jade_ranker.app import build_app
from jade_ranker.settings import RankerSettings

pytestmark = pytest.mark.integration

POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "x", "namespace": "shop"},
    "spec": {"containers": [{"name": "c", "image": "a:1", "securityContext": {"privileged": True}}]},
}
PRIVILEGED = {"tool": "checkov", "rule_id": "CKV_K8S_16", "title": "Container should not be privileged"}


@asynccontextmanager
async def ranker(nats_settings, url="memory://", **settings):
    app = build_app(RankerSettings(**settings), nats=nats_settings, cache=CacheSettings(url=url, timeout=1.0))
    async with app.router.lifespan_context(app):
        yield app


async def ask(connection, *lines, top=5):
    async with asyncio.timeout(20):
        while True:
            try:
                return await ask_over(connection, Ask.RANK, RankAsk(lines=lines, top=top), timeout=10)
            except Exception as error:  # nobody listens yet
                if "NoResponders" not in str(error):
                    raise
                await asyncio.sleep(0.05)


async def test_finding_comes_back_ranked_with_evidence(connection, nats_settings, redis_url):
    finding = ScanFinding(**PRIVILEGED, resource=POD)
    async with ranker(nats_settings, redis_url):
        await Outbox(connection.jetstream(), timeout=5).publish_one(
            Outgoing(finding, "f1", "test", "report-1")
        )
        subscription = await connection.jetstream().subscribe("finding.ranked", ordered_consumer=True)
        message = await subscription.next_msg(timeout=20)
    ranked = orjson.loads(message.data)
    best = ranked["policies"][0]
    assert (ranked["finding_id"], ranked["none_applies"]) == ("f1", False)
    assert (best["id"], best["verdict"]) == ("deny-privileged-pods", "violated")
    assert best["path"] == "/spec/containers/0/securityContext/privileged"
    assert best["message"]
    assert best["reasons"]
    assert len(ranked["policies"]) == 5
    assert message.headers["ce-type"] == "dev.jade.finding.ranked.v1"
    assert (message.headers["ce-correlationid"], message.headers["ce-causationid"]) == ("report-1", "f1")
    assert message.headers["Nats-Msg-Id"] == message.headers["ce-id"]


async def test_question_is_answered_at_once_and_a_bad_line_costs_only_itself(connection, nats_settings):
    async with ranker(nats_settings):
        rows = await ask(
            connection,
            {"id": 1, "resource": POD, "finding": PRIVILEGED},
            {"id": 2},
            {"resource": POD},
            {"id": 4, "resource": POD | {"spec": {"containers": "none"}}},
            {"id": 5, "finding": {"tool": "t", "rule_id": "r", "title": "image tag latest"}},
            {"id": 6, "review": {"operation": "DELETE", "oldObject": POD}},
        )
        everything = await ask(connection, {"id": 1, "resource": POD}, top=0)
        with pytest.raises(PermanentError, match="lines"):
            await ask_over(connection, Ask.RANK, ScanFinding(tool="x", rule_id="y"), timeout=5)
    assert [row["id"] for row in rows] == [1, 2, None, 4, 5, 6]
    assert ["error" in row for row in rows] == [False, True, True, True, False, False]
    assert "/spec/containers" in rows[3]["error"]
    assert rows[4]["policies"][0]["id"] == "deny-latest-tag"
    assert rows[4]["policies"][0]["verdict"] == "unknown"
    assert len(everything[0]["policies"]) == len(own_library().policies)


INTERPRETED = """package privileged
deny contains "privileged" if {
	some container in input.spec.containers with input.kind as "Pod"
	container.securityContext.privileged
}
"""  # `with` is not compiled, so OPA's server has to be asked


async def test_opa_killed_gives_unknown_or_the_truth_and_is_back(connection, nats_settings, tmp_path):
    (tmp_path / "privileged.rego").write_text(INTERPRETED)
    async with ranker(nats_settings, library=tmp_path):
        await ask(connection, {"id": 0, "resource": POD})
        children = await asyncio.create_subprocess_exec(
            "pgrep", "-P", str(os.getpid()), "-x", "opa", stdout=asyncio.subprocess.PIPE
        )
        pids = [int(pid) for pid in (await children.communicate())[0].split()]
        assert pids
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        verdict = None
        async with asyncio.timeout(20):
            number = 0
            while verdict != "violated":
                number += 1
                pod = POD | {"metadata": {"name": f"x{number}"}}
                (row,) = await ask(connection, {"id": number, "resource": pod}, top=0)
                verdict = {one["id"]: one["verdict"] for one in row["policies"]}["privileged"]
                assert verdict in {"violated", "unknown"}


def test_probes_tell_what_is_missing(nats_settings, connection):
    app = build_app(nats=nats_settings)
    with TestClient(app) as client:
        assert client.get("/health/live").json() == {"live": True}
        assert "jade_messages" in client.get("/metrics").text
        for _ in range(200):
            if (response := client.get("/health/ready")).status_code == 200:
                break
        assert response.json() == {"ready": True, "why": []}


async def test_more_lines_than_a_question_holds_are_refused_by_number(connection, nats_settings):
    async with ranker(nats_settings):
        await ask(connection, {"id": 0, "resource": POD})
        body = orjson.dumps({"lines": [{"id": number, "resource": {}} for number in range(101)]})
        answer = orjson.loads((await connection.request("rank.ask", body, timeout=10)).data)
    assert answer["error"]["kind"] == "invalid"
    assert "at most 100 items" in answer["error"]["message"]
