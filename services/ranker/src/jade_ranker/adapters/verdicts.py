"""Verdicts of a batch of resources: from the shared cache, else from OPA."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import orjson
from prometheus_client import CollectorRegistry, Counter

from jade_common.cache import Cache
from jade_common.identity import canonical, derived_id
from jade_policy.verdicts import Review, Verdict, Violation
from jade_ranker.domain.features import extract

SCHEMA = "2"
"""Raised when what is cached changes its form."""


class Judge(Protocol):
    """What judges: the Rego engine."""

    def judge(self, reviews: Sequence[Review]) -> list[list[Verdict]]:
        """The verdicts of each review, in the library's order."""


class Judged(NamedTuple):
    """All that is known of a resource: what its features say, and each policy's verdict."""

    facts: frozenset[str]
    verdicts: tuple[Verdict, ...]


class Verdicts:
    """Looks verdicts up before it asks for them. What is ``unknown`` for a passing reason is never kept."""

    def __init__(self, judge: Judge, cache: Cache, *, policies: str, registry: CollectorRegistry) -> None:
        """Ask ``judge`` what ``cache`` does not know, and count both on ``registry``.

        Args:
            judge: The engine.
            cache: Shared by all workers.
            policies: What a verdict depends on besides the resource: library and version of the engine.
            registry: Where the metrics go.
        """
        self._judge = judge
        self._cache = cache
        self._policies = policies
        found = Counter(
            "jade_ranker_verdicts",
            "Resources by where their verdicts came from",
            ["source"],
            registry=registry,
        )
        self._from = {source: found.labels(source) for source in ("cache", "engine")}

    async def of(self, reviews: Sequence[Review]) -> list[Judged]:
        """What is known of each resource, in order."""
        keys = [self.key(review) for review in reviews]
        wanted = dict(zip(keys, reviews, strict=True))
        found = await self._shared(wanted)
        missing = {key: review for key, review in wanted.items() if key not in found}
        if missing:
            found |= await self._asked(missing)
        return [found[key] for key in keys]

    def key(self, review: Review) -> str:
        """What the verdicts of a review depend on."""
        return derived_id(SCHEMA, self._policies, canonical(tuple(review)))

    async def _shared(self, missing: Mapping[str, Review]) -> dict[str, Judged]:
        values = await self._cache.get_many([f"verdicts:{key}" for key in missing])
        found: dict[str, Judged] = {}
        for (key, review), value in zip(missing.items(), values, strict=True):
            verdicts = decoded(value) if value is not None else None
            if verdicts is not None:
                found[key] = Judged(facts_of(review), verdicts)
        self._from["cache"].inc(len(found))
        return found

    async def _asked(self, missing: Mapping[str, Review]) -> dict[str, Judged]:
        answers = await asyncio.to_thread(self._judge.judge, list(missing.values()))
        found: dict[str, Judged] = {}
        keep: dict[str, bytes] = {}
        for (key, review), answer in zip(missing.items(), answers, strict=True):
            found[key] = Judged(facts_of(review), tuple(answer))
            if not any(verdict.transient for verdict in answer):
                keep[f"verdicts:{key}"] = encoded(answer)
        self._from["engine"].inc(len(found))
        await self._cache.set_many(keep)
        return found


def facts_of(review: Review) -> frozenset[str]:
    """What the features of a review's resource say."""
    obj = review.object or review.old_object
    return extract(obj, netpol_present=netpol_present(obj, review.inventory)).facts() if obj else frozenset()


def netpol_present(obj: Mapping[str, Any], inventory: Mapping[str, Any] | None) -> bool | None:
    """Whether the resource's namespace holds a NetworkPolicy; ``None`` where nothing is known of the cluster."""
    if inventory is None:
        return None
    metadata = obj.get("metadata") or {}
    namespaces = inventory.get("namespace") or {}
    groups = namespaces.get(metadata.get("namespace") or "default") or {}
    return any(
        kinds.get("NetworkPolicy")
        for group, kinds in groups.items()
        if group.startswith("networking.k8s.io/")
    )


def encoded(verdicts: Sequence[Verdict]) -> bytes:
    """Bytes of a resource's verdicts, with a digest: what the cache gives back is not believed without it."""
    body = orjson.dumps(
        [[*verdict[:4], [tuple(one) for one in verdict.violations], *verdict[5:]] for verdict in verdicts]
    )
    return derived_id(body).encode() + body


def decoded(value: bytes) -> tuple[Verdict, ...] | None:
    """The verdicts of :func:`encoded`; ``None`` when the bytes are not what was stored."""
    digest, body = value[:32], value[32:]
    if derived_id(body).encode() != digest:
        return None
    return tuple(
        Verdict._make((*row[:4], tuple(Violation(*one) for one in row[4]), *row[5:]))
        for row in orjson.loads(body)
    )
