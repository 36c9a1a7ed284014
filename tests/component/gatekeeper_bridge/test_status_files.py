"""Status files: read when they change, looked at twice when they are broken, remembered over a restart."""

import asyncio
import json

import pytest
from prometheus_client import CollectorRegistry

from jade_gatekeeper_bridge.adapters import documents
from jade_gatekeeper_bridge.adapters.documents import Documents
from jade_gatekeeper_bridge.adapters.positions import Positions
from jade_gatekeeper_bridge.domain.statuses import Told
from jade_gatekeeper_bridge.observed import Observed

TEMPLATE = {
    "apiVersion": "templates.gatekeeper.sh/v1",
    "metadata": {"name": "k8sfoo"},
    "spec": {"crd": {"spec": {"names": {"kind": "K8sFoo"}}}, "targets": [{"rego": "package a"}]},
}


@pytest.fixture
def positions(tmp_path):
    return Positions(tmp_path / "positions.json")


def reader(path, positions):
    return Documents(
        "status",
        path,
        lambda found: [Told("", one) for one in found],
        positions=positions,
        observed=Observed(CollectorRegistry()),
        poll_seconds=0.01,
    )


async def taken(source):
    """The next batch, settled."""
    batch = await asyncio.wait_for(source.take(), 5)
    entries = [one.entry for one in batch.entries]
    batch.confirm()
    return entries


async def nothing(source):
    """Whether a whole look finds nothing to send."""
    source.looked.clear()
    task = asyncio.create_task(source.take())
    looked = asyncio.create_task(source.looked.wait())
    done, _ = await asyncio.wait({task, looked}, timeout=5, return_when=asyncio.FIRST_COMPLETED)
    task.cancel()
    looked.cancel()
    return task not in done and looked in done


async def test_a_file_is_read_again_when_it_has_changed(tmp_path, positions):
    path = tmp_path / "a.json"
    path.write_text('[{"kind": "A"}]')
    source = reader(path, positions)
    assert await taken(source) == [{"kind": "A"}]
    assert await nothing(source)
    path.write_text('{"kind": "List", "items": [{"kind": "B"}]}')
    assert await taken(source) == [{"kind": "B"}]


async def test_after_a_restart_only_what_changed_is_sent_but_templates_are_known(tmp_path, positions):
    (tmp_path / "a.json").write_text(json.dumps([TEMPLATE]))
    await taken(reader(tmp_path, positions))
    (tmp_path / "positions.json").write_text("{}")
    await positions.save()
    again = Positions(tmp_path / "positions.json")
    again.load()
    source = reader(tmp_path / "a.json", again)
    assert await nothing(source)
    assert source.templates["K8sFoo"].policy_id == "k8sfoo"


async def test_a_file_that_stays_broken_is_named_and_the_others_are_read(tmp_path, positions):
    (tmp_path / "a.json").write_text('{"items": [')
    (tmp_path / "b.json").write_text('[{"kind": "B"}]')
    source = reader(tmp_path, positions)
    assert await taken(source) == [{"kind": "B"}]
    (reject,) = await taken(source)
    assert "kubectl get -o json" in reject.reason
    assert await nothing(source)


async def test_a_file_that_was_half_written_is_no_fault(tmp_path, positions):
    path = tmp_path / "a.json"
    path.write_text('[{"kind": ')
    source = reader(path, positions)
    assert await nothing(source)
    path.write_text('[{"kind": "A"}]')
    assert await taken(source) == [{"kind": "A"}]


async def test_a_file_that_is_too_large_is_named(tmp_path, positions, monkeypatch):
    monkeypatch.setattr(documents, "LARGEST", 10)
    path = tmp_path / "a.json"
    path.write_text('[{"kind": "A"}]')
    (reject,) = await taken(reader(path, positions))
    assert "more than 10 bytes" in reject.reason


async def test_a_file_that_is_not_there_is_a_problem_until_it_is(tmp_path, positions):
    path = tmp_path / "a.json"
    source = reader(path, positions)
    assert await nothing(source)
    assert "No such file" in source.problem()
    path.write_text("[]")
    await taken(source)
    assert await nothing(source)
    assert source.problem() is None
