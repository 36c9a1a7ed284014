"""What every worker answers over HTTP: ``/health/live``, ``/health/ready`` and ``/metrics``."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from jade_common.bus import Bus

Check = Callable[[], Awaitable[Sequence[str]]]
"""Says why a part cannot work now; empty when it can."""


def probes(bus: Bus, checks: Sequence[Check] = ()) -> list[Route]:
    """The routes of liveness, readiness and metrics.

    Readiness is 200 with ``{"ready": true}``, else 503 with the reasons, from the bus and from ``checks``.
    """

    async def live(_: Request) -> Response:
        return JSONResponse({"live": True})

    async def problems() -> list[str]:
        why = [reason for check in (bus.problems, *checks) for reason in await check()]
        bus.metrics.ready(yes=not why)
        return why

    async def ready(_: Request) -> Response:
        why = await problems()
        return JSONResponse({"ready": not why, "why": why}, 503 if why else 200)

    async def metrics(_: Request) -> Response:
        await problems()  # readiness and backlog as they are now
        return Response(generate_latest(bus.registry), media_type=CONTENT_TYPE_LATEST)

    return [Route("/health/live", live), Route("/health/ready", ready), Route("/metrics", metrics)]


def worker_app(
    bus: Bus, *, parts: Sequence[AbstractAsyncContextManager[object]] = (), checks: Sequence[Check] = ()
) -> Starlette:
    """The ASGI app of a worker: its parts are entered before the bus runs, and left after it stopped."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for part in parts:
                await stack.enter_async_context(part)
            await stack.enter_async_context(bus.running())
            yield

    app = Starlette(routes=probes(bus, checks), lifespan=lifespan)
    app.state.bus = bus
    return app
