"""``jade dlq`` on a real broker: dead letters are shown without secrets, sent again once, and dropped."""

import asyncio
import json

import pytest

from jade_cli.onbus.letters import chosen, drop
from jade_common.client import Client, ScanFinding, TransientError
from jade_common.deadletters import DeadLetters
from jade_common.identity import derived_id
from jade_common.subjects import Stream
from jade_gatekeeper_bridge.domain.lines import read_line

pytestmark = pytest.mark.integration

SECRET = "hunter2hunter2"


@pytest.fixture
def dlq(jade, connection, nats_settings, monkeypatch):
    """Runs `jade dlq` beside the test's own event loop."""
    monkeypatch.setenv("JADE_NATS_URL", nats_settings.url)

    async def command(*arguments):
        return await asyncio.to_thread(jade, "dlq", *arguments)

    return command


async def buried(connection, settings, *rules, kind="permanent"):
    """Findings that a worker could not handle, and their letters' ids."""
    async with Client(settings, source="acme") as client:
        await client.publish([ScanFinding(tool="acme", rule_id=rule) for rule in rules])
    jetstream = connection.jetstream()
    subscription = await jetstream.pull_subscribe("scan.finding", durable=f"d-{rules[0]}", stream=Stream.IN)
    letters = DeadLetters(jetstream, redact=lambda text: text, timeout=5)
    messages = await subscription.fetch(100, timeout=1)
    for message in messages[-len(rules) :]:
        await letters.bury(message, reason=f"rule {message.data!r}", kind=kind, consumer="ranker")
        await message.term()
    return [letter["id"] for letter in await raw(connection)][-len(rules) :]


async def raw(connection):
    """The letters as they lie in their stream."""
    state = (await connection.jetstream().stream_info(Stream.DEAD)).state
    if not state.messages:
        return []
    subscription = await connection.jetstream().pull_subscribe("dead.>", stream=Stream.DEAD)
    return [
        {"id": one.headers["ce-id"], **json.loads(one.data)}
        for one in await subscription.fetch(state.messages, timeout=1)
    ]


async def stored(connection):
    return (await connection.jetstream().stream_info(Stream.IN)).state.messages


def rows(done):
    return [json.loads(line) for line in done.out.splitlines()]


async def test_ls_and_show_hide_secrets_whoever_wrote_the_letter(dlq, connection):
    secret = {"kind": "Secret", "data": {"config": SECRET}}
    letter = {
        "reason": f"token={SECRET}",
        "kind": "invalid",
        "attempt": 1,
        "subject": "scan.finding",
        "original": json.dumps({"tool": "acme", "resource": secret}),
        "headers": {"x-note": f"password={SECRET}"},
    }
    await connection.jetstream().publish(
        "dead.scan.finding", json.dumps(letter).encode(), headers={"ce-id": "ab" * 16}
    )
    await connection.jetstream().publish("dead.scan.report", f"password={SECRET}".encode())
    listed = await dlq("ls", "-o", "jsonl")
    table = await dlq("ls")
    shown = await dlq("show", "abab")
    assert "REDACTED" in json.loads(shown.out)["original"]
    assert [row["kind"] for row in rows(listed)] == ["invalid", "invalid"]
    assert "it is no dead letter of Jade" in table.out
    assert "2 dead letters" in table.err
    for done in (listed, table, shown):
        assert done.code == 0
        assert "hunter2" not in done.out + done.err


async def test_filters(dlq, connection, nats_settings):
    await buried(connection, nats_settings, "A-1", "A-2")
    await buried(connection, nats_settings, "B-1", kind="exhausted")
    found = {}
    for name, flags in {
        "kind": ["--kind", "exhausted"],
        "reason": ["--reason", "a-2"],
        "consumer": ["--consumer", "ranker"],
        "subject": ["--subject", "scan.report"],
        "since": ["--since", "1h"],
    }.items():
        found[name] = len((await dlq("ls", *flags)).out.splitlines())
    assert found == {"kind": 1, "reason": 1, "consumer": 3, "subject": 0, "since": 3}


async def test_replay_sends_the_whole_message_once_and_takes_the_letter_away(dlq, connection, nats_settings):
    (letter,) = await buried(connection, nats_settings, "A-1")
    (kept,) = await raw(connection)
    done = await dlq("replay", letter[:8], "-o", "jsonl")
    assert (done.code, rows(done)[0]["outcome"]) == (0, "sent again")
    first, again = [await connection.jetstream().get_msg(Stream.IN, number) for number in (1, 2)]
    assert again.data == first.data
    assert again.headers["ce-id"] == first.headers["ce-id"]
    assert again.headers["Nats-Msg-Id"] != first.headers["Nats-Msg-Id"]
    assert await raw(connection) == []

    twice = await dlq("replay", letter)
    assert twice.code == 0
    assert "not there" in twice.out

    # As if the process had died before it took the letter away.
    identity = kept.pop("id")
    await connection.jetstream().publish(
        "dead.scan.finding", json.dumps(kept).encode(), headers={"ce-id": identity}
    )
    late = await dlq("replay", "--all")
    assert (late.code, await stored(connection)) == (0, 2)
    assert "already sent" in late.out
    assert await raw(connection) == []


async def test_a_letter_whose_message_is_gone_stays(dlq, connection, nats_settings):
    await buried(connection, nats_settings, "A-1")
    never = {"reason": "r", "kind": "invalid", "attempt": 1, "subject": "policy.failed"}
    await connection.jetstream().publish(
        "dead.policy.failed", json.dumps(never).encode(), headers={"ce-id": "cd" * 16}
    )
    await connection.jetstream().purge_stream(Stream.IN)
    done = await dlq("replay", "--all", "-o", "jsonl")
    assert done.code == 3
    assert [row["outcome"] for row in rows(done)] == ["gone", "gone"]
    assert "JADE_IN/1 is not kept any more" in rows(done)[0]["said"]
    assert "never was a message" in rows(done)[1]["said"]
    assert len(await raw(connection)) == 2


async def test_drop_takes_what_the_filter_lets_through(dlq, connection, nats_settings):
    letters = await buried(connection, nats_settings, "A-1", "A-2", "A-3")
    dry = await dlq("drop", "--all", "--reason", "A-2", "--dry-run")
    assert "1 dead letters would be taken" in dry.err
    assert len(await raw(connection)) == 3
    done = await dlq("drop", "--all", "--reason", "A-2")
    assert (done.code, "1 dropped" in done.err) == (0, True)
    assert [letter["id"] for letter in await raw(connection)] == [letters[0], letters[2]]
    await dlq("drop", *letters)
    assert await raw(connection) == []
    assert await stored(connection) == 3


async def test_a_letter_that_somebody_else_took_away_is_no_error(connection, nats_settings):
    (identity,) = await buried(connection, nats_settings, "A-1")
    async with Client(nats_settings) as client:
        (letter,) = (await chosen(client, [identity])).values()
        assert (await drop(client, letter)).outcome == (await drop(client, letter)).outcome == "dropped"
        await client.connection.close()
        with pytest.raises(TransientError, match="was not taken away"):
            await drop(client, letter)


async def test_what_cannot_be_asked(dlq, connection, nats_settings):
    await buried(connection, nats_settings, "A-1", "A-2")
    for arguments, said in (
        (["replay"], "--all"),
        (["drop", "abc", "--all"], "--all"),
        (["drop", "abc", "--kind", "invalid"], "filters go with --all"),
        (["replay", ""], "give more of it"),
        (["show", "zz"], "begins with 'zz'"),
        (["show", "0" * 32], "there is no dead letter"),
        (["ls", "--since", "soon"], "--since 'soon'"),
    ):
        done = await dlq(*arguments)
        assert (done.code, done.out) == (2, ""), arguments
        assert said in done.err
    assert len(await raw(connection)) == 2


EXPORTED = {
    "id": "2026-01-01T00:00:00Z",
    "eventType": "violation_audited",
    "group": "constraints.gatekeeper.sh",
    "version": "v1beta1",
    "kind": "K8sContainerLimits",
    "name": "must-have-limits",
    "message": "container <cart> has no limits",
    "enforcementAction": "deny",
    "resourceAPIVersion": "v1",
    "resourceKind": "Pod",
    "resourceNamespace": "shop",
    "resourceName": "cart",
}


async def unread(connection, path, line, *, source="spool", team=None):
    """A letter as the bridge writes it of a line that it could not read; the line's own bytes are at their place."""
    data = line if isinstance(line, bytes) else json.dumps(line).encode()
    before = path.read_bytes() if path.exists() else b""
    path.write_bytes(before + data + b"\n")
    where = {"source": source, "file": str(path), "offset": str(len(before)), "bytes": str(len(data) + 1)}
    await DeadLetters(connection.jetstream(), redact=lambda text: text, timeout=5).bury_input(
        "scan.finding",
        reason="an older bridge did not understand it",
        origin=where if team is None else {**where, "team": team},
        consumer="gatekeeper-bridge",
        identity=f"{source}:{derived_id(data, '0')}",
    )
    return (await raw(connection))[-1]["id"]


async def test_what_the_bridge_could_not_read_is_read_again_where_it_stands(dlq, connection, tmp_path):
    audit = tmp_path / "audit.txt"
    await unread(connection, audit, {**EXPORTED, "resourceName": "first"}, team="red")
    wrong = await unread(connection, audit, b'{"eventType": "violation_audited", "kin')
    await unread(connection, audit, EXPORTED)
    audit.rename(tmp_path / "audit.log")  # what Gatekeeper does when the audit has ended

    done = await dlq("replay", "--all", "--consumer", "gatekeeper-bridge", "-o", "jsonl")
    assert done.code == 3
    assert [row["outcome"] for row in rows(done)] == ["sent again", "still wrong", "sent again"]
    assert "not JSON" in rows(done)[1]["said"]
    assert [letter["id"] for letter in await raw(connection)] == [wrong]
    found = [
        await connection.jetstream().get_msg(Stream.IN, number)
        for number in range(1, await stored(connection) + 1)
    ]
    (read,) = read_line(json.dumps(EXPORTED).encode(), {})
    assert found[-1].headers["ce-id"] == read.id
    assert json.loads(found[0].data)["team"] == "red"
    assert json.loads(found[-1].data)["resource_identity"]["name"] == "cart"
    assert (await dlq("replay", wrong)).code == 3


async def test_nothing_is_read_in_place_of_a_line_that_has_gone(dlq, connection, tmp_path):
    audit = tmp_path / "audit.log"
    gone = await unread(connection, audit, EXPORTED, source="log")
    audit.write_text(json.dumps({**EXPORTED, "resourceName": "mail"}) + "\n")  # as long, and something else
    done = await dlq("replay", gone, "-o", "jsonl")
    assert (done.code, [row["outcome"] for row in rows(done)]) == (3, ["gone"])
    assert "where the bridge runs" in rows(done)[0]["said"]
    audit.unlink()
    assert (await dlq("replay", gone)).code == 3
    assert await stored(connection) == 0


async def test_an_object_is_read_again_only_from_the_files_of_the_settings(
    dlq, connection, tmp_path, monkeypatch
):
    status = tmp_path / "status" / "now.json"
    status.parent.mkdir()
    listed = {
        "kind": "Pod",
        "version": "v1",
        "namespace": "shop",
        "name": "cart",
        "message": "no limits",
        "enforcementAction": "deny",
    }
    constraint = {
        "apiVersion": "constraints.gatekeeper.sh/v1beta1",
        "kind": "K8sContainerLimits",
        "metadata": {"name": "must-have-limits"},
        "status": {"violations": [listed]},
    }
    status.write_text(json.dumps({"kind": "List", "items": [constraint]}))
    await DeadLetters(connection.jetstream(), redact=lambda text: text, timeout=5).bury_input(
        "scan.finding",
        reason="no constraint",
        origin={
            "source": "status",
            "file": str(status),
            "object": "[7] K8sContainerLimits/must-have-limits",
        },
        consumer="gatekeeper-bridge",
        identity="status:x",
    )
    assert rows(await dlq("replay", "--all", "-o", "jsonl"))[0]["outcome"] == "gone"
    monkeypatch.setenv("JADE_GATEKEEPER_BRIDGE_STATUS", str(status.parent))
    assert rows(await dlq("replay", "--all", "-o", "jsonl"))[0]["outcome"] == "sent again"
    assert await stored(connection) == 1
    assert await raw(connection) == []
