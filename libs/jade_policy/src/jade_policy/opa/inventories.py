"""What policies may know of the cluster, kept where OPA finds it again.

An inventory is as large as a cluster, and OPA takes 25 ms to read a megabyte. So it is put into OPA's store
once and named in each request, not sent along.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import orjson

from jade_policy.errors import EngineError
from jade_policy.opa.bundle import GIVEN
from jade_policy.opa.client import EvaluationError, LimitExceededError, OpaClient

KEPT = 8  # inventories in OPA's store; one is usual, and every line of a file may bring its own
PUT_LIMIT_SECONDS = 10.0  # 1.6 MB take 0.2 s; it waits for the queries that are under way


class InventoryError(EngineError):
    """OPA cannot be given an inventory, so nothing that needs it can be judged."""


class Inventory(NamedTuple):
    """Gatekeeper's `data.inventory` as JSON, and a name that follows from its content."""

    name: str
    document: bytes

    @classmethod
    def of(cls, inventory: Mapping[str, Any]) -> Self:
        """Write an inventory as JSON.

        Raises:
            InventoryError: something in it has no JSON.
        """
        try:
            document = orjson.dumps(inventory, option=orjson.OPT_NON_STR_KEYS)
        except TypeError as error:
            raise InventoryError(f"the inventory cannot be written as JSON: {error}") from error
        return cls(hashlib.blake2b(document, digest_size=16).hexdigest(), document)


class Inventories:
    """The inventories that one OPA holds. An OPA that was restarted holds none; they are put again when missed."""

    def __init__(self, client: OpaClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._names: OrderedDict[str, None] = OrderedDict()

    def query(self, inventory: Inventory, documents: bytes, limit_seconds: float) -> Any:
        """Ask about documents with an inventory.

        A query that names what OPA does not hold has no answers, which is how it is missed.

        Raises:
            InventoryError: OPA does not take the inventory.
            EngineError: as `OpaClient.query`.
        """
        rule = "jade/main/answers_with_inventory"
        body = b'{"input":{"documents":[%b],"inventory":"%b"}}' % (documents, inventory.name.encode())
        answers = self._client.query(rule, body, limit_seconds)
        if answers:
            return answers
        self._put(inventory)
        return self._client.query(rule, body, limit_seconds)

    def _put(self, inventory: Inventory) -> None:
        with self._lock:  # one at a time: two threads that miss the same one would both put it
            try:
                self._client.put(f"{GIVEN}/{inventory.name}", inventory.document, PUT_LIMIT_SECONDS)
            except (EvaluationError, LimitExceededError) as error:
                raise InventoryError(f"the inventory cannot be used: {error}") from error
            self._names[inventory.name] = None
            self._names.move_to_end(inventory.name)
            while len(self._names) > KEPT:
                oldest, _ = self._names.popitem(last=False)
                self._client.delete(f"{GIVEN}/{oldest}", PUT_LIMIT_SECONDS)
