"""Schemas keep what the last release promised; each kind of break is seen."""

import copy
import json
from pathlib import Path

import pytest

from jade_common import asyncapi, compatibility
from jade_common.compatibility import breaks, last_release, problems
from jade_common.events import FindingRanked, ScanFinding

EVENTS = Path(__file__).parents[2] / "docs" / "events"

OLD = {
    "type": "object",
    "required": ["tool", "source"],
    "properties": {
        "tool": {"type": "string", "minLength": 1, "maxLength": 10},
        "severity": {
            "anyOf": [{"enum": ["high", "low"], "type": "string"}, {"type": "null"}],
            "default": None,
        },
        "via": {"anyOf": [{"const": "pod", "type": "string"}, {"type": "null"}]},
        "source": {"$ref": "#/$defs/Source"},
        "fixes": {"type": "array", "items": {"$ref": "#/$defs/Source"}},
        "score": {"type": "number"},
        "resource": {"type": "object", "additionalProperties": True},
    },
    "$defs": {
        "Source": {
            "type": "object",
            "properties": {
                "path": {"type": "string"},
                "line": {"type": "integer", "minimum": 1},
                "within": {"anyOf": [{"$ref": "#/$defs/Source"}, {"type": "null"}]},
            },
            "required": ["path"],
        }
    },
}
SOURCE = "$defs.Source.properties"


def changed(path, value):
    """The schema with one value in another place or form; ``None`` removes it."""
    new = copy.deepcopy(OLD)
    *way, last = path.split(".")
    at = new
    for step in way:
        at = at[int(step) if step.isdecimal() else step]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return new


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("properties.score", None, "score: it was removed"),
        (f"{SOURCE}.line", None, "source.line: it was removed"),
        ("required", ["tool", "source", "score"], "score: it became required"),
        ("$defs.Source.required", ["path", "line"], "fixes[].line: it became required"),
        ("required", ["source"], "tool: it is no longer required"),
        ("properties.score", {"type": "integer"}, "score: its type was number, it is integer"),
        (
            "properties.score",
            {"anyOf": [{"type": "number"}, {"type": "null"}]},
            "its type was number, it is number, null",
        ),
        (f"{SOURCE}.path", {"type": "array"}, "fixes[].path: its type was string, it is array"),
        ("properties.severity.anyOf.0.enum", ["high"], "severity: it no longer takes low"),
        ("properties.via.anyOf.0.const", "job", "via: it no longer takes pod"),
        ("properties.tool.enum", ["a"], "tool: it took any value, it takes only a"),
        ("properties.tool.maxLength", 9, "tool: maxLength was 10, it is 9"),
        ("properties.tool.minLength", 2, "tool: minLength was 1, it is 2"),
        ("properties.score.maximum", 1, "score: maximum was not set, it is 1"),
        ("properties.tool.pattern", "^a", "tool: its pattern was not set, it is ^a"),
        ("properties.resource.additionalProperties", False, "resource: unknown fields are no longer taken"),
    ],
)
def test_each_kind_of_break_is_seen(path, value, said):
    assert any(said in one for one in breaks(OLD, changed(path, value)))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("properties.new", {"type": "string"}),
        ("properties.severity.anyOf.0.enum", ["high", "low", "info"]),
        ("properties.tool.maxLength", 11),
        ("properties.tool.minLength", None),
        ("properties.tool.description", "other words"),
        ("properties.severity.default", "low"),
        ("properties.via.anyOf.0.const", None),
        (f"{SOURCE}.end", {"type": "integer"}),
        ("properties.source", {"anyOf": [{"$ref": "#/$defs/Source"}]}),
    ],
)
def test_what_adds_breaks_nothing(path, value):
    assert breaks(OLD, changed(path, value)) == []
    assert breaks(OLD, OLD) == []


def test_the_events_keep_what_the_last_release_promised():
    release = last_release(EVENTS)
    assert release is not None
    assert list(release.glob("*.schema.json"))
    assert problems(EVENTS) == []


def test_a_break_in_a_real_event_is_seen(tmp_path, capsys):
    asyncapi.write(tmp_path, asyncapi.texts())
    events = tmp_path / "events"
    assert problems(events) == []
    assert compatibility.main("cut", "1.9.0", events) == 0
    assert compatibility.main("cut", "1.10.0", events) == 0
    assert last_release(events) == events / "released" / "1.10.0"
    assert compatibility.main("check", None, events) == 0

    schema = json.loads((events / "finding.ranked.schema.json").read_text())
    schema["$defs"]["RankedPolicy"]["properties"]["verdict"]["enum"].remove("unknown")
    (events / "finding.ranked.schema.json").write_text(json.dumps(schema))
    (events / "scan.report.schema.json").unlink()
    capsys.readouterr()
    assert compatibility.main("check", None, events) == 1
    said = capsys.readouterr().err
    assert "finding.ranked.schema.json: policies[].verdict: it no longer takes unknown" in said
    assert "scan.report.schema.json: the event was removed" in said
    assert "CONTRIBUTING.md" in said
    assert compatibility.main("cut", "1.11.0", events) == 1
    assert not (events / "released" / "1.11.0").exists()


@pytest.mark.parametrize(("version", "said"), [("next", "no version"), ("1.0.0", "does not change")])
def test_a_release_is_cut_once(tmp_path, capsys, version, said):
    asyncapi.write(tmp_path, asyncapi.texts())
    assert compatibility.main("cut", "1.0.0", tmp_path / "events") == 0
    assert compatibility.main("cut", version, tmp_path / "events") == 2
    assert said in capsys.readouterr().err


def test_models_of_pydantic_are_compared_in_depth():
    finding = asyncapi.schema(ScanFinding, "scan.finding")
    assert breaks(finding, finding) == []
    assert breaks(finding, asyncapi.schema(FindingRanked, "finding.ranked"))
