"""The REST routes: ``POST /analyze`` and ``GET /health``, and the problems of HTTP itself."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from jade_common.asks import RankedLine
from jade_common.bus import Bus
from jade_gateway.api.edge import problem_response
from jade_gateway.api.upload import MAX_BODY, json_body
from jade_gateway.domain.lines import line_of, redacted
from jade_gateway.domain.problems import BAD_METHOD, BAD_QUERY, NOT_FOUND, OTHER, Problem

Rank = Callable[[dict[str, Any], int], Awaitable[dict[str, Any]]]
"""Answers a line with the best ``top`` policies, all for 0."""

MOST = 1_000
"""The largest ``top``: no library has as many policies, and 0 gives all."""


class Health(BaseModel):
    """What works: ``ready`` says whether questions can be asked, ``why`` why not."""

    status: Literal["ok", "degraded"]
    live: bool = True
    ready: bool
    why: list[str] = []


class ProblemDetails(BaseModel):
    """Problem details (RFC 9457): what is wrong, why, and what to do."""

    type: str
    title: str
    status: int
    detail: str
    action: str
    instance: str
    error: str | None = None


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": text,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }
    for status, text in {
        400: "No JSON object, or nested too deeply",
        401: "No valid API key",
        403: "No API key is configured, and the client is on another machine",
        408: "The body did not arrive in time",
        413: f"More than {MAX_BODY:,} bytes",
        415: "Not declared as JSON",
        422: "This line cannot be answered: `error` says why",
        429: "Too many requests",
        502: "The ranker gave no usable answer",
        503: "The ranker is away, or the gateway has its hands full",
        504: "The ranker did not answer in time",
    }.items()
}


def routes(bus: Bus, rank: Rank, *, body_seconds: float) -> APIRouter:
    """The routes of the gateway."""
    router = APIRouter()

    @router.post(
        "/analyze",
        summary="Which policies matter for this resource or finding",
        response_description="The policies, best first, each with its verdict and evidence.",
        responses={200: {"model": RankedLine}, **PROBLEMS},
        response_class=JSONResponse,
        openapi_extra={
            "requestBody": {
                "required": True,
                "description": "A line of `jade rank`.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RankLine"}}},
            },
            "security": [{"bearer": []}, {"header": []}],
        },
    )
    async def analyze(
        request: Request,
        top: Annotated[int, Query(ge=0, le=MOST, description="How many policies; 0 gives all.")] = 5,
    ) -> Response:
        line = line_of(await json_body(request, body_seconds))
        if line.get("id") is None:
            line["id"] = request.state.request_id
        return JSONResponse(await rank(redacted(line), top))

    @router.get(
        "/health",
        summary="Whether the gateway lives and can ask",
        responses={200: {"model": Health}, 503: {"model": Health}},
    )
    async def health() -> Response:
        why = await bus.problems()
        found = Health(status="degraded" if why else "ok", ready=not why, why=why)
        return JSONResponse(found.model_dump(), 503 if why else 200)

    return router


def answer_problems(api: FastAPI) -> None:
    """Give every refusal of ``api`` as problem details, those of the framework too."""

    async def refused(request: Request, error: Exception) -> Response:
        return problem_response(request, translated(error))

    for kind in (Problem, HTTPException, RequestValidationError, Exception):
        api.add_exception_handler(kind, refused)


def translated(error: Exception) -> Exception:
    """The framework's own refusals as problems; they say where, and never repeat what was sent."""
    if isinstance(error, RequestValidationError):
        where = "; ".join(f"{one['loc'][-1]}: {one['msg']}" for one in error.errors())
        return Problem(BAD_QUERY, where)
    if isinstance(error, HTTPException):
        kind = {404: NOT_FOUND, 405: BAD_METHOD}.get(error.status_code, OTHER)
        return Problem(kind, f"{error.detail}.", headers=error.headers)
    return error
