"""How far everything was read: a small file, replaced as a whole and synced: a crash leaves the old or the new."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson
import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

log = structlog.get_logger("jade.gatekeeper_bridge")

HEAD_BYTES = 256
"""Of a file's beginning: with the inode they tell whether it is the same file. An inode alone does not: the next
file often gets that of the one before."""


class Position(BaseModel):
    """How far one file was read."""

    model_config = ConfigDict(frozen=True)

    path: str
    inode: int
    offset: int = Field(ge=0)
    """Every event of the bytes before is stored."""
    size: int = Field(ge=0)
    """What it had when last seen: the difference is lost when it is gone."""
    modified: int = 0
    """In nanoseconds."""
    head: str = ""
    """Digest of its first ``head_length`` bytes."""
    head_length: int = Field(default=0, ge=0, le=HEAD_BYTES)


class Saved(BaseModel):
    """The content of the file."""

    files: dict[str, list[Position]] = {}
    """By source."""
    documents: dict[str, str] = {}
    """Path → digest of what was read of it."""


class Positions:
    """The positions of all sources."""

    def __init__(self, path: Path) -> None:
        """Keep them at ``path``; nothing is read yet."""
        self.path = path
        self._saved = Saved()
        self._written: bytes | None = None
        self._saving = asyncio.Lock()

    def load(self) -> None:
        """Read them; a file that is broken is put aside, and everything is read again, which changes nothing.

        Raises:
            OSError: It cannot be read.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return
        try:
            self._saved = Saved.model_validate_json(content)
        except ValidationError as error:
            aside = self.path.with_name(f"{self.path.name}.broken")
            self.path.replace(aside)
            log.exception(
                "positions_broken", path=str(self.path), aside=str(aside), errors=error.error_count()
            )

    def files(self, source: str) -> list[Position]:
        """The files of a source."""
        return self._saved.files.get(source, [])

    def put(self, source: str, files: Sequence[Position]) -> None:
        """Take these for the files of a source."""
        self._saved.files[source] = sorted(files, key=lambda one: (one.path, one.inode))

    @property
    def documents(self) -> Mapping[str, str]:
        """What was read of each document."""
        return self._saved.documents

    def put_document(self, path: str, digest: str) -> None:
        """A document was read and all its events are stored."""
        self._saved.documents[path] = digest

    async def save(self) -> None:
        """Write them where they have changed, and return when the disk has them.

        Raises:
            OSError: They cannot be written.
        """
        async with self._saving:
            content = orjson.dumps(self._saved.model_dump(), option=orjson.OPT_INDENT_2)
            if content != self._written:
                await asyncio.to_thread(replace, self.path, content)
                self._written = content


def replace(path: Path, content: bytes) -> None:
    """Replace the file at ``path`` by ``content``, atomically and durably."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
