"""The manifests that a report is about: those of given folders, or those that it names itself, where they are here."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from jade_cli.failures import WrongUsage
from jade_cli.scan.reading import content
from jade_cli.scan.walking import SUFFIXES, Found, Missing, Walk
from jade_ingest.domain.findings import Reading

MAX_ATTACHED_BYTES = 16 * 1024 * 1024
"""Of one file; a manifest of that size has thousands of documents."""


def walked(given: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """The manifests of folders and files: the path and the bytes of each.

    Raises:
        WrongUsage: One of them does not exist, or cannot be read.
    """
    for file in Walk().files(given):
        if isinstance(file, Missing):
            raise WrongUsage(f"{file.unread.path} {file.unread.reason}")
        if isinstance(file, Found):
            yield file.path, content(file)


def files_of(reading: Reading, beside: Path | None) -> Iterator[tuple[str, bytes]]:
    """The manifests that a report names, as far as they exist here.

    Args:
        reading: The report.
        beside: The folder that it lies in; its paths may begin there, or in the current folder.
    """
    for place in reading.places():
        for candidate in (path for name in place.candidates for path in paths(name, beside)):
            if candidate.is_file() and fits(candidate):
                yield place.path, candidate.read_bytes()
                break
            if candidate.is_dir() and candidate.name == Path(place.path).name:
                yield from walked([str(candidate)])
                break


def paths(name: str, beside: Path | None) -> Iterator[Path]:
    """Where a file of that name may be."""
    try:
        if beside is not None:
            yield beside / name.lstrip("/")
        yield Path(name)
    except ValueError:  # a name with a null character
        return


def fits(file: Path) -> bool:
    """Whether a file may be a manifest."""
    return file.suffix in SUFFIXES and file.stat().st_size <= MAX_ATTACHED_BYTES
