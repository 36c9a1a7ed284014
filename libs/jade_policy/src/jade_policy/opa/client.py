"""Requests to an OPA server over its Unix socket, each with a limit on the clock."""

import queue
from http import HTTPStatus
from pathlib import Path
from typing import Any

import orjson

from jade_policy.errors import EngineError
from jade_policy.opa.connection import Connection


class LimitExceededError(EngineError):
    """OPA did not answer within the limit; the connection is closed, which makes OPA give up the query."""


class DisconnectedError(EngineError):
    """OPA died, or closed the connection, before it had answered."""


class EvaluationError(EngineError):
    """OPA answered that the query failed.

    Attributes:
        file: the file of the bundle that the failure is in, empty when OPA does not say.
        row: its line there.
    """

    def __init__(self, message: str, file: str = "", row: int = 0) -> None:
        super().__init__(message)
        self.file = file
        self.row = row


class OpaClient:
    """Any number of threads may ask at once; each request has a connection to itself."""

    def __init__(self, address: Path) -> None:
        self._address = address
        self._idle: queue.LifoQueue[Connection] = queue.LifoQueue()

    def query(self, rule: str, body: bytes, limit_seconds: float) -> Any:
        """Ask for the value of a rule.

        Args:
            rule: its path below /v1/data, such as `jade/main/answers`.
            body: the request, `{"input": …}`.
            limit_seconds: how long to wait for the answer.

        Raises:
            LimitExceededError: no answer in time.
            DisconnectedError: there is no OPA there, or no more.
            EvaluationError: the query failed, or the rule is undefined.
        """
        status, payload = self._request("POST", f"/v1/data/{rule}", body, limit_seconds)
        try:
            answer = orjson.loads(payload)
        except ValueError as error:
            raise EvaluationError(f"OPA answered with status {status} and no JSON") from error
        if status != HTTPStatus.OK:
            raise _evaluation_error(answer)
        if "result" not in answer:
            raise EvaluationError(f"data.{rule.replace('/', '.')} is undefined")
        return answer["result"]

    def put(self, path: str, body: bytes, limit_seconds: float) -> None:
        """Put a document where the queries can see it.

        Raises:
            EngineError: as `query` does.
        """
        self._write("PUT", path, body, limit_seconds)

    def delete(self, path: str, limit_seconds: float) -> None:
        """Take a document away that was put; one that is gone is no error."""
        self._write("DELETE", path, b"", limit_seconds)

    def version(self, limit_seconds: float) -> str:
        """The release of the OPA that answers.

        Raises:
            EngineError: none does.
        """
        query = orjson.dumps({"query": "version := opa.runtime().version"})  # ours, so no allow-list applies
        status, payload = self._request("POST", "/v1/query", query, limit_seconds)
        if status != HTTPStatus.OK:
            raise EvaluationError(f"OPA does not say its version: status {status}")
        return str(orjson.loads(payload)["result"][0]["version"])

    def healthy(self, limit_seconds: float) -> bool:
        """Whether OPA answers at all."""
        try:
            return self._request("GET", "/health", b"", limit_seconds)[0] == HTTPStatus.OK
        except (LimitExceededError, DisconnectedError):
            return False

    def close(self) -> None:
        """Close the connections that are idle."""
        while not self._idle.empty():
            self._idle.get_nowait().close()

    def _write(self, method: str, path: str, body: bytes, limit_seconds: float) -> None:
        status, payload = self._request(method, f"/v1/data/{path}", body, limit_seconds)
        if status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND}:
            raise EvaluationError(f"OPA does not {method} {path}: {payload.decode(errors='replace'):.200}")

    def _request(self, method: str, path: str, body: bytes, limit_seconds: float) -> tuple[int, bytes]:
        try:
            connection = self._idle.get_nowait()
        except queue.Empty:
            connection = Connection(self._address)
        try:
            answer = connection.request(method, path, body, limit_seconds)
        except TimeoutError as error:
            connection.close()
            raise LimitExceededError(
                f"the policy took longer than the limit of {limit_seconds:g} s"
            ) from error
        except OSError as error:
            connection.close()
            self.close()  # the other idle connections are as dead
            raise DisconnectedError("the policy engine stopped before it had answered") from error
        self._idle.put(connection)
        return answer


def _evaluation_error(answer: Any) -> EvaluationError:
    errors = answer.get("errors") if isinstance(answer, dict) else None
    if not isinstance(errors, list) or not errors:
        return EvaluationError(str(answer.get("message", answer) if isinstance(answer, dict) else answer))
    first = errors[0]
    location = first.get("location") or {}
    message = f"{first.get('message', 'evaluation failed')} ({first.get('code', 'no code')})"
    return EvaluationError(message, Path(str(location.get("file", ""))).name, int(location.get("row", 0)))
