"""CloudEvents 1.0 over NATS: attributes in ``ce-*`` headers (binary mode), structured mode accepted.

Source: CloudEvents NATS protocol binding 1.0. A plain JSON body without attributes is accepted as well:
its id is derived from its bytes and its source is ``anonymous``.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

import orjson

from jade_common.errors import InvalidEventError
from jade_common.identity import derived_id
from jade_common.subjects import event_type

SPEC_VERSION = "1.0"
STRUCTURED = "application/cloudevents"
PRINTABLE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')
READ = tuple(
    (name, f"ce-{name}")
    for name in ("specversion", "id", "source", "type", "correlationid", "causationid", "dataref")
)
"""The attributes that Jade reads, with their headers."""

PLAIN = re.compile(r"[!#$&-~]*").fullmatch
"""Text that needs no encoding: U+0021 to U+007E without quotes and percent signs."""

MAX_ATTRIBUTE = 1_024  # characters; an id or a source longer than this is an attack or a mistake


class Attributes(NamedTuple):
    """The attributes of an event that Jade reads."""

    id: str
    source: str
    type: str
    correlation_id: str
    causation_id: str | None = None
    dataref: str | None = None


def to_headers(attributes: Attributes) -> dict[str, str]:
    """Headers of a binary-mode event, with ``Nats-Msg-Id``, on which JetStream drops the second of the same id."""
    identity = encode(attributes.id)
    headers = {
        "ce-specversion": SPEC_VERSION,
        "ce-id": identity,
        "ce-source": encode(attributes.source),
        "ce-type": encode(attributes.type),
        "ce-datacontenttype": "application/json",
        "ce-correlationid": encode(attributes.correlation_id),
        "Nats-Msg-Id": identity,
    }
    if attributes.causation_id is not None:
        headers["ce-causationid"] = encode(attributes.causation_id)
    if attributes.dataref is not None:
        headers["ce-dataref"] = encode(attributes.dataref)
    return headers


def read(subject: str, headers: Mapping[str, str] | None, body: bytes) -> tuple[Attributes, Any]:
    """Attributes and data of a message in binary, structured or plain form.

    Args:
        subject: Where the message came in; gives the type that is expected.
        headers: Its NATS headers.
        body: Its bytes.

    Returns:
        The attributes, and the parsed data (``None`` where the event carries a reference instead).

    Raises:
        InvalidEventError: The body is no JSON, or the attributes are not those of an event of this subject.
    """
    if headers:
        # Jade itself sends lower case; others may not, and pay for the second look.
        if "ce-id" not in headers:
            headers = {name.lower(): value for name, value in headers.items()}
        if headers.get("content-type", "").startswith(STRUCTURED):
            return structured(subject, body)
        if "ce-id" in headers or "ce-type" in headers or "ce-specversion" in headers:
            found = {name: decode(headers[header]) for name, header in READ if header in headers}
            attributes = checked(subject, found)
            return attributes, None if attributes.dataref is not None and not body else parsed(body)
    data = parsed(body)
    if isinstance(data, dict) and "specversion" in data and "data" in data:
        return structured(subject, body)
    identity = derived_id(subject, body)
    return Attributes(identity, "anonymous", event_type(subject), identity), data


def structured(subject: str, body: bytes) -> tuple[Attributes, Any]:
    """Attributes and data of a structured-mode event."""
    envelope = parsed(body)
    if not isinstance(envelope, dict):
        raise InvalidEventError("a structured CloudEvent must be a JSON object")
    data = envelope.pop("data", None)
    if "data_base64" in envelope:
        raise InvalidEventError("data_base64 is not accepted: send the JSON itself as data")
    texts = {name.lower(): value for name, value in envelope.items() if isinstance(value, str)}
    return checked(subject, texts), data


def checked(subject: str, found: Mapping[str, str]) -> Attributes:
    """Attributes of an event of ``subject``, or an error that names what is wrong."""
    for name in ("id", "source", "type", "specversion"):
        if not found.get(name):
            raise InvalidEventError(f"the CloudEvents attribute {name!r} is missing (header ce-{name})")
        if len(found[name]) > MAX_ATTRIBUTE:
            raise InvalidEventError(
                f"the CloudEvents attribute {name!r} is longer than {MAX_ATTRIBUTE} characters"
            )
    if found["specversion"] != SPEC_VERSION:
        raise InvalidEventError(
            f"specversion is {found['specversion']!r}; only {SPEC_VERSION!r} is understood"
        )
    if found["type"] != event_type(subject):
        raise InvalidEventError(
            f"type is {found['type']!r}; on {subject} only {event_type(subject)!r} is understood"
        )
    return Attributes(
        found["id"],
        found["source"],
        found["type"],
        found.get("correlationid") or found["id"],
        found.get("causationid"),
        found.get("dataref"),
    )


def parsed(body: bytes) -> Any:
    """JSON value of ``body``; NaN, invalid UTF-8 and nesting beyond 1,024 are errors."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidEventError(f"the body is no JSON: {error}") from error


def encode(value: str) -> str:
    """Header value of an attribute: percent-encoded where the binding asks for it."""
    return value if PLAIN(value) else quote(value, safe=PRINTABLE)


def decode(value: str) -> str:
    """Attribute of a header value."""
    return unquote(value) if "%" in value else value
