"""Composition root of the ranker."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from jade_common.advisories import bury_given_up
from jade_common.bus import Bus
from jade_common.cache import open_cache
from jade_common.http import worker_app
from jade_common.settings import CacheSettings, NatsSettings
from jade_common.tools import find
from jade_policy.library import load_library, own_library
from jade_policy.opa import Engine
from jade_policy.redaction import redact_text
from jade_ranker.adapters.answering import Answering
from jade_ranker.adapters.composing import is_meaning_kept, pairs_of
from jade_ranker.adapters.embedding import open_embedder
from jade_ranker.adapters.locating import Locating, Locator
from jade_ranker.adapters.model_source import ModelSource, packaged_model
from jade_ranker.adapters.query_vectors import LIMIT_SECONDS, QueryVectors
from jade_ranker.adapters.serving import Always, Learning, Rankers
from jade_ranker.adapters.verdicts import Verdicts
from jade_ranker.domain.heuristic import Heuristic
from jade_ranker.handlers import subscribe
from jade_ranker.settings import RankerSettings


def build_app(
    settings: RankerSettings | None = None,
    nats: NatsSettings | None = None,
    cache: CacheSettings | None = None,
) -> Starlette:
    """Wire settings, library, engine, cache, bus and handlers; nothing starts before the app's lifespan."""
    settings = settings or RankerSettings()
    bus = Bus(nats or NatsSettings(), service="ranker", redact=redact_text)
    bury_given_up(bus)
    library = load_library(settings.library) if settings.library else own_library()
    engine = Engine(library, opa=settings.opa or find("opa").path, limit_seconds=settings.limit_seconds)
    shared = open_cache(cache or CacheSettings(), bus.registry)

    @asynccontextmanager
    async def ranking() -> AsyncIterator[None]:
        # The engine is started here, in the main thread: OPA dies with the thread that started it.
        with engine:
            async with ranked_by(settings, engine, bus.registry) as rankers:
                policies = f"{engine.library.digest}:{engine.version}"
                answering = Answering(
                    engine.library,
                    Verdicts(engine, shared, policies=policies, registry=bus.registry),
                    Locating(Locator(engine, engine.library, engine.opa), shared, policies=policies),
                    rankers,
                    engine=engine.version,
                    resources=settings.resources,
                )
                subscribe(bus, answering)
                yield
        await shared.close()

    async def engine_answers() -> Sequence[str]:
        return [] if engine.healthy() else ["OPA does not answer; it is being started again"]

    return worker_app(bus, parts=[ranking()], checks=[engine_answers])


@asynccontextmanager
async def ranked_by(
    settings: RankerSettings, engine: Engine, registry: CollectorRegistry
) -> AsyncIterator[Rankers]:
    """Who ranks: the heuristic where it is asked for, else a model, by meaning too once the vectors are there."""
    library = engine.library
    if settings.model == "heuristic":
        yield Always(Heuristic(library))
        return
    models = ModelSource(settings.model, packaged_model(), settings.state_dir, registry=registry)
    embedder = open_embedder() if settings.semantic else None
    # Nobody waits for vectors that must be computed; those that are there make a second index superfluous.
    known = embedder if embedder is not None and is_meaning_kept(library, embedder) else None
    pairs = await asyncio.to_thread(pairs_of, library, engine.opa, known)
    if embedder is None:
        yield Learning(library, pairs, models.current)
        return
    with QueryVectors(embedder) as vectors:
        rankers = Learning(library, pairs, models.current, vectors, LIMIT_SECONDS)
        deepening = asyncio.create_task(rankers.deepen(engine.opa, embedder))
        try:
            yield rankers
        finally:
            deepening.cancel()
            with suppress(asyncio.CancelledError):
                await deepening
