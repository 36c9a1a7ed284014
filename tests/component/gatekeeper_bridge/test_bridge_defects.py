"""A defect of the bridge itself costs one line or object, and its text tells nothing of them."""

import json

from prometheus_client import CollectorRegistry

from jade_gatekeeper_bridge import bridge
from jade_gatekeeper_bridge.adapters.tail import Line
from jade_gatekeeper_bridge.bridge import Bridge
from jade_gatekeeper_bridge.domain.entries import Made, Reject
from jade_gatekeeper_bridge.observed import Observed
from jade_gatekeeper_bridge.settings import GatekeeperBridgeSettings


def broken(name, monkeypatch):
    """A bridge whose reader fails at what holds "jane"."""
    reader = getattr(bridge, name)

    def read(*arguments):
        if "jane" in str(arguments):
            raise ValueError("jane")
        return reader(*arguments)

    monkeypatch.setattr(bridge, name, read)
    return Bridge(GatekeeperBridgeSettings(), None, Observed(CollectorRegistry()))


def test_of_a_line(monkeypatch):
    one = broken("read_line", monkeypatch)
    good = json.dumps({"eventType": "violation_audited", "kind": "K", "resourceKind": "Pod"}).encode()
    (made,) = one._line(Line(good, 0, len(good) + 1), "a.log")
    (reject,) = one._line(Line(b"jane", 200, 5), "a.log")
    assert isinstance(made.entry, Made)
    assert isinstance(reject.entry, Reject)
    assert reject.entry.reason.startswith("a defect of the bridge: ValueError at ")
    assert "jane" not in reject.entry.reason
    assert reject.where == {"file": "a.log", "offset": "200", "bytes": "5"}


def test_of_an_object(monkeypatch):
    one = broken("read_object", monkeypatch)
    constraint = {
        "apiVersion": "constraints.gatekeeper.sh/v1beta1",
        "kind": "K",
        "status": {"violations": [{"kind": "Pod"}]},
    }
    told = list(one._objects([{"kind": "jane"}, constraint]))
    assert [type(each.entry) for each in told] == [Reject, Made]
    assert told[0].where == "[0]"
