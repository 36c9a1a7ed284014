"""Reports as they go onto the bus: what a scanner wrote, with the manifests that it is about."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jade_cli.failures import WrongUsage
from jade_cli.onbus.attaching import without_secrets
from jade_cli.scan.reading import content
from jade_cli.scan.walking import SUFFIXES, Found, Missing, Walk
from jade_common.errors import InvalidEventError
from jade_common.events import ReportFile, ScanReport
from jade_ingest.domain.findings import choose, parsed

MANIFESTS = "manifests"
PATH_KEYS = ("file_abs_path", "file_path", "repo_file_path")
"""Where Checkov says which file it means: the first that exists is taken."""

MAX_ATTACHED_BYTES = 16 * 1024 * 1024
"""Of one file; a manifest of that size has thousands of documents."""


def report_of(given: str, format_: str | None = None) -> ScanReport:
    """The report to publish for a path: a scanner's report, a manifest, or a folder of manifests.

    Raises:
        WrongUsage: Nothing of it can be published.
    """
    files = list(Walk().files([given]))
    for file in files:
        if isinstance(file, Missing):
            raise WrongUsage(f"{file.unread.path} {file.unread.reason}")
    found = [file for file in files if isinstance(file, Found)]
    if not found:
        raise WrongUsage(f"{given} holds no manifests")
    if len(found) == 1 and found[0].named:
        return of_file(found[0], format_)
    return ScanReport(format=MANIFESTS, files=tuple(attached(file.path, content(file)) for file in found))


def of_file(file: Found, format_: str | None) -> ScanReport:
    """The report of one file, whose format is told by its content where it is not named."""
    data = content(file)
    text = data.decode("utf-8", "replace")
    value = parsed(text)
    try:
        chosen = choose(format_, value)
    except InvalidEventError as error:
        raise WrongUsage(f"{file.path}: {error}") from error
    if chosen.NAME == MANIFESTS:
        return ScanReport(format=MANIFESTS, files=(attached(file.path, data),))
    return ScanReport(format=chosen.NAME, content=text, files=tuple(named_files(value, file)))


def attached(path: str, data: bytes) -> ReportFile:
    """A manifest as it travels: without its secrets."""
    return ReportFile(path=path, content=without_secrets(data, path))


def named_files(report: Any, file: Found) -> Iterator[ReportFile]:
    """The manifests that a report names, as far as they exist here."""
    beside = Path() if file.file is None else file.file.parent
    done: set[str] = set()
    for record in records(report):
        names = [record[key] for key in PATH_KEYS if isinstance(record.get(key), str)]
        shown = str(record.get("file_path", "")).lstrip("/")
        if not shown or shown in done:
            continue
        done.add(shown)
        candidates = [
            place
            for name in names
            for place in (Path(name), beside / name.lstrip("/"), Path(name.lstrip("/")))
        ]
        for place in candidates:
            if place.suffix in SUFFIXES and place.is_file() and place.stat().st_size <= MAX_ATTACHED_BYTES:
                yield attached(shown, place.read_bytes())
                break


def records(report: Any) -> Iterator[Mapping[str, Any]]:
    """The failed checks of a report in Checkov's form."""
    for one in report if isinstance(report, list) else [report]:
        results = one.get("results") if isinstance(one, dict) else None
        failed = results.get("failed_checks") if isinstance(results, dict) else None
        yield from (record for record in failed or [] if isinstance(record, dict))
