"""Composition root of the gateway."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from time import monotonic
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema
from starlette.routing import Route
from starlette.types import ASGIApp

from jade_common.asks import RankLine
from jade_common.asyncapi import COMPONENT
from jade_common.bus import Bus
from jade_common.http import probes
from jade_common.settings import NatsSettings
from jade_gateway.adapters.ranking import Ranking
from jade_gateway.api.edge import Edge
from jade_gateway.api.guard import Guard
from jade_gateway.api.pages import pages
from jade_gateway.api.routes import ProblemDetails, Rank, answer_problems, routes
from jade_gateway.domain.keys import Keys
from jade_gateway.domain.rate import TokenBuckets
from jade_gateway.settings import GatewaySettings
from jade_policy.redaction import redact_text

ANALYZE = "/analyze"


def build_app(
    nats: NatsSettings | None = None, settings: GatewaySettings | None = None, *, rank: Rank | None = None
) -> ASGIApp:
    """Wire settings, bus, routes and their guard; nothing connects before the app's lifespan.

    Args:
        nats: Where the bus is.
        settings: Who may ask, and how much.
        rank: Answers a line, in place of the ranker on the bus.
    """
    settings = settings or GatewaySettings()
    bus = Bus(nats or NatsSettings(), service="gateway", redact=redact_text)
    open_routes = [*probes(bus), *pages()]
    free = frozenset({"/health", "/openapi.json", *(route.path for route in open_routes)})

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        guard.announce()
        async with bus.running():
            yield

    api = rest(bus, rank or Ranking(bus), open_routes, settings, lifespan)
    guard = Guard(
        api,
        keys=Keys({name: key.get_secret_value() for name, key in settings.api_keys.items()}),
        buckets=TokenBuckets(settings.rate, settings.burst),
        concurrency=settings.concurrency,
        clock=monotonic,
        free=free,
    )
    return Edge(guard, bus.registry, free | {ANALYZE})


def rest(
    bus: Bus, rank: Rank, open_routes: list[Route], settings: GatewaySettings, lifespan: Any = None
) -> FastAPI:
    """The REST interface itself, unguarded."""
    api = FastAPI(
        title="Jade gateway",
        version=version("jade-gateway"),
        description="Which policies matter for a resource or a finding, each with evidence.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    api.include_router(routes(bus, rank, body_seconds=settings.body_timeout))
    api.router.routes.extend(open_routes)
    answer_problems(api)
    describe(api)
    return api


def describe(api: FastAPI) -> None:
    """Add to the OpenAPI document what no route says: the problem details, and how a key is sent."""
    document = api.openapi()
    _, found = models_json_schema(
        [(RankLine, "validation"), (ProblemDetails, "validation")], ref_template=COMPONENT
    )
    document["components"]["schemas"] |= found["$defs"]
    document["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    }
