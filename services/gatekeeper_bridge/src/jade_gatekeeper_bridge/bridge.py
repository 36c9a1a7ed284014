"""The bridge: every source read, sent and settled, one batch of each at a time."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog

from jade_common.identity import derived_id
from jade_gatekeeper_bridge.adapters.batches import Located, Source
from jade_gatekeeper_bridge.adapters.documents import Documents
from jade_gatekeeper_bridge.adapters.following import Following, log_files, spool_files
from jade_gatekeeper_bridge.adapters.positions import Positions
from jade_gatekeeper_bridge.adapters.sending import Sending
from jade_gatekeeper_bridge.adapters.standard_input import StandardInput
from jade_gatekeeper_bridge.adapters.tail import Line
from jade_gatekeeper_bridge.domain.entries import Reject
from jade_gatekeeper_bridge.domain.lines import read_line
from jade_gatekeeper_bridge.domain.statuses import Told, read_object
from jade_gatekeeper_bridge.domain.templates import Templates
from jade_gatekeeper_bridge.observed import Observed
from jade_gatekeeper_bridge.settings import GatekeeperBridgeSettings

log = structlog.get_logger("jade.gatekeeper_bridge")

STDIN = "-"
SAVE_WAIT = 1.0
"""Seconds until it is tried again to write the positions, on a disk that is full say."""

AGAIN_WAIT = 1.0
"""Seconds until a source is read again that could not be, because of its disk say."""


class Bridge:
    """All sources that are set."""

    def __init__(self, settings: GatekeeperBridgeSettings, sending: Sending, observed: Observed) -> None:
        """Prepare them; nothing is opened yet."""
        self._settings = settings
        self._sending = sending
        self._observed = observed
        self._positions = Positions(settings.positions)
        self._save_problem: str | None = None
        self._stopped: dict[str, str] = {}
        self._followed: list[Following] = []
        self._input: StandardInput | None = None
        self._documents: Documents | None = None
        if settings.status is not None:
            self._documents = Documents(
                "status",
                settings.status,
                self._objects,
                positions=self._positions,
                observed=observed,
                poll_seconds=settings.poll_seconds,
            )
        if settings.spool is not None:
            self._follow("spool", settings.spool)
        if settings.audit_log == STDIN:
            self._input = StandardInput("log", self._line, observed=observed, batch=settings.batch)
        elif settings.audit_log:
            self._follow("log", Path(settings.audit_log))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Read all sources until the context ends."""
        self._positions.load()
        tasks: list[asyncio.Task[None]] = []
        if self._documents is not None:
            tasks.append(asyncio.create_task(self._keep(self._documents)))
        for followed in self._followed:
            followed.load()
            tasks += [asyncio.create_task(followed.watch()), asyncio.create_task(self._keep(followed))]
        if self._input is not None:
            self._input.start()
            tasks.append(asyncio.create_task(self._keep(self._input)))
        if not tasks:
            log.warning("nothing_to_read", settings="JADE_GATEKEEPER_BRIDGE_SPOOL, _AUDIT_LOG, _STATUS")
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for followed in self._followed:
                followed.close()

    async def problems(self) -> Sequence[str]:
        """Why something cannot be read, or not be noted, now."""
        found = [source.problem() for source in self._sources()]
        return [one for one in (*found, *self._stopped.values(), self._save_problem) if one is not None]

    def _sources(self) -> list[Source]:
        others: list[Source] = [source for source in (self._input, self._documents) if source is not None]
        return [*self._followed, *others]

    def _follow(self, name: str, path: Path) -> None:
        find = spool_files if name == "spool" else log_files
        self._followed.append(
            Following(
                name,
                lambda: find(path),
                self._line,
                positions=self._positions,
                observed=self._observed,
                batch=self._settings.batch,
                poll_seconds=self._settings.poll_seconds,
            )
        )

    async def _keep(self, source: Source) -> None:
        """Pass on what a source has, for ever; after an error again what was not settled."""
        if self._documents is not None and source is not self._documents:
            await self._documents.looked.wait()  # the templates say whose latencies these are
        while True:
            try:
                await self._pass_on(source)
            except Exception as error:
                log.exception("source_failed", source=source.name)
                self._stopped[source.name] = f"{source.name}: {type(error).__name__}: {error}"
                await asyncio.sleep(AGAIN_WAIT)

    async def _pass_on(self, source: Source) -> None:
        while True:
            batch = await source.take()
            await self._sending.send(source.name, batch.entries)
            batch.confirm()
            await self._save()
            self._stopped.pop(source.name, None)

    async def _save(self) -> None:
        while True:
            try:
                await self._positions.save()
            except OSError as error:
                # Going on would only send the same again after a restart; waiting shows that the disk is full.
                self._save_problem = f"positions: {error}"
                await asyncio.sleep(SAVE_WAIT)
            else:
                self._save_problem = None
                return

    def _line(self, line: Line, path: str) -> Iterable[Located]:
        where = {"file": path, "offset": str(line.start), "bytes": str(line.length)}
        if line.problem is not None:
            return [Located(Reject(line.problem), where, derived_id(str(line.start), str(line.length)))]
        try:
            entries = list(read_line(line.data, self._templates, self._settings.team or None))
        except Exception as error:  # noqa: BLE001  # a defect here must not stop all other lines
            entries = [defect(error)]
        return [Located(one, where, derived_id(line.data, str(index))) for index, one in enumerate(entries)]

    def _objects(self, found: list[Any]) -> Iterable[Told]:
        for index, obj in enumerate(found):
            try:
                yield from read_object(index, obj, self._templates, self._settings.team or None)
            except Exception as error:  # noqa: BLE001  # as above
                yield Told(f"[{index}]", defect(error))

    @property
    def _templates(self) -> Templates:
        return self._documents.templates if self._documents is not None else {}


def defect(error: Exception) -> Reject:
    """The reject for what the bridge cannot read by its own fault; an error's text may hold the line, its place not."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    return Reject(f"a defect of the bridge: {type(error).__name__} at {', '.join(places)}; please report it")
