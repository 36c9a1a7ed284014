"""The bridge as it runs: a real NATS, files that are written, rotated and removed, and a process that is killed."""

import asyncio
import json
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2 as httpx
import nats
import orjson
import pytest

from jade_common.servers import url
from jade_common.settings import NatsSettings
from jade_common.topology import declare, topology
from jade_gatekeeper_bridge.app import build_app

pytestmark = pytest.mark.integration

USER = "jane.doe@example.com"


def exported(number, audit="2026-01-01T00:00:00Z", **more):
    return {
        "id": audit,
        "details": {"path": "/spec/containers/0"},
        "eventType": "violation_audited",
        "group": "constraints.gatekeeper.sh",
        "version": "v1beta1",
        "kind": "K8sContainerLimits",
        "name": "must-have-limits",
        "message": f"container <c{number}> has no limits",
        "enforcementAction": "deny",
        "resourceAPIVersion": "v1",
        "resourceKind": "Pod",
        "resourceNamespace": "shop",
        "resourceName": f"pod-{number}",
        **more,
    }


def stats(number):
    return {
        "level": "info",
        "ts": 1683692576.0 + number,
        "msg": "admission review request stats",
        "process": "admission",
        "event_type": "review_response_stats",
        "resource_group": "apps",
        "resource_api_version": "v1",
        "resource_kind": "Deployment",
        "request_username": USER,
        "execution_stats": [
            {
                "scope": "template",
                "statsFor": "K8sRequiredLabels",
                "stats": [
                    {
                        "name": "templateRunTimeNS",
                        "value": 2_500_000,
                        "source": {"type": "engine", "value": "Rego"},
                    },
                    {"name": "constraintCount", "value": 3, "source": {"type": "engine", "value": "Rego"}},
                ],
            }
        ],
    }


TEMPLATE = {
    "apiVersion": "templates.gatekeeper.sh/v1",
    "kind": "ConstraintTemplate",
    "metadata": {"name": "k8srequiredlabels"},
    "spec": {
        "crd": {"spec": {"names": {"kind": "K8sRequiredLabels"}}},
        "targets": [
            {"target": "admission.k8s.gatekeeper.sh", "rego": "package k8srequiredlabels\nviolation[{"}
        ],
    },
    "status": {
        "byPod": [
            {"id": "controller-1", "errors": [{"code": "ingest_error", "message": "Could not ingest Rego"}]},
            {"id": "audit-1", "errors": [{"code": "ingest_error", "message": "Could not ingest Rego"}]},
        ]
    },
}


def write(path: Path, *records, end="\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write("\n".join(one if isinstance(one, str) else json.dumps(one) for one in records) + end)


@asynccontextmanager
async def bridge(settings, nats_settings):
    app = build_app(settings, nats_settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://worker") as client:
            yield client


async def stored(connection, subject):
    """All messages of a subject that the server holds."""
    jetstream = connection.jetstream()
    stream = "JADE_DEAD" if subject.startswith("dead.") else "JADE_IN"
    last = (await jetstream.stream_info(stream)).state.last_seq
    messages = [await jetstream.get_msg(stream, number) for number in range(1, last + 1)]
    return [message for message in messages if message.subject == subject]


async def reaches(count, connection, subject, seconds=20):
    """Wait until the server holds ``count`` messages of a subject."""
    async with asyncio.timeout(seconds):
        while len(found := await stored(connection, subject)) < count:
            await asyncio.sleep(0.05)
    assert len(found) == count
    return [orjson.loads(message.data) for message in found]


async def metric(client, name, **labels):
    wanted = name + "{" + ",".join(f'{key}="{value}"' for key, value in sorted(labels.items())) + "}"
    text = (await client.get("/metrics")).text
    (line,) = [line for line in text.splitlines() if line.startswith(wanted)]
    return float(line.rpartition(" ")[2])


async def metric_reaches(value, client, name, **labels):
    async with asyncio.timeout(20):
        while await metric(client, name, **labels) != value:
            await asyncio.sleep(0.02)


async def test_the_spool_is_followed_over_partial_lines_rename_truncation_and_removal(
    connection, nats_settings, settings
):
    audit = settings.spool / "audit-channel" / "2026-01-01T00_00_00Z.txt"
    async with bridge(settings, nats_settings) as client:
        write(audit, {"id": "a", "message": "audit is started"}, exported(1), exported(2))
        first, _ = await reaches(2, connection, "scan.finding")
        line = json.dumps(exported(3))
        write(audit, line[:40], end="")
        await metric_reaches(40, client, "jade_gatekeeper_bridge_unread_bytes", source="spool")
        audit = audit.rename(audit.with_suffix(".log"))
        write(audit, line[40:])
        await reaches(3, connection, "scan.finding")
        audit.write_text(json.dumps(exported(4)) + "\n")
        await reaches(4, connection, "scan.finding")
        write(audit, json.dumps(exported(5)), end="")
        audit.unlink()
        found = await reaches(5, connection, "scan.finding")
        await metric_reaches(
            1, client, "jade_gatekeeper_bridge_files_total", outcome="finished", source="spool"
        )
        assert (
            await metric(client, "jade_gatekeeper_bridge_files_total", outcome="truncated", source="spool")
            == 1
        )
        assert (await client.get("/health/ready")).json() == {"ready": True, "why": []}
    assert [one["resource_identity"]["name"] for one in found] == [f"pod-{number}" for number in range(1, 6)]
    assert first["rule_id"] == "K8sContainerLimits"
    assert first["path"] == "/spec/containers/0"
    assert (await stored(connection, "dead.scan.finding")) == []


async def test_a_restart_goes_on_and_sends_nothing_twice(connection, nats_settings, settings, monkeypatch):
    audit = settings.spool / "c" / "a.txt"
    write(audit, exported(1))
    async with bridge(settings, nats_settings):
        await reaches(1, connection, "scan.finding")
        async with asyncio.timeout(10):
            while not json.loads(settings.state.read_text())["files"]["spool"][0]["offset"]:
                await asyncio.sleep(0.02)
    await connection.jetstream().purge_stream("JADE_IN")
    write(audit, exported(2))
    async with bridge(settings, nats_settings):
        async with asyncio.timeout(10):
            while (await connection.jetstream().stream_info("JADE_IN")).state.messages == 0:
                await asyncio.sleep(0.02)
    state = (await connection.jetstream().stream_info("JADE_IN")).state
    message = await connection.jetstream().get_msg("JADE_IN", state.last_seq)
    assert (state.messages, orjson.loads(message.data)["resource_identity"]["name"]) == (1, "pod-2")


async def test_what_was_removed_while_the_bridge_was_down_is_said(connection, nats_settings, settings):
    audit = settings.spool / "c" / "a.log"
    write(audit, exported(1))
    size = audit.stat().st_size
    saved = {"path": str(audit), "inode": audit.stat().st_ino, "offset": 0, "size": size}
    settings.state.write_text(json.dumps({"files": {"spool": [saved]}}))
    audit.unlink()
    write(settings.spool / "c" / "b.log", exported(2))  # may get the same inode
    async with bridge(settings, nats_settings) as client:
        if (settings.spool / "c" / "b.log").stat().st_ino != saved["inode"]:
            await metric_reaches(
                1, client, "jade_gatekeeper_bridge_files_total", outcome="removed_unread", source="spool"
            )
        (found,) = await reaches(1, connection, "scan.finding")
        assert found["resource_identity"]["name"] == "pod-2"
        async with asyncio.timeout(10):
            while str(audit) in settings.state.read_text():
                await asyncio.sleep(0.02)


async def test_bad_lines_are_named_and_the_rest_goes_on(connection, nats_settings, settings):
    bad = [
        '{"eventType": "violation_audited", "requestUsername": "' + USER + '", "kin',
        "[1, 2]",
        exported(1, kind=""),
        exported(1, eventType="mutation"),
        '{"other": 1}',
        '{"eventType": "violation_audited", "details": ' + "[" * 5000,
        "x" * (1024 * 1024 + 10),
    ]
    write(settings.spool / "c" / "a.log", *bad, exported(7))
    async with bridge(settings, nats_settings) as client:
        await reaches(1, connection, "scan.finding")
        letters = await reaches(len(bad), connection, "dead.scan.finding")
        assert await metric(
            client, "jade_gatekeeper_bridge_entries_total", outcome="rejected", source="spool"
        ) == len(bad)
    reasons = " ".join(letter["reason"] for letter in letters)
    for part in (
        "not JSON",
        "an array",
        "without the constraint's kind",
        "'mutation'",
        "neither",
        "nested",
        "1,048,587 bytes",
    ):
        assert part in reasons
    assert {letter["consumer"] for letter in letters} == {"gatekeeper-bridge"}
    assert letters[0]["headers"]["offset"] == "0"
    assert USER not in json.dumps(letters)


async def test_the_log_gives_findings_failures_and_latencies_without_who_asked(
    connection, nats_settings, settings, tmp_path
):
    log = tmp_path / "gatekeeper.log"
    settings = settings.model_copy(
        update={"spool": None, "audit_log": str(log), "status": tmp_path / "status.json"}
    )
    settings.status.write_text(json.dumps({"kind": "List", "items": [TEMPLATE]}))
    denied = {
        "level": "info",
        "process": "admission",
        "event_type": "violation",
        "msg": f"denied admission: {USER} may not use token ghp_{'a1B2' * 9}",
        "constraint_kind": "K8sContainerLimits",
        "constraint_name": "must-have-limits",
        "resource_api_version": "v1",
        "resource_kind": "Pod",
        "resource_namespace": "shop",
        "resource_name": "pod-1",
        "request_username": USER,
    }
    broke = {
        "level": "error",
        "process": "audit",
        "msg": "Unable to review object",
        "error": f"eval_conflict_error asked by {USER}",
        "constraint_kind": "K8sRequiredLabels",
        "request_username": USER,
    }
    write(
        log,
        stats(1),
        denied,
        broke,
        {"level": "info", "msg": "starting"},
        "I0101 00:00:00.000000 1 x.go:1] y",
    )
    log.rename(tmp_path / "gatekeeper.log.1")
    write(log, stats(2))
    async with bridge(settings, nats_settings) as client:
        latencies = await reaches(2, connection, "latency.observed")
        failures = await reaches(2, connection, "policy.failed")
        (finding,) = await reaches(1, connection, "scan.finding")
        assert (
            await metric(client, "jade_gatekeeper_bridge_entries_total", outcome="aside", source="log") == 2
        )
    digest = latencies[0]["digest"]
    assert len(digest) == 32
    assert latencies[0] == {
        "policy_id": "k8srequiredlabels",
        "digest": digest,
        "milliseconds": 2.5,
        "shape": {"api_version": "apps/v1", "kind": "Deployment", "constraints": 3},
        "process": "admission",
        "engine": "Rego",
    }
    by_stage = {failure["stage"]: failure for failure in failures}
    assert by_stage["load"]["code"] == "ingest_error"
    assert by_stage["load"]["policy"].startswith("package k8srequiredlabels")
    assert by_stage["evaluate"]["error"] == "Unable to review object: eval_conflict_error asked by REDACTED"
    assert finding["message"] == "REDACTED may not use token REDACTED"
    everything = [
        message.data
        for subject in ("scan.finding", "policy.failed", "latency.observed")
        for message in await stored(connection, subject)
    ]
    assert USER.encode() not in b"".join(everything)
    assert await stored(connection, "dead.scan.finding") == []


async def test_standard_input_is_read_to_its_end(connection, nats_url, process):
    running = await process(nats_url, stdin=asyncio.subprocess.PIPE)
    for number in range(300):
        line = {
            "event_type": "violation_audited",
            "constraint_kind": "K",
            "resource_kind": "Pod",
            "resource_name": f"p{number}",
        }
        running.stdin.write(json.dumps(line).encode() + (b"\n" if number < 299 else b""))
    running.stdin.close()
    await reaches(300, connection, "scan.finding")
    running.terminate()
    await asyncio.wait_for(running.wait(), 10)


async def test_while_the_bus_is_away_the_bridge_waits_holds_what_is_removed_and_says_so(settings, own_nats):
    address = url(own_nats)
    own_nats.stop()
    audit = settings.spool / "c" / "a.log"
    write(audit, *(exported(number) for number in range(100)))
    async with bridge(settings, NatsSettings(url=address)) as client:
        await metric_reaches(
            audit.stat().st_size, client, "jade_gatekeeper_bridge_unread_bytes", source="spool"
        )
        audit.unlink()
        assert (await client.get("/health/ready")).status_code == 503
        own_nats.start()
        connection = await nats.connect(address)
        await declare(connection.jetstream(), topology())
        await reaches(100, connection, "scan.finding")
        await metric_reaches(
            1, client, "jade_gatekeeper_bridge_files_total", outcome="finished", source="spool"
        )
        assert (
            await metric(
                client, "jade_gatekeeper_bridge_files_total", outcome="removed_unread", source="spool"
            )
            == 0
        )
        await connection.close()


async def test_a_source_that_is_not_there_is_a_reason_not_to_be_ready(
    connection, nats_settings, settings, tmp_path
):
    settings = settings.model_copy(
        update={
            "spool": tmp_path / "none",
            "audit_log": str(tmp_path / "log"),
            "status": tmp_path / "status.json",
        }
    )
    async with bridge(settings, nats_settings) as client:
        async with asyncio.timeout(10):
            while "No such file" not in (answer := await client.get("/health/ready")).text:
                await asyncio.sleep(0.02)
    why = " ".join(answer.json()["why"])
    for part in ("spool: ", "log: ", "status: ", str(tmp_path / "none")):
        assert part in why


async def test_a_state_file_that_cannot_be_written_holds_the_bridge_and_loses_nothing(
    connection, nats_settings, settings, tmp_path
):
    blocked = tmp_path / "state"
    blocked.write_text("a file where the folder should be")
    settings = settings.model_copy(update={"state": blocked / "positions.json"})
    write(settings.spool / "c" / "a.log", *(exported(number) for number in range(settings.batch + 1)))
    with pytest.raises(NotADirectoryError):
        async with bridge(settings, nats_settings):
            pass
    blocked.unlink()
    async with bridge(settings, nats_settings) as client:
        await reaches(settings.batch + 1, connection, "scan.finding")
        settings.state.unlink()
        blocked.rmdir()
        blocked.write_text("in the way again")
        write(settings.spool / "c" / "a.log", exported("late"))
        async with asyncio.timeout(10):
            while "positions: " not in (await client.get("/health/ready")).text:
                await asyncio.sleep(0.02)
        blocked.unlink()
        await reaches(settings.batch + 2, connection, "scan.finding")
        async with asyncio.timeout(10):
            while (await client.get("/health/ready")).status_code != 200:
                await asyncio.sleep(0.02)
