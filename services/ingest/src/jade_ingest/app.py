"""Composition root of ingest."""

from starlette.applications import Starlette

from jade_common.advisories import bury_given_up
from jade_common.bus import Bus
from jade_common.http import worker_app
from jade_common.settings import NatsSettings
from jade_ingest.handlers import subscribe
from jade_ingest.observed import Observed
from jade_policy.redaction import redact_text


def build_app(nats: NatsSettings | None = None) -> Starlette:
    """Wire settings, bus and handlers; nothing connects before the app's lifespan."""
    bus = Bus(nats or NatsSettings(), service="ingest", redact=redact_text)
    subscribe(bus, Observed(bus.registry))
    bury_given_up(bus)
    return worker_app(bus)
