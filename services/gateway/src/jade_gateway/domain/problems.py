"""Everything that the gateway refuses, as problem details (RFC 9457): what is wrong, why, and what to do."""

from collections.abc import Mapping
from typing import Any, NamedTuple

CLOSE = {"Connection": "close"}


class Kind(NamedTuple):
    """One kind of problem."""

    status: int
    name: str
    title: str
    action: str


INVALID_JSON = Kind(
    400,
    "invalid-json",
    "The body is no JSON object",
    "Send one JSON object in UTF-8, without NaN or Infinity.",
)
TOO_DEEP = Kind(
    400, "too-deep", "The body is nested too deeply", "Send the manifest itself, not wrapped in others."
)
NO_KEY = Kind(
    401,
    "no-key",
    "A valid API key is needed",
    "Send it as `Authorization: Bearer KEY` or as `X-API-Key: KEY`.",
)
NOT_LOCAL = Kind(
    403,
    "not-local",
    "Only clients on the gateway's machine are served",
    "Set JADE_GATEWAY_API_KEYS on the gateway and send a key, or ask 127.0.0.1 from the same machine.",
)
NOT_FOUND = Kind(404, "not-found", "There is nothing here", "See /docs for what there is.")
BAD_METHOD = Kind(
    405, "bad-method", "This method is not allowed here", "Use a method that the header Allow names."
)
TOO_SLOW = Kind(408, "too-slow", "The body did not arrive in time", "Send it again over a faster line.")
TOO_LARGE = Kind(
    413,
    "too-large",
    "The body is too large",
    "Send one resource at a time, and leave out what no policy reads.",
)
BAD_TYPE = Kind(
    415,
    "bad-type",
    "The body is not declared as JSON",
    "Send `Content-Type: application/json`, uncompressed, in UTF-8.",
)
UNANSWERABLE = Kind(422, "unanswerable", "This line cannot be answered", "Correct what `error` names.")
BAD_QUERY = Kind(422, "bad-query", "A query parameter is wrong", "Correct it as the detail says; see /docs.")
TOO_MANY = Kind(429, "too-many", "Too many requests", "Wait for the seconds in Retry-After.")
DEFECT = Kind(
    500, "defect", "The gateway failed", "Report it with the request id: the gateway's log says why."
)
BAD_ANSWER = Kind(502, "bad-answer", "The ranker gave no usable answer", "Report it with the request id.")
BUSY = Kind(503, "busy", "The gateway has its hands full", "Ask again after the seconds in Retry-After.")
AWAY = Kind(
    503,
    "away",
    "The ranker is not there",
    "Ask again later; an operator finds why in /health and `jade status`.",
)
LATE = Kind(504, "late", "The ranker did not answer in time", "Ask again later, or with a smaller resource.")
OTHER = Kind(400, "refused", "The request was refused", "See /docs.")


class Problem(Exception):  # noqa: N818  # the term of RFC 9457
    """A request that is refused; ``detail`` and ``members`` go to the caller: no secret may stand in them."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        """Refuse for a reason."""
        super().__init__(f"{kind.name}: {detail}")
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = dict(members or {})

    def body(self, request_id: str) -> dict[str, Any]:
        """The members of the problem details."""
        return {
            "type": f"urn:jade:problem:{self.kind.name}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "action": self.kind.action,
            "instance": f"urn:jade:request:{request_id}",
            **self.members,
        }


def retry_after(seconds: float) -> dict[str, str]:
    """The header that says when to come back, in whole seconds, at least one.

    >>> retry_after(0.02)
    {'Retry-After': '1'}
    """
    return {"Retry-After": str(max(1, -int(-seconds // 1)))}
