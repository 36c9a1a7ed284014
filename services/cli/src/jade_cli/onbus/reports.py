"""Reports as they go onto the bus: what a scanner wrote, with the manifests that it is about."""

from collections.abc import Sequence

from jade_cli.failures import WrongUsage
from jade_cli.ingest.manifests import files_of, walked
from jade_cli.onbus.attaching import without_secrets
from jade_cli.scan.reading import content
from jade_cli.scan.walking import Found, Missing, Walk
from jade_common.errors import InvalidEventError
from jade_common.events import ReportFile, ScanReport
from jade_common.identity import canonical, derived_id
from jade_ingest.domain.findings import Reading

MANIFESTS = "manifests"


def report_of(given: str, format_: str | None = None, manifests: Sequence[str] = ()) -> ScanReport:
    """The report to publish for a path: a scanner's report, a manifest, or a folder of manifests.

    Args:
        given: The path, or ``-``.
        format_: Name of the format, where the content does not tell.
        manifests: Folders and files that the report is about; what it names is looked for where there are none.

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
        return of_file(found[0], format_, manifests)
    return ScanReport(format=MANIFESTS, files=tuple(attached(file.path, content(file)) for file in found))


def of_file(file: Found, format_: str | None, manifests: Sequence[str]) -> ScanReport:
    """The report of one file, whose format is told by its content where it is not named."""
    data = content(file)
    try:
        reading = Reading(data, format=format_)
        if reading.format.NAME == MANIFESTS:
            return ScanReport(format=MANIFESTS, files=(attached(file.path, data),))
        beside = None if file.file is None else file.file.parent
        about = walked(manifests) if manifests else files_of(reading, beside)
        files = tuple(attached(path, text) for path, text in about)
    except InvalidEventError as error:
        raise WrongUsage(f"{file.path}: {error}") from error
    return ScanReport(format=reading.format.NAME, content=data.decode("utf-8", "replace"), files=files)


def attached(path: str, data: bytes) -> ReportFile:
    """A manifest as it travels: without its secrets."""
    return ReportFile(path=path, content=without_secrets(data, path))


def report_id(report: ScanReport) -> str:
    """The id of a report: the same report twice has the same."""
    return derived_id("scan.report", canonical(report.model_dump(exclude_none=True)))
