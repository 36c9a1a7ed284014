"""Judging here: the library compiled into an OPA of this process's own, no broker asked."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from jade_cli.scan.judging import Judgement
from jade_common.tools import find
from jade_policy.library import Library, load_library, own_library
from jade_policy.opa import Engine
from jade_policy.verdicts import Review, Verdict

DOCUMENTS = 250
"""Documents judged in one call: several requests to OPA at once, while the next ones are prepared."""

THREADS = 2
LIMIT_SECONDS = 5.0
"""Wall-clock limit of one request: nobody waits behind a scan, and a machine may be slow."""


def load(library: Path | None) -> Library:
    """The library of a command: the given folder, else Jade's own."""
    return load_library(library) if library is not None else own_library()


def new_engine(library: Path | None) -> Engine:
    """An engine of the library, not started yet."""
    return Engine(load(library), opa=find("opa").path, limit_seconds=LIMIT_SECONDS)


def load_engine(library: Path | None) -> Engine:
    """An engine of the library that serves."""
    return new_engine(library).start()


class Offline:
    """Judges with an OPA that starts in the background, while the caller reads files."""

    def __init__(self, library: Path | None) -> None:
        """Judge by the policies in ``library``, or by Jade's own."""
        self._folder = library
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="judge")
        self._engine: Future[Engine] | None = None

    def __enter__(self) -> Self:
        self._engine = self._threads.submit(load_engine, self._folder)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(cancel_futures=True)
        started = self._engine
        if started is not None and not started.cancelled() and started.exception() is None:
            started.result().close()

    @property
    def engine(self) -> Engine:
        """The engine, once it serves."""
        if self._engine is None:
            raise RuntimeError("use it as a context manager")
        return self._engine.result()

    @property
    def library(self) -> Library:
        """What compiles of the library."""
        return self.engine.library

    def judge(
        self, documents: Sequence[Mapping[str, Any]], inventory: Mapping[str, Any]
    ) -> Iterator[Sequence[Judgement] | str]:
        """The verdicts of all policies on each document."""
        reviews = [Review(document, inventory=inventory) for document in documents]
        starts = range(0, len(reviews), DOCUMENTS)
        for verdicts in self._threads.map(
            lambda start: self.engine.judge(reviews[start : start + DOCUMENTS]), starts
        ):
            for answer in verdicts:
                yield [judgement(verdict) for verdict in answer]

    def lines(
        self, lines: Sequence[dict[str, Any]], top: int, inventory: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Lines of ``jade rank``, answered by the ranker's own code."""
        from jade_cli.rank.answering import answering  # noqa: PLC0415  # only where findings are ranked

        asked = [{"inventory": inventory, **line} for line in lines]
        return asyncio.run(answering(self.engine).lines(asked, top))


def judgement(verdict: Verdict) -> Judgement:
    """The judgement of a verdict."""
    return Judgement(
        verdict.policy_id, verdict.constraint, verdict.verdict, verdict.violations, verdict.reason
    )
