"""conftest's JSON (``-o json``).

Read: of each file ``filename``, ``namespace``, ``failures``, ``warnings``, ``exceptions``, ``skipped``,
``successes``, and of an entry ``msg``, ``loc.file``, ``loc.line``, ``metadata``. conftest names neither rule nor
resource: the rule is the ``id`` that a rule returned, else the query (``main.deny``); the resource is the one whose
kind and name the message holds. Source: conftest 0.71 ``output/result.go``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jade_common.errors import InvalidEventError
from jade_common.events import ScanFinding, Severity
from jade_ingest.domain.building import finding
from jade_ingest.domain.content import Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.entries import at, line_number, listed, mapping, named, text
from jade_ingest.domain.fieldpaths import hinted, pointer_of
from jade_ingest.domain.formats import Entry
from jade_ingest.domain.rejects import Aside, Reject
from jade_ingest.domain.sightings import Sightings

NAME = "conftest"
KINDS: dict[str, tuple[str, Severity]] = {"failures": ("failure", "high"), "warnings": ("warning", "medium")}
"""conftest's own SARIF has ``error`` and ``warning`` for these."""

RULE_KEYS = ("id", "rule", "rule_id", "code", "check_id")
"""Under which a rule's author may return what it is called."""


def recognises(content: Content) -> bool:
    """Whether it is a list of results of files."""
    return content.lists("filename", "namespace")


def read(content: Content, documents: Documents) -> Iterator[Entry]:
    """The failures and warnings of all files."""
    if content.says_nothing:
        return
    if not recognises(content):
        raise InvalidEventError(
            f"not a conftest report: expected an array of objects with filename and namespace; it is {content.seen}"
        )
    sightings = Sightings(documents, drifting=False)
    for (index,), result in content.each("*"):
        where = f"[{index}] {text(result, 'filename')}".rstrip()
        if not isinstance(result, dict) or "filename" not in result:
            yield Reject(where, "not the result of a file: filename is missing")
            continue
        yield from aside(result)
        for key, (word, _) in KINDS.items():
            entries = result.get(key)
            if not isinstance(entries, list | None):
                yield Reject(f"{where} {key}", f"{key} is {named(entries)}, expected an array")
            for number, entry in enumerate(listed(result, key)):
                if not text(entry, "msg"):
                    yield Reject(f"{where} {key}[{number}]", f"not a {word}: msg is missing")
                else:
                    yield found(result, entry, key, documents, sightings)


def aside(result: Mapping[str, Any]) -> Iterator[Aside]:
    """What is no problem of a file."""
    successes = at(result, "successes")
    if isinstance(successes, int) and successes > 0:
        yield Aside("passed", successes)
    yield Aside("skipped", len(listed(result, "skipped")))
    yield Aside("suppressed", len(listed(result, "exceptions")))


def found(
    result: Mapping[str, Any], entry: Mapping[str, Any], key: str, documents: Documents, sightings: Sightings
) -> ScanFinding:
    """The finding of one failure or warning."""
    message, metadata = text(entry, "msg"), mapping(entry, "metadata")
    path = text(entry, "loc", "file") or text(result, "filename")
    line = line_number(entry, "loc", "line")
    manifest = sightings.place(path, line, None, message).manifest
    if manifest is None:
        manifest = documents.only(path)
    details = mapping(metadata, "details")
    pointer = next((p for one in (metadata, details) if (p := pointer_of(text(one, "path")))), None)
    if pointer is None and manifest is not None:
        pointer = hinted(manifest.obj, message)
    query = text(metadata, "query").removeprefix("data.") or f"{text(result, 'namespace')}.{key}"
    named_rule = next(
        (text(one, name) for one in (metadata, details) for name in RULE_KEYS if text(one, name)), ""
    )
    word, severity = KINDS[key]
    own = text(metadata, "severity") or text(details, "severity")
    return finding(
        tool=NAME,
        rule=named_rule or query,
        aliases=(query,) if named_rule else (),
        title=text(metadata, "title") or text(details, "title"),
        message=message,
        severity=own or word,
        normalised=None if own else severity,
        manifest=manifest,
        path=path,
        line=line,
        pointer=pointer,
        url=text(metadata, "url"),
        remediation=text(metadata, "remediation"),
    )
