"""Commands that talk to the stack: real NATS, real ingest, real ranker, real OPA."""

import asyncio
import json
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2 as httpx
import pytest
from nats.errors import Error as NatsError

import jade_ingest.app
import jade_ranker.app
from jade_common.settings import CacheSettings
from jade_common.tools import ToolNotFoundError, find

pytestmark = pytest.mark.integration


def has_checkov():
    try:
        return bool(find("checkov"))
    except ToolNotFoundError:
        return False


needs_checkov = pytest.mark.skipif(not has_checkov(), reason="Checkov is not installed: make setup")


@pytest.fixture
def workers(connection, nats_settings, monkeypatch):
    """Ingest and ranker on the run's broker, and a way to run commands beside them."""
    monkeypatch.setenv("JADE_NATS_URL", nats_settings.url)

    @asynccontextmanager
    async def running():
        apps = [
            jade_ranker.app.build_app(nats=nats_settings, cache=CacheSettings(url="memory://")),
            jade_ingest.app.build_app(nats=nats_settings),
        ]
        async with apps[0].router.lifespan_context(apps[0]), apps[1].router.lifespan_context(apps[1]):
            async with asyncio.timeout(20):
                # Ready is who has logged that it is: the rest of its log must not stand in what a command prints.
                while not (await asked(connection) and await ready(apps)):
                    await asyncio.sleep(0.02)
            yield

    return running


async def asked(connection):
    try:
        await connection.request("rank.ask", b'{"lines": []}', timeout=1)
    except NatsError:  # nobody listens yet
        return False
    return True


async def ready(apps):
    answers = []
    for app in apps:
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://worker") as client:
            answers.append(await client.get("/health/ready"))
    return all(answer.status_code == 200 for answer in answers)


async def scanned(jade, folder, *flags):
    """The bytes of a scan and its exit code; in a file, since the workers' logs go to stdout here."""
    done = await asyncio.to_thread(jade, "scan", folder, *flags, "-o", "json", "--output-file", "report.json")
    return Path("report.json").read_bytes(), done.code


async def test_both_ways_give_the_same_bytes(jade, shop, workers):
    (shop / "broken.yaml").write_text("a: [\n")
    (shop / "more.yaml").write_text(
        "---\n".join(
            f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p{number}, namespace: n{number % 3}}}\n"
            "spec: {containers: [{name: c, image: c}]}\n"
            for number in range(130)
        )
        + "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: all, namespace: n1}\n"
        "spec: {podSelector: {}}\n"
    )
    here, code = await scanned(jade, shop)
    async with workers():
        assert await scanned(jade, shop, "--via-bus") == (here, code)
    assert code == 3
    closed = {
        one["resource"]["namespace"]
        for one in json.loads(here)["findings"]
        if one["policy_id"] == "require-network-policy"
    }
    assert closed == {"shop", "n0", "n2"}


@needs_checkov
async def test_checkov_gives_the_same_bytes_both_ways(jade, shop, workers):
    here, code = await scanned(jade, shop, "--scanner", "checkov")
    async with workers():
        assert await scanned(jade, shop, "--scanner", "checkov", "--via-bus") == (here, code)
    assert code == 1
    findings = {one["finding"]["rule_id"]: one for one in json.loads(here)["findings"]}
    privileged = findings["CKV_K8S_16"]
    assert privileged["policy_id"] == "deny-privileged-pods"
    assert privileged["policies"][0]["verdict"] == "violated"
    assert privileged["source"]["path"] == f"{shop}/cart.yaml"
    assert findings["CKV_K8S_38"]["policy_id"] == "deny-token-automount"


def test_nobody_there(jade, shop, monkeypatch):
    monkeypatch.setenv("JADE_NATS_URL", "nats://127.0.0.1:9")
    for arguments in (["scan", shop, "--via-bus"], ["publish", shop], ["watch", "--count", "1"]):
        done = jade(*arguments)
        assert (done.code, done.out) == (3, "")
        assert "jade up" in done.err


async def test_broker_without_a_ranker(jade, shop, connection, nats_settings, monkeypatch):
    monkeypatch.setenv("JADE_NATS_URL", nats_settings.url)
    done = await asyncio.to_thread(jade, "scan", shop, "--via-bus")
    assert (done.code, done.out) == (3, "")
    assert "rank.ask" in done.err


async def test_publish_wait_and_watch(jade, shop, workers):
    async with workers():
        first = await asyncio.to_thread(jade, "publish", shop, "--wait")
        second = await asyncio.to_thread(jade, "publish", shop)
        watched = await asyncio.to_thread(jade, "watch", "--since", "10m", "--count", "2", "-o", "jsonl")
        shown = await asyncio.to_thread(jade, "watch", "--since", "10m", "--count", "2")
    assert first.code == 0
    assert "2 findings ranked" in first.err
    assert second.out == first.out
    assert "already" in second.err
    events = [json.loads(line) for line in watched.out.splitlines()]
    assert len({event["finding_id"] for event in events}) == 2
    assert any(policy["id"] == "deny-privileged-pods" for event in events for policy in event["policies"])
    assert "deny-privileged-pods" in shown.out


async def test_no_secret_goes_onto_the_bus(jade, shop, connection, nats_settings, monkeypatch):
    monkeypatch.setenv("JADE_NATS_URL", nats_settings.url)
    subscription = await connection.subscribe("scan.report")
    done = await asyncio.to_thread(jade, "publish", shop)
    message = await subscription.next_msg(timeout=10)
    assert done.out.strip() == message.headers["ce-id"]
    assert b"hunter2" not in message.data
    assert b"DB_PASSWORD" in message.data


async def test_a_report_takes_the_manifests_along_that_it_names(
    jade, shop, tmp_path, connection, nats_settings, monkeypatch
):
    monkeypatch.setenv("JADE_NATS_URL", nats_settings.url)
    checks = [
        {"check_id": "CKV_K8S_16", "file_path": "/cart.yaml", "file_abs_path": f"{shop}/cart.yaml"},
        {"check_id": "CKV_K8S_1", "file_path": "/shop/settings.yaml"},
        {"check_id": "CKV_K8S_1", "file_path": "/etc/passwd", "file_abs_path": "/etc/passwd"},
        {"check_id": "CKV_K8S_1", "file_path": "/gone.yaml"},
    ]
    (tmp_path / "report.json").write_text(
        json.dumps({"check_type": "kubernetes", "results": {"failed_checks": checks}})
    )
    subscription = await connection.subscribe("scan.report")
    done = await asyncio.to_thread(jade, "publish", "report.json")
    report = json.loads((await subscription.next_msg(timeout=10)).data)
    assert done.code == 0
    assert report["format"] == "checkov"
    assert [file["path"] for file in report["files"]] == ["cart.yaml", "shop/settings.yaml"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["publish", "nope"], "does not exist"),
        (["publish", "x.json"], "not recognised"),
        (["watch", "--since", "soon"], "30s"),
    ],
)
def test_what_cannot_be_asked(jade, shop, tmp_path, arguments, said):
    (tmp_path / "x.json").write_text("[1]")
    done = jade(*arguments)
    assert done.code == 2
    assert said in done.err


@needs_checkov
def test_demo_goes_the_whole_way_and_leaves_nothing(jade, shop, monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    done = jade("demo", shop)
    assert done.code == 0, done.err
    assert "CKV_K8S_16" in done.out
    assert "deny-privileged-pods  violated" in done.out
    assert f"{shop}/cart.yaml:13" in done.out
    assert "are" in done.out.splitlines()[-2]
