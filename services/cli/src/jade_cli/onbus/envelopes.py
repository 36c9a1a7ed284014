"""A stored message as it is shown: its envelope, and its data without secrets."""

from collections.abc import Mapping
from typing import Any

import orjson

from jade_common import cloudevents
from jade_common.client.reading import Stored
from jade_common.errors import InvalidEventError
from jade_common.limits import DEAD_LETTER_BODY
from jade_common.subjects import Subject
from jade_policy.redaction import redact, redact_text

DEAD = "dead."
TEXTS = frozenset({"original", "reason", "message", "title", "error", "policy", "remediation"})
"""Fields that hold prose or code, in which a secret may stand anywhere."""


def attributes_of(one: Stored) -> cloudevents.Attributes:
    """The attributes of a stored message; its body is read only where they are not in its headers.

    Raises:
        InvalidEventError: It is no event.
    """
    found = {name.lower(): cloudevents.decode(value) for name, value in one.headers.items()}
    if one.subject.startswith(DEAD):
        if "ce-id" not in found:
            raise InvalidEventError("a dead letter without ce-id")
        identity = found["ce-id"]
        return cloudevents.Attributes(
            identity, found.get("ce-source", ""), found.get("ce-type", ""), identity
        )
    return cloudevents.read(one.subject, one.headers, one.body)[0]


def envelope(one: Stored) -> dict[str, Any]:
    """The message as one object: where it lies, its attributes, its data redacted."""
    place = {
        "subject": one.subject,
        "stream": one.stream,
        "sequence": one.sequence,
        "time": one.time.isoformat(),
    }
    try:
        attributes = attributes_of(one)
        if one.subject.startswith(DEAD):
            data = cloudevents.parsed(one.body)
        else:
            data = cloudevents.read(one.subject, one.headers, one.body)[1]
    except InvalidEventError as error:
        text = redact_text(one.body.decode("utf-8", "replace"))[:DEAD_LETTER_BODY]
        return {"id": None, **place, "invalid": str(error), "text": text}
    row: dict[str, Any] = {"id": attributes.id, **place}
    row |= {"type": attributes.type, "source": attributes.source}
    row["correlation_id"] = attributes.correlation_id
    if attributes.causation_id is not None:
        row["causation_id"] = attributes.causation_id
    if attributes.dataref is not None:
        row["dataref"] = attributes.dataref
    row["data"] = counted(data) if one.subject == Subject.SCAN_REPORT else clean(data)
    return row


def clean(data: Any) -> Any:
    """Data without secrets, also in its prose."""
    return without(redact(data))


def without(data: Any) -> Any:
    """Data whose fields of prose are rid of what looks like a secret."""
    if isinstance(data, dict):
        return {
            key: prose(value) if key in TEXTS and isinstance(value, str) else without(value)
            for key, value in data.items()
        }
    return [without(one) for one in data] if isinstance(data, list) else data


def prose(text: str) -> str:
    """A text without secrets; JSON is read, since a secret in it is known by its place."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return redact_text(text)
    hidden = redact(found)
    return redact_text(text) if hidden is found else redact_text(orjson.dumps(hidden).decode())


def counted(report: Any) -> Any:
    """A report without its texts: they are whole files as a scanner sent them, not yet rid of secrets."""
    if not isinstance(report, Mapping):
        return None
    shown = {key: clean(value) for key, value in report.items() if key not in {"content", "files"}}
    if isinstance(content := report.get("content"), str):
        shown["content"] = f"({len(content):,} characters)"
    if isinstance(files := report.get("files"), list):
        shown["files"] = [
            {"path": one.get("path"), "content": f"({len(str(one.get('content', ''))):,} characters)"}
            for one in files
            if isinstance(one, Mapping)
        ]
    return shown


def gist(row: Mapping[str, Any]) -> str:
    """What a message says, in a few words."""
    data = row.get("data")
    if not isinstance(data, Mapping):
        return str(row.get("invalid") or row.get("dataref") or "")
    if row["subject"] == Subject.FINDING_RANKED:
        best = next(iter(data.get("policies") or [{}]))
        said = (
            "no policy is about it"
            if data.get("none_applies")
            else f"{best.get('id', '')} {best.get('verdict', '')}"
        )
        return f"{str(data.get('finding_id', ''))[:12]} {said}"
    if row["subject"] == Subject.SCAN_REPORT:
        return f"{data.get('format') or 'format not named'}, {len(data.get('files') or [])} files"
    words = (
        data.get(key)
        for key in ("kind", "reason", "tool", "rule_id", "title", "policy_id", "error", "milliseconds")
    )
    return " ".join(str(word) for word in words if word is not None)
