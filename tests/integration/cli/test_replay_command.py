"""``jade replay``: any event's answer comes out again, byte for byte, or what differs is said."""

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import timedelta

import orjson
import pytest

import jade_ingest.app
import jade_ranker.app
from jade_cli.onbus import chains
from jade_common.client import Client, ScanFinding
from jade_common.events import FindingRanked
from jade_common.publishing import Outbox, Outgoing
from jade_common.settings import CacheSettings
from jade_common.subjects import Stream

pytestmark = pytest.mark.integration

LIBRARY = """\
# METADATA
# custom:
#   id: no-host-network
package no_host_network
import rego.v1
violation contains {"msg": "no host network"} if input.review.object.spec.hostNetwork
"""


@pytest.fixture
def replay(jade, connection, nats_settings, monkeypatch):
    monkeypatch.setenv("JADE_NATS_URL", nats_settings.url)

    async def command(*arguments):
        return await asyncio.to_thread(jade, "replay", *arguments)

    return command


@asynccontextmanager
async def workers(settings):
    apps = [
        jade_ranker.app.build_app(nats=settings, cache=CacheSettings(url="memory://")),
        jade_ingest.app.build_app(nats=settings),
    ]
    async with apps[0].router.lifespan_context(apps[0]), apps[1].router.lifespan_context(apps[1]):
        yield


@pytest.fixture
async def chain(jade, shop, connection, nats_settings, monkeypatch):
    """Ids of a report, of the finding about its pod, and of that one's ranking, as the workers made them."""
    monkeypatch.setenv("JADE_NATS_URL", nats_settings.url)
    async with workers(nats_settings):
        done = await asyncio.to_thread(jade, "publish", shop, "--wait")
    assert "2 findings ranked" in done.err
    jetstream = connection.jetstream()
    for sequence in (1, 2):
        message = await jetstream.get_msg(Stream.OUT, sequence)
        if b"deny-privileged-pods" in message.data:
            return tuple(message.headers[f"ce-{name}"] for name in ("correlationid", "causationid", "id"))
    raise AssertionError("no ranking of the pod")


async def test_every_event_of_a_chain_comes_out_again(replay, chain):
    report, finding, ranked = chain
    for identity, count in ((report, 2), (finding, 2), (ranked, 1)):
        done = await replay(identity, "--check")
        assert (done.code, done.out.count("identical")) == (0, count), done.out + done.err
        assert f"{count} of {count} answers are the same, byte for byte" in done.err
    shown = json.loads((await replay(ranked)).out)
    assert shown["id"] == ranked
    assert shown["data"]["finding_id"] == finding
    assert shown["data"]["library"]


@pytest.mark.parametrize("steps", [(), (0, 1), (0, 20, 40, 80, 160, 320, 640)])
async def test_events_are_found_however_far_back_they_lie(replay, chain, monkeypatch, steps):
    monkeypatch.setattr(chains, "BACK", tuple(timedelta(milliseconds=step) for step in steps))
    for identity, count in zip(chain, (2, 2, 1), strict=True):
        done = await replay(identity, "--check")
        assert (done.code, done.out.count("identical")) == (0, count), done.out + done.err


async def test_another_policy_set_is_named(replay, chain, tmp_path):
    library = tmp_path / "library"
    library.mkdir()
    (library / "policy.rego").write_text(LIBRARY)
    done = await replay(chain[2], "--check", "--library", library)
    assert done.code == 1
    assert "/library (the policy set): stored" in done.out.splitlines()[1]
    assert "0 of 1 answers are the same" in done.err
    row = json.loads((await replay(chain[2], "--check", "--library", library, "-o", "jsonl")).out)
    assert (row["id"], row["identical"]) == (chain[2], False)
    assert row["differences"][0]["path"] == "/library"


async def test_what_differs_is_said_field_by_field(replay, chain, connection):
    jetstream = connection.jetstream()
    for sequence in (1, 2):
        message = await jetstream.get_msg(Stream.OUT, sequence)
        if message.headers["ce-id"] == chain[2]:
            break
    body = orjson.loads(message.data)
    body["policies"][0]["verdict"] = "passed"
    other = body | {"model": "learned-0", "engine": "0.1.0"}
    outbox = Outbox(jetstream, timeout=5)
    await outbox.publish_one(Outgoing(FindingRanked(**other), "tampered", "x", chain[0], chain[1]))
    done = await replay("tampered", "--check")
    assert done.code == 1
    assert f'/model (the model): stored "learned-0", here "{body["model"]}"' in done.out
    assert '/engine (OPA\'s version): stored "0.1.0", here' in done.out
    assert '/policies/0/verdict: stored "passed", here "violated"' in done.out
    both = await replay(chain[1], "--check")
    assert (both.code, both.out.count("identical")) == (1, 2)


async def test_a_finding_that_is_no_question_is_refused_again(replay, connection, nats_settings):
    async with Client(nats_settings) as client:
        (sent,) = await client.publish([ScanFinding(tool="jade", rule_id="resource")])
    unanswered = await replay(sent.id, "--check")
    assert unanswered.code == 2
    assert "jade dlq ls" in unanswered.err
    computed = await replay(sent.id)
    assert (computed.code, computed.out) == (3, "")
    assert "must carry its resource" in computed.err
    event = FindingRanked(finding_id=sent.id, problem_id="p", policies=(), none_applies=True, model="m")
    await Outbox(connection.jetstream(), timeout=5).publish_one(Outgoing(event, "r", "x", None, sent.id))
    done = await replay("r", "--check")
    assert done.code == 1
    assert "refused: a finding of jade/resource must carry its resource" in done.out


async def test_an_answer_that_never_came_can_be_computed(replay, nats_settings):
    async with Client(nats_settings) as client:
        (sent,) = await client.publish(
            [ScanFinding(tool="acme", rule_id="A-1", title="privileged container")]
        )
    done = await replay(sent.id)
    assert done.code == 0
    assert json.loads(done.out)["data"]["finding_id"] == sent.id


async def test_where_there_is_nothing_to_compare(replay, chain, connection):
    assert "keeps an event nope" in (await replay("nope", "--check")).err
    await connection.jetstream().purge_stream(Stream.IN)
    gone = await replay(chain[2], "--check")
    assert (gone.code, gone.out) == (2, "")
    assert f"its cause {chain[1]} is not kept any more" in gone.err
