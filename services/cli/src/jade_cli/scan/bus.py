"""Judging through the running stack: the ranker is asked, many documents at a time."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from jade_cli.failures import Failure
from jade_cli.onbus.publishing import SOURCE
from jade_cli.scan.judging import NOTABLE
from jade_cli.scan.offline import load
from jade_common.client import Client
from jade_common.client.asking import QUESTION_BYTES
from jade_common.settings import NatsSettings
from jade_policy.library import Library
from jade_policy.verdicts import Verdict, Violation

ROWS = 1_500
"""Policies times lines of one question: an answer row has 300 bytes, and an answer must fit into 1 MiB as
well."""


class ViaBus:
    """Asks the ranker of the running stack, which judges by its own library."""

    def __init__(self, settings: NatsSettings, library: Path | None) -> None:
        """Ask at ``settings.url``; ``library`` is where the ranker's policies lie."""
        self._settings = settings
        self._folder = library
        self._library: Library | None = None
        self._documents: list[Mapping[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Every question has a connection of its own."""

    @property
    def library(self) -> Library:
        """The ranker's library, less what does not compile."""
        if self._library is None:
            self._library = load(self._folder) if self._folder is None else compiled(self._folder)
        return self._library

    def take(self, document: Mapping[str, Any]) -> None:
        """Keep the document: the ranker is asked for all policies at once, so with the inventory."""
        self._documents.append(document)

    def judge(self, inventory: Mapping[str, Any]) -> Iterator[Sequence[Verdict] | str]:
        """What the ranker says of each document."""
        lines = [{"id": number, "resource": document} for number, document in enumerate(self._documents)]
        for answer in self._answers(lines, 0, inventory):
            yield answer["error"] if "error" in answer else notable(answer["policies"])

    def lines(
        self, lines: Sequence[dict[str, Any]], top: int, inventory: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Lines of ``jade rank``, answered by the ranker."""
        return self._answers(lines, top, inventory)

    def _answers(
        self, lines: Sequence[dict[str, Any]], top: int, inventory: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        size = len(orjson.dumps(inventory))
        if size > QUESTION_BYTES // 2:
            raise Failure(
                f"what the policies must see of these documents has {size:,} bytes, too much for the bus: "
                "scan fewer of them at a time, or leave --via-bus out"
            )
        rows = max(1, len(self.library.policies)) if top == 0 else top
        return asyncio.run(self._asked(lines, top, inventory, ROWS // rows))

    async def _asked(
        self, lines: Sequence[dict[str, Any]], top: int, inventory: Mapping[str, Any], at_a_time: int
    ) -> list[dict[str, Any]]:
        async with Client(self._settings, source=SOURCE) as client:
            return await client.rank_json(lines, top=top, inventory=inventory, at_a_time=max(1, at_a_time))


def notable(rows: Sequence[Mapping[str, Any]]) -> list[Verdict]:
    """The verdicts of an answer's rows that a report tells of."""
    return [verdict_of(row) for row in rows if row["verdict"] in NOTABLE]


def verdict_of(row: Mapping[str, Any]) -> Verdict:
    """The verdict in one policy's row of an answer."""
    violated = row["verdict"] == "violated"
    said = row.get("violations") or ([row] if violated and "message" in row else [])
    return Verdict(
        row["id"],
        row.get("constraint"),
        row["verdict"],
        row.get("via"),
        tuple(Violation(one["message"], one.get("path")) for one in said),
        None if violated else row.get("message"),
        needs_cluster=row.get("needs_cluster", False),
    )


def compiled(folder: Path) -> Library:
    """A library of someone else's, less what does not compile."""
    from jade_common.tools import find  # noqa: PLC0415
    from jade_policy.opa import check_library  # noqa: PLC0415

    return check_library(folder, find("opa").path)
