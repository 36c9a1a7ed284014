"""Judging here: the library compiled into an OPA of this process's own, no broker asked.

Most policies need only the document, so it is judged by them while the next ones are read. Those that need to
know of the cluster wait until all is read, for the documents are the cluster.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from jade_cli.scan.judging import NOTABLE
from jade_common.tools import find
from jade_policy.library import Library, load_library, own_library
from jade_policy.opa import Engine
from jade_policy.verdicts import Review, Verdict

DOCUMENTS = 80
"""Documents judged in one call. Three of ten real ones are workloads: it is one request to OPA."""

IN_CLUSTER = 400
"""Documents judged in one call together with what the cluster holds, which is written as JSON for each call."""

THREADS = 3
"""OPA works on two requests at once while a third is written or read."""

LIMIT_SECONDS = 5.0
"""Wall-clock limit of one request: nobody waits behind a scan, and a machine may be slow."""


def load(library: Path | None) -> Library:
    """The library of a command: the given folder, else Jade's own."""
    return load_library(library) if library is not None else own_library()


def new_engine(library: Path | None) -> Engine:
    """An engine of the library, not started yet."""
    return Engine(load(library), opa=find("opa").path, limit_seconds=LIMIT_SECONDS)


class Offline:
    """Judges with an OPA that starts in the background, while the caller reads files."""

    def __init__(self, library: Path | None) -> None:
        """Judge by the policies in ``library``, or by Jade's own."""
        self._folder = library
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="judge")
        self._engine: Future[Engine] | None = None
        self._documents: list[Mapping[str, Any]] = []
        self._alone: list[Future[list[list[Verdict]]]] = []

    def __enter__(self) -> Self:
        # Files are read here: a thread that reads many waits for the interpreter after each, behind the caller.
        self._engine = self._threads.submit(new_engine(self._folder).start)
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

    def take(self, document: Mapping[str, Any]) -> None:
        """Take a document, and begin to judge it together with others."""
        self._documents.append(document)
        if len(self._documents) % DOCUMENTS == 0:
            self._begin(self._documents[-DOCUMENTS:])

    def judge(self, inventory: Mapping[str, Any]) -> Iterator[Sequence[Verdict] | str]:
        """The notable verdicts of all policies on each document."""
        if rest := len(self._documents) % DOCUMENTS:
            self._begin(self._documents[-rest:])
        in_cluster = [
            self._threads.submit(
                self._judge_in_cluster, self._documents[start : start + IN_CLUSTER], inventory
            )
            for start in range(0, len(self._documents), IN_CLUSTER)
        ]
        alone = (verdicts for judged in self._alone for verdicts in judged.result())
        more = (verdicts for judged in in_cluster for verdicts in judged.result())
        for first, second in zip(alone, more, strict=True):
            # A library is in the order of its policies' ids.
            yield sorted((*notable(first), *notable(second)), key=policy_id)

    def _begin(self, documents: Sequence[Mapping[str, Any]]) -> None:
        self._alone.append(self._threads.submit(self._judge_alone, documents))

    def _judge_alone(self, documents: Sequence[Mapping[str, Any]]) -> list[list[Verdict]]:
        """What the policies say that need nothing of the cluster."""
        policies = frozenset(policy.id for policy in self.library.policies) - self.engine.needing_cluster
        return self.engine.judge([Review(document) for document in documents], only=policies)

    def _judge_in_cluster(
        self, documents: Sequence[Mapping[str, Any]], inventory: Mapping[str, Any]
    ) -> list[list[Verdict]]:
        """What the others say."""
        reviews = [Review(document, inventory=inventory) for document in documents]
        return self.engine.judge(reviews, only=self.engine.needing_cluster)

    def lines(
        self, lines: Sequence[dict[str, Any]], top: int, inventory: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Lines of ``jade rank``, answered by the ranker's own code."""
        from jade_cli.rank.answering import answering  # noqa: PLC0415  # only where findings are ranked

        asked = [{"inventory": inventory, **line} for line in lines]
        return asyncio.run(answering(self.engine).lines(asked, top))


policy_id = attrgetter("policy_id")
VERDICT = Verdict._fields.index("verdict")


def notable(verdicts: Sequence[Verdict]) -> Iterator[Verdict]:
    """The verdicts that a report tells of."""
    return (verdict for verdict in verdicts if verdict[VERDICT] in NOTABLE)
