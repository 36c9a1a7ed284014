"""What ``jade ingest`` is given, opened: a report with the manifests it is about, a manifest, or a folder of them."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from jade_cli.ingest.manifests import files_of, walked
from jade_cli.scan.walking import STDIN, shown
from jade_common.events import ReportFile
from jade_ingest.domain.findings import Reading
from jade_ingest.domain.formats.manifests import NAME as MANIFESTS


@contextmanager
def opened(given: str, format_: str | None, manifests: Sequence[str]) -> Iterator[Reading]:
    """The reading of a path, or of stdin; nothing of a report is held but what is read of it at a time.

    Args:
        given: The path, or ``-``.
        format_: Name of the format, where the content does not tell.
        manifests: Folders and files that the report is about; what it names is looked for where there are none.

    Raises:
        OSError: It cannot be opened.
        InvalidEventError: No format fits.
        WrongUsage: One of the manifests does not exist.
    """
    if given != STDIN and Path(given).is_dir():
        yield Reading(None, reported(walked([given])), format=format_)
        return
    with stream_of(given) as stream:
        reading = Reading(stream, format=format_)
        if reading.format.NAME == MANIFESTS:
            stream.seek(0)
            name = "stdin" if given == STDIN else shown(given)
            yield Reading(None, reported([(name, stream.read())]), format=MANIFESTS)
            return
        beside = None if given == STDIN else Path(given).parent
        reading.about(reported(walked(manifests) if manifests else files_of(reading, beside)))
        yield reading


@contextmanager
def stream_of(given: str) -> Iterator[BinaryIO]:
    """A file that can be read from its beginning again; stdin is put into one."""
    if given != STDIN:
        with Path(given).open("rb") as file:
            if file.seekable():
                yield file
                return
            source: BinaryIO = file
            with TemporaryFile(prefix="jade-ingest-") as kept:
                shutil.copyfileobj(source, kept)
                yield cast("BinaryIO", kept)
        return
    with TemporaryFile(prefix="jade-ingest-") as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        yield cast("BinaryIO", kept)


def reported(files: Iterator[tuple[str, bytes]] | list[tuple[str, bytes]]) -> tuple[ReportFile, ...]:
    """Manifests as a report carries them."""
    return tuple(ReportFile(path=path, content=data.decode("utf-8", "replace")) for path, data in files)
