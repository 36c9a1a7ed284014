"""Composition root of the Gatekeeper bridge."""

from starlette.applications import Starlette

from jade_common.bus import Bus
from jade_common.http import worker_app
from jade_common.settings import NatsSettings
from jade_gatekeeper_bridge.adapters.sending import SERVICE, Sending
from jade_gatekeeper_bridge.bridge import Bridge
from jade_gatekeeper_bridge.observed import Observed
from jade_gatekeeper_bridge.settings import GatekeeperBridgeSettings
from jade_policy.redaction import redact_text


def build_app(
    settings: GatekeeperBridgeSettings | None = None, nats: NatsSettings | None = None
) -> Starlette:
    """Wire settings, sources and bus; nothing is opened before the app's lifespan."""
    settings = settings or GatekeeperBridgeSettings()
    bus = Bus(nats or NatsSettings(), service=SERVICE, redact=redact_text)
    observed = Observed(bus.registry)
    sending = Sending(bus, observed, repeat_seconds=settings.repeat_seconds, team=settings.team)
    bridge = Bridge(settings, sending, observed)
    return worker_app(bus, parts=[bridge.running()], checks=[bridge.problems])
