"""Vectors of findings' texts: those that are known at once, and the others as soon as a thread has computed them.

A text takes 10 ms, and a scanner has a few hundred of them: nobody waits for one longer than he says, and what was not
there in time is there for the next finding of the same rule.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from typing import Self

import numpy as np
import structlog
from cachetools import LRUCache
from numpy.typing import NDArray

from jade_ranker.adapters.embedding import MAX_CHARACTERS, Embedder

log = structlog.get_logger("jade.ranker")

Vector = NDArray[np.float32]
"""Shape (384,), unit length."""

LIMIT_SECONDS = 0.020
"""How long the bus waits: a batch of 100 findings takes about as long to rank."""

ENTRIES = 20_000
"""Texts whose vectors are kept, 1.5 kB each: messages that name a resource are many."""

QUEUED = 1_000
"""Texts that wait for the thread: ten seconds of work. What comes on top is asked for again by its next finding."""

TOGETHER = 4
"""Texts of one pass, 20 ms: more would be quicker for each and too late for the first."""

STOP_SECONDS = 5.0
"""How long closing waits for the pass that is under way."""


class QueryVectors:
    """Knows the vectors of texts. One thread computes, which starts with the first text that is not known."""

    def __init__(
        self, embedder: Embedder, *, entries: int = ENTRIES, queued: int = QUEUED, together: int = TOGETHER
    ) -> None:
        """Ask ``embedder``; keep the last ``entries`` texts, let at most ``queued`` wait, do ``together`` at a time."""
        self._embedder = embedder
        self._queued = queued
        self._together = together
        self._known: LRUCache[str, Vector] = LRUCache(entries)
        self._waiting: deque[str] = deque()
        self._promised: dict[str, Future[Vector | None]] = {}
        self._state = threading.Condition()
        self._computing = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def ready(self, texts: Iterable[str]) -> dict[str, Vector]:
        """The vectors of those of ``texts`` that are known now."""
        with self._state:
            return {text: found for text in texts if (found := self._known.get(key_of(text))) is not None}

    async def request(
        self, texts: Sequence[str], limit_seconds: float | None = LIMIT_SECONDS
    ) -> dict[str, Vector]:
        """The vectors of those of ``texts`` that are known within a time; the others are computed afterwards.

        Args:
            texts: What findings say.
            limit_seconds: How long to wait; ``None`` for as long as it takes.

        Returns:
            By text; those that are not there in time, or cannot be computed, are not in it.
        """
        if limit_seconds is None:
            return await asyncio.to_thread(self.of, texts)
        if promised := self._promises(texts):
            futures = [asyncio.wrap_future(one) for one in promised]
            try:
                await asyncio.wait(futures, timeout=limit_seconds)
            finally:
                for one in futures:  # the promises themselves are running, and others may wait for them
                    one.cancel()
        return self.ready(texts)

    def of(self, texts: Sequence[str]) -> dict[str, Vector]:
        """The vectors of all ``texts``, computed here where they are not known: for those who have the time."""
        found = self.ready(texts)
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        return found | self._computed(missing)

    def close(self) -> None:
        """Stop the thread; whoever still waits gets nothing."""
        with self._state:
            self._closed = True
            self._waiting.clear()
            left = [self._promised.pop(key) for key in list(self._promised)]
            self._state.notify_all()
        for one in left:
            one.set_result(None)
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _promises(self, texts: Iterable[str]) -> list["Future[Vector | None]"]:
        """What will be there for each text that is not known; a text that finds the queue full is promised nothing."""
        promised: dict[str, Future[Vector | None]] = {}
        with self._state:
            for key in map(key_of, texts):
                if key in self._known or key in promised or self._closed:
                    continue
                if key not in self._promised:
                    if len(self._waiting) >= self._queued:
                        continue
                    future: Future[Vector | None] = Future()
                    future.set_running_or_notify_cancel()
                    self._promised[key] = future
                    self._waiting.append(key)
                promised[key] = self._promised[key]
            if self._waiting and self._thread is None:
                self._thread = threading.Thread(target=self._run, name="jade-embedding", daemon=True)
                self._thread.start()
            self._state.notify_all()
        return list(promised.values())

    def _run(self) -> None:
        while True:
            with self._state:
                self._state.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    return
                keys = [self._waiting.popleft() for _ in range(min(self._together, len(self._waiting)))]
            found: Mapping[str, Vector] = {}
            try:
                found = self._computed(keys)
            except Exception as error:  # noqa: BLE001  # the thread serves other texts, and a text is not worth more
                log.warning("embedding_failed", error=f"{type(error).__name__}: {error}"[:300])
            self._keep(keys, found)

    def _keep(self, keys: Sequence[str], found: Mapping[str, Vector]) -> None:
        with self._state:
            promised = {key: self._promised.pop(key) for key in keys if key in self._promised}
        for key, future in promised.items():
            future.set_result(found.get(key))

    def _computed(self, texts: Sequence[str]) -> dict[str, Vector]:
        if not texts:
            return {}
        with self._computing:
            rows = self._embedder.vectors([key_of(text) for text in texts])
        # Copies, so that one text that is kept does not keep its whole batch.
        found = {text: row.copy() for text, row in zip(texts, rows, strict=True)}
        with self._state:
            self._known.update({key_of(text): row for text, row in found.items()})
        return found


def key_of(text: str) -> str:
    """What an embedder reads of a text."""
    return text[:MAX_CHARACTERS]
