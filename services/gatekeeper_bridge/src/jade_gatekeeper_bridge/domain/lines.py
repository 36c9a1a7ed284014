"""What a line of Gatekeeper's says: a message of the export, or a line of its log."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jade_gatekeeper_bridge.domain import failures, latencies, violations
from jade_gatekeeper_bridge.domain.entries import Aside, Entry, Reject
from jade_gatekeeper_bridge.domain.reading import named, text
from jade_gatekeeper_bridge.domain.templates import Templates
from jade_policy.errors import PolicyError
from jade_policy.json_document import parse_json

FRAMES = {"audit is started", "audit is completed"}
"""Messages of the export that frame the violations of an audit."""

EXPORTED = {"violation_audited", "violation_admission"}
LOGGED = {"violation_audited", "violation_admission", "violation"}
CRI = re.compile(rb"\S+ std(?:out|err) ([FP]) ")
"""What a container runtime puts before each line of its files; P is a piece of a line."""

KLOG = re.compile(rb"[IWEF]\d{4} \d\d:\d\d:\d\d")
"""How the Kubernetes client logs into the same stream."""


def read_line(line: bytes, templates: Templates, team: str | None = None) -> Iterator[Entry]:
    """What one line says; nothing of an empty one.

    Args:
        line: Without its line feed.
        templates: The policies that are known.
        team: Whose findings these are.
    """
    line = line.strip()
    if runtime := CRI.match(line):
        if runtime[1] == b"P":
            yield Reject(
                "a piece of a line that the container runtime split: raise its max-container-log-line-size"
            )
            return
        line = line[runtime.end() :]
    if not line:
        return
    if KLOG.match(line):
        yield Aside("lines of the Kubernetes client")
        return
    try:
        record = parse_json(line)
    except PolicyError as error:
        yield Reject(f"not JSON: {error}")
        return
    if not isinstance(record, dict):
        yield Reject(f"expected a JSON object, found {named(record)}")
    elif "eventType" in record or "resourceKind" in record or text(record, "message") in FRAMES:
        yield exported(record, team)
    elif "level" in record or "event_type" in record:
        yield from logged(record, line, templates, team)
    else:
        yield Reject(
            "neither a message of Gatekeeper's export (eventType) nor a line of its log (level, event_type)"
        )


def exported(record: Mapping[str, Any], team: str | None) -> Entry:
    """What a message of the export says."""
    if text(record, "message") in FRAMES and not text(record, "resourceKind"):
        return Aside("frames of an audit")
    event = text(record, "eventType")
    if event and event not in EXPORTED:
        return Reject(f"eventType is {event[:100]!r}; known are {', '.join(sorted(EXPORTED))}")
    return violations.finding(violations.exported(record), team)


def logged(record: Mapping[str, Any], line: bytes, templates: Templates, team: str | None) -> Iterator[Entry]:
    """What a line of the log says."""
    event = text(record, "event_type")
    if event in LOGGED:
        yield violations.finding(violations.logged(record), team)
    elif event in latencies.EVENTS:
        yield from latencies.latencies(record, line, templates)
    elif text(record, "level") == "error":
        yield failures.of_log(record, templates)
    else:
        yield Aside("other lines of the log")
