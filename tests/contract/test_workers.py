"""What every worker keeps to, found by discovery: a new one gets these tests for free."""

import re
from pathlib import Path

import httpx2 as httpx
import orjson
import pytest

from jade_common.bus import Bus
from jade_common.delivery import BACKOFF
from jade_common.events import EVENTS
from jade_common.fetching import FILL_WAIT, IDLE_WAIT
from jade_common.http import worker_app
from jade_common.settings import NatsSettings
from jade_common.subjects import Subject
from jade_common.topology import MAX_DELIVER, topology
from jade_common.worker import builder, names

ROOT = Path(__file__).parents[2]
WORKERS = names()


def folder(name: str) -> Path:
    return ROOT / "services" / name.replace("-", "_")


@pytest.mark.parametrize("name", WORKERS)
def test_builds_without_any_environment_and_connects_to_nothing(name, monkeypatch):
    monkeypatch.setenv("JADE_NATS_URL", "nats://127.0.0.1:1")
    assert builder(name)() is not None


@pytest.mark.parametrize("name", WORKERS)
async def test_probes_answer_while_the_bus_is_away(name, monkeypatch):
    monkeypatch.setenv("JADE_NATS_URL", "nats://127.0.0.1:1")
    monkeypatch.setenv("JADE_CACHE_URL", "memory://")
    transport = httpx.ASGITransport(builder(name)(), client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://worker") as client:
        assert (await client.get("/health/live")).status_code == 200
        ready = await client.get("/health/ready")
        assert ready.status_code == 503
        assert ready.json()["ready"] is False
        assert ready.json()["why"]
        metrics = await client.get("/metrics")
        assert "jade_messages" in metrics.text


@pytest.mark.parametrize("name", WORKERS)
def test_readme_names_subjects_settings_and_runbook(name):
    text = (folder(name) / "README.md").read_text()
    for heading in ("## Subjects", "## Settings", "## Metrics", "## Runbook"):
        assert heading in text, f"services/{name}/README.md has no {heading}"
    code = "".join(path.read_text() for path in (folder(name) / "src").rglob("*.py"))
    consumed = {topology().consumers[found].subject for found in re.findall(r'\.consume\("([a-z-]+)"', code)}
    asked = {found.lower().replace("_", ".") + ".ask" for found in re.findall(r"Ask\.([A-Z_]+)", code)}
    for subject in consumed | asked:
        assert f"`{subject}`" in text, f"services/{name}/README.md does not name {subject}"


@pytest.mark.parametrize("name", WORKERS)
def test_layout_is_the_one_of_every_service(name):
    package = folder(name) / "src" / f"jade_{folder(name).name}"
    assert (package / "app.py").is_file()
    assert (package / "domain").is_dir()
    handlers = package / "handlers.py"
    if handlers.is_file():
        bodies = re.findall(
            r"\n    async def \w+\(.*?(?=\n    @|\n    async def|\Z)", handlers.read_text(), re.DOTALL
        )
        assert bodies
        assert all(len(body.strip().splitlines()) <= 11 for body in bodies), "a handler has at most ten lines"


def test_every_consumer_of_the_topology_is_taken_by_somebody():
    code = "".join(path.read_text() for path in (ROOT / "services").rglob("src/**/*.py"))
    code += (ROOT / "libs/jade_common/src/jade_common/advisories.py").read_text()
    assert {name for name in topology().consumers if f'"{name}"' not in code} == set()


@pytest.mark.parametrize("name", sorted(topology().consumers))
def test_consumer_gives_its_worker_the_last_word(name):
    consumer = topology().consumers[name]
    assert len(BACKOFF) + 1 < MAX_DELIVER
    stream = topology().streams[consumer.stream]
    assert consumer.subject in stream.subjects
    assert consumer.max_ack_pending >= 2 * consumer.batch
    assert consumer.ack_wait / 10 > IDLE_WAIT > FILL_WAIT


def test_every_event_travels_in_a_stream():
    carried = {subject for stream in topology().streams.values() for subject in stream.subjects}
    assert {model.subject.value for model in EVENTS.values()} <= carried
    assert set(EVENTS) == set(Subject)


@pytest.mark.integration
@pytest.mark.parametrize("name", sorted(set(topology().consumers) - {"dead-advisories"}))
async def test_poison_is_dead_lettered_once_and_the_rest_goes_on(
    name, connection, nats_settings: NatsSettings
):
    consumer = topology().consumers[name]
    bus = Bus(nats_settings, service="test", redact=str)
    taken: list[str] = []

    @bus.consume(name, EVENTS[Subject(consumer.subject)])
    async def handle(received):
        taken.extend(one.attributes.id for one in received)
        return [[] for _ in received]

    app = worker_app(bus)
    for body in (b"{", b'{"tool": "t", "rule_id": "r"}'):
        await connection.publish(consumer.subject, body)
    await connection.flush()
    async with app.router.lifespan_context(app):
        subscription = await connection.jetstream().subscribe("dead.>", ordered_consumer=True)
        letter = orjson.loads((await subscription.next_msg(timeout=10)).data)
    assert (letter["consumer"], letter["kind"], letter["attempt"]) == (name, "invalid", 1)
    assert len(taken) == 1
    assert (await connection.jetstream().stream_info("JADE_DEAD")).state.messages == 1
