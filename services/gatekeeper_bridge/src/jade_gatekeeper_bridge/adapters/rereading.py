"""What a dead letter of the bridge is about, read again where it stands: the letter holds no text."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from jade_common.identity import derived_id
from jade_gatekeeper_bridge.adapters.documents import files_of, parsed
from jade_gatekeeper_bridge.adapters.following import log_files, spool_files
from jade_gatekeeper_bridge.adapters.sending import SERVICE
from jade_gatekeeper_bridge.adapters.tail import LONGEST_LINE, Tail
from jade_gatekeeper_bridge.domain.entries import Entry, Reject
from jade_gatekeeper_bridge.domain.lines import read_line
from jade_gatekeeper_bridge.domain.statuses import Told, known_templates, read_object
from jade_gatekeeper_bridge.domain.templates import Templates
from jade_gatekeeper_bridge.settings import GatekeeperBridgeSettings

ENTRIES = 1_000
"""Of a line: as many as a line of statistics has latencies, many times over."""


class GoneError(Exception):
    """It cannot be read again; says why."""


def entries_again(
    letter_id: str, origin: Mapping[str, str], settings: GatekeeperBridgeSettings
) -> list[Entry]:
    """What the line or object says now.

    A line is known by its bytes, from which the letter's id follows: whatever stands there by now, and whoever wrote
    the letter, nothing else is read. An object is looked for in the files of the settings alone.

    Args:
        letter_id: Of the dead letter.
        origin: Where it stood: source, file, offset and bytes, or file and object; and the team.
        settings: Those that the bridge runs with.

    Raises:
        GoneError: It is not there any more, or the file is not here.
    """
    source, file = origin.get("source", ""), origin.get("file", "")
    team = origin.get("team") or settings.team
    templates = templates_of(settings)
    if source == "status":
        return of_object(file, origin.get("object", ""), settings, templates, team)
    if file == "-":
        raise GoneError("it came on standard input, which is not kept")
    try:
        offset, length = int(origin["offset"]), int(origin["bytes"])
    except (KeyError, ValueError):
        raise GoneError("it does not say where it stands") from None
    if not 0 <= length <= LONGEST_LINE or offset < 0:
        raise GoneError(f"a line of {length:,} bytes is never read, the limit is {LONGEST_LINE:,}")
    for path in candidates(source, Path(file), settings):
        data = piece(path, offset, length)
        if data is None:
            continue
        known = (
            derived_id("dead", SERVICE, f"{source}:{derived_id(data, str(index))}")
            for index in range(ENTRIES)
        )
        if letter_id in known:
            return list(read_line(data, templates, team))
    raise GoneError(f"{file} does not hold it any more, or is not here: do this where the bridge runs")


def candidates(source: str, file: Path, settings: GatekeeperBridgeSettings) -> list[Path]:
    """Where a line may be by now: its file, and what that may have been renamed to."""
    found = [file]
    with suppress(OSError, ValueError):  # the folder has gone, is elsewhere here, or the name is none
        found += log_files(file) if source == "log" else [file.with_suffix(".log")]
    with suppress(OSError):
        if source == "log" and settings.audit_log not in {None, "-"}:
            found += log_files(Path(str(settings.audit_log)))
        elif source == "spool" and settings.spool is not None:
            found += spool_files(settings.spool)
    return list(dict.fromkeys(found))


def piece(path: Path, offset: int, length: int) -> bytes | None:
    """A line without its line feed; ``None`` where the file has nothing there."""
    try:
        tail = Tail.open(path)
    except (OSError, ValueError):
        return None
    if tail is None:
        return None
    try:
        return tail.line_at(offset, length)
    finally:
        tail.close()


def of_object(
    file: str, where: str, settings: GatekeeperBridgeSettings, templates: Templates, team: str | None
) -> list[Entry]:
    """What an object of a status file says now; of a whole file, what all of them say."""
    path = next((path for path in status_files(settings) if path.name == Path(file).name), None)
    if path is None:
        raise GoneError(
            "set JADE_GATEKEEPER_BRIDGE_STATUS as for the bridge, where its files are: "
            f"{Path(file).name or 'the file'} is not there"
        )
    try:
        found, _, problem = parsed(path)
    except OSError as error:
        raise GoneError(f"{path}: {error.strerror}") from error
    if problem is not None:
        return [Reject(problem)]
    name = where.partition(" ")[2]
    told = [
        one.entry
        for one in all_told(found, templates, team)
        if not where or one.where.partition(" ")[2] == name
    ]
    if not told:
        raise GoneError(f"{path} does not hold {name or where} any more")
    return told


def all_told(found: Iterable[Any], templates: Templates, team: str | None) -> Iterator[Told]:
    """What objects say."""
    for index, obj in enumerate(found):
        yield from read_object(index, obj, templates, team)


def templates_of(settings: GatekeeperBridgeSettings) -> Templates:
    """The policies of the status files, as far as they can be read."""
    found: dict[str, Any] = {}
    for path in status_files(settings):
        try:
            found |= known_templates(parsed(path)[0])
        except OSError:
            continue
    return found


def status_files(settings: GatekeeperBridgeSettings) -> list[Path]:
    """The files with the status of constraints and templates."""
    return [] if settings.status is None else files_of(settings.status)
