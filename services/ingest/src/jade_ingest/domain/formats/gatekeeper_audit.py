"""Gatekeeper's log: a JSON object for each violation that the audit found, or that admission saw.

Read, with ``--log-denies`` as well: ``event_type`` (``violation_audited``, ``violation``), ``constraint_kind``,
``constraint_name``, ``resource_group``, ``resource_api_version``, ``resource_kind``, ``resource_namespace``,
``resource_name``, ``msg`` or ``event_msg``. Other lines of the log are counted. Who asked (``request_username``) is
never read. Source: Gatekeeper 3.23 ``website/docs/audit.md``, ``pkg/logging``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jade_common.errors import InvalidEventError
from jade_ingest.domain.building import api_version
from jade_ingest.domain.content import Broken, Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.entries import mapping, text
from jade_ingest.domain.formats import Entry
from jade_ingest.domain.gatekeeper import violation
from jade_ingest.domain.rejects import Aside, Reject
from jade_policy.askers import DENIED, unnamed
from jade_policy.resources import ResourceId

NAME = "gatekeeper-audit"
VIOLATIONS = {"violation_audited", "violation"}
EVENTS = VIOLATIONS | {
    "audit_started",
    "audit_finished",
    "constraint_audited",
    "audit_stats",
    "audit_cache_stats",
}
"""What Gatekeeper's log is told by; other programs have an ``event_type`` as well."""


def recognises(content: Content) -> bool:
    """Whether a line among the first hundred is an event of the audit."""
    lines = content.sketch if content.form == "lines" else [content.sketch] if content.form == "json" else []
    return any(text(line, "event_type") in EVENTS for line in lines)


def read(content: Content, documents: Documents) -> Iterator[Entry]:
    """The violations among the lines."""
    if content.form != "lines" and not recognises(content):  # lines: the first event may come late
        raise InvalidEventError(
            f"not Gatekeeper's log: expected JSON lines with event_type; it is {content.seen}"
        )
    for where, line in content.objects():
        event = text(line, "event_type")
        if isinstance(line, Broken) and "violation" not in line:
            yield Aside("other lines")
        elif event in VIOLATIONS:
            yield read_line(where, line, documents)
        else:
            yield Aside(event or "other lines")


def read_line(where: str, line: Mapping[str, Any], documents: Documents) -> Entry:
    """What one event says."""
    constraint = text(line, "constraint_kind"), text(line, "constraint_name")
    version = text(line, "resource_api_version")
    who = ResourceId(
        version if "/" in version else api_version(text(line, "resource_group"), version),
        text(line, "resource_kind"),
        text(line, "resource_namespace"),
        text(line, "resource_name"),
    )
    if not constraint[0] or not who.kind:
        return Reject(where, "not a violation: constraint_kind or resource_kind is missing")
    said, details = text(line, "event_msg") or text(line, "msg"), mapping(line, "details")
    message = unnamed(said.removeprefix(DENIED), line)
    return violation(constraint=constraint, who=who, message=message, details=details, documents=documents)
