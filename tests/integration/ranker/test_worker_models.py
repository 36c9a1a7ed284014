"""A worker whose model is bad says so and serves another; a good one is taken without a restart, and answers name it."""

import asyncio
from contextlib import asynccontextmanager

import orjson
import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from jade_common.bus import ask_over
from jade_common.events import RankAsk, ScanFinding
from jade_common.publishing import Outbox, Outgoing
from jade_common.settings import CacheSettings
from jade_common.subjects import Ask
from jade_ranker.adapters.artefact import MANIFEST, read_model, write_model
from jade_ranker.adapters.model_source import packaged_model
from jade_ranker.app import build_app
from jade_ranker.settings import RankerSettings

pytestmark = pytest.mark.integration

POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "x", "namespace": "shop"},
    "spec": {"containers": [{"name": "c", "image": "a:1", "securityContext": {"privileged": True}}]},
}
LINE = {"id": "a", "resource": POD}


@asynccontextmanager
async def ranker(nats_settings, **settings):
    app = build_app(
        RankerSettings(semantic=False, **settings),
        nats=nats_settings,
        cache=CacheSettings(url="memory://", timeout=1.0),
    )
    async with app.router.lifespan_context(app):
        yield TestClient(app)  # for its metrics, which do not need the loop


async def model_of(connection):
    """What the worker says of the model that ranked; waits until it listens."""
    async with asyncio.timeout(30):
        while True:
            try:
                (row,) = await ask_over(connection, Ask.RANK, RankAsk(lines=(LINE,), top=1), timeout=10)
            except Exception as error:  # nobody listens yet
                if "NoResponders" not in str(error):
                    raise
                await asyncio.sleep(0.05)
            else:
                return row["model"]


async def until_served(connection, model):
    async with asyncio.timeout(30):
        while await model_of(connection) != model:
            await asyncio.sleep(0.1)


@pytest.fixture
def folder(tmp_path):
    """A folder that holds what is no model."""
    place = tmp_path / "model"
    place.mkdir()
    (place / MANIFEST).write_text("{}")
    return place


def another(folder, change=0.5) -> str:
    """Put a good model into the folder; it is not the packaged one."""
    plain = read_model(packaged_model(), "packaged").plain
    return write_model(folder, plain._replace(resource=plain.resource + change))


def metrics(http) -> list[str]:
    return http.get("/metrics").text.splitlines()


async def test_a_bad_model_is_said_and_a_good_one_taken_without_a_restart(
    connection, nats_settings, folder, tmp_path
):
    packaged = read_model(packaged_model(), "packaged").version
    with capture_logs() as logs:
        async with ranker(nats_settings, model=folder, state_dir=tmp_path / "state") as http:
            assert await model_of(connection) == f"learned-{packaged}"
            (rejected,) = [entry for entry in logs if entry["event"] == "model_rejected"]
            assert rejected["log_level"] == "warning"
            assert str(folder) in rejected["reason"]
            assert (rejected["serving"], rejected["origin"]) == (packaged, "packaged")
            found = metrics(http)
            assert "jade_ranker_model_rejected_total 1.0" in found
            assert f'jade_ranker_model_info{{origin="packaged",version="{packaged}"}} 1.0' in found

            version = another(folder)
            await until_served(connection, f"learned-{version}")
            finding = ScanFinding(tool="checkov", rule_id="CKV_K8S_16", title="Privileged", resource=POD)
            outbox = Outbox(connection.jetstream(), timeout=5)
            await outbox.publish_one(Outgoing(finding, "f1", "test", "report-1"))
            ranked = await connection.jetstream().subscribe("finding.ranked", ordered_consumer=True)
            event = orjson.loads((await ranked.next_msg(timeout=20)).data)
            assert event["model"] == f"learned-{version}"
            found = metrics(http)
            assert f'jade_ranker_model_info{{origin="JADE_RANKER_MODEL",version="{version}"}} 1.0' in found
    (taken,) = [entry for entry in logs if entry["event"] == "model_taken"]
    assert (taken["version"], taken["instead_of"]) == (version, packaged)


async def test_a_model_that_turns_bad_goes_on_serving_also_after_a_restart(
    connection, nats_settings, folder, tmp_path
):
    version = another(folder)
    async with ranker(nats_settings, model=folder, state_dir=tmp_path / "state") as http:
        assert await model_of(connection) == f"learned-{version}"
        (folder / "plain.npz").write_bytes(b"no weights")
        async with asyncio.timeout(30):
            while "jade_ranker_model_rejected_total 1.0" not in metrics(http):
                assert await model_of(connection) == f"learned-{version}"
    async with ranker(nats_settings, model=folder, state_dir=tmp_path / "state") as http:
        assert await model_of(connection) == f"learned-{version}"
        found = metrics(http)
        assert f'jade_ranker_model_info{{origin="last good",version="{version}"}} 1.0' in found


async def test_the_heuristic_serves_where_it_is_asked_for(connection, nats_settings, tmp_path):
    async with ranker(nats_settings, model="heuristic", state_dir=tmp_path) as http:
        assert await model_of(connection) == "heuristic-1"
        assert not [line for line in metrics(http) if line.startswith("jade_ranker_model_info{")]
