"""What other scanners wrote about the scanned files, read as ingest reads it: each finding once, rejects by name."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from jade_cli.failures import WrongUsage
from jade_cli.ingest.opening import stream_of
from jade_cli.scan.findings import Unevaluated
from jade_cli.scan.walking import STDIN, shown
from jade_common.errors import InvalidEventError
from jade_common.events import ReportFile, ScanFinding
from jade_ingest.domain.findings import Identified, Reading
from jade_ingest.domain.formats.manifests import NAME as MANIFESTS
from jade_ingest.domain.rejects import Reject


@dataclass
class Heard:
    """What came of the reports.

    Attributes:
        findings: by id, so that a finding which two reports repeat is one.
        places: the report that a finding came from, by its id: where it stands, when it names no file.
        tools: how many findings each tool has.
    """

    findings: dict[str, ScanFinding] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    unread: list[Unevaluated] = field(default_factory=list)
    tools: Counter[str] = field(default_factory=Counter)

    def take(self, path: str, reading: Reading) -> None:
        """Take all that a report says."""
        try:
            for entry in reading:
                if isinstance(entry, Identified):
                    self._finding(path, entry)
                elif isinstance(entry, Reject) and entry.count:  # a broken manifest is told of already
                    self.unread.append(Unevaluated(path, None, f"{entry.where}: {entry.reason}"))
        except InvalidEventError as error:
            self.unread.append(Unevaluated(path, None, str(error)))

    def _finding(self, path: str, one: Identified) -> None:
        if one.id not in self.findings:
            self.tools[one.finding.tool] += 1
        self.findings.setdefault(one.id, one.finding)
        self.places.setdefault(one.id, path)


def hear(
    reports: Sequence[str], manifests: Mapping[str, bytes], checkov: tuple[str, Mapping[str, str]] | None
) -> Heard:
    """Read reports; one that cannot be read costs only itself.

    Args:
        reports: Paths; ``-`` is stdin.
        manifests: The scanned files, by the names that the user knows them by.
        checkov: What Checkov has just written, and the files as it saw them.
    """
    heard = Heard()
    if checkov is not None:
        output, texts = checkov
        read(heard, "checkov", BytesIO(output.encode()), files_of(texts.items()))
    files = files_of((path, data.decode("utf-8", "replace")) for path, data in manifests.items())
    for given in reports:
        name = "stdin" if given == STDIN else shown(given)
        try:
            with stream_of(given) as stream:
                read(heard, name, stream, files)
        except OSError as error:
            heard.unread.append(Unevaluated(name, None, f"cannot be read: {error.strerror}"))
    return heard


def read(heard: Heard, name: str, stream: BinaryIO, files: tuple[ReportFile, ...]) -> None:
    """Read one report.

    Raises:
        WrongUsage: It is no report, but manifests.
    """
    try:
        reading = Reading(stream, files)
    except InvalidEventError as error:
        heard.unread.append(Unevaluated(name, None, str(error)))
        return
    if reading.format.NAME == MANIFESTS:
        raise WrongUsage(f"--report {name} holds manifests, not what a scanner wrote: give it as PATH")
    heard.take(name, reading)


def files_of(texts: Iterable[tuple[str, str]]) -> tuple[ReportFile, ...]:
    """Files as a report carries them."""
    return tuple(ReportFile(path=path, content=text) for path, text in texts)
