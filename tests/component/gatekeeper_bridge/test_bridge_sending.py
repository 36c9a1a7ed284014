"""What the bridge sends again, and what it does not."""

from itertools import chain, repeat

from prometheus_client import CollectorRegistry

from jade_common.errors import PermanentError, TransientError
from jade_common.events import ScanFinding
from jade_common.settings import NatsSettings
from jade_gatekeeper_bridge.adapters import sending
from jade_gatekeeper_bridge.adapters.batches import Located
from jade_gatekeeper_bridge.adapters.sending import Sending
from jade_gatekeeper_bridge.domain.entries import Made, content_id
from jade_gatekeeper_bridge.observed import Observed


class Broker:
    """A bus whose server stores, refuses or fails as the test says; what it stored is counted."""

    def __init__(self, *outcomes):
        self.outcomes = chain(outcomes, repeat(None))
        self.stored = []
        self.letters = []
        self.settings = NatsSettings()
        self.is_connected = True

    @property
    def connection(self):
        return self

    def outbox(self):
        return self

    def dead_letters(self):
        return self

    async def publish(self, outgoing):
        results = []
        for one in outgoing:
            outcome = next(self.outcomes)
            results.append(outcome)
            if outcome is None:
                self.stored.append(one.id)
        return results

    async def bury_input(self, subject, *, reason, origin, consumer, identity):
        self.letters.append((subject, reason, origin, consumer, identity))


def made(rule):
    event = ScanFinding(tool="gatekeeper", rule_id=rule)
    return Located(Made(event, content_id(event)), {"file": "a.log"}, rule)


def sender(broker, monkeypatch, clock=lambda: 0.0):
    monkeypatch.setattr(sending, "FIRST_WAIT", 0.0)
    registry = CollectorRegistry()
    return Sending(broker, Observed(registry), repeat_seconds=60, clock=clock), registry


async def test_what_was_not_stored_is_sent_again_and_only_that(monkeypatch):
    broker = Broker(None, TransientError("full"), None, TransientError("full"))
    out, registry = sender(broker, monkeypatch)
    await out.send("spool", [made("a"), made("b"), made("c")])
    assert broker.stored == [made("a").entry.id, made("c").entry.id, made("b").entry.id]
    assert registry.get_sample_value("jade_gatekeeper_bridge_retries_total") == 2


async def test_what_every_audit_repeats_is_sent_once_an_hour(monkeypatch):
    now = [0.0]
    broker = Broker()
    out, registry = sender(broker, monkeypatch, lambda: now[0])
    for now[0] in (0.0, 59.0, 61.0):
        await out.send("spool", [made("a"), made("a")])
    assert len(broker.stored) == 2
    labels = {"source": "spool", "outcome": "repeated"}
    assert registry.get_sample_value("jade_gatekeeper_bridge_entries_total", labels) == 4


async def test_no_more_ids_are_remembered_than_fit(monkeypatch):
    monkeypatch.setattr(sending, "REMEMBERED", 1)
    broker = Broker()
    out, _ = sender(broker, monkeypatch)
    await out.send("spool", [made("a"), made("b"), made("c")])
    await out.send("spool", [made("c"), made("a")])
    assert broker.stored == [made(rule).entry.id for rule in "abca"]


async def test_what_the_bus_will_never_take_is_dead_lettered(monkeypatch):
    broker = Broker(PermanentError("too large"))
    out, _ = sender(broker, monkeypatch)
    await out.send("spool", [made("a"), made("b")])
    assert broker.stored == [made("b").entry.id]
    ((subject, reason, origin, consumer, _),) = broker.letters
    assert (subject, reason, consumer) == ("scan.finding", "too large", "gatekeeper-bridge")
    assert origin == {"source": "spool", "file": "a.log"}
