"""What every request passes first and last: id, security headers, log, metrics, an answer whatever fails."""

import re
from time import perf_counter
from uuid import uuid4

import structlog
from prometheus_client import CollectorRegistry, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jade_common.metrics import SECONDS
from jade_gateway.api.upload import Upload
from jade_gateway.domain.problems import CLOSE, DEFECT, Problem

log = structlog.get_logger("jade.gateway")

REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
"""Ids of a caller that are taken over: short, and harmless in a log or a header."""

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""Set where a route has not set its own; transport security is for whoever ends TLS in front."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def problem_response(request: Request, error: Exception) -> Response:
    """The response to a problem; anything else is a defect, of which the caller learns only the id."""
    problem = (
        error if isinstance(error, Problem) else Problem(DEFECT, "The cause stands in the gateway's log.")
    )
    return JSONResponse(
        problem.body(request.scope.get("state", {}).get("request_id", "")),
        problem.kind.status,
        problem.headers,
        media_type="application/problem+json",
    )


class Edge:
    """Outermost layer of the gateway."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry, routes: frozenset[str]) -> None:
        """Wrap ``app``; ``routes`` are the paths that may be a label of the metrics."""
        self._app = app
        self._routes = routes
        self._seconds = Histogram(
            "jade_gateway_request_seconds",
            "Time for a request, in seconds",
            ["method", "route", "status"],
            buckets=SECONDS,
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid4().hex
        state = {**scope.get("state", {}), "request_id": request_id}
        # HEAD is GET without a body, which the server leaves out; so every route has it.
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        upload = Upload(scope, receive)
        inner: Scope = {**scope, "method": method, "state": state}
        answered: list[int] = []

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
                headers["X-Request-ID"] = request_id
                if "connection" not in headers and not await upload.drop():
                    headers.update(CLOSE)
                answered.append(message["status"])
            await send(message)

        started = perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(inner, upload.receive, answer)
            except Exception as error:  # the last stop: whatever it is, the caller gets an answer
                if not isinstance(error, Problem):
                    log.exception("request_failed")
                if not answered:
                    await problem_response(Request(inner), error)(inner, upload.receive, answer)
            self._done(scope, state, answered, perf_counter() - started)

    def _done(self, scope: Scope, state: dict[str, object], answered: list[int], seconds: float) -> None:
        status = answered[0] if answered else 0
        route = scope["path"] if scope["path"] in self._routes else "other"
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._seconds.labels(method, route, status).observe(seconds)
        say = log.info if state.get("caller") else log.debug  # probes come every few seconds
        say(
            "request",
            method=method,
            path=scope["path"][:200],
            status=status,
            milliseconds=round(seconds * 1000, 3),
            caller=state.get("caller"),
        )
