"""``jade ingest``: every report read, printed and counted."""

from collections.abc import Callable, Sequence

from jade_cli.exits import CLEAN, INCOMPLETE
from jade_cli.ingest.counting import SHOWN_REJECTS, Counts
from jade_cli.ingest.opening import opened
from jade_cli.ingest.printing import Printer
from jade_common.errors import InvalidEventError
from jade_ingest.domain.findings import Identified
from jade_ingest.domain.rejects import Aside, Reject


class ReaderGoneError(Exception):
    """Nobody reads stdout any more: that is no error."""


def run(
    files: Sequence[str],
    format_: str | None,
    manifests: Sequence[str],
    printer: Printer,
    say: Callable[[str], None],
) -> int:
    """Read reports, one after the other.

    Returns:
        The exit code: 3 when a report, or an entry of one, could not be read.
    """
    counts: list[Counts] = []
    try:
        for file in files:
            count = Counts(file)
            counts.append(count)
            read(count, format_, manifests, printer, say)
            say(f"jade: {count.line()}")
        printer.end(counts)
    except ReaderGoneError:
        return CLEAN
    if not manifests and (unplaced := sum(one.unplaced for one in counts)):
        say(
            f"jade: the resource of {unplaced} findings is not at hand; --manifests DIR says where the manifests are"
        )
    return INCOMPLETE if any(one.rejects or one.error for one in counts) else CLEAN


def read(
    count: Counts, format_: str | None, manifests: Sequence[str], printer: Printer, say: Callable[[str], None]
) -> None:
    """Read one report; what keeps it from being read is said, and the next one is read."""
    named = 0
    try:
        with opened(count.path, format_, manifests) as reading:
            count.format = reading.format.NAME
            for entry in reading:
                if isinstance(entry, Identified):
                    count.finding(entry.id, placed=entry.finding.resource is not None)
                    going = printer.finding(entry)
                else:
                    count.other(entry)
                    going = isinstance(entry, Aside) or printer.reject(count.path, entry)
                    named += isinstance(entry, Reject)
                    if isinstance(entry, Reject) and named <= SHOWN_REJECTS:
                        what = "rejected" if entry.count else "a manifest could not be read"
                        say(f"jade: {count.path}: {what}: {entry.where}: {entry.reason}")
                if not going:
                    raise ReaderGoneError
    except InvalidEventError as error:
        count.error = str(error)
    except OSError as error:
        count.error = f"cannot be read: {error.strerror or error}"
    if named > SHOWN_REJECTS:
        say(f"jade: {count.path}: rejected: {named - SHOWN_REJECTS} more; -o json lists them all")
