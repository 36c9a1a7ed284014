"""``jade events`` on a real broker: what is shown, and what is published again."""

import asyncio
import json

import pytest

from jade_common.client import Client, ReportFile, ScanFinding, ScanReport
from jade_common.events import FindingRanked
from jade_common.publishing import Outbox, Outgoing
from jade_common.subjects import PAYLOADS, Stream

pytestmark = pytest.mark.integration

SECRET = "hunter2hunter2"
POD = {
    "kind": "Pod",
    "metadata": {"name": "cart"},
    "spec": {"containers": [{"name": "c", "env": [{"name": "DB_PASSWORD", "value": SECRET}]}]},
}
FINDING = ScanFinding(tool="acme", rule_id="A-1", message=f"password={SECRET}", resource=POD)


@pytest.fixture
def on_bus(jade, connection, nats_settings, monkeypatch):
    """Runs a command beside the test's own event loop."""
    monkeypatch.setenv("JADE_NATS_URL", nats_settings.url)

    async def command(*arguments):
        return await asyncio.to_thread(jade, *arguments)

    return command


async def filled(connection, settings):
    """A report, its finding, the ranking, a dead letter, and something that is no event; the finding's id."""
    content = json.dumps({"password": SECRET})
    async with Client(settings, source="acme") as client:
        report = ScanReport(format="checkov", content=content, files=[ReportFile(path="a", content=SECRET)])
        (first,) = await client.publish([report])
        (second,) = await client.publish([FINDING], correlation_id=first.id)
    ranked = FindingRanked(finding_id=second.id, problem_id="p", policies=(), none_applies=True, model="m")
    outbox = Outbox(connection.jetstream(), timeout=5)
    await outbox.publish_one(Outgoing(ranked, "ranked-1", "ranker", first.id, second.id))
    letter = {
        "reason": "why",
        "kind": "invalid",
        "attempt": 1,
        "subject": "scan.finding",
        "original": content,
    }
    jetstream = connection.jetstream()
    await jetstream.publish("dead.scan.finding", json.dumps(letter).encode(), headers={"ce-id": "letter-1"})
    await jetstream.publish("scan.finding", f"{{token: {SECRET}".encode())
    return first.id, second.id


async def test_tail_shows_everything_in_the_order_of_time_without_secrets(on_bus, connection, nats_settings):
    report, finding = await filled(connection, nats_settings)
    done = await on_bus("events", "tail", "--no-follow", "-o", "jsonl")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 0
    assert [row["id"] for row in rows] == [report, finding, "ranked-1", "letter-1", None]
    assert [row["stream"] for row in rows] == ["JADE_IN", "JADE_IN", "JADE_OUT", "JADE_DEAD", "JADE_IN"]
    assert (rows[2]["causation_id"], rows[2]["correlation_id"]) == (finding, report)
    assert rows[0]["data"]["files"] == [{"path": "a", "content": "(14 characters)"}]
    assert rows[1]["data"]["resource"]["spec"]["containers"][0]["env"][0]["value"] == "REDACTED"
    assert "no JSON" in rows[4]["invalid"]
    assert SECRET not in done.out
    table = await on_bus("events", "tail", "--since", "10m", "--no-follow")
    assert len(table.out.splitlines()) == 5
    assert "acme A-1" in table.out
    assert SECRET not in table.out


async def test_tail_keeps_to_subjects_and_count(on_bus, connection, nats_settings):
    await filled(connection, nats_settings)
    found = {}
    for pattern in ("scan.*", "finding.ranked", "dead.>"):
        done = await on_bus("events", "tail", "--subject", pattern, "--no-follow", "-o", "jsonl")
        found[pattern] = [json.loads(line)["subject"] for line in done.out.splitlines()]
    assert found["scan.*"] == ["scan.report", "scan.finding", "scan.finding"]
    assert found["finding.ranked"] == ["finding.ranked"]
    assert found["dead.>"] == ["dead.scan.finding"]
    done = await on_bus("events", "tail", "--since", "10m", "--count", "2", "-o", "jsonl")
    assert len(done.out.splitlines()) == 2
    wrong = await on_bus("events", "tail", "--subject", "scan.gone")
    assert wrong.code == 2
    assert "kept are scan.report" in wrong.err


async def test_tail_waits_for_what_comes(on_bus, connection, nats_settings):
    await filled(connection, nats_settings)
    waiting = asyncio.create_task(on_bus("events", "tail", "--count", "1", "-o", "jsonl"))
    async with Client(nats_settings) as client:
        number = 0
        while not (await asyncio.wait([waiting], timeout=0.05))[0]:
            number += 1
            await client.publish([ScanFinding(tool="new", rule_id=str(number))])
    assert json.loads(waiting.result().out)["data"]["tool"] == "new"


async def unguarded(connection, *findings):
    """Findings as another sender might have published them: without the header on which the server drops a second."""
    for number, finding in enumerate(findings):
        headers = {
            "ce-specversion": "1.0",
            "ce-id": f"f{number}",
            "ce-source": "x",
            "ce-type": "dev.jade.scan.finding.v1",
            "ce-correlationid": "chain",
        }
        body = finding.model_dump_json(exclude_none=True).encode()
        await connection.jetstream().publish("scan.finding", body, headers=headers)


async def stored(connection):
    return (await connection.jetstream().stream_info(Stream.IN)).state.messages


async def test_replay_is_a_dry_run_until_it_is_told_to_publish(on_bus, connection):
    await unguarded(connection, FINDING, ScanFinding(tool="acme", rule_id="A-2"))
    dry = await on_bus("events", "replay", "--subject", "scan.finding", "-o", "jsonl")
    assert [json.loads(line)["outcome"] for line in dry.out.splitlines()] == ["would be published"] * 2
    assert "--publish does it" in dry.err
    assert "duplicate window of 15 minutes" in dry.err
    assert await stored(connection) == 2

    done = await on_bus("events", "replay", "--subject", "scan.finding", "--publish", "-o", "jsonl")
    assert "2 published again, 0 duplicates" in done.err
    assert await stored(connection) == 4
    first, again = [await connection.jetstream().get_msg(Stream.IN, number) for number in (1, 3)]
    assert again.data == first.data
    assert again.headers == first.headers | {"Nats-Msg-Id": "f0"}

    twice = await on_bus("events", "replay", "--id", "f0", "--publish")
    assert "0 published again, 2 duplicates" in twice.err
    assert "within its duplicate window of 15 minutes" in twice.err
    assert await stored(connection) == 4


async def test_replay_keeps_to_its_filters(on_bus, connection, nats_settings):
    await filled(connection, nats_settings)
    await unguarded(connection, FINDING, FINDING)
    counts = {}
    for name, flags in {
        "id": ["--id", "f1"],
        "chain": ["--correlation", "chain"],
        "until": ["--subject", "scan.finding", "--until", "1h"],
        "since": ["--subject", "scan.*", "--since", "1h"],
    }.items():
        counts[name] = len((await on_bus("events", "replay", *flags)).out.splitlines())
    assert counts == {"id": 1, "chain": 2, "until": 0, "since": 5}


async def test_replay_leaves_out_what_cannot_be_taken_by_name(on_bus, connection, nats_settings):
    async with Client(nats_settings) as client:
        await client.publish([ScanReport(format="manifests", content="# " + "x" * 700_000)])
    await (await connection.jetstream().object_store(PAYLOADS)).delete(
        (await connection.jetstream().get_msg(Stream.IN, 1)).headers["ce-id"]
    )
    await connection.jetstream().publish("scan.finding", b"{")
    done = await on_bus("events", "replay", "--subject", "scan.*", "--publish")
    assert "0 published again, 0 duplicates, 2 left out" in done.err
    assert "not in the object store" in done.out
    assert "no event" in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["events", "replay"], "--subject, --id or --correlation"),
        (["events", "replay", "--subject", "dead.scan.finding"], "jade dlq replay"),
        (["events", "tail", "--since", "soon"], "--since 'soon'"),
        (["events", "replay", "--id", "x", "--until", "soon"], "--until 'soon'"),
    ],
)
def test_what_cannot_be_asked(jade, arguments, said):
    done = jade(*arguments)
    assert done.code == 2
    assert said in done.err
