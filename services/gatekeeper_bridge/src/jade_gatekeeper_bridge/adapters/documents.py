"""Files with the status of constraints and templates, read again whenever they have changed."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from jade_common.identity import derived_id
from jade_gatekeeper_bridge.adapters.batches import Batch, Located
from jade_gatekeeper_bridge.adapters.positions import Positions
from jade_gatekeeper_bridge.domain.entries import Reject
from jade_gatekeeper_bridge.domain.statuses import Told, known_templates, objects
from jade_gatekeeper_bridge.domain.templates import Template
from jade_gatekeeper_bridge.observed import Observed
from jade_policy.errors import PolicyError
from jade_policy.json_document import parse_json

LARGEST = 32 * 1024 * 1024
"""Bytes; a constraint lists at most 500 violations of some 400 bytes, so a hundred constraints have 20 MiB."""


class Signature(NamedTuple):
    """What tells that a file has changed."""

    inode: int
    size: int
    modified: int


class Documents:
    """The objects of a file, or of all ``*.json`` of a folder."""

    def __init__(
        self,
        name: str,
        path: Path,
        read: Callable[[list[Any]], Iterable[Told]],
        *,
        positions: Positions,
        observed: Observed,
        poll_seconds: float,
    ) -> None:
        """Read what lies at ``path``; ``read`` says what objects mean."""
        self.name = name
        self.templates: dict[str, Template] = {}
        """The policies of all templates that were seen, by the kind of their constraints."""
        self.looked = asyncio.Event()
        """Set once every file was looked at."""
        self._path = path
        self._read = read
        self._positions = positions
        self._poll_seconds = poll_seconds
        self._done: dict[Path, Signature] = {}
        self._broken: dict[Path, Signature] = {}
        self._problem: str | None = f"{name}: not looked at yet"
        observed.expect(name)

    def problem(self) -> str | None:
        """Why nothing can be read now."""
        return self._problem

    async def take(self) -> Batch:
        """Wait until a file has changed."""
        while True:
            problem = None
            for path in self._files():
                try:
                    batch = await self._changed(path)
                except OSError as error:
                    problem = f"{self.name}: {error}"
                    continue
                if batch is not None:
                    return batch
            self._problem = problem
            self.looked.set()
            await asyncio.sleep(self._poll_seconds)

    def _files(self) -> list[Path]:
        return files_of(self._path)

    async def _changed(self, path: Path) -> Batch | None:
        signature = signature_of(path)
        if self._done.get(path) == signature:
            return None
        found, digest, problem = await asyncio.to_thread(parsed, path)
        if problem is not None and self._broken.get(path) != signature:
            self._broken[path] = signature  # it may be half written: it gets a second look
            return None
        self.templates |= known_templates(found)
        if digest and self._positions.documents.get(str(path)) == digest:
            self._done[path] = signature
            return None

        def confirm() -> None:
            self._done[path] = signature
            self._positions.put_document(str(path), digest)

        told = [Told("", Reject(problem))] if problem is not None else self._read(found)
        return Batch(located(path, told), confirm)


def files_of(path: Path) -> list[Path]:
    """The file itself, or all ``*.json`` of the folder."""
    return sorted(path.glob("*.json")) if path.is_dir() else [path]


def signature_of(path: Path) -> Signature:
    """What a file is like now.

    Raises:
        OSError: It cannot be seen.
    """
    status = path.stat()
    return Signature(status.st_ino, status.st_size, status.st_mtime_ns)


def parsed(path: Path) -> tuple[list[Any], str, str | None]:
    """The objects of a file, the digest of its bytes, and what is wrong with it.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        return [], "", f"the file has more than {LARGEST:,} bytes: give fewer objects a file"
    digest = blake2b(content, digest_size=16).hexdigest()
    try:
        return list(objects(parse_json(content))), digest, None
    except PolicyError as error:
        return [], digest, f"no JSON, as kubectl get -o json writes it: {error}"


def located(path: Path, told: Iterable[Told]) -> Iterator[Located]:
    """What was told, with its place."""
    for where, entry in told:
        identity = derived_id(str(path), where, entry.reason if isinstance(entry, Reject) else "")
        yield Located(entry, {"file": str(path), "object": where}, identity)
