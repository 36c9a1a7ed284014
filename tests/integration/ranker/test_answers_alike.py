"""Answers to the findings of Jade's own fixtures: in whatever company, and in the form of the event's model."""

from pathlib import Path
from typing import cast

import pytest
from nats.aio.msg import Msg
from prometheus_client import CollectorRegistry

from jade_common.cache import MemoryCache
from jade_common.cloudevents import Attributes
from jade_common.delivery import Received
from jade_common.events import FindingRanked, ScanFinding
from jade_common.publishing import encode
from jade_common.tools import find
from jade_policy.library import own_library
from jade_policy.manifests import Manifest, read_manifests
from jade_policy.opa import Engine
from jade_ranker.adapters.answering import Answering
from jade_ranker.adapters.artefact import read_model
from jade_ranker.adapters.composing import pairs_of
from jade_ranker.adapters.locating import Locating, Locator
from jade_ranker.adapters.model_source import packaged_model
from jade_ranker.adapters.serving import Always
from jade_ranker.adapters.verdicts import Verdicts
from jade_ranker.domain.learned import Learned

pytestmark = pytest.mark.integration

FIXTURES = Path(__file__).parents[3] / "data" / "fixtures"
LIBRARY = own_library()
PATHS = (None, "/spec/template/spec/containers/0/image", "/metadata/name")


@pytest.fixture(scope="module")
def answering():
    with Engine(LIBRARY, opa=find("opa").path, limit_seconds=20) as engine:
        cache = MemoryCache()
        model = read_model(packaged_model(), "packaged")
        yield Answering(
            LIBRARY,
            Verdicts(engine, cache, policies="p", registry=CollectorRegistry()),
            Locating(Locator(engine, LIBRARY, engine.opa), cache, policies="p"),
            Always(Learned(LIBRARY, pairs_of(LIBRARY, engine.opa), model)),
            engine=engine.version,
            resources=1_000,
        )


@pytest.fixture(scope="module")
def received():
    """Each fixture's resources under the titles of some policy, and some titles without a resource."""
    resources = [
        one.obj
        for path in sorted(FIXTURES.rglob("*.yaml"))
        for one in read_manifests(path.read_bytes(), path.name)
        if isinstance(one, Manifest)
    ]
    titles = [policy.title for policy in LIBRARY.policies]
    assert len(resources) > 100
    return [
        Received(
            ScanFinding(
                tool="checkov",
                rule_id=f"CKV_K8S_{number % 40}",
                rule_aliases=("another",) if number % 4 == 0 else (),
                title=titles[number % len(titles)],
                resource=None if number % 7 == 0 else resource,
                path=PATHS[number % len(PATHS)],
            ),
            Attributes(f"f{number}", "", "", f"c{number}"),
            cast("Msg", None),
        )
        for number, resource in enumerate(resources)
    ]


async def test_an_answer_is_the_same_alone_and_among_others(answering, received):
    together = [encode(one.event) for (one,) in await answering.findings(received)]
    alone = [encode(one.event) for each in received for (one,) in await answering.findings([each])]
    assert alone == together


async def test_what_is_written_is_what_the_model_of_the_event_would_write(answering, received):
    for (one,) in await answering.findings(received):
        event = FindingRanked.model_validate_json(encode(one.event))
        assert encode(event) == encode(one.event)
