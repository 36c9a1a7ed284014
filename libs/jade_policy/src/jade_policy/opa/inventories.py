"""What policies may know of the cluster, kept where OPA finds it again.

An inventory is as large as a cluster, and OPA takes 60 ms to read a megabyte. So it is put into OPA's store
once and named in each request, not sent along.
"""

import hashlib
import threading
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import orjson

from jade_policy.errors import EngineError
from jade_policy.opa.bundle import SLOTS
from jade_policy.opa.client import EvaluationError, LimitExceededError, OpaClient

PUT_LIMIT_SECONDS = 10.0  # 1.6 MB take 0.1 s; it waits for the queries that are under way
_RULE = "jade/main/answers_with_inventory"


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
        self._next = 0

    def query(self, inventory: Inventory, documents: bytes, limit_seconds: float) -> Any:
        """Ask about documents with an inventory.

        A query that names what OPA does not hold has no answers, which is how it is missed.

        Raises:
            InventoryError: OPA does not take the inventory.
            EngineError: as `OpaClient.query`.
        """
        body = b'{"input":{"documents":[%b],"inventory":"%b"}}' % (documents, inventory.name.encode())
        answers = self._client.query(_RULE, body, limit_seconds)
        if answers:
            return answers
        with self._lock:  # until its answer is there nobody may take the slot
            answers = self._client.query(_RULE, body, limit_seconds)
            if answers:  # another thread missed it too, and was faster
                return answers
            self._put(inventory)
            return self._client.query(_RULE, body, limit_seconds)

    def _put(self, inventory: Inventory) -> None:
        slot = f"jade_slot_{self._next}"
        self._next = (self._next + 1) % SLOTS
        document = b'{"name":"%b","inventory":%b}' % (inventory.name.encode(), inventory.document)
        try:
            self._client.delete(
                slot, PUT_LIMIT_SECONDS
            )  # to put in place of another takes thirty times longer
            self._client.put(slot, document, PUT_LIMIT_SECONDS)
        except (EvaluationError, LimitExceededError) as error:
            raise InventoryError(f"the inventory cannot be used: {error}") from error
