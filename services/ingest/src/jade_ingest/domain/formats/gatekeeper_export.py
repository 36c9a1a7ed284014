"""What Gatekeeper exports (disk, Dapr): a message for each violation, as JSON lines, an array, or one alone.

Read: ``eventType`` (``violation_audited``, ``violation_admission``), ``kind`` and ``name`` (of the constraint),
``message``, ``details``, ``resourceGroup``, ``resourceAPIVersion``, ``resourceKind``, ``resourceNamespace``,
``resourceName``. The object itself is not in it. Who asked (``requestUsername``) is never read. Source: Gatekeeper
3.23 ``pkg/export/util/util.go``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jade_common.errors import InvalidEventError
from jade_ingest.domain.content import Broken, Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.entries import mapping, text
from jade_ingest.domain.formats import Entry
from jade_ingest.domain.gatekeeper import Keys, told
from jade_ingest.domain.rejects import Aside, Reject

NAME = "gatekeeper-export"
VIOLATIONS = {"violation_audited", "violation_admission"}
SIGNS = ("audit is started", "audit is completed")
"""Messages that frame the violations of an audit."""


KEYS = Keys(
    "kind",
    "name",
    "resourceGroup",
    "resourceAPIVersion",
    "resourceKind",
    "resourceNamespace",
    "resourceName",
)


def recognises(content: Content) -> bool:
    """Whether a message of it is an exported violation, or the frame of an audit."""
    if content.form not in {"json", "lines"}:
        return False
    messages = content.sketch if isinstance(content.sketch, list) else [content.sketch]
    return any(is_message(mapping(message)) for message in messages)


def is_message(message: Mapping[str, Any]) -> bool:
    """Whether an object is a message of the export."""
    return ("eventType" in message and "resourceKind" in message) or (
        message.get("message") in SIGNS and "id" in message
    )


def read(content: Content, documents: Documents) -> Iterator[Entry]:
    """The violations of all messages."""
    if content.form != "lines" and not recognises(content):  # lines: the first messages may be cut off
        raise InvalidEventError(
            f"not Gatekeeper's export: expected messages with eventType and resourceKind; it is {content.seen}"
        )
    for where, message in content.objects():
        event = text(message, "eventType")
        if isinstance(message, Broken) or not isinstance(message, dict):
            yield Reject(where, "not JSON: the record may be cut off, as it is at 64 KiB")
        elif text(message, "message") in SIGNS and not text(message, "resourceKind"):
            yield Aside("frames of an audit")
        elif event in VIOLATIONS or (not event and "resourceKind" in message):
            yield told(where, message, KEYS, text(message, "message"), documents)
        else:
            yield Reject(where, f"its eventType is {event!r}; known are {', '.join(sorted(VIOLATIONS))}")
