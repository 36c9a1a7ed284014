"""The document of the bus: valid AsyncAPI 3.0, complete, and the same as the committed files."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from jade_common import asyncapi
from jade_common.cloudevents import Attributes, to_headers
from jade_common.events import EVENTS, ScanFinding
from jade_common.subjects import Ask, Subject
from jade_common.topology import topology

DOCS = Path(__file__).parents[2] / "docs"
OFFICIAL = Path(__file__).with_name("asyncapi-3.0.0.schema.json")
"""The official schema: npm @asyncapi/specs 6.11.1, schemas/3.0.0.json, Apache-2.0, without white space."""


@pytest.fixture(scope="module")
def document() -> dict:
    return json.loads(asyncapi.encoded(asyncapi.document()))


def test_the_committed_files_are_those_of_the_code():
    assert asyncapi.stale(DOCS, asyncapi.texts()) == [], "run `python -m jade_common.asyncapi write`"


def test_it_is_valid_asyncapi(document):
    validator = jsonschema.Draft7Validator(json.loads(OFFICIAL.read_text("utf-8")))
    assert [error.message for error in validator.iter_errors(document)] == []
    assert list(validator.iter_errors(document | {"channels": []})), "the validator checks nothing"


def test_every_subject_has_its_channel_its_dead_letters_and_its_stream(document):
    for subject in Subject:
        assert subject in EVENTS, f"{subject} has no event model"
        assert document["channels"][subject]["x-jetstream"]["stream"].startswith("JADE_")
        assert document["channels"][f"dead.{subject}"]["x-jetstream"]["stream"] == "JADE_DEAD"


def test_every_question_has_its_reply(document):
    for ask in Ask:
        operation = document["operations"][f"answer {ask}"]
        assert operation["reply"]["channel"] == {"$ref": f"#/channels/{ask}.reply"}
        assert "x-jetstream" not in document["channels"][ask]
        assert "Refusal" in document["channels"][f"{ask}.reply"]["messages"]


def test_every_consumer_of_an_event_is_an_operation(document):
    consumers = [one for one in topology().consumers.values() if one.subject in EVENTS]
    assert consumers
    for consumer in consumers:
        assert document["operations"][consumer.name]["x-jetstream"]["durable"] == consumer.name


def test_every_reference_leads_somewhere(document):
    def references(node):
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for inner in node.values():
                yield from references(inner)
        elif isinstance(node, list):
            for inner in node:
                yield from references(inner)

    found = set(references(document))
    assert len(found) > 10
    for reference in found:
        at = document
        for step in reference.removeprefix("#/").split("/"):
            at = at[step]


def test_the_headers_are_those_of_the_wire(document):
    sent = to_headers(Attributes("id", "source", "dev.jade.scan.finding.v1", "chain"))
    schema = document["channels"]["scan.finding"]["messages"]["ScanFinding"]["headers"]
    jsonschema.validate(sent, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(sent | {"ce-type": "dev.jade.other.v1"}, schema)


def test_the_schema_of_an_event_takes_what_the_model_takes():
    schema = asyncapi.schema(ScanFinding, "scan.finding")
    jsonschema.Draft202012Validator.check_schema(schema)
    finding = ScanFinding(tool="checkov", rule_id="CKV_K8S_16", resource={"kind": "Pod"})
    jsonschema.validate(json.loads(finding.model_dump_json()) | {"unknown": 1}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"tool": "checkov"}, schema)


def test_everything_that_travels_has_its_schema():
    names = {path.name.removesuffix(".schema.json") for path in (DOCS / "events").glob("*.schema.json")}
    assert names == {*Subject, *Ask, *(f"{ask}.reply" for ask in Ask), "dead.letter"}


def test_check_names_what_is_stale_and_write_mends_it(tmp_path, capsys):
    assert asyncapi.main("write", tmp_path) == 0
    assert asyncapi.main("check", tmp_path) == 0
    (tmp_path / "events" / "scan.finding.schema.json").write_text("{}")
    (tmp_path / "events" / "scan.gone.schema.json").write_text("{}")
    assert asyncapi.main("check", tmp_path) == 1
    named = capsys.readouterr().err
    assert "scan.finding.schema.json is stale" in named
    assert "scan.gone.schema.json is stale" in named
    assert asyncapi.main("write", tmp_path) == 0
    shutil.rmtree(tmp_path)
    assert asyncapi.main("check", tmp_path) == 1
