"""Policies are not asked about documents in which they can find nothing, and all verdicts stay what they are."""

import os
from pathlib import Path

import orjson
import pytest

from jade_policy.library import load_library, own_library
from jade_policy.manifests import Manifest, read_manifests
from jade_policy.opa import Engine, check
from jade_policy.opa.client import OpaClient
from jade_policy.opa.idle_units import IdleUnits
from jade_policy.opa.kept_needs import KEPT_FILES
from jade_policy.opa.study import WORTH_IT
from jade_policy.verdicts import Review

ROOT = Path(__file__).parents[3]
POLICIES = ROOT / "data" / "policies" / "gatekeeper"
MANY = WORTH_IT + 1

SHARED = """
pod := input.review.object.spec.template.spec

containers := [{"spec": container, "label": container.name} |
	some list in ["containers", "initContainers"]
	some container in pod[list]
]

default annotations := {}

annotations := input.review.object.metadata.annotations

object_or_empty(value) := value if {
	is_object(value)
} else := {}

ports contains {"number": port.hostPort, "key": key} if {
	some container in containers
	some key, port in container.spec.ports
}

known := {"hostPort": 1, "spec": 2}

names := {"hostPort", "hostPID"}

twice := 1 if input.review.object.a

twice := 2 if input.review.object.b

kept[input.review.object.name] := port if some port in input.review.object.ports
"""

NEEDS = {
    # What must be there.
    "a field": ("input.review.object.spec.hostPID", [{"spec", "hostPID"}]),
    "a comparison": ("input.review.object.kind == input.review.object.type", [{"kind", "type"}]),
    "below any": ("input.review.object.ports[_].hostPort > 0", [{"ports", "hostPort"}]),
    "one of a list": (
        'some field in ["hostPID", "hostIPC"]; input.review.object[field]',
        [{"hostPID"}, {"hostIPC"}],
    ),
    "of rules": ("pod.hostPID", [{"spec", "template", "hostPID"}]),
    "in a comprehension's members": (
        "some container in containers; container.spec.tty",
        [
            {"spec", "template", "containers", "name", "tty"},
            {"spec", "template", "initContainers", "name", "tty"},
        ],
    ),
    "what a set must hold": (
        "some port in ports; port.number > 1",
        [
            {"spec", "template", "containers", "name", "hostPort", "ports"},
            {"spec", "template", "initContainers", "name", "hostPort", "ports"},
        ],
    ),
    "a function": ("object_or_empty(input.review.object.spec).tty == true", [{"spec", "tty"}]),
    "behind a default that has no members": (
        "some key, _ in annotations; key == 1",
        [{"metadata", "annotations"}],
    ),
    "a negation of something that must be there": (
        "value := input.review.object.tty; not value",
        [{"tty"}],
    ),
    "the same in every": ("every port in input.review.object.ports { port.hostPort }", [{"ports"}]),
    "not what is only looked up": ('object.get(input.review.object.spec, "tty", 1) == 1', [{"spec"}]),
    "not what only a message takes": (
        'spec := input.review.object.spec; _ := [tty | tty := spec.tty]; sprintf("%v", [spec]) != ""',
        [{"spec"}],
    ),
    # Whatever is not certain.
    "negated": ("not input.review.object.hostPID", None),
    "negated deep inside": ("not input.review.object.spec.hostPID == true", None),
    "by default": ('object.get(input.review, ["object", "hostPID"], true)', None),
    "a default of a rule": ("annotations == {}", None),
    "in a comprehension": ("count([port | some port in input.review.object.hostPorts]) == 0", None),
    "any key": ("some key; input.review.object[key] == 1", None),
    "a key from the document": ("input.review.object[input.review.object.kind] == 1", [{"kind"}]),
    "walked": ("walk(input.review.object, [path, value]); path[_] == 1; value.hostPort", None),
    "with another input": (
        'hostile with input as {"review": {"object": {"hostPID": true}}}',
        None,
    ),
    "with a part of another input": ("hostile with input.review.object.hostPID as true", None),
    "with other data": ("data.inventory.spec == 3 with data.inventory as {}", None),
    "the policy's own keys": ("known.hostPort == 1", None),
    "the policy's own set": ('names["hostPort"]', None),
    "a set of texts in the document": (
        "wanted := {x | some x in input.review.object.names}; wanted.hostPort",
        [{"names"}],
    ),
    "an object with such keys": (
        "wanted := {x: 1 | some x in input.review.object.names}; wanted.hostPort == 1",
        [{"names"}],
    ),
    "keys that a call makes": ("json.unmarshal(input.review.object.text).hostPort", [{"text"}]),
    "an inventory": ("data.inventory.cluster.v1.Namespace.hostPID", None),
    "either of two rules": ("either", [{"hostIPC"}, {"hostPID"}]),
    "else": ("otherwise == 2", None),
    "a number": ("input.review.object.args[0] == 1", [{"args"}]),
    "the whole": ("input.review == 1", None),
    "what stands beside the object": ("input.review.userInfo.groups[_] == 1", [{"userInfo", "groups"}]),
    "not what comes after two values for one rule": ("twice == 1; input.review.object.c", [{"a"}, {"b"}]),
    "what comes before them": ("input.review.object.c; twice == 1", [{"c", "a"}, {"c", "b"}]),
    "not what comes after two values for one key": (
        "kept.x == 1; input.review.object.c",
        [{"ports", "name"}],
    ),
}
OWN = """
hostile if input.review.object.hostPID

either if input.review.object.hostPID

either if input.review.object.hostIPC

otherwise := 1 if {
	input.review.object.hostPID
} else := 2 if {
	not input.review.object.hostIPC
}
"""


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "jade" / "needs"


def studied(engine):
    """What an engine has found out, by policy, once it has."""
    running = engine._running
    engine.judge([Review({"kind": "Nothing"})] * MANY)
    running.study.join()
    units = {unit.key: unit.policy.id for unit in running._bundle.units.values()}
    needs = running._idle_units._needs.by_unit
    return {
        units[key]: [{name.decode() for name in names} for names in needed] for key, needed in needs.items()
    }


@pytest.fixture(scope="module")
def needs(opa, tmp_path_factory):
    folder = tmp_path_factory.mktemp("needs")
    for number, (body, _) in enumerate(NEEDS.values()):
        text = f'package p{number}\n{SHARED}{OWN}\nviolation contains {{"msg": "x"}} if {{\n\t{body}\n}}\n'
        (folder / f"p{number}.rego").write_text(text)
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
    try:
        with Engine(load_library(folder), opa=opa) as engine:
            assert not engine.problems
            found = studied(engine)
    finally:
        del os.environ["XDG_CACHE_HOME"]
        if before is not None:
            os.environ["XDG_CACHE_HOME"] = before
    return found


@pytest.mark.parametrize("number", range(len(NEEDS)), ids=list(NEEDS))
def test_what_a_policy_needs(needs, number):
    _, expected = list(NEEDS.values())[number]
    found = needs.get(f"p{number}")
    if expected is None:
        assert found is None
    else:
        assert sorted(map(sorted, found)) == sorted(map(sorted, expected))


@pytest.fixture
def asked(monkeypatch):
    """How many units OPA is asked about, in all requests."""
    found = []
    query = OpaClient.query

    def counted(self, rule, body, limit_seconds):
        documents = orjson.loads(body)["input"]["documents"]
        found.append(sum(len(units) for document in documents for units in document["jade"].values()))
        return query(self, rule, body, limit_seconds)

    monkeypatch.setattr(OpaClient, "query", counted)
    return found


def mutants(document):
    """The document without one of its fields, and with another value in it."""

    def places(value, path=()):
        for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
            yield (*path, key)
            yield from places(value[key], (*path, key))

    written = orjson.dumps(document)
    for number, path in enumerate(places(document)):
        if number % 4:  # all of them take a minute
            continue
        for other in (None, "x", [], {"x": 1}, 0, True):
            changed = orjson.loads(written)
            at = changed
            for key in path[:-1]:
                at = at[key]
            if number % 8:
                at[path[-1]] = other
            else:
                del at[path[-1]]
            yield changed
            if number % 8 == 0:
                break


def test_all_verdicts_of_our_own_library_stay(opa, cache, monkeypatch, asked):
    fixtures = [
        manifest.obj
        for file in sorted(POLICIES.glob("*/fixtures/*.yaml"))
        for manifest in read_manifests(file.read_bytes(), file.name)
        if isinstance(manifest, Manifest)
    ]
    documents = [*fixtures, *(mutant for fixture in fixtures[::14] for mutant in mutants(fixture))]
    inventory = {"cluster": {}, "namespace": {}}
    reviews = [Review(document, inventory=inventory) for document in documents]
    with Engine(own_library(), opa=opa, limit_seconds=30) as engine:
        assert len(studied(engine)) > 90
        asked.clear()
        with_needs, few = engine.judge(reviews), sum(asked)
        asked.clear()
        monkeypatch.setattr(IdleUnits, "among", lambda *_: [])
        without, all_of_them = engine.judge(reviews), sum(asked)
    assert with_needs == without
    assert few < 0.8 * all_of_them


TWICE = """package twice

value := 1 if input.review.object.a

value := 2 if input.review.object.b

violation contains {"msg": "x"} if {
	value > 0
	some each in [input.review.object]
	each.c
}
"""
FOUND = 'package found\n\nviolation contains {"msg": "x"} if input.review.object.spec.tty\n'
BARE = 'package bare\n\ndeny contains "x" if input.tty\n\nwarn contains "y" if input.stdin\n'


def test_what_fails_still_fails_and_what_is_found_is_found(start, judge_one, cache, asked):
    engine = start({"twice.rego": TWICE, "found.rego": FOUND, "bare.rego": BARE})
    assert studied(engine)["bare"] == [{"tty"}, {"stdin"}] or studied(engine)["bare"] == [{"stdin"}, {"tty"}]
    asked.clear()
    assert {one.verdict for one in judge_one(engine, {"kind": "Pod"}).values()} == {"passed"}
    assert asked == []
    both = judge_one(engine, {"kind": "Pod", "a": 1, "b": 1})
    assert both["twice"].verdict == "unknown"
    found = judge_one(engine, {"kind": "Pod", "spec": {"tty": True}})
    assert (found["found"].verdict, found["bare"].verdict) == ("violated", "passed")
    found = judge_one(engine, {"kind": "Pod", "stdin": 1, "list": ["x", ":8080"], "tty": 1})
    assert [each.message for each in found["bare"].violations] == ["x", "y"]
    workload = {"kind": "Deployment", "apiVersion": "apps/v1", "spec": {"template": {"spec": {"tty": 1}}}}
    assert judge_one(engine, workload)["found"].verdict == "passed"


def test_a_study_is_begun_by_many_and_kept(start, judge_one, cache):
    first = start({"found.rego": FOUND})
    first.judge([Review({"kind": "Nothing"})] * (WORTH_IT - 1))
    assert not cache.exists()
    assert studied(first) == {"found": [{"spec", "tty"}]} or studied(first)
    (file,) = cache.iterdir()
    again = start({"found.rego": FOUND})
    assert again._running._idle_units._needs.by_unit
    assert judge_one(again, {"kind": "Pod", "spec": {"tty": 1}})["found"].verdict == "violated"
    file.write_bytes(b"[1]")
    broken = start({"found.rego": FOUND})
    assert not broken._running._idle_units._needs.by_unit
    assert studied(broken)
    for number in range(KEPT_FILES + 3):
        (cache / f"{number}.json").write_text("{}")
        os.utime(cache / f"{number}.json", (number, number))
    studied(start({"found.rego": FOUND + "\n"}))
    assert len(list(cache.iterdir())) == KEPT_FILES


def test_what_is_known_to_compile_is_not_compiled_again(start, judge_one, cache, monkeypatch):
    studied(start({"found.rego": FOUND}))
    compiled = []
    run = check._compile
    monkeypatch.setattr(check, "_compile", lambda *arguments: compiled.append(1) or run(*arguments))
    again = start({"found.rego": FOUND})
    assert not compiled
    assert judge_one(again, {"kind": "Pod", "spec": {"tty": 1}})["found"].verdict == "violated"
    other = start({"found.rego": FOUND, "broken.rego": "package broken\n\ndeny contains x if true\n"})
    assert compiled
    assert [problem.policy_id for problem in other.problems] == ["broken"]
    (cache / "x").parent.rename(cache.with_name("gone"))
    compiled.clear()
    start({"found.rego": FOUND})
    assert compiled


def test_a_cache_that_cannot_be_written_is_none(start, cache):
    cache.parent.parent.mkdir(parents=True)
    cache.parent.write_text("a file")
    assert studied(start({"found.rego": FOUND})) == {"found": [{"spec", "tty"}]}


@pytest.mark.parametrize(
    ("document", "idle"),
    [
        ({"spec": {"tty": 1}}, False),
        ({"spec": "tty"}, True),
        ({"spec": ["tty", ":"]}, True),
        ({"spec": {'a"tty': 1}}, False),  # taken for the name, which costs no more than asking
        ({"spec": {'"': 1, "tty": 1}}, False),
        ({"spec": {"a\\": 1, "tty": "\\"}}, False),
        ({":x": 1, "spec": 1, "tty": [":x", ":y"], "z": ["a", ":b"]}, False),
        ({"list": ["a", ":b"], "spec": {"list": ["", ":"], "tty": 1}}, False),
        ({"list": [{":b": {"spec": 2}}, {"": {"tty": 2}}]}, False),
        ({"spec": '{"tty":1}'}, True),
    ],
)
def test_names_are_read_from_json(document, idle):
    units = IdleUnits()
    units.learn(
        {"u": frozenset({frozenset({"spec", "tty"})}), "v": frozenset({frozenset({'"', ":x", "spec"})})}
    )
    assert ("u" in units.among(["u", "v"], orjson.dumps(document))) is idle
    assert "v" not in units.among(["u", "v"], orjson.dumps(document)) or "spec" not in document
    assert units.among(["w"], b"{}") == []
