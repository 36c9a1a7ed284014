"""Gatekeeper's log: a JSON object for each violation that the audit found, or that admission saw.

Read, with ``--log-denies`` as well: ``event_type`` (``violation_audited``, ``violation``), ``constraint_kind``,
``constraint_name``, ``resource_group``, ``resource_api_version``, ``resource_kind``, ``resource_namespace``,
``resource_name``, ``msg`` or ``event_msg``. Other lines of the log are counted. Who asked (``request_username``) is
never read. Source: Gatekeeper 3.23 ``website/docs/audit.md``, ``pkg/logging``.
"""

from collections.abc import Iterator

from jade_common.errors import InvalidEventError
from jade_ingest.domain.content import Broken, Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.entries import text
from jade_ingest.domain.formats import Entry
from jade_ingest.domain.gatekeeper import Keys, told
from jade_ingest.domain.rejects import Aside
from jade_policy.askers import DENIED

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


KEYS = Keys(
    "constraint_kind",
    "constraint_name",
    "resource_group",
    "resource_api_version",
    "resource_kind",
    "resource_namespace",
    "resource_name",
)


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
            said = text(line, "event_msg") or text(line, "msg")
            yield told(where, line, KEYS, said.removeprefix(DENIED), documents)
        else:
            yield Aside(event or "other lines")
