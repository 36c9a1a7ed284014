"""CloudEvents: what is accepted, what is refused and how it is named."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jade_common import cloudevents
from jade_common.cloudevents import Attributes
from jade_common.errors import InvalidEventError

TYPE = "dev.jade.scan.finding.v1"
BINARY = {"ce-specversion": "1.0", "ce-id": "7", "ce-source": "s", "ce-type": TYPE}


@given(identity=st.text(min_size=1, max_size=40), source=st.text(min_size=1, max_size=40))
def test_attributes_survive_the_headers(identity, source):
    sent = Attributes(identity, source, TYPE, "c", "cause", None)
    headers = cloudevents.to_headers(sent)
    assert all(value.isascii() and value.isprintable() for value in headers.values())
    received, data = cloudevents.read("scan.finding", headers, b"{}")
    assert received == sent
    assert data == {}


def test_structured_mode_by_content_type_and_by_shape():
    body = orjson.dumps({"specversion": "1.0", "id": "7", "source": "s", "type": TYPE, "data": {"a": 1}})
    for headers in ({"Content-Type": "application/cloudevents+json"}, None):
        attributes, data = cloudevents.read("scan.finding", headers, body)
        assert (attributes.id, attributes.correlation_id, data) == ("7", "7", {"a": 1})


def test_plain_body_gets_an_id_from_its_bytes():
    first, _ = cloudevents.read("scan.finding", None, b'{"a": 1}')
    again, _ = cloudevents.read("scan.finding", {}, b'{"a": 1}')
    other, _ = cloudevents.read("scan.finding", None, b'{"a": 2}')
    assert first == again
    assert first.id != other.id
    assert first.source == "anonymous"


@pytest.mark.parametrize(
    ("headers", "body", "reason"),
    [
        (None, b"{", "no JSON"),
        (None, b'{"a": NaN}', "no JSON"),
        (None, b'"\xff"', "no JSON"),
        (None, b"[" * 5_000 + b"]" * 5_000, "no JSON"),
        (BINARY | {"ce-specversion": "0.3"}, b"{}", "only '1.0'"),
        (BINARY | {"ce-type": "dev.jade.scan.report.v1"}, b"{}", "only 'dev.jade.scan.finding.v1'"),
        ({"ce-id": "7"}, b"{}", "'source' is missing"),
        (BINARY | {"ce-id": "7" * 2_000}, b"{}", "longer than"),
        ({"Content-Type": "application/cloudevents+json"}, b"[]", "must be a JSON object"),
        ({"Content-Type": "application/cloudevents+json"}, b'{"id": 7, "data_base64": ""}', "data_base64"),
    ],
)
def test_what_is_wrong_is_named(headers, body, reason):
    with pytest.raises(InvalidEventError, match=reason):
        cloudevents.read("scan.finding", headers, body)


def test_reference_stands_for_the_data():
    attributes, data = cloudevents.read(
        "scan.finding", BINARY | {"ce-dataref": "nats-object:JADE_PAYLOADS/x"}, b""
    )
    assert (attributes.dataref, data) == ("nats-object:JADE_PAYLOADS/x", None)
