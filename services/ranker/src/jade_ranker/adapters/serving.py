"""The ranker that serves now: by the model of this moment, and by meaning as soon as the vectors are there."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import structlog

from jade_policy.library import Library
from jade_ranker.adapters.composing import pairs_of
from jade_ranker.adapters.embedding import Embedder
from jade_ranker.adapters.query_vectors import QueryVectors, Vector
from jade_ranker.domain.learned import Learned
from jade_ranker.domain.model import Model
from jade_ranker.domain.pairs import Pairs
from jade_ranker.domain.ranking import Ranker

log = structlog.get_logger("jade.ranker")


class Rankers(Protocol):
    """Who ranks at this moment."""

    def current(self) -> Ranker:
        """The ranker; another object when what it says may have changed."""

    @property
    def by_meaning(self) -> bool:
        """Whether what texts mean is looked at now."""

    async def vectors(self, texts: Sequence[str], *, wait: bool) -> Mapping[str, Vector]:
        """What texts mean, as far as it is known in time; with ``wait``, of all of them."""


class Always:
    """One ranker that looks at words alone, for ever."""

    def __init__(self, ranker: Ranker) -> None:
        """Serve ``ranker``."""
        self._ranker = ranker

    def current(self) -> Ranker:
        """The one."""
        return self._ranker

    @property
    def by_meaning(self) -> bool:
        """Never."""
        return False

    async def vectors(self, texts: Sequence[str], *, wait: bool) -> Mapping[str, Vector]:
        """None."""
        del texts, wait
        return {}


class Learning:
    """Rankers by a model that may change while they serve."""

    def __init__(
        self,
        library: Library,
        pairs: Pairs,
        models: Callable[[], Model],
        vectors: QueryVectors | None = None,
        limit_seconds: float | None = None,
    ) -> None:
        """Rank ``library``.

        Args:
            library: The policies.
            pairs: What computes their features.
            models: Gives the model of this moment.
            vectors: Knows what findings mean; without it nothing is compared by meaning.
            limit_seconds: How long a batch waits for vectors; for as long as it takes without it.
        """
        self._library = library
        self._pairs = pairs
        self._models = models
        self._vectors = vectors
        self._limit = limit_seconds
        self._model = models()
        self._ranker = Learned(library, pairs, self._model)

    def current(self) -> Ranker:
        """The ranker by the model of this moment."""
        model = self._models()
        if model is not self._model:
            self._model = model
            self._ranker = Learned(self._library, self._pairs, model)
        return self._ranker

    @property
    def by_meaning(self) -> bool:
        """Whether there is a model for it, and the vectors of the library are there."""
        return self._vectors is not None and self._pairs.compares_meaning and self._model.semantic is not None

    async def vectors(self, texts: Sequence[str], *, wait: bool) -> Mapping[str, Vector]:
        """What texts mean; of those that are not there in time, the next finding of the same rule will know it."""
        if self._vectors is None or not self.by_meaning:
            return {}
        return await self._vectors.request(texts, None if wait else self._limit)

    async def deepen(self, opa: Path, embedder: Embedder) -> None:
        """Compare by meaning from when the library's vectors are there; they take half a minute the first time."""
        if not self._pairs.compares_meaning:
            self._pairs = await asyncio.to_thread(pairs_of, self._library, opa, embedder)
            self._ranker = Learned(self._library, self._pairs, self._model)
        log.info("meaning_compared", policies=len(self._library.policies))
