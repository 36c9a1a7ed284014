"""The findings of a report: format told, read, redacted, and each given the id that follows from what it says."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple

from jade_common.errors import InvalidEventError
from jade_common.events import ReportFile, ScanFinding, ScanReport
from jade_common.identity import canonical, derived_id
from jade_ingest.domain.content import Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.formats import Format, formats, manifests
from jade_ingest.domain.places import Place, places_of
from jade_ingest.domain.rejects import Aside, Reject
from jade_policy.redaction import redact, redact_text

STDIN = "stdin"
"""Path of manifests that came without a file name."""

KEPT_RESOURCES = 64
"""Redacted resources that are kept: a report's findings about one stand together."""


class Identified(NamedTuple):
    """A finding with its id."""

    id: str
    finding: ScanFinding


@dataclass(frozen=True, slots=True)
class Ingested:
    """All that a report gave: entries in = findings + repeated + rejects."""

    format: str
    findings: Sequence[Identified]
    rejects: Sequence[Reject]
    repeated: int = 0
    asides: Mapping[str, int] = field(default_factory=dict)
    """Entries that say of no problem, by kind (``passed``, ``suppressed``)."""


class Reading:
    """A report whose format is known, read as it is gone over; nothing but one entry is held."""

    def __init__(
        self,
        content: bytes | BinaryIO | None,
        files: Sequence[ReportFile] = (),
        *,
        format: str | None = None,  # noqa: A002  # what `scan.report` calls it
        team: str | None = None,
    ) -> None:
        """Tell the format.

        Args:
            content: What the tool wrote: its bytes, or a file that can be read from its beginning again;
                ``None`` where the files alone are to be looked at.
            files: The manifests that it is about.
            format: Name of the format; told by the content where it is not given.
            team: Whose findings these are.

        Raises:
            InvalidEventError: There is no such format, or none, or several fit; or the content is broken.
        """
        self._content = None if content is None or format == manifests.NAME else Content(content)
        self.format = choose(format, self._content)
        self._files = tuple(files)
        if self.format.NAME == manifests.NAME and content is not None:
            self._content = None
            self._files += (ReportFile(path=STDIN, content=_text(content)),)
        self._team = team
        self._redacted: dict[int, tuple[Any, Any]] = {}

    def about(self, files: Sequence[ReportFile]) -> None:
        """Say which manifests it is about, where that was found out from the report itself."""
        self._files = (*self._files, *files)

    def places(self) -> Iterator[Place]:
        """The files that it names, each once, with where they may be."""
        if self._content is not None:
            yield from places_of(self.format, self._content)

    def __iter__(self) -> Iterator[Identified | Reject | Aside]:
        """Go over all entries, in the report's order, findings redacted; what repeats comes again.

        Raises:
            InvalidEventError: The report is not what its format says, or nothing of it can be read.
        """
        documents = Documents(self._files)
        nothing = True
        content = self._content
        for entry in (
            manifests.of_files(documents) if content is None else self.format.read(content, documents)
        ):
            nothing = False
            if isinstance(entry, ScanFinding):
                finding = self._safe(entry)
                yield Identified(finding_id(finding), finding)
            else:
                yield entry
        # What a report only refers to is none of its entries.
        count = 1 if content is None else 0
        unread = [Reject(f"{one.path}:{one.line}", one.reason, count) for one in documents.unread]
        if unread and nothing:
            raise InvalidEventError(
                "nothing could be read: " + "; ".join(f"{one.where}: {one.reason}" for one in unread[:3])
            )
        yield from unread

    def _safe(self, finding: ScanFinding) -> ScanFinding:
        """The finding without secrets: before anything is published or derived from it."""
        fixes = tuple(
            fix.model_copy(
                update={"value": _redacted_text(fix.value), "text": _redacted_text(fix.text)},
            )
            for fix in finding.fixes
        )
        return finding.model_copy(
            update={
                "title": _redacted_text(finding.title),
                "message": _redacted_text(finding.message),
                "remediation": _redacted_text(finding.remediation),
                "resource": self._resource(finding.resource),
                "fixes": fixes,
                "team": self._team,
            }
        )

    def _resource(self, resource: dict[str, Any] | None) -> dict[str, Any] | None:
        if resource is None:
            return None
        known = self._redacted.get(id(resource))
        if known is not None:
            return known[1]  # type: ignore[no-any-return]  # it was redacted from a dict
        if len(self._redacted) >= KEPT_RESOURCES:
            del self._redacted[next(iter(self._redacted))]
        safe: dict[str, Any] = redact(resource)
        # The resource is kept with it, so that its id stays its own.
        self._redacted[id(resource)] = (resource, safe)
        return safe


def findings_of(report: ScanReport) -> Ingested:
    """Read a report.

    Returns:
        Its findings, each once, in the report's order, redacted; and what became no finding, with the reason.

    Raises:
        InvalidEventError: No format fits, or the report is not what its format says.
    """
    content = None if report.content is None else report.content.encode("utf-8", "replace")
    reading = Reading(content, report.files, format=report.format, team=report.team)
    found: dict[str, ScanFinding] = {}
    rejects: list[Reject] = []
    asides: Counter[str] = Counter()
    entries = 0
    for entry in reading:
        if isinstance(entry, Identified):
            entries += 1
            found.setdefault(entry.id, entry.finding)
        elif isinstance(entry, Reject):
            rejects.append(entry)
        else:
            asides[entry.kind] += entry.count
    identified = [Identified(*pair) for pair in found.items()]
    return Ingested(
        reading.format.NAME, identified, rejects, repeated=entries - len(found), asides=dict(asides)
    )


def finding_id(finding: ScanFinding) -> str:
    """The id that follows from what the finding says, so that the same report twice gives no second finding."""
    return derived_id("scan.finding", canonical(finding.model_dump(exclude_defaults=True)))


def choose(name: str | None, content: Content | None) -> Format:
    """The format that was named, or the one that recognises the content.

    Raises:
        InvalidEventError: There is no such format, or none, or several recognise it.
    """
    known = formats()
    if name is not None:
        if name not in known:
            raise InvalidEventError(f"format is {name!r}; known are {', '.join(sorted(known))}")
        if content is None and name != manifests.NAME:
            raise InvalidEventError(
                f"format is {name!r}, but there is no report: only manifests come as files alone"
            )
        return known[name]
    if content is None:
        return known[manifests.NAME]
    fitting = [one for one in known.values() if one.recognises(content)]
    if len(fitting) > 1:  # a report of another tool may be a Kubernetes object
        fitting = [one for one in fitting if one.NAME != manifests.NAME]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise InvalidEventError(
            f"the report's format was not recognised: it is {content.seen}; known are "
            f"{', '.join(sorted(known))}. Name it in `format`"
        )
    raise InvalidEventError(
        f"the report could be {' or '.join(one.NAME for one in fitting)}: name it in `format`"
    )


def _text(content: bytes | BinaryIO) -> str:
    if isinstance(content, bytes):
        return content.decode("utf-8", "replace")
    content.seek(0)
    return content.read().decode("utf-8", "replace")


def _redacted_text(text: str | None) -> str | None:
    return redact_text(text) if text else text
