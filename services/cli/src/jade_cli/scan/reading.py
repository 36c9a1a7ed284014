"""All documents of a scan, read: what is for Kubernetes, what could not be read, what is for someone else."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from jade_cli.scan.walking import Again, Found, Missing, missing, shown
from jade_policy.manifests import Manifest, Skipped, Unread, read_manifests

MAX_FILE_BYTES = 256 * 1024 * 1024
"""No more than 10,000 documents of a file are read, and 2,911 real ones have 0.9 kB on average."""


@dataclass
class Reading:
    """What was read. Lines of ``unread`` are 0 where the whole file is meant."""

    manifests: list[Manifest] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    skipped: int = 0

    def read(self, found: Found, take: Callable[[Manifest], None]) -> int:
        """Read one file, and hand on each object.

        Returns:
            How many of its documents are for Kubernetes, readable or not.
        """
        try:
            data = content(found)
        except OSError as error:
            self.unread.append(missing(found.given, found.path, error).unread)
            return 1
        if len(data) > MAX_FILE_BYTES:
            reason = f"larger than {MAX_FILE_BYTES // 1024 // 1024} MiB: split it"
            self.unread.append(Unread(found.path, 0, reason))
            return 1
        self.files[found.path] = data
        if found.file is None:
            self.names[found.given] = found.path
        documents = 0
        for document in read_manifests(data, found.path):
            if isinstance(document, Manifest):
                self.manifests.append(document)
                take(document)
            elif isinstance(document, Unread):
                self.unread.append(document)
            elif isinstance(document, Skipped):
                self.skipped += 1
                documents -= 1
            documents += 1
        return documents


def content(found: Found) -> bytes:
    """The bytes of a file, at most one more than is allowed."""
    if found.file is None:
        return sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    with found.file.open("rb") as stream:
        return stream.read(MAX_FILE_BYTES + 1)


def read_all(
    files: Iterable[Found | Missing | Again],
    given: Sequence[str],
    take: Callable[[Manifest], None] = lambda _: None,
    *,
    allow_empty: bool = False,
) -> Reading:
    """Read every file, and hand each object to ``take``; a file that cannot be read costs only itself.

    A path that was given and holds nothing for Kubernetes is unread as well: where a file name is wrong or a template
    rendered to nothing, "no findings" would be a lie. Only ``allow_empty`` takes that as it comes.
    """
    reading = Reading()
    found = dict.fromkeys(given, 0)
    for file in files:
        documents = 1
        if isinstance(file, Missing):
            reading.unread.append(file.unread)
        elif isinstance(file, Found):
            documents = reading.read(file, take)
        found[file.given] += documents
    for path, documents in found.items():
        if not documents and not allow_empty:
            reading.unread.append(
                Unread(
                    reading.names.get(path, shown(path)),
                    0,
                    "holds no Kubernetes object; is it the right path? (--allow-empty takes it as it is)",
                )
            )
    return reading
